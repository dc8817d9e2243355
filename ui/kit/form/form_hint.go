package form

import (
	"slices"
	"strings"

	"certdesk/ui/kit"
	"certdesk/ui/theme"
)

// enoughFlex is the height of a flexible field that hints do not take from it.
const enoughFlex = 9

// mostHint is how many lines of a hint are shown below its field.
const mostHint = 3

// hinted gives each of the fields' blocks the lines of its hint, and a blank one where there is plenty of room, if all
// of them have room in h lines; else the focused one alone, if that has. flex is what the flexible field would like.
func (f *Form) hinted(s theme.Styles, blocks []block, fields, flex, w, h int) bool {
	for try, wants := range []int{flex, min(flex, enoughFlex)} {
		f.hint(s, blocks, fields, 1-try, w)
		if lines, gaps := height(blocks); lines+gaps+wants <= h {
			return true
		}
	}
	for i := range blocks {
		blocks[i].hint = nil
		if blocks[i].at >= 0 {
			blocks[i].hint = f.hintBelow(s, f.at, w)
		}
	}
	lines, gaps := height(blocks)
	if lines+gaps+min(flex, enoughFlex)+len(f.list(s, w, minFlex).lines) <= h {
		return true
	}
	for i := range blocks {
		blocks[i].hint = nil
	}
	return false
}

// hint gives the blocks the lines of their hints, and blank ones below. Switches below one label share the lines below
// the last of them.
func (f *Form) hint(s theme.Styles, blocks []block, fields, blank, w int) {
	var shown []int
	for i := range f.fields {
		if f.shown(i) {
			shown = append(shown, i)
		}
	}
	var focused []string
	most, last := 1, len(shown)-1
	for at, i := range shown[:fields] {
		hint := f.hintBelow(s, i, w)
		most = max(most, len(hint))
		if i == f.at {
			focused = hint
		}
		if at+1 < len(shown) && f.continues(shown[at+1]) {
			continue
		}
		if at == last {
			blank = 0
		}
		blocks[at].hint = append(focused, make([]string, most+blank-len(focused))...)
		focused, most = nil, 1
	}
}

// continues says that a field stands below the label of the one before.
func (f *Form) continues(i int) bool {
	shape := f.fields[i].Shape()
	return f.fields[i].Label() == "" && !shape.Wide && !shape.Bare
}

// hintBelow are the lines of a field's hint, where its value is.
func (f *Form) hintBelow(s theme.Styles, i, w int) (lines []string) {
	left := indent(f.fields[i].Shape(), f.labelWidth(w))
	text := kit.Wrap(f.fields[i].Hint(), w-left-1)
	for _, line := range text[:min(mostHint, len(text))] {
		lines = append(lines, strings.Repeat(" ", left)+s.Muted.Render(line))
	}
	return slices.Clip(lines)
}
