package words

import (
	"fmt"
	"strings"

	"certdesk/ui/kit"
	"certdesk/ui/theme"
)

// RemarkBlock stands below a list: a rule that ends in place, and what is to be said of the selected row, in as many
// lines whatever the row is.
func RemarkBlock(st theme.Styles, what, next, place string, w int) []string {
	most := WhatLines(w)
	lines := kit.Wrap(what, w-3)
	if len(lines) > most {
		lines = lines[:most]
		lines[most-1] += st.Glyphs.Ellipsis
	}
	lines = append(lines, NextLines(st, next, w-3, most+1-len(lines))...)
	for len(lines) < most+1 {
		lines = append(lines, "")
	}
	for i := range lines {
		lines[i] = kit.Pad(" "+lines[i], w)
	}
	rule := kit.Rule(st, w-kit.Width(place)-2) + st.Muted.Render(place) + kit.Rule(st, 2)
	return append([]string{rule}, lines...)
}

// NextLines is what to do next, in at most n lines.
func NextLines(st theme.Styles, next string, w, n int) []string {
	lines := kit.Wrap(next, w)
	if len(lines) > n {
		lines = lines[:n]
		lines[n-1] = kit.Cut(lines[n-1], w-1, "") + st.Glyphs.Ellipsis
	}
	if rest, ok := strings.CutPrefix(lines[0], "Next: "); ok {
		lines[0] = st.Accent.Render("Next:") + " " + rest
	}
	return lines
}

// WhatLines is how many lines a remark gets: two, where a line is too short for most.
func WhatLines(w int) int {
	if w >= PaneFrom {
		return 1
	}
	return 2
}

// PlaceIn says where the cursor of a list is.
func PlaceIn(t kit.Table) string {
	if t.Len() == 0 {
		return ""
	}
	return fmt.Sprintf(" %d of %d ", t.Position()+1, t.Len())
}

// PaneFrom is the width from which details stand beside the table.
const PaneFrom = 120
