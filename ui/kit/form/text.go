package form

import (
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/bubbles/cursor"
	"github.com/charmbracelet/bubbles/key"
	"github.com/charmbracelet/bubbles/textinput"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"certdesk/certstore/printable"
	"certdesk/ui/kit"
	"certdesk/ui/theme"
)

// Text asks for one line. Newlines in a paste become spaces, those at its end are dropped; runes that do not
// show are never taken in.
type Text struct {
	base
	in    textinput.Model
	empty string // shown, muted, while nothing is typed
	mask  bool
	wide  bool
}

// maxText is as long as the longest path: a paste beyond it is no line, and would slow down every frame.
const maxText = 4096

// NewText makes a text field holding value.
func NewText(id, label, value string) *Text {
	in := textinput.New()
	in.Prompt = ""
	in.CharLimit = maxText
	in.Cursor.SetMode(cursor.CursorStatic)
	in.KeyMap.Paste = key.NewBinding() // ctrl+v would read the clipboard of the far machine
	in.SetValue(value)
	in.CursorEnd()
	return &Text{base: base{id: id, label: label}, in: in}
}

// With sets the hint, and what is shown while nothing is typed.
func (t *Text) With(hint, empty string) *Text {
	t.hint, t.empty = hint, empty
	return t
}

// Checked sets what is wrong with the value, asked on leaving the field.
func (t *Text) Checked(check func(value string) string) *Text {
	t.check = func() string { return check(t.Value()) }
	return t
}

// Value is what was typed.
func (t *Text) Value() string { return t.in.Value() }

// SetValue replaces what was typed; the cursor goes to its end.
func (t *Text) SetValue(v string) {
	t.in.SetValue(v)
	t.in.CursorEnd()
}

// SetEmpty sets what is shown while nothing is typed.
func (t *Text) SetEmpty(text string) { t.empty = text }

// Focus takes the cursor.
func (t *Text) Focus() tea.Cmd {
	t.focused = true
	return t.in.Focus()
}

// Blur gives the cursor up.
func (t *Text) Blur() {
	t.focused = false
	t.in.Blur()
}

// Typing is always so.
func (t *Text) Typing() bool { return true }

// Update edits the line.
func (t *Text) Update(msg tea.Msg) tea.Cmd {
	k, ok := msg.(tea.KeyMsg)
	if !ok {
		return nil
	}
	if k.Type == tea.KeyRunes {
		if k.Runes = []rune(cleanTyped(string(k.Runes))); len(k.Runes) == 0 {
			return nil
		}
	}
	var cmd tea.Cmd
	t.in, cmd = t.in.Update(k)
	return cmd
}

// cleanTyped drops what would not show, and newlines at the end; those within become spaces.
func cleanTyped(s string) string {
	s = strings.TrimRight(s, "\r\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\r', r == '\t':
			return ' '
		case r == utf8.RuneError, printable.Text(string(r)) != string(r):
			return -1
		}
		return r
	}, s)
}

// View is the line, its cursor visible in every colour scheme and without any.
func (t *Text) View(s theme.Styles, w, _ int) ([]string, int) {
	return []string{t.line(s, w)}, 0
}

func (t *Text) line(s theme.Styles, w int) string {
	value := t.Value()
	if t.mask {
		value = strings.Repeat("*", utf8.RuneCountInString(value))
	}
	if !t.focused {
		if value == "" {
			return s.Muted.Render(shorten(t.empty, w, s))
		}
		return s.Text.Render(shorten(printable.Text(value), w, s))
	}
	return lineWithCursor(s, value, t.in.Position(), w, t.empty)
}

// lineWithCursor shows the part of value around the cursor. Without colour a reversed cell would not show, so
// the cursor is then a character of its own.
func lineWithCursor(s theme.Styles, value string, pos, w int, empty string) string {
	if printable.Text(value) != value {
		value = printable.Text(value)
		pos = utf8.RuneCountInString(value)
	}
	runes := []rune(value)
	pos = min(pos, len(runes))
	if len(runes) == 0 && empty != "" {
		return emptyLine(s, shorten(empty, w, s))
	}
	before, after := string(runes[:pos]), string(runes[pos:])
	if width := kit.Width(before); width > w-2 {
		before = ansi.TruncateLeft(before, width-(w-2), "")
	}
	if after == "" {
		return s.Text.Render(before) + cursorCell(s, "")
	}
	under, rest := string(runes[pos]), string(runes[pos+1:])
	rest = ansi.Truncate(rest, max(0, w-2-kit.Width(before)-kit.Width(under)), "")
	return s.Text.Render(before) + cursorCell(s, under) + s.Text.Render(rest)
}

// emptyLine is the text of an empty line with the cursor in place of its first sign, so that nothing moves.
func emptyLine(s theme.Styles, empty string) string {
	_, size := utf8.DecodeRuneInString(empty)
	if s.Selected.Render("x") == "x" {
		return "_" + empty[size:]
	}
	return s.Selected.Render(empty[:size]) + s.Muted.Render(empty[size:])
}

func cursorCell(s theme.Styles, under string) string {
	if s.Selected.Render("x") == "x" {
		if under == "" {
			return "_"
		}
		return "|" + under
	}
	if under == "" {
		under = " "
	}
	return s.Selected.Render(under)
}

// Shape of a text field: label beside it.
func (t *Text) Shape() Shape { return Shape{Wide: t.wide} }

// shorten cuts plain text to w cells and marks the cut.
func shorten(text string, w int, s theme.Styles) string {
	return kit.Cut(text, w, s.Glyphs.Ellipsis)
}

// Prompt asks for the line.
func (t *Text) Prompt() kit.Prompt {
	p := kit.Prompt{Ask: t.label, Now: kit.Printable(t.Value())}
	if p.Now == "" {
		p.How = t.empty
	}
	return p
}

// Answer replaces the line.
func (t *Text) Answer(line string) ([]tea.KeyMsg, string) {
	if line == Nothing {
		return instead(""), ""
	}
	return instead(literal(line)), ""
}
