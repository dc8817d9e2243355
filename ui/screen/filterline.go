package screen

import (
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore/ledger"
	"certdesk/certstore/query"
	"certdesk/ui/kit"
	"certdesk/ui/theme"
)

// FilterLine is the filter as a person types it: open while it has the keys, in force until it is cleared.
type FilterLine struct {
	Open   bool
	Text   string
	Query  query.Query
	Offers bool // below it, while it is open, stands what it can go on with, or what is wrong

	Named []NamedFilter // are offered first, while the line is empty or is one of them
	taken []query.Offer // of which the first was taken last: tab takes the next while it stands there
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
	if digits, err := ledger.ThumbprintDigits(string(msg.Runes)); msg.Paste && err == nil &&
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

// Offered are the ways the line can go on: tab takes the first.
func (f FilterLine) Offered(v query.Values) []query.Offer {
	named := make([]query.Offer, len(f.Named))
	at := -1
	for i, n := range f.Named {
		if named[i] = (query.Offer{Text: n.Text, Word: n.Name, Does: n.Text}); n.Text == f.Text {
			at = i
		}
	}
	switch {
	case len(f.taken) > 1 && f.taken[0].Text == f.Text && !f.taken[0].Key:
		return next(f.taken, 1)
	case at >= 0:
		return next(named, at+1)
	case f.Text == "":
		return append(named, query.Complete("", v)...)
	}
	return query.Complete(f.Text, v)
}

// next are offers from one on, those before it at their end.
func next(list []query.Offer, from int) []query.Offer {
	return slices.Concat(list[from:], list[:from])
}

// Take is the line with what is offered first; false where nothing is.
func (f *FilterLine) Take(v query.Values) (text string, ok bool) {
	offers := f.Offered(v)
	if len(offers) == 0 {
		return "", false
	}
	if f.taken = offers; f.Text == "" && len(f.Named) > 0 {
		f.taken = offers[:len(f.Named)]
	}
	return offers[0].Text, true
}

// View is the line in w cells: the text, what is wrong with it or else what stands beside it, and what it shows, the
// first of says for which there is room. A text that is too long gives way at its beginning: what is typed and what is
// said of it stand at its end.
func (f FilterLine) View(st theme.Styles, beside string, says []string, w int) string {
	remark := st.Muted.Render(beside)
	if f.Query.Problem != "" && !(f.Open && f.Offers) {
		remark = st.Warn.Render(f.Query.Problem)
	}
	right := ""
	for _, right = range says {
		if right += " "; kit.Width(f.Text)+kit.Width(remark)+kit.Width(right)+lineGaps <= w {
			break
		}
	}
	room := max(MinNote, w-kit.Width(remark)-kit.Width(right)-lineGaps)
	left := " " + st.Key.Render("/") + " " + f.typed(st, room)
	if f.Open {
		left += st.Selected.Render(" ")
	}
	if kit.Width(remark) > 0 {
		left += "  " + remark
	}
	return kit.Sides(left, st.Muted.Render(right), w, st.Glyphs.Ellipsis)
}

// lineGaps are the cells of the line between its parts, its sign and the cursor.
const lineGaps = 8

// typed is the text in at most w cells, words that say nothing in the colour of what is wrong.
func (f FilterLine) typed(st theme.Styles, w int) string {
	if kit.Width(f.Text) > w {
		return kit.CutLeft(f.Text, w, st.Glyphs.Ellipsis)
	}
	var b strings.Builder
	at := 0
	for _, t := range f.Query.Terms {
		if t.Problem != "" {
			b.WriteString(f.Text[at:t.From] + st.Warn.Render(f.Text[t.From:t.To]))
			at = t.To
		}
	}
	return b.String() + f.Text[at:]
}

// Below is the line below an open one, in w cells: what tab takes and what that does, and what else there is; or what
// is wrong, or what is to be typed.
func (f FilterLine) Below(st theme.Styles, v query.Values, w int) string {
	text, offers := st.Muted.Render(query.Taking(f.Text)), f.Offered(v)
	switch {
	case len(offers) > 0:
		text = offered(st, offers, query.Taking(f.Text))
	case f.Query.Problem != "":
		text = st.Warn.Render(f.Query.Problem)
	}
	return kit.Pad(kit.Cut("   "+text, w, st.Glyphs.Ellipsis), w)
}

// offered are offers in a line, the one that tab takes first.
func offered(st theme.Styles, offers []query.Offer, takes string) string {
	first := offers[0]
	text := st.Key.Render("tab") + " " + st.Title.Render(kit.Printable(first.Word))
	if first.Does != "" {
		text += " " + st.Muted.Render(kit.Printable(first.Does)+" "+st.Glyphs.Dot)
	}
	for _, o := range offers[1:] {
		text += " " + kit.Printable(o.Word)
	}
	if takes != "" {
		text += " " + st.Muted.Render(st.Glyphs.Dot+" "+takes)
	}
	return text
}

// MinNote is how many cells of the store's path are kept whatever else there is to say.
const MinNote = 8
