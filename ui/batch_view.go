package ui

import (
	"cmp"
	"strings"

	"certdesk/certstore/fail"
	"certdesk/ui/kit"
	"certdesk/ui/theme"
	"certdesk/ui/words"
)

// resultColumns is the layout of a list of results.
func resultColumns(list []result) []kit.Column {
	name := len("NAME")
	for _, r := range list {
		name = max(name, kit.Width(kit.Printable(r.name)))
	}
	name = min(name, 30)
	return []kit.Column{
		{Title: "RESULT", Min: 9, Want: 9},
		{Title: "NAME", Min: 10, Want: name, Max: name},
		{Title: "WHAT BECAME OF IT", Min: 16, Want: 30, Grow: 1},
	}
}

// resultLook is a result's sign and word: nothing here is told by colour alone.
func resultLook(st theme.Styles, r result) kit.Cell {
	switch {
	case r.err == nil:
		return kit.Cell{Text: st.Glyphs.Good + " done", Style: &st.Good}
	case words.Canceled(r.err):
		return kit.Cell{Text: st.Glyphs.Waiting + " not yet", Style: &st.Warn}
	}
	return kit.Cell{Text: st.Glyphs.Bad + " refused", Style: &st.Bad}
}

func (s *batchScreen) cell(row, column, width int) kit.Cell {
	switch r := s.results[row]; column {
	case 0:
		return resultLook(s.d.styles, r)
	case 1:
		return kit.Cell{Text: kit.Printable(r.name)}
	}
	if r := s.results[row]; r.err == nil && r.path != "" { // of a path the end matters
		return kit.Cell{Text: kit.CutLeft(kit.Printable(r.path), width, s.d.styles.Glyphs.Ellipsis)}
	}
	return kit.Cell{Text: kit.Printable(s.results[row].sentence())}
}

// sentence is what became of it in one line.
func (r result) sentence() string {
	if r.err != nil {
		return fail.Of(r.err).Text
	}
	return cmp.Or(r.said, r.path)
}

// named is sentence with the name of what it speaks of.
func (r result) named() string {
	if text := r.sentence(); strings.Contains(text, r.name) {
		return text
	}
	return r.name + ": " + r.sentence()
}

// details is all there is to say of one result.
func (s *batchScreen) details(st theme.Styles, row, w int) []string {
	r := s.results[row]
	if r.err != nil {
		return words.ProblemLines(st, r.err, w)
	}
	out := words.Signed(st, st.Good, st.Glyphs.Good, r.sentence(), w)
	if r.more != "" {
		out = append(out, words.Signed(st, st.Text, " ", r.more, w)...)
	}
	return out
}

// below is the step that follows.
func (s *batchScreen) below(st theme.Styles, w int) []string {
	if s.done() == 0 || s.batch.next == "" {
		return nil
	}
	return words.Signed(st, st.Accent, st.Glyphs.Cursor, s.batch.next, w)
}

// View is how far it has come, or what became of each.
func (s *batchScreen) View(w, h int) string {
	st := s.d.styles
	if s.form == nil {
		title := s.batch.verb
		lines := []string{"", "  " + st.Title.Render(title), "", s.busy.line(st, s.d.Now()), "",
			"  " + st.Muted.Render("esc stops before the next one; what is done stays done.")}
		return kit.Fit(strings.Join(lines, "\n"), w, h)
	}
	lines := []string{"", "  " + st.Title.Render(words.SentenceCase(s.summary())), ""}
	lines = append(lines, s.form.View(st, w, max(1, h-len(lines)))...)
	return kit.Fit(strings.Join(lines, "\n"), w, h)
}
