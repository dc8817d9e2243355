package kit

import (
	"slices"
	"strings"

	"certdesk/ui/theme"
)

// Span is where in the footer a verb stands: from a cell up to another, which is no longer its own.
type Span struct {
	From, To int
	Verb     VerbID
}

// Footer shows, in one line of w cells, what can be done now: as many verbs as fit of the most used, which come first,
// and where each stands. The way out and the help stand at the end.
func Footer(s theme.Styles, verbs []Verb, help Verb, w int) (line string, spans []Span) {
	room := w - 1 - Width(hint(s, help))
	var shown, out []Verb
	for _, v := range verbs {
		cells := Width(hint(s, v)) + 2
		switch {
		case v.Is(help), room < cells: // a shorter one may fit
			continue
		case v.Out:
			out = append(out, v)
		default:
			shown = append(shown, v)
		}
		room -= cells
	}
	line = " "
	for _, v := range append(append(shown, out...), help) {
		if len(spans) > 0 {
			line += "  "
		}
		from := Width(line)
		line += hint(s, v)
		spans = append(spans, Span{from, Width(line), v.ID})
	}
	return Pad(line, w), spans
}

func hint(s theme.Styles, v Verb) string { return s.Key.Render(v.Shown) + " " + v.Word }

// HelpLines lists verbs one a line, keys in a column of their own.
func HelpLines(s theme.Styles, verbs []Verb) []string {
	column, words := 0, wordColumn(verbs)
	for _, v := range verbs {
		column = max(column, Width(allKeys(v)))
	}
	var lines []string
	for _, v := range verbs {
		lines = append(lines, "  "+s.Key.Render(Pad(allKeys(v), column))+"  "+meaning(s, v, words))
	}
	return lines
}

// ActionLines lists verbs by their words, keys at the end of the line, in at most h lines of w cells with the one of
// number at among them and pointed at.
func ActionLines(s theme.Styles, verbs []Verb, at, w, h int) []string {
	words := wordColumn(verbs)
	from, to := Window(at, len(verbs), h)
	var lines []string
	for i := from; i < to; i++ {
		v, mark := verbs[i], "  "
		if i == at {
			mark = s.Accent.Render(s.Glyphs.Cursor) + " "
		}
		lines = append(lines, Sides(mark+meaning(s, v, words), s.Key.Render(v.Shown), w, s.Glyphs.Ellipsis))
	}
	return lines
}

// wordColumn is how many cells the words take that have something said beside them.
func wordColumn(verbs []Verb) (cells int) {
	for _, v := range verbs {
		if v.More != "" {
			cells = max(cells, Width(v.Word))
		}
	}
	return cells
}

// meaning is a verb's word, and in a column behind words cells what there is to say of it.
func meaning(s theme.Styles, v Verb, words int) string {
	if v.More == "" {
		return v.Word
	}
	return Pad(v.Word, words) + "  " + s.Muted.Render(v.More)
}

// allKeys is what the footer shows, and the verb's other keys.
func allKeys(v Verb) string {
	shown := v.Shown
	said := strings.FieldsFunc(shown, func(r rune) bool { return r == ' ' || r == '/' && len(shown) > 1 })
	for _, name := range v.Keys {
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
