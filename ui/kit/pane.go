package kit

import (
	"slices"
	"strings"

	"github.com/charmbracelet/lipgloss"

	"certdesk/ui/theme"
)

// Pane is a text in a frame, with a title in its upper edge.
type Pane struct {
	Title string // has passed Printable, and is not painted
	Note  string // in its lower edge, at the right, as "1 of 10"; has passed Printable
	Body  string
	Cells int             // of the text, in a band; the last pane of a band has what the others leave
	Focus bool            // it has the keys
	Look  *lipgloss.Style // of its edges and title; nil: as the focus has it
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
	lines := make([]string, b.Lines)
	for row := range lines {
		for i := range b.Panes {
			lines[row] += b.look(s, b.edges[i]).Render(s.Glyphs.VLine) + " " + texts[i][row] + " "
		}
		lines[row] += b.look(s, b.edges[len(b.Panes)]).Render(s.Glyphs.VLine)
	}
	return lines
}

// look is how the edge at a cell looks: as that of the pane that has the keys, if it is one of that pane's.
func (b band) look(s *theme.Styles, cell int) *lipgloss.Style {
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
	var line string
	for from := 0; from < w; {
		to, lit, run := from, edgeLook(s, above, below, from), ""
		for ; to < w && edgeLook(s, above, below, to) == lit; to++ {
			run += joint(s.Glyphs, slices.Contains(above.edges, to), slices.Contains(below.edges, to), to > 0, to < w-1)
		}
		line += lit.Render(run)
		from = to
	}
	for i, p := range above.Panes {
		note := Cut(p.Note, above.edges[i+1]-above.edges[i]-5, s.Glyphs.Ellipsis)
		line = label(line, s.Muted.Render(note), above.edges[i+1]-Width(note)-3, w)
	}
	for i, p := range below.Panes {
		title := Cut(p.Title, below.edges[i+1]-below.edges[i]-5, s.Glyphs.Ellipsis)
		line = label(line, p.titleLook(s).Render(title), below.edges[i]+2, w)
	}
	return line
}

// label writes a text on an edge, with a blank on either side; none for an empty one.
func label(line, text string, at, w int) string {
	if Width(text) == 0 {
		return line
	}
	return splice(line, " "+text+" ", at, Width(text)+2, w)
}

func (p Pane) titleLook(s *theme.Styles) lipgloss.Style {
	switch {
	case p.Look != nil:
		return p.Look.Bold(true)
	case p.Focus:
		return s.Accent
	}
	return s.Title
}

// edgeLook is how a level edge looks at a cell: as the pane below has it, or the one above where that is quiet.
func edgeLook(s *theme.Styles, above, below band, cell int) *lipgloss.Style {
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
