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
	word, _ := Meaning(b)
	return s.Key.Render(b.Help().Key) + " " + word
}

// Meaning splits what a binding does at its colon: the footer's word, and what else there is to say of it, or "".
func Meaning(b key.Binding) (word, more string) {
	word, more, _ = strings.Cut(b.Help().Desc, ": ")
	return word, more
}

// HelpLines lists bindings one a line, keys in a column of their own.
func HelpLines(s theme.Styles, bindings []key.Binding) []string {
	column, words := 0, 0
	for _, b := range bindings {
		word, more := Meaning(b)
		column = max(column, Width(allKeys(b)))
		if more != "" {
			words = max(words, Width(word))
		}
	}
	var lines []string
	for _, b := range bindings {
		if b.Enabled() {
			lines = append(lines, "  "+s.Key.Render(Pad(allKeys(b), column))+"  "+meaning(s, b, words))
		}
	}
	return lines
}

// ActionLines lists bindings by what they do, keys at the end of the line, in at most h lines of w cells with the one
// of number at among them and pointed at.
func ActionLines(s theme.Styles, bindings []key.Binding, at, w, h int) []string {
	words := 0
	for _, b := range bindings {
		if word, more := Meaning(b); more != "" {
			words = max(words, Width(word))
		}
	}
	from, to := Window(at, len(bindings), h)
	var lines []string
	for i := from; i < to; i++ {
		b, mark := bindings[i], "  "
		if i == at {
			mark = s.Accent.Render(s.Glyphs.Cursor) + " "
		}
		lines = append(lines, Sides(mark+meaning(s, b, words), s.Key.Render(b.Help().Key), w, s.Glyphs.Ellipsis))
	}
	return lines
}

// meaning is a binding's word, and in a column behind words cells what there is to say of it.
func meaning(s theme.Styles, b key.Binding, words int) string {
	word, more := Meaning(b)
	if more == "" {
		return word
	}
	return Pad(word, words) + "  " + s.Muted.Render(more)
}

// allKeys is what the footer says, and the binding's other keys.
func allKeys(b key.Binding) string {
	shown := b.Help().Key
	said := strings.FieldsFunc(shown, func(r rune) bool { return r == ' ' || r == '/' && len(shown) > 1 })
	for _, name := range b.Keys() {
		if name == " " {
			name = "space"
		}
		if !slices.ContainsFunc(said, func(word string) bool {
			return name == word || len(word) > 2 &&
				strings.HasPrefix(name, word)
		}) {
			shown += " " + name
		}
	}
	return shown
}
