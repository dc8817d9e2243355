package form

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore/printable"
	"certdesk/ui/kit"
	"certdesk/ui/theme"
)

// Area takes text of many lines, pasted. Enter is a line of its own and never leaves, so that a terminal which
// sends a paste as keys works too. The body of a private key is not shown.
type Area struct {
	base
	text strings.Builder
	max  int
}

// NewArea makes an area that takes at most limit bytes.
func NewArea(id, label, hint string, limit int) *Area {
	return &Area{base: base{id: id, label: label, hint: hint}, max: limit}
}

// Checked sets what is wrong with the text, asked on leaving the field.
func (a *Area) Checked(check func(text string) string) *Area {
	a.check = func() string { return check(a.Value()) }
	return a
}

// Value is the text.
func (a *Area) Value() string { return a.text.String() }

// SetValue replaces the text.
func (a *Area) SetValue(text string) {
	a.text.Reset()
	a.text.WriteString(text[:min(len(text), a.max)])
}

// Typing is always so.
func (a *Area) Typing() bool { return true }

// Takes enter.
func (a *Area) Takes(k tea.KeyMsg) bool { return k.String() == "enter" }

// Verbs of an area.
func (a *Area) Verbs() []kit.Verb { return []kit.Verb{KeyNewLine, KeyClear} }

// Shape of an area: all the room there is.
func (a *Area) Shape() Shape { return Shape{Wide: true, Flex: true} }

// Update appends; there is no moving about in a paste.
func (a *Area) Update(msg tea.Msg) tea.Cmd {
	k, ok := msg.(tea.KeyMsg)
	if !ok {
		return nil
	}
	switch {
	case k.Type == tea.KeyRunes, k.Type == tea.KeySpace:
		a.append(strings.ReplaceAll(string(k.Runes), "\r", "\n"))
	case k.String() == "enter":
		a.append("\n")
	case k.String() == "backspace":
		runes := []rune(a.Value())
		a.SetValue(string(runes[:max(0, len(runes)-1)]))
	case kit.Pressed(k, KeyClear):
		a.SetValue("")
	}
	return nil
}

func (a *Area) append(s string) {
	if a.text.Len()+len(s) <= a.max {
		a.text.WriteString(s)
	}
}

// View is the end of the text, and how much there is.
func (a *Area) View(s theme.Styles, w, h int) ([]string, int) {
	shown := hideKeys(strings.Split(a.Value(), "\n"))
	count := len(shown) - 1
	if h > 2 && count > 0 {
		h--
	}
	shown = shown[max(0, len(shown)-max(1, h)):]
	var lines []string
	for i, line := range shown {
		text := shorten(printable.Text(line), w-2, s)
		if i == len(shown)-1 && a.focused {
			text = s.Text.Render(text) + cursorCell(s, "")
		}
		lines = append(lines, text)
	}
	if count > 0 && len(lines) < h+1 {
		lines = append(lines, s.Muted.Render(shorten(printable.Count(count, "line")+" so far", w, s)))
	}
	return lines, len(lines) - 1
}

// hideKeys replaces what lies between the lines of a PEM private key, or after its first line while the last
// has not come.
func hideKeys(lines []string) []string {
	var out []string
	inside := false
	for _, line := range lines {
		begin := strings.Contains(line, "-BEGIN") && strings.Contains(line, "PRIVATE KEY")
		end := strings.Contains(line, "-END") && strings.Contains(line, "PRIVATE KEY")
		if inside && !end {
			continue
		}
		inside = begin
		out = append(out, line)
		if begin {
			out = append(out, "(the key itself is not shown)")
		}
	}
	return out
}

// Prompt asks for the text.
func (a *Area) Prompt() kit.Prompt {
	p := kit.Prompt{Ask: a.label, How: "as many lines as it takes, then one with a dot alone", Many: true}
	if n := strings.Count(a.Value(), "\n"); n > 0 {
		p.Now = printable.Count(n, "line")
	}
	return p
}

// Answer replaces the text.
func (a *Area) Answer(text string) ([]tea.KeyMsg, string) {
	keys := []tea.KeyMsg{kit.PressKey("ctrl+u")}
	if text == Nothing {
		return keys, ""
	}
	return append(keys, paste(text)), ""
}
