package table

import (
	"strings"

	"certdesk/ui/kit"
	"certdesk/ui/words"
)

// panes is how a wide terminal is shared out: the list with the details beside it, on a very wide one a third pane, and
// below them the time that comes, where the list leaves lines for it.
type panes struct {
	list    int // cells of the list's text
	lines   int // of the list, its titles among them
	details int // cells of the details' text
	third   int // cells of the third pane's text, 0 for none
	ahead   int // lines of the timeline, 0 for none
}

// The measures of the panes, in cells and lines.
const (
	detailCells = 36
	wideDetails = 40  // with room for a whole thumbprint
	wideFrom    = 140 // the width from which they have it
	thirdCells  = 38
	thirdFrom   = 180 // the width from which there is a third pane
)

// panes shares out w×h cells. The list has all lines that it can fill before the timeline has any; what a filter hides
// counts, so that nothing moves while one is typed.
func (s *tableScreen) panes(w, h int) panes {
	p := panes{details: detailCells, lines: h - kit.PaneLines}
	if w >= wideFrom {
		p.details = wideDetails
	}
	p.list = w - p.details - kit.PaneCells - 3
	if w >= thirdFrom {
		p.third = thirdCells
		p.list -= thirdCells + 3
	}
	rows := max(len(s.d.Entries), leastRows)
	if left := p.lines - 1 - rows - 1; left >= aheadLines {
		p.ahead = aheadLines
		p.lines -= aheadLines + 1
	}
	return p
}

// leastRows is how many rows the list has room for wherever there is a timeline, so that the details have.
const leastRows = 15

// wide draws the panes of a wide terminal.
func (s *tableScreen) wide(w, h int) string {
	p := s.panes(w, h)
	top := kit.Band{Lines: p.lines, Panes: []kit.Pane{{Title: "Certificates", Note: strings.TrimSpace(s.place()),
		Body: s.list(p.list, p.lines), Cells: p.list, Focus: true}, s.detailPane(p.details, p.lines)}}
	if p.third > 0 {
		top.Panes = append(top.Panes, s.thirdPane(p.lines))
	}
	bands := []kit.Band{top}
	if p.ahead > 0 {
		bands = append(bands, kit.Band{Lines: p.ahead, Panes: []kit.Pane{s.aheadPane(w - kit.PaneCells)}})
	}
	return kit.Panes(s.d.Styles, w, bands...)
}

// detailPane is the list's knowledge of the selected entry.
func (s *tableScreen) detailPane(w, h int) kit.Pane {
	p := kit.Pane{Title: "Details", Cells: w}
	if e, ok := s.selected(); ok {
		p.Title, p.Body = words.Title(e), s.details(e, w, h)
	}
	return p
}

// tableHeight is the height that the table of rows is drawn with, where the middle has h lines.
func (s *tableScreen) tableHeight(w, h int) int {
	if w >= words.PaneFrom {
		p := s.panes(w, h)
		w, h = p.list, p.lines
	}
	if above := s.filterView(w); above != "" {
		h -= 1 + strings.Count(above, "\n")
	}
	return h
}
