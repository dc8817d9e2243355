package form

import (
	tea "github.com/charmbracelet/bubbletea"

	"certdesk/ui/kit"
)

// Password is a Text whose value is shown only while a person asks for it, and never once the field is left.
type Password struct{ Text }

// NewPassword makes an empty password field.
func NewPassword(id, label string) *Password {
	p := &Password{Text: *NewText(id, label, "")}
	p.mask = true
	return p
}

// With sets the hint, and what is shown while nothing is typed.
func (p *Password) With(hint, empty string) *Password {
	p.Text.With(hint, empty)
	return p
}

// Checked sets what is wrong with the value, asked on leaving the field.
func (p *Password) Checked(check func(value string) string) *Password {
	p.check = func() string { return check(p.Text.Value()) }
	return p
}

// Bytes is what was typed.
func (p *Password) Bytes() []byte { return []byte(p.Text.Value()) }

// Clear forgets what was typed.
func (p *Password) Clear() { p.SetValue("") }

// Verbs of a password.
func (p *Password) Verbs() []kit.Verb {
	if p.mask {
		return []kit.Verb{KeyReveal}
	}
	return []kit.Verb{KeyReveal.Called("hide it")}
}

// Blur hides what is shown.
func (p *Password) Blur() {
	p.mask = true
	p.Text.Blur()
}

// Update edits the line, or shows it. A password may hold any rune a person can type, so a paste loses only its last
// newline.
func (p *Password) Update(msg tea.Msg) tea.Cmd {
	if k, ok := msg.(tea.KeyMsg); ok && kit.Pressed(k, KeyReveal) {
		p.mask = !p.mask
		return nil
	}
	return p.Text.Update(msg)
}

// Prompt asks for the password, unseen.
func (p *Password) Prompt() kit.Prompt { return kit.Prompt{Ask: p.label, Secret: true} }

// Answer takes a line as it is: any text may be a password.
func (p *Password) Answer(line string) ([]tea.KeyMsg, string) { return instead(line), "" }
