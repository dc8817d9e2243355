package form

import (
	"strings"

	"certdesk/ui/kit"
	"certdesk/ui/theme"
)

// The measures of a card, in cells: the widest, the lines of one that has few, the least room that one is drawn in, and
// from which width on something stands beside it.
const (
	cardWidest  = 100
	cardUsual   = 20
	cardLeastW  = 72
	cardLeastH  = 17
	besideFromW = 140
)

// Titled makes the form a card below a question, where there is room; where there is none the question is a line. A
// form that is read is no card: what is copied from it must not stand between edges.
func (f *Form) Titled(question func() string) *Form { f.question = question; return f }

// Beside sets what stands beside the card on a wide terminal: what follows from the answers, in lines of w cells and at
// most h of them. A form that shows it elsewhere gives no lines.
func (f *Form) Beside(title string, lines func(s theme.Styles, w, h int) []string) *Form {
	f.besideTitle, f.beside = title, lines
	return f
}

// TitleWidth is how many cells of a question are shown on a terminal of w cells.
func TitleWidth(w int) int { return min(w-2, cardWidest) - 8 }

// ShowsBeside says whether something stands beside a card on a terminal of w cells.
func ShowsBeside(w int) bool { return w >= besideFromW }

// place is what the fields have of a room; at their right they leave one cell blank.
type place struct {
	w, h   int
	card   bool
	beside int // the cells of what stands beside the card; 0 for nothing
}

func (f *Form) place(w, h int) place {
	switch {
	case f.question == nil:
		return place{w: w, h: h}
	case w < cardLeastW || h < cardLeastH || f.reads():
		return place{w: w, h: max(1, h-2)}
	case !ShowsBeside(w) || f.beside == nil:
		return place{w: min(w-2, cardWidest) - 3, h: h - 2, card: true}
	}
	card := min(cardWidest, w*3/5)
	return place{w: card - 3, h: h - 2, card: true, beside: w - 2 - card - 3}
}

// reads says that there is a text to read in the form, as long as it takes.
func (f *Form) reads() bool {
	grow := f.grower()
	return grow >= 0 && f.fields[grow].Shape().Read
}

// View draws the form in exactly h lines of at most w cells, scrolled so that the focused line shows.
func (f *Form) View(s theme.Styles, w, h int) []string {
	p := f.place(w, h)
	lines := f.page(s, p.w, p.h)
	switch {
	case f.question == nil:
		return lines
	case !p.card:
		title := kit.Cut(f.question(), TitleWidth(w), s.Glyphs.Ellipsis)
		return append([]string{"  " + s.Title.Render(title), ""}, lines...)[:h]
	}
	out := make([]string, h)
	for i, line := range f.card(s, p, lines, w-2) {
		out[i] = " " + line
	}
	return out
}

// card is the fields and what stands beside them, each in a pane. Alone, it is only as long as it must be.
func (f *Form) card(s theme.Styles, p place, lines []string, w int) []string {
	mine := kit.Pane{Title: f.question(), Body: strings.Join(lines, "\n"), Cells: p.w - 1, Focus: true}
	if p.beside == 0 {
		tall := max(min(p.h, cardUsual), filled(lines))
		return strings.Split(mine.View(s, p.w-1+kit.PaneCells, tall+kit.PaneLines), "\n")
	}
	other := kit.Pane{Title: f.besideTitle, Body: strings.Join(f.beside(s, p.beside, p.h), "\n")}
	return strings.Split(kit.Panes(s, w, kit.Band{Lines: p.h, Panes: []kit.Pane{mine, other}}), "\n")
}

// filled is how many lines there are up to the last that is not blank.
func filled(lines []string) int {
	n := len(lines)
	for n > 0 && lines[n-1] == "" {
		n--
	}
	return n
}

// Resize tells the fields that scroll how much room they have; w and h as View is given them.
func (f *Form) Resize(s theme.Styles, w, h int) {
	grow := f.grower()
	if grow < 0 || !f.fields[grow].Shape().Read { // what is answered scrolls by itself
		return
	}
	p := f.place(w, h)
	seen := f.layout(s, p.w, p.h).grown
	if f.fields[grow].Shape().Wide {
		seen-- // its label stands above it
	}
	f.fields[grow].Resize(p.w-3, seen)
}
