package ui_test

import (
	"fmt"
	"html"
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"certdesk/ui/uitest"
)

// The measures of a picture, in its own units: a cell is as wide as a letter of a 13.3 px monospaced font.
const (
	cellW, cellH = 8, 18
	margin       = 12
	barH         = 28
)

// paper is what the sixteen colours, and the terminal's own, look like in a picture.
type paper struct {
	back, text, muted, edge, bar string
	lit                          string // behind the row under the cursor
	colours                      map[int]string
}

// Every pair of these has a contrast of at least 4.5:1.
var (
	darkPaper = paper{back: "#10151c", text: "#d8dee7", muted: "#8e99a6", edge: "#323c48", bar: "#1a212b", lit: "#232c37",
		colours: map[int]string{9: "#ff7b72", 10: "#63d297", 11: "#e9c46a", 14: "#5cc8e8"}}
	lightPaper = paper{back: "#ffffff", text: "#1f2630", muted: "#5f6975", edge: "#c9d1d9", bar: "#f1f3f6", lit: "#e9eef4",
		colours: map[int]string{1: "#bf1f2c", 2: "#13702f", 4: "#0b55b5", 5: "#8a2ba3"}}
)

// drawing is an SVG that is being written: rectangles of reversed cells, lines, text.
type drawing struct {
	paper
	marks strings.Builder
	texts strings.Builder
	lines map[string]*strings.Builder // by colour and width
	order []string
}

// svg draws the cells of a frame as a terminal window. The bytes depend on nothing else.
func svg(rows [][]uitest.Cell, p paper, title string) string {
	d := &drawing{paper: p, lines: map[string]*strings.Builder{}}
	for y, row := range rows {
		d.row(row, margin, barH+margin/2+y*cellH)
	}
	w, h := len(rows[0])*cellW+2*margin, barH+len(rows)*cellH+margin
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img">`+"\n", w, h, w, h)
	fmt.Fprintf(&b, "<title>%s</title>\n", html.EscapeString(title))
	fmt.Fprintf(&b, "<style>text{font:13.3px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono','Liberation Mono',monospace;fill:%s}.b{font-weight:bold}.m{text-anchor:middle}.l{fill:none;shape-rendering:crispEdges}</style>\n", p.text)
	fmt.Fprintf(&b, `<rect x=".5" y=".5" width="%d" height="%d" rx="8" fill="%s" stroke="%s"/>`+"\n", w-1, h-1, p.back, p.edge)
	fmt.Fprintf(&b, `<path d="M1 %dV8.5A7.5 7.5 0 0 1 8.5 1H%d.5A7.5 7.5 0 0 1 %d 8.5V%dz" style="fill:%s"/>`+"\n", barH, w-9, w-1, barH, p.bar)
	for i := range 3 {
		fmt.Fprintf(&b, `<circle cx="%d" cy="14" r="5" fill="%s"/>`+"\n", 18+i*17, p.edge)
	}
	fmt.Fprintf(&b, `<text class="m" x="%d" y="18" style="fill:%s">certdesk</text>`+"\n", w/2, p.muted)
	b.WriteString(d.marks.String())
	for _, key := range d.order {
		fmt.Fprintf(&b, `<path class="l" d="%s" %s/>`+"\n", d.lines[key], key)
	}
	b.WriteString(d.texts.String())
	return b.String() + "</svg>\n"
}

// row draws one line of cells, run by run: what has one look, and no blanks to speak of, is one text with its own place
// and length, so that it stands where the terminal has it whatever the font.
func (d *drawing) row(row []uitest.Cell, x, y int) {
	for at := 0; at < len(row); {
		n := runOf(row[at:])
		run := row[at : at+n]
		d.run(run, x+at*cellW, y)
		at += n
	}
}

// runOf is how many cells at the beginning of a row are drawn at once.
func runOf(row []uitest.Cell) int {
	first := row[0]
	n := 1
	for n < len(row) && row[n].Text == "" {
		n++ // the rest of a wide character
	}
	if first.Text == "─" || first.Text == "━" {
		for n < len(row) && row[n] == first {
			n++
		}
	}
	if !ascii(first.Text) {
		return n
	}
	for n < len(row) && row[n].Ink == first.Ink {
		next := row[n].Text
		switch {
		case !ascii(next):
			return n
		case first.Text == " " && next != " ", first.Text != " " && next == " " && blankAhead(row[n:]):
			return n
		}
		n++
	}
	return n
}

func ascii(text string) bool { return text != "" && text[0] < utf8.RuneSelf }

// blankAhead says that a gap begins, and not the one blank between two words.
func blankAhead(row []uitest.Cell) bool {
	return len(row) < 2 || row[1].Text == " " || row[1].Ink != row[0].Ink || !ascii(row[1].Text)
}

func (d *drawing) run(run []uitest.Cell, x, y int) {
	k, colour := run[0].Ink, d.colour(run[0].Ink)
	if k.Reverse {
		fmt.Fprintf(&d.marks, `<rect x="%d" y="%d" width="%d" height="%d" fill="%s"/>`+"\n", x, y, len(run)*cellW, cellH, colour)
		colour = d.back
	}
	if k.Back > 0 {
		fmt.Fprintf(&d.marks, `<rect x="%d" y="%d" width="%d" height="%d" fill="%s"/>`+"\n", x, y, len(run)*cellW, cellH, d.lit)
	}
	if draw, ok := strokes[run[0].Text]; ok {
		d.line(draw(x, y, len(run)), colour, run[0].Text == "━" || run[0].Text == "▌")
		return
	}
	text := uitest.TextOf(run)
	if strings.TrimSpace(text) == "" {
		return
	}
	class, place := "", fmt.Sprintf(`x="%d"`, x)
	if k.Bold {
		class = "b"
	}
	if len(run) == 1 {
		class += " m"
		place = fmt.Sprintf(`x="%d"`, x+cellW/2)
	} else {
		place += fmt.Sprintf(` textLength="%d"`, len(run)*cellW)
	}
	if class = strings.TrimSpace(class); class != "" {
		place = `class="` + class + `" ` + place
	}
	if colour != d.text {
		place += ` style="fill:` + colour + `"`
	}
	fmt.Fprintf(&d.texts, `<text %s y="%d">%s</text>`+"\n", place, y+13, html.EscapeString(text))
}

func (d *drawing) colour(k uitest.Ink) string {
	switch c, ok := d.colours[k.Colour]; {
	case ok:
		return c
	case k.Faint:
		return d.muted
	}
	return d.text
}

// strokes are the characters that are lines, drawn as such so that no gap is left between the rows; x and y are the
// upper left of the first cell, n is how many there are.
var strokes = map[string]func(x, y, n int) string{
	"─": func(x, y, n int) string { return fmt.Sprintf("M%d %dh%d", x, y+9, n*cellW) },
	"━": func(x, y, n int) string { return fmt.Sprintf("M%d %dh%d", x, y+9, n*cellW) },
	"▌": func(x, y, _ int) string { return fmt.Sprintf("M%d %dv18", x+1, y) },
	"│": func(x, y, _ int) string { return fmt.Sprintf("M%d %dv18", x+4, y) },
	"┌": func(x, y, _ int) string { return fmt.Sprintf("M%d %dv-9h4", x+4, y+18) },
	"┐": func(x, y, _ int) string { return fmt.Sprintf("M%d %dh4v9", x, y+9) },
	"└": func(x, y, _ int) string { return fmt.Sprintf("M%d %dv9h4", x+4, y) },
	"┘": func(x, y, _ int) string { return fmt.Sprintf("M%d %dh4v-9", x, y+9) },
}

func (d *drawing) line(path, colour string, thick bool) {
	width := 1
	if thick {
		width = 5
	}
	key := fmt.Sprintf(`stroke="%s" stroke-width="%d"`, colour, width)
	if d.lines[key] == nil {
		d.lines[key] = &strings.Builder{}
		d.order = append(d.order, key)
	}
	d.lines[key].WriteString(path)
}

// contrast is that of WCAG between two colours, 1 to 21.
func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	la, lb := luminance(t, a)+0.05, luminance(t, b)+0.05
	return max(la, lb) / min(la, lb)
}

func luminance(t *testing.T, colour string) float64 {
	t.Helper()
	var rgb [3]uint8
	if _, err := fmt.Sscanf(colour, "#%2x%2x%2x", &rgb[0], &rgb[1], &rgb[2]); err != nil {
		t.Fatalf("%s: %v", colour, err)
	}
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		v := float64(rgb[i]) / 255
		if v <= 0.04045 {
			sum += weight * v / 12.92
		} else {
			sum += weight * math.Pow((v+0.055)/1.055, 2.4)
		}
	}
	return sum
}
