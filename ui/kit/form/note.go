package form

import (
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/ui/kit"
	"certdesk/ui/theme"
)

// Note is text to read, scrolled while it has the focus.
type Note struct {
	base
	text func(s theme.Styles, w int) []string
	sc   kit.Scroll
	w, h int // as last told by Resize: what scrolling is measured against
}

// NewNote makes a note; text gives its lines for a width.
func NewNote(id, label, hint string, text func(s theme.Styles, w int) []string) *Note {
	return &Note{base: base{id: id, label: label, hint: hint}, text: text, w: 80, h: 10}
}

// Takes what scrolls, where there is more than fits.
func (n *Note) Takes(k tea.KeyMsg) bool { return kit.Pressed(k, keyScrolls) && n.total() > n.h }

var keyScrolls = KeyScroll.On("up", "down", "k", "j", "pgup", "pgdown", "ctrl+u", "ctrl+d", "home", "end", "g", "G")

// Verbs of a note that does not fit.
func (n *Note) Verbs() []kit.Verb {
	if n.total() <= n.h {
		return nil
	}
	return []kit.Verb{KeyScroll}
}

func (n *Note) total() int { return len(n.text(theme.Styles{}, n.w)) }

// Shape of a note: all the room there is.
func (n *Note) Shape() Shape {
	return Shape{Wide: n.label != "", Bare: n.label == "", Flex: true, Read: true}
}

// Resize tells the note how much of it is seen.
func (n *Note) Resize(w, h int) { n.w, n.h = max(1, w), max(1, h) }

// Update scrolls.
func (n *Note) Update(msg tea.Msg) tea.Cmd {
	k, ok := msg.(tea.KeyMsg)
	if !ok {
		return nil
	}
	total := n.total()
	n.sc = n.sc.Move(moved(k.String(), n.sc.Top, total)-n.sc.Top, total, n.h)
	return nil
}

// View is the part of the text that is seen.
func (n *Note) View(s theme.Styles, w, h int) ([]string, int) {
	lines := n.text(s, w)
	seen := kit.Room(len(lines), h)
	if seen >= len(lines) {
		return slices.Clone(lines), 0
	}
	top := max(0, min(n.sc.Top, len(lines)-seen))
	out := slices.Clone(lines[top : top+seen])
	if seen < h {
		out = append(out, kit.More(s, top, len(lines)-top-seen, w))
	}
	return out, 0
}

// Tell is the whole text.
func (n *Note) Tell(s theme.Styles, w int) []string { return n.text(s, w) }
