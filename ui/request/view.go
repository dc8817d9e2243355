package request

import (
	"strings"

	"certdesk/ui/kit"
	"certdesk/ui/kit/form"
	"certdesk/wizard"
)

// View is the rail of pages, and the form.
func (s *wizardScreen) View(w, h int) string {
	lines := []string{s.rail(w)}
	if h >= 18 {
		lines = append(lines, "")
	}
	if s.making.Runs() {
		lines = append(lines, "  "+s.d.Styles.Title.Render(s.making.title()), "", s.making.Line(s.d.Styles, s.d.Now()))
	} else {
		fw, fh := formSize(w, h)
		lines = append(lines, s.shown().View(s.d.Styles, fw, fh)...)
	}
	return kit.Fit(strings.Join(lines, "\n"), w, h)
}

// shown is the form on the screen: the page's, or that of what was made.
func (s *wizardScreen) shown() *form.Form {
	if s.making.result != nil {
		return s.making.result
	}
	return s.page.form
}

// formSize is what the form has of a body of w×h.
func formSize(w, h int) (int, int) {
	if h >= 18 {
		h--
	}
	return w, max(1, h-1)
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
