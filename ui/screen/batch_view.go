package screen

import (
	"cmp"
	"strings"

	"certdesk/ui/kit"
	"certdesk/ui/theme"
	"certdesk/ui/words"
)

// resultColumns is the layout of a list of results.
func resultColumns(list []Result) []kit.Column {
	name := len("NAME")
	for _, r := range list {
		name = max(name, kit.Width(kit.Printable(r.Name)))
	}
	name = min(name, 30)
	return []kit.Column{
		{Title: "RESULT", Min: 9, Want: 9},
		{Title: "NAME", Min: 10, Want: name, Max: name},
		{Title: "DETAILS", Min: 16, Want: 30, Grow: 1},
	}
}

// resultLook is a result's sign and word: nothing here is told by colour alone.
func resultLook(st theme.Styles, r Result) kit.Cell {
	switch {
	case r.Err == nil:
		return kit.Cell{Text: st.Glyphs.Good + " done", Style: &st.Good}
	case words.Canceled(r.Err):
		return kit.Cell{Text: st.Glyphs.Waiting + " not yet", Style: &st.Warn}
	}
	return kit.Cell{Text: st.Glyphs.Bad + " refused", Style: &st.Bad}
}

func (s *batchScreen) cell(row, column, width int) kit.Cell {
	switch r := s.results[row]; column {
	case 0:
		return resultLook(s.d.Styles, r)
	case 1:
		return kit.Cell{Text: kit.Printable(r.Name)}
	}
	if r := s.results[row]; r.Err == nil && r.Path != "" { // of a path the end matters
		return kit.Cell{Text: kit.CutLeft(kit.Printable(r.Path), width, s.d.Styles.Glyphs.Ellipsis)}
	}
	return kit.Cell{Text: kit.Printable(s.results[row].sentence())}
}

// sentence is what became of it in one line.
func (r Result) sentence() string {
	if r.Err != nil {
		return words.Failed(r.Err)
	}
	return cmp.Or(r.Said, r.Path)
}

// Named is sentence with the name of what it speaks of.
func (r Result) Named() string {
	if text := r.sentence(); strings.Contains(text, r.Name) {
		return text
	}
	return r.Name + ": " + r.sentence()
}

// details is all there is to say of one result.
func (s *batchScreen) details(st theme.Styles, row, w int) []string {
	r := s.results[row]
	if r.Err != nil {
		return words.ProblemLines(st, r.Err, w)
	}
	out := words.Signed(st.Good, st.Glyphs.Good, r.sentence(), w)
	if r.More != "" {
		out = append(out, words.Signed(st.Text, " ", r.More, w)...)
	}
	return out
}

// below is the step that follows.
func (s *batchScreen) below(st theme.Styles, w int) []string {
	if s.done() == 0 || s.batch.Next == "" {
		return nil
	}
	return words.Signed(st.Accent, st.Glyphs.Cursor, s.batch.Next, w)
}

// View is how far it has come, or what became of each.
func (s *batchScreen) View(w, h int) string {
	st := s.d.Styles
	if s.form == nil {
		title := s.batch.Verb
		lines := []string{"", "  " + st.Title.Render(title), "", s.busy.Line(st, s.d.Now()), "",
			"  " + st.Muted.Render("esc stops before the next one; what is done stays done.")}
		return kit.Fit(strings.Join(lines, "\n"), w, h)
	}
	return kit.Fit(strings.Join(s.form.View(st, w, h), "\n"), w, h)
}
