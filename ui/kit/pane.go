package kit

import (
	"slices"
	"strings"

	"certdesk/ui/theme"
)

// Pane is a text in a frame, with a title in its upper edge.
type Pane struct {
	Title string // has passed Printable, and is not painted
	Note  string // in its lower edge, at the right, as "1 of 10"; has passed Printable
	Body  string
	Cells int          // of the text, in a band; the last pane of a band has what the others leave
	Focus bool         // it has the keys
	Look  *theme.Style // of its edges and title; nil: as the focus has it
}

// Band is panes side by side, with a number of lines of text in each.
type Band struct {
	Lines int
	Panes []Pane
}

// What a pane takes beside its text: edges and a blank inside each, and the two edges above and below.
const (
	PaneCells = 4
	PaneLines = 2
)

// View draws a pane that stands alone, exactly w×h cells.
func (p Pane) View(s theme.Styles, w, h int) string {
	return Panes(s, w, Band{Lines: h - PaneLines, Panes: []Pane{p}})
}

// Panes draws bands one above the other in w cells. Neighbours share an edge, so n bands take a line more than n beside
// their text; an edge is lit where it is one of the pane that has the keys.
func Panes(s theme.Styles, w int, bands ...Band) string {
	var lines []string
	above := band{}
	for _, b := range bands {
		below := placed(b, w)
		lines = append(append(lines, edgeLine(&s, above, below, w)), below.body(&s)...)
		above = below
	}
	return strings.Join(append(lines, edgeLine(&s, above, band{}, w)), "\n")
}

// band is a Band with the place of each of its upright edges: one more than it has panes.
type band struct {
	Band
	edges []int
}

func placed(b Band, w int) band {
	edges := []int{0}
	for _, p := range b.Panes[:len(b.Panes)-1] {
		edges = append(edges, edges[len(edges)-1]+1+p.Cells+2)
	}
	return band{b, append(edges, w-1)}
}

// body is the text of all panes between their upright edges.
func (b band) body(s *theme.Styles) []string {
	texts := make([][]string, len(b.Panes))
	for i, p := range b.Panes {
		texts[i] = strings.Split(Fit(p.Body, b.edges[i+1]-b.edges[i]-3, b.Lines), "\n")
	}
	sides := make([]string, len(b.edges))
	for i, cell := range b.edges {
		sides[i] = b.look(s, cell).Render(s.Glyphs.VLine)
	}
	lines := make([]string, b.Lines)
	for row := range lines {
		var line strings.Builder
		for i := range b.Panes {
			line.WriteString(sides[i] + " " + texts[i][row] + " ")
		}
		lines[row] = line.String() + sides[len(b.Panes)]
	}
	return lines
}

// look is how the edge at a cell looks: as that of the pane that has the keys, if it is one of that pane's.
func (b band) look(s *theme.Styles, cell int) *theme.Style {
	style := &s.Border
	for i, p := range b.Panes {
		switch {
		case cell < b.edges[i], cell > b.edges[i+1]:
		case p.Look != nil:
			style = p.Look
		case p.Focus:
			return &s.Focus
		}
	}
	return style
}

// edgeLine is the edge between two bands, of which one may be none, with the notes of the one and the titles of the
// other.
func edgeLine(s *theme.Styles, above, below band, w int) string {
	var line strings.Builder
	texts := labels(s, above, below)
	at := func(cell int) int { return slices.IndexFunc(texts, func(l label) bool { return l.from == cell }) }
	for from := 0; from < w; {
		if i := at(from); i >= 0 {
			line.WriteString(texts[i].text)
			from = texts[i].to
			continue
		}
		to, lit, run := from, edgeLook(s, above, below, from), ""
		for ; to < w && at(to) < 0 && edgeLook(s, above, below, to) == lit; to++ {
			run += joint(s.Glyphs, slices.Contains(above.edges, to), slices.Contains(below.edges, to), to > 0, to < w-1)
		}
		line.WriteString(lit.Render(run))
		from = to
	}
	return line.String()
}

// label is what is written on an edge, from a cell up to another, with a blank on either side.
type label struct {
	from, to int
	text     string
}

// labels are those of an edge; where a note would meet a title there is the title alone.
func labels(s *theme.Styles, above, below band) (list []label) {
	write := func(text string, from int, look theme.Style) {
		l := label{from, from + Width(text) + 2, " " + look.Render(text) + " "}
		meets := func(other label) bool { return l.from < other.to && other.from < l.to }
		if text != "" && !slices.ContainsFunc(list, meets) {
			list = append(list, l)
		}
	}
	for i, p := range below.Panes {
		title := Cut(p.Title, below.edges[i+1]-below.edges[i]-5, s.Glyphs.Ellipsis)
		write(title, below.edges[i]+2, p.titleLook(s))
	}
	for i, p := range above.Panes {
		note := Cut(p.Note, above.edges[i+1]-above.edges[i]-5, s.Glyphs.Ellipsis)
		write(note, above.edges[i+1]-Width(note)-3, s.Muted)
	}
	return list
}

func (p Pane) titleLook(s *theme.Styles) theme.Style {
	switch {
	case p.Look != nil:
		return p.Look.Strong()
	case p.Focus:
		return s.Accent
	}
	return s.Title
}

// edgeLook is how a level edge looks at a cell: as the pane below has it, or the one above where that is quiet.
func edgeLook(s *theme.Styles, above, below band, cell int) *theme.Style {
	if look := below.look(s, cell); look != &s.Border {
		return look
	}
	return above.look(s, cell)
}

// joint is the sign of an edge at a cell, by the ways that edges go from there.
func joint(g theme.Glyphs, up, down, left, right bool) string {
	switch {
	case !up && !down:
		return g.HLine
	case up && down && left && right:
		return g.Joints[4]
	case up && down && right:
		return g.Joints[2]
	case up && down:
		return g.Joints[3]
	case down && left && right:
		return g.Joints[0]
	case up && left && right:
		return g.Joints[1]
	case down && right:
		return g.Corners[0]
	case down:
		return g.Corners[1]
	case right:
		return g.Corners[2]
	}
	return g.Corners[3]
}
