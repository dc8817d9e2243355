package ui

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/ui/kit"
	"certdesk/ui/theme"
)

// filterLine is the filter as a person types it: open while it has the keys, in force until it is cleared.
type filterLine struct {
	open  bool
	text  string
	words filter
}

// maxFilter is more than anybody types; a paste beyond it is cut.
const maxFilter = 200

// NamedFilter is a filter that the configuration keeps.
type NamedFilter struct{ Name, Text string }

// thumbprintLength is that of a whole thumbprint: pasted, it is one word, whatever stands between its digits.
const thumbprintLength = 40

// after is the line after a key that types or deletes, or a paste, whose line ends are blanks; false for another key.
func (f filterLine) after(msg tea.KeyMsg) (text string, ok bool) {
	if digits, err := certstore.ThumbprintDigits(string(msg.Runes)); msg.Paste && err == nil && len(digits) == thumbprintLength {
		return strings.TrimLeft(f.text+" "+digits, " "), true
	}
	if msg.Paste {
		return f.text + " " + strings.Join(strings.Fields(kit.Printable(blank(msg.Runes))), " "), true
	}
	return edited(f.text, msg)
}

// limited is at most maxFilter bytes of a text, and no part of a letter.
func limited(text string) string {
	return strings.ToValidUTF8(text[:min(len(text), maxFilter)], "")
}

// blank turns the line ends of a paste into blanks.
func blank(runes []rune) string {
	return strings.NewReplacer("\r", " ", "\n", " ", "\t", " ").Replace(string(runes))
}

// view is the line in w cells: the text, what is wrong with it or else what stands beside it, and how many rows pass. A
// text that is too long gives way at its beginning: what is typed and what is said of it stand at its end.
func (f filterLine) view(st theme.Styles, beside, right string, w int) string {
	remark := st.Muted.Render(beside)
	if f.words.problem != "" {
		remark = st.Warn.Render(f.words.problem)
	}
	room := max(minNote, w-kit.Width(remark)-kit.Width(right)-8)
	left := " " + st.Key.Render("/") + " " + kit.CutLeft(f.text, room, st.Glyphs.Ellipsis)
	if f.open {
		left += st.Selected.Render(" ")
	}
	if kit.Width(remark) > 0 {
		left += "  " + remark
	}
	return kit.Sides(left, st.Muted.Render(right), w, st.Glyphs.Ellipsis)
}

// minNote is how many cells of the store's path are kept whatever else there is to say.
const minNote = 8
