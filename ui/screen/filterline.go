package screen

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/ui/kit"
	"certdesk/ui/theme"
)

// FilterLine is the filter as a person types it: open while it has the keys, in force until it is cleared.
type FilterLine struct {
	Open  bool
	Text  string
	Words Filter
}

// Keep ends the typing; the filter stays in force.
func (f *FilterLine) Keep() tea.Cmd {
	f.Open = false
	return nil
}

// MaxFilter is more than anybody types; a paste beyond it is cut.
const MaxFilter = 200

// NamedFilter is a filter that the configuration keeps.
type NamedFilter struct{ Name, Text string }

// thumbprintLength is that of a whole thumbprint: pasted, it is one word, whatever stands between its digits.
const thumbprintLength = 40

// After is the line after a key that types or deletes, or a paste, whose line ends are blanks; false for another key.
func (f FilterLine) After(msg tea.KeyMsg) (text string, ok bool) {
	if digits, err := certstore.ThumbprintDigits(string(msg.Runes)); msg.Paste && err == nil &&
		len(digits) == thumbprintLength {
		return strings.TrimLeft(f.Text+" "+digits, " "), true
	}
	if msg.Paste {
		return f.Text + " " + strings.Join(strings.Fields(kit.Printable(blank(msg.Runes))), " "), true
	}
	return Edited(f.Text, msg)
}

// Limit is at most MaxFilter bytes of a text, and no part of a letter.
func Limit(text string) string {
	return strings.ToValidUTF8(text[:min(len(text), MaxFilter)], "")
}

// blank turns the line ends of a paste into blanks.
func blank(runes []rune) string {
	return strings.NewReplacer("\r", " ", "\n", " ", "\t", " ").Replace(string(runes))
}

// View is the line in w cells: the text, what is wrong with it or else what stands beside it, and how many rows pass. A
// text that is too long gives way at its beginning: what is typed and what is said of it stand at its end.
func (f FilterLine) View(st theme.Styles, beside, right string, w int) string {
	remark := st.Muted.Render(beside)
	if f.Words.Problem != "" {
		remark = st.Warn.Render(f.Words.Problem)
	}
	room := max(MinNote, w-kit.Width(remark)-kit.Width(right)-8)
	left := " " + st.Key.Render("/") + " " + kit.CutLeft(f.Text, room, st.Glyphs.Ellipsis)
	if f.Open {
		left += st.Selected.Render(" ")
	}
	if kit.Width(remark) > 0 {
		left += "  " + remark
	}
	return kit.Sides(left, st.Muted.Render(right), w, st.Glyphs.Ellipsis)
}

// MinNote is how many cells of the store's path are kept whatever else there is to say.
const MinNote = 8
