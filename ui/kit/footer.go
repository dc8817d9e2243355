package kit

import (
	"slices"
	"strings"

	"github.com/charmbracelet/bubbles/key"

	"certdesk/ui/theme"
)

// Footer shows, in one line of w cells, the keys that work now: as many as fit of the most used, which come first
// in bindings. The way out and the help key stand at the end.
func Footer(s theme.Styles, bindings []key.Binding, help key.Binding, w int) string {
	last := hint(s, help)
	room := w - 1 - Width(last)
	var parts, out []string
	for _, b := range bindings {
		if !b.Enabled() || b.Help().Key == help.Help().Key {
			continue
		}
		part := hint(s, b)
		if room < Width(part)+2 {
			continue // a shorter one may fit
		}
		room -= Width(part) + 2
		if leaves(b) {
			out = append(out, part)
			continue
		}
		parts = append(parts, part)
	}
	return Pad(" "+strings.Join(append(append(parts, out...), last), "  "), w)
}

func leaves(b key.Binding) bool { return b.Help().Key == "q" || b.Help().Key == "esc" }

func hint(s theme.Styles, b key.Binding) string {
	return s.Key.Render(b.Help().Key) + " " + b.Help().Desc
}

// HelpLines lists bindings one a line, keys in a column of their own.
func HelpLines(s theme.Styles, bindings []key.Binding) []string {
	column := 0
	for _, b := range bindings {
		column = max(column, Width(allKeys(b)))
	}
	var lines []string
	for _, b := range bindings {
		if b.Enabled() {
			lines = append(lines, "  "+s.Key.Render(Pad(allKeys(b), column))+"  "+b.Help().Desc)
		}
	}
	return lines
}

// allKeys is what the footer says, and the binding's other keys.
func allKeys(b key.Binding) string {
	shown := b.Help().Key
	said := strings.FieldsFunc(shown, func(r rune) bool { return r == ' ' || r == '/' && len(shown) > 1 })
	for _, name := range b.Keys() {
		if name == " " {
			name = "space"
		}
		if !slices.ContainsFunc(said, func(word string) bool { return name == word || len(word) > 2 && strings.HasPrefix(name, word) }) {
			shown += " " + name
		}
	}
	return shown
}
