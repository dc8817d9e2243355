package form

import (
	"strings"

	"certdesk/ui/theme"
)

// lister is a field that offers answers below all fields while it has the focus.
type lister interface {
	List(s theme.Styles, w, h int) (lines []string, at int)
}

func (f *Form) list(s theme.Styles, w, h int) block {
	field, ok := f.Field().(lister)
	if !ok {
		return block{at: -1}
	}
	indent := 2 + f.labelWidth(w) + 2
	lines, at := field.List(s, w-indent-1, h)
	for i := range lines {
		lines[i] = strings.Repeat(" ", indent) + lines[i]
	}
	return block{lines, at, true}
}
