package form

import (
	tea "github.com/charmbracelet/bubbletea"

	"certdesk/ui/kit"
	"certdesk/ui/theme"
)

// Field is one question of a form. A form alone decides which field has the focus, and asks Validate only when
// a person leaves the field forwards or asks for the next page, never on the way back.
type Field interface {
	ID() string    // names the field within its form
	Label() string // what is asked, a word or two
	Hint() string  // one sentence for the focused field, or ""
	Help() string  // two to four sentences for the help screen; the hint where no more is known
	SetHelp(help string)

	Focus() tea.Cmd
	Blur()          // may settle what was half typed
	Reached(by int) // the focus came by an arrow, from above (1) or from below (-1): the nearest end has the cursor
	Choose()        // what the cursor is on becomes the answer, where the two are apart
	Update(msg tea.Msg) tea.Cmd

	// View gives the field's lines, each at most w cells wide and at most h of them where the field is flexible,
	// and which of them must stay visible. It changes nothing.
	View(s theme.Styles, w, h int) (lines []string, at int)

	// List gives answers that are offered below all fields while this one has the focus, as View does; -1 for none.
	List(s theme.Styles, w, h int) (lines []string, at int)

	Resize(w, h int)           // tells a field that scrolls how much of it is seen
	Validate() string          // what to type instead, or ""
	Problem() string           // what it refuses by itself, before anybody leaves it: what to do instead, or ""
	Settling() bool            // its answer cannot be judged yet
	Takes(key tea.KeyMsg) bool // the field wants this key for itself, though a form would use it to move
	Typing() bool              // letters belong to the field
	Verbs() []kit.Verb         // what the field does beside typing, most used first
	Why(key tea.KeyMsg) string // a key that does nothing does so for this reason, or ""
	Shape() Shape
}

// Shape says how a form lays a field out.
type Shape struct {
	Wide bool // the label stands above, the field takes the whole width
	Flex bool // the field takes what height is left
	Bare bool // no label at all

	Button bool // enter presses it
	Read   bool // it is only read: no mark points at it
	Folds  bool // its lines come and go while it is answered: nothing may move above it
	Points bool // it marks by itself what the cursor is on: there is one mark on a page
}

// base is what every field has.
type base struct {
	id, label, hint, help string
	focused               bool
	check                 func() string
}

func (b *base) ID() string                { return b.id }
func (b *base) Label() string             { return b.label }
func (b *base) Hint() string              { return b.hint }
func (b *base) SetHelp(help string)       { b.help = help }
func (b *base) Focus() tea.Cmd            { b.focused = true; return nil }
func (b *base) Blur()                     { b.focused = false }
func (b *base) Reached(int)               {}
func (b *base) Choose()                   {}
func (b *base) Why(tea.KeyMsg) string     { return "" }
func (b *base) Takes(tea.KeyMsg) bool     { return false }
func (b *base) Typing() bool              { return false }
func (b *base) Verbs() []kit.Verb         { return nil }
func (b *base) Shape() Shape              { return Shape{} }
func (b *base) Resize(int, int)           {}
func (b *base) Problem() string           { return "" }
func (b *base) Settling() bool            { return false }
func (b *base) SetHint(hint string)       { b.hint = hint }
func (b *base) SetCheck(fn func() string) { b.check = fn }

func (b *base) List(theme.Styles, int, int) ([]string, int) { return nil, -1 }

func (b *base) Help() string {
	if b.help == "" {
		return b.hint
	}
	return b.help
}

func (b *base) Validate() string {
	if b.check == nil {
		return ""
	}
	return b.check()
}
