package kit

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"certdesk/ui/theme"
)

// runs is a row of pieces, each with its style. On a selected row base is the style of all: they are put together,
// since a style within another would end it.
type runs struct {
	base *theme.Style
	wait strings.Builder // pieces of the selected row that are alike
	lit  bool            // they stand out
	done strings.Builder
}

// add adds a piece; a nil style is plain.
func (r *runs) add(text string, style *theme.Style, lit bool) {
	if r.base == nil {
		r.done.WriteString(rendered(text, style, lit))
		return
	}
	if lit != r.lit {
		r.flush()
		r.lit = lit
	}
	r.wait.WriteString(ansi.Strip(text))
}

func (r *runs) flush() {
	r.done.WriteString(rendered(r.wait.String(), r.base, r.lit))
	r.wait.Reset()
}

func (r *runs) text() string {
	if r.base != nil {
		r.flush()
	}
	return r.done.String()
}

// underlined begins what stands out; the end of any style ends it.
const underlined = "\x1b[4m"

// rendered is a text in its style; what is lit stands out without any colour.
func rendered(text string, style *theme.Style, lit bool) string {
	switch {
	case text == "", !lit && style == nil:
		return text
	case !lit:
		return style.Render(text)
	case style == nil:
		return underlined + theme.Style{}.Strong().Render(text)
	}
	return underlined + style.Strong().Render(text)
}

// cell adds a cell of so many cells of the terminal.
func (r *runs) cell(c Cell, column Column, w int, tail string) {
	text := Cut(c.Text, w, tail)
	if len(c.Lit) == 0 {
		r.add(align(column, text, w), c.Style, false)
		return
	}
	blank, at := strings.Repeat(" ", max(0, w-Width(text))), 0
	if column.Right {
		r.add(blank, c.Style, false)
	}
	for _, place := range c.Lit {
		if from, to := place[0], place[1]; to <= len(text) && text[:to] == c.Text[:to] {
			r.add(text[at:from], c.Style, false)
			r.add(text[from:to], c.Style, true)
			at = to
		}
	}
	r.add(text[at:], c.Style, false)
	if !column.Right {
		r.add(blank, c.Style, false)
	}
}
