package kit

import (
	"strings"

	"github.com/charmbracelet/bubbles/key"

	"certdesk/ui/theme"
)

// Footer shows, in one line of w cells, the keys that work now: as many as fit, most used first, and always
// the help key at the end.
func Footer(s theme.Styles, bindings []key.Binding, help key.Binding, w int) string {
	last := hint(s, help)
	room := w - 1 - Width(last)
	var parts []string
	for _, b := range bindings {
		if !b.Enabled() || b.Help().Key == help.Help().Key {
			continue
		}
		part := hint(s, b)
		if room -= Width(part) + 2; room < 0 {
			break
		}
		parts = append(parts, part)
	}
	return Pad(" "+strings.Join(append(parts, last), "  "), w)
}

func hint(s theme.Styles, b key.Binding) string {
	return s.Key.Render(b.Help().Key) + " " + b.Help().Desc
}

// HelpLines lists bindings one a line, keys in a column of their own.
func HelpLines(s theme.Styles, bindings []key.Binding) []string {
	column := 0
	for _, b := range bindings {
		column = max(column, Width(b.Help().Key))
	}
	var lines []string
	for _, b := range bindings {
		if b.Enabled() {
			lines = append(lines, "  "+s.Key.Render(Pad(b.Help().Key, column))+"  "+b.Help().Desc)
		}
	}
	return lines
}
