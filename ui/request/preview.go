package request

import (
	"cmp"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"certdesk/ui/kit"
	"certdesk/ui/kit/form"
	"certdesk/ui/theme"
	"certdesk/ui/words"
	"certdesk/wizard"
)

// outlook is what would come of the answers as they stand: worked out once a change, shown on every frame.
type outlook struct {
	of    wizard.Answers
	at    wizard.Step
	known bool // it was worked out
	facts []wizard.Fact
	names []wizard.Candidate
	said  []wizard.Finding // of this page and those before it
}

// lookAhead works the outlook out, where it is seen and the answers are other ones.
func (s *wizardScreen) lookAhead() {
	old := s.ahead
	if !form.ShowsBeside(s.d.Width) || old.known && old.at == s.draft.step && reflect.DeepEqual(old.of, s.draft.answers) {
		return
	}
	s.ahead = s.outlook()
}

func (s *wizardScreen) outlook() outlook {
	a := s.draft.answers
	o := outlook{of: a, at: s.draft.step, known: true}
	if r, err := wizard.BuildRequest(a, s.env); err == nil {
		o.facts = slices.DeleteFunc(wizard.Review(r), func(f wizard.Fact) bool { return f.Label == "Names" })
	} else {
		o.facts = []wizard.Fact{{Label: "Subject", Value: cmp.Or(wizard.SubjectText(a, s.env), "not yet")}}
	}
	for _, c := range wizard.Expand(a, s.env) {
		if c.On {
			o.names = append(o.names, c)
		}
	}
	for _, f := range wizard.All(a, s.env) {
		if f.Step <= s.draft.step {
			o.said = append(o.said, f)
		}
	}
	return o
}

// preview is the outlook in at most h lines: the names take what the rest leaves.
func (s *wizardScreen) preview(st theme.Styles, w, h int) []string {
	lines := append([]string{""}, words.Labelled(st, s.ahead.facts, w)...)
	var said []string
	for _, f := range s.ahead.said {
		said = append(said, words.Signed(words.SeverityStyle(st, f.Severity), words.SeverityGlyph(st, f.Severity),
			f.Text, w)...)
	}
	if len(said) > 0 {
		said = append([]string{""}, said...)
	}
	lines = append(lines, "", st.Label.Render("Names ("+strconv.Itoa(len(s.ahead.names))+")"))
	lines = append(lines, s.previewNames(st, w, max(2, h-len(lines)-len(said)))...)
	return append(lines, said...)
}

func (s *wizardScreen) previewNames(st theme.Styles, w, h int) (lines []string) {
	for i, c := range s.ahead.names {
		if i == h-1 && len(s.ahead.names) > h {
			return append(lines, st.Muted.Render("  and "+strconv.Itoa(len(s.ahead.names)-i)+" more"))
		}
		name := kit.Cut(kit.Printable(c.Name.Value), w-2, st.Glyphs.Ellipsis)
		why := kit.Cut(strings.Join(reasons(c), ", "), max(0, w-4-kit.Width(name)), st.Glyphs.Ellipsis)
		lines = append(lines, "  "+st.Text.Render(name)+"  "+st.Muted.Render(why))
	}
	return lines
}
