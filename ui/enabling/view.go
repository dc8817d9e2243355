package enabling

import (
	"cmp"
	"fmt"
	"strings"

	"certdesk/certstore"
	"certdesk/certstore/enabling"
	"certdesk/ui/kit"
	"certdesk/ui/kit/form"
	"certdesk/ui/theme"
	"certdesk/ui/words"
)

// View is the question of the page, what went wrong, and the page.
func (s *enableScreen) View(w, h int) string {
	st := s.d.Styles
	lines := []string{}
	if s.form == nil || s.busy.Runs() {
		lines = append(lines, "", "  "+st.Title.Render(kit.Cut(s.question(), w-4, st.Glyphs.Ellipsis)), "")
	}
	for _, line := range words.ProblemLines(st, s.err, w-5) {
		lines = append(lines, "  "+line)
	}
	switch {
	case s.busy.Runs():
		lines = append(lines, s.progress(w, max(1, h-len(lines)-2))...)
		lines = append(lines, s.busy.Line(st, s.d.Now()))
		lines = append(lines, words.Indented(st.Muted, s.stopping(), "     ", "     ", w)...)
	case s.form == nil:
		lines = append(lines, (&portsScreen{d: s.d}).noServices(w)...)
	default:
		room := max(1, h-len(lines))
		s.form.Titled(s.question).Resize(st, w, room)
		lines = append(lines, s.form.View(st, w, room)...)
	}
	return kit.Fit(strings.Join(lines, "\n"), w, h)
}

func (s *enableScreen) question() string {
	switch {
	case s.over:
		return s.said()
	case s.told != nil, s.steps != nil:
		return words.SentenceCase(cmp.Or(s.what, "enabling "+words.Title(s.entry)))
	case s.plan != nil:
		return "What will be done, and nothing else"
	case s.form == nil && !s.busy.Runs():
		return words.Title(s.entry) + " cannot be enabled yet"
	}
	return "Which services are given " + words.Title(s.entry) + "?"
}

func (s *enableScreen) InLines() (string, *form.Form, error) {
	if s.busy.Runs() || s.form == nil {
		return "", nil, nil
	}
	return s.question(), s.form, s.err
}

func (s *enableScreen) Doing() string { return s.busy.Text }

// Happened are the steps that ended since somebody listened last.
func (s *enableScreen) Happened() (lines []string) {
	for ; s.heard < len(s.steps) && s.steps[s.heard].Done; s.heard++ {
		lines = append(lines, words.NotEmpty(certstore.ServiceTitle(s.steps[s.heard].Service)+": "+
			strings.TrimSpace(stepLine(s.d.Styles, s.steps[s.heard])))...)
	}
	return lines
}

// absent names the uses no service is here for, and what could not be understood.
func (s *enableScreen) absent(st theme.Styles, w int) []string {
	var none certstore.Services
	for _, use := range words.ServiceOrder {
		if s.titles(use) == "" {
			none |= use
		}
	}
	var lines []string
	if none != 0 {
		lines = append(lines, words.Indented(st.Muted, "No service is configured or found for "+none.String()+".",
			"", "", w)...)
	}
	for _, text := range s.troubles {
		lines = append(lines, words.Signed(st.Warn, st.Glyphs.Warn, kit.Printable(text), w)...)
	}
	return lines
}

// progress is what was done so far, in h lines: where that is too much, of a service that is done with the last step
// alone.
func (s *enableScreen) progress(w, h int) []string {
	lines := s.stepLines(s.steps, w)
	if len(lines) > h {
		lines = s.stepLines(lastSteps(s.steps), w)
	}
	return lines[max(0, len(lines)-h):] // the latest are seen
}

// lastSteps are the last step of each service that is done with, and all of the one at work.
func lastSteps(steps []enabling.Progress) (list []enabling.Progress) {
	last := steps[len(steps)-1].Service
	for i, step := range steps {
		if step.Service.Same(last) || !step.Service.Same(steps[i+1].Service) {
			list = append(list, step)
		}
	}
	return list
}

// stepLines are steps, a line each, below their services.
func (s *enableScreen) stepLines(steps []enabling.Progress, w int) []string {
	st := s.d.Styles
	var lines []string
	for i, step := range steps {
		if i == 0 || !step.Service.Same(steps[i-1].Service) {
			lines = append(lines, "  "+st.Title.Render(kit.Cut(certstore.ServiceTitle(step.Service), w-4, st.Glyphs.Ellipsis)))
		}
		lines = append(lines, kit.Cut("    "+stepLine(st, step), w, st.Glyphs.Ellipsis))
		if !step.Done {
			for _, line := range s.d.PortTable().Lines(step.Ports, words.WidestWord(step.Ports), w-4) {
				lines = append(lines, "   "+line)
			}
		}
	}
	return append(lines, "")
}

// stopping says what leaving off would do, once something may have been changed.
func (s *enableScreen) stopping() string {
	if s.told == nil || s.stopped || s.undoing {
		return ""
	}
	return "Stopping it puts back what was changed at this service; what was proven before stays."
}

func stepLine(st theme.Styles, step enabling.Progress) string {
	switch {
	case !step.Done:
		return st.Accent.Render(st.Glyphs.Cursor) + " " + string(step.Step)
	case step.Err != nil:
		return st.Bad.Render(st.Glyphs.Bad) + " " + words.Step(step)
	}
	return st.Good.Render(st.Glyphs.Good) + " " + string(step.Step)
}

// said is what became of it in one sentence.
func (s *enableScreen) said() string {
	fine, whole, flaws := 0, true, 0
	for _, o := range s.outcomes {
		if s.fine(o) {
			fine++
		}
		whole = whole && (o.Whole() || !o.Fine())
		flaws += len(o.Flaws())
	}
	name := words.Title(s.entry)
	switch {
	case flaws > 0 && fine == len(s.outcomes):
		return name + " is enabled, but something is wrong with what is served"
	case !whole && fine == len(s.outcomes):
		return name + " is enabled, but not all clients are proven to get it"
	case len(s.outcomes) == 0:
		return name + " was not enabled: nothing was touched"
	case s.undoing && fine == 1:
		return certstore.ServiceTitle(s.outcomes[0].Service) + " is as it was before"
	case fine == 0:
		return name + " is not enabled"
	case fine == len(s.outcomes) && fine == 1:
		return name + " is enabled for " + certstore.ServiceTitle(s.outcomes[0].Service)
	case fine == len(s.outcomes):
		return fmt.Sprintf("%s is enabled for all %d services", name, fine)
	}
	return fmt.Sprintf("%s is enabled for %d of %s", name, fine, words.Count(len(s.outcomes), "service"))
}

// outcomeLines are the proof, one line a port, and for each service what became of it.
func (s *enableScreen) outcomeLines(st theme.Styles, w int) []string {
	var lines []string
	for i, o := range s.outcomes {
		if i > 0 {
			lines = append(lines, "")
		}
		lines = append(lines, s.outcomeOf(st, o, w)...)
	}
	if len(s.outcomes) == 0 {
		lines = append(lines, "Every service is as it was.")
	}
	return lines
}

func (s *enableScreen) outcomeOf(st theme.Styles, o enabling.Outcome, w int) []string {
	sign, style := st.Glyphs.Good, st.Good
	switch {
	case !s.fine(o):
		sign, style = st.Glyphs.Bad, st.Bad
	case o.Fine() && !o.Whole():
		sign, style = st.Glyphs.Warn, st.Warn
	}
	lines := []string{style.Render(sign) + " " +
		st.Title.Render(kit.Cut(certstore.ServiceTitle(o.Service), w-2, st.Glyphs.Ellipsis))}
	lines = append(lines, words.Indented(st.Text, words.Outcome(o), "  ", "  ", w)...)
	for _, m := range o.Missed {
		lines = append(lines, words.Signed(st.Bad, st.Glyphs.Bad, words.Stop("But "+m.Text()), w)...)
	}
	if !s.fine(o) {
		lines = append(lines, words.ProblemLines(st, o.Err, w)...)
	}
	lines = append(lines, s.d.PortTable().Lines(o.Ports, words.WidestWord(o.Ports), w)...)
	if o.Unpublished != "" {
		lines = append(lines, words.Indented(st.Warn, words.InDesk(kit.Printable(o.Unpublished)), "  ", "  ", w)...)
	}
	if o.Kept != "" {
		lines = append(lines, words.Indented(st.Muted, kit.Printable(o.Kept), "  ", "  ", w)...)
	}
	for _, text := range o.Aside {
		lines = append(lines, words.Signed(st.Warn, st.Glyphs.Warn, "Not looked into: "+kit.Printable(text), w)...)
	}
	if len(o.Trouble) > 0 {
		lines = append(lines, st.Muted.Render("Its log said:"))
		for _, text := range o.Trouble {
			lines = append(lines, words.Indented(st.Muted, kit.Printable(text), "  ", "  ", w)...)
		}
	}
	return lines
}

// fine says whether a service was left as it was meant to be.
func (s *enableScreen) fine(o enabling.Outcome) bool {
	return o.Fine() || s.undoing && o.State == enabling.RolledBack
}
