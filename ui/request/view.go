package request

import (
	"strings"

	"certdesk/ui/kit"
	"certdesk/ui/kit/form"
	"certdesk/wizard"
)

// View is the rail of pages, the question, and the form.
func (s *wizardScreen) View(w, h int) string {
	lines := []string{s.rail(w)}
	if h >= 18 {
		lines = append(lines, "")
	}
	lines = append(lines, s.questionLine(w))
	if h >= 16 {
		lines = append(lines, "")
	}
	if s.making.shown() {
		return kit.Fit(strings.Join(append(lines, s.makingLines(w, h-len(lines))...), "\n"), w, h)
	}
	fw, fh := s.formSize(w, h)
	return kit.Fit(strings.Join(append(lines, s.page.form.View(s.d.Styles, fw, fh)...), "\n"), w, h)
}

// formSize is what the form has of a body of w×h.
func (s *wizardScreen) formSize(w, h int) (int, int) {
	used := 2
	if h >= 18 {
		used++
	}
	if h >= 16 {
		used++
	}
	return w, max(1, h-used)
}

// rail names the pages, the present one in the accent; where they do not fit, only that one.
func (s *wizardScreen) rail(w int) string {
	st := s.d.Styles
	now := s.draft.step
	if s.making.shown() {
		now = wizard.StepMaking
	}
	var parts []string
	for _, step := range wizard.Steps(s.draft.answers) {
		switch {
		case step == now && s.making.made != nil:
			parts = append(parts, st.Accent.Render("[Made]"))
		case step == now:
			parts = append(parts, st.Accent.Render("["+step.Title()+"]"))
		case step == wizard.StepMaking:
		case step < now:
			parts = append(parts, st.Text.Render(step.Title()))
		default:
			parts = append(parts, st.Muted.Render(step.Title()))
		}
	}
	for _, gap := range []string{" > ", " "} {
		if line := " " + strings.Join(parts, st.Muted.Render(gap)); kit.Width(line) <= w {
			return line
		}
	}
	return " " + st.Accent.Render(now.Title())
}

func (s *wizardScreen) questionLine(w int) string {
	st := s.d.Styles
	text := "  " + st.Title.Render(s.page.question)
	if s.making.shown() {
		return "  " + st.Title.Render(s.making.title())
	}
	return text
}

func (s *wizardScreen) InLines() (string, *form.Form, error) {
	switch {
	case s.making.Runs():
		return "", nil, nil
	case s.making.shown():
		return s.making.title(), s.making.result, nil
	}
	return s.page.question, s.page.form, nil
}

func (s *wizardScreen) Doing() string { return s.making.Text }
