package asking

import (
	"certdesk/ui/kit"
	"certdesk/ui/theme"
	"certdesk/ui/words"
)

// whyLines draw an answer: the verdict, the next step, which is not to be scrolled for, and the cards.
func whyLines(st theme.Styles, y words.Why, w int) []string {
	const lead = "   "
	level, text := y.Verdict()
	sign, style := levelLook(st, level)
	lines := words.Indented(st.Title, text, " "+style.Render(sign)+" ", lead, w)
	lines = append(lines, words.Indented(st.Accent, "Next: "+y.Next(), lead, lead, w)...)
	for _, c := range y.Cards() {
		lines = append(lines, "", " "+st.Title.Render(kit.Cut(c.Title, max(w-1, 0), st.Glyphs.Ellipsis)))
		for _, l := range c.Lines {
			first := lead
			if l.Signed {
				sign, style := levelLook(st, l.Level)
				first = " " + style.Render(sign) + " "
			}
			lines = append(lines, words.Indented(st.Text, l.Text, first, lead, w)...)
		}
	}
	return lines
}

// levelLook is the sign of a level and its colour.
func levelLook(st theme.Styles, l words.Level) (sign string, style theme.Style) {
	switch l {
	case words.Bad:
		return st.Glyphs.Bad, st.Bad
	case words.Doubtful:
		return st.Glyphs.Warn, st.Warn
	}
	return st.Glyphs.Good, st.Good
}
