package kit

import (
	"slices"
	"strconv"
	"strings"

	"certdesk/ui/theme"
)

// Footer shows, in one line of w cells, what can be done now: what next names, then as many verbs as fit of the most
// used, which come first. They stand in groups with a quiet line between; the way out and the help end the last.
func Footer(s theme.Styles, verbs []Verb, help Verb, next string, w int) string {
	groups := make([][]Verb, Desks+1)
	for _, v := range fitting(s, verbs, help, next, w) {
		groups[v.Group] = append(groups[v.Group], v)
	}
	groups[Desks] = append(groups[Desks], help)
	var parts []string
	for _, group := range groups {
		var hints []string
		for _, v := range group {
			hints = append(hints, VerbZone(v, hint(s, v)))
		}
		if len(hints) > 0 {
			parts = append(parts, strings.Join(hints, "  "))
		}
	}
	return Pad(" "+strings.Join(parts, " "+s.Border.Render(s.Glyphs.VLine)+" "), w)
}

// fitting are the verbs that fit beside the help, in their order, those last that lead away.
func fitting(s theme.Styles, verbs []Verb, help Verb, next string, w int) (shown []Verb) {
	var first, rest []Verb // what leads away and what is said to be next go before all others
	for _, v := range verbs {
		if v.Out || v.In(next) {
			first = append(first, v)
		} else {
			rest = append(rest, v)
		}
	}
	const separators = 2
	room, fits := w-1-separators-Width(hint(s, help)), map[VerbID]bool{}
	for _, v := range append(first, rest...) {
		cells := Width(hint(s, v)) + 2
		if len(v.Keys) > 0 && !v.Is(help) && !fits[v.ID] && cells <= room { // a shorter one may fit
			fits[v.ID] = true
			room -= cells
		}
	}
	var out []Verb
	for _, v := range verbs {
		switch {
		case !fits[v.ID]:
		case v.Out:
			v.Group = Desks
			out = append(out, v)
		default:
			shown = append(shown, v)
		}
		delete(fits, v.ID)
	}
	return append(shown, out...)
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
		line := Sides(mark+meaning(s, v, words), s.Key.Render(v.Shown), w, s.Glyphs.Ellipsis)
		lines = append(lines, Zone("item:"+strconv.Itoa(i), line))
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
