package ui

import (
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/ui/kit"
	"certdesk/ui/theme"
)

// View is the question of the page, what went wrong, and the page.
func (s *enableScreen) View(w, h int) string {
	st := s.d.styles
	lines := []string{"", "  " + st.Title.Render(kit.Cut(s.question(), w-4, st.Glyphs.Ellipsis)), ""}
	if s.err != nil {
		for _, line := range problemLines(st, s.err, w-5) {
			lines = append(lines, "  "+line)
		}
	}
	switch {
	case s.busy.runs():
		steps, room := s.stepLines(w), max(1, h-len(lines)-1)
		lines = append(lines, steps[max(0, len(steps)-room):]...) // the latest are seen
		lines = append(lines, s.busy.line(st, s.d.Now()))
	case s.form == nil:
		lines = append(lines, (&portsScreen{d: s.d}).noServices(w)...)
	default:
		room := max(1, h-len(lines))
		s.resize(w, room)
		lines = append(lines, s.form.View(st, w, room)...)
	}
	return kit.Fit(strings.Join(lines, "\n"), w, h)
}

func (s *enableScreen) resize(w, h int) {
	if n, ok := s.form.Field().(*kit.Note); ok {
		n.Resize(w-2, h-2)
	}
}

func (s *enableScreen) question() string {
	switch {
	case s.over:
		return s.said()
	case s.steps != nil:
		return "Enabling " + title(s.entry)
	case s.plan != nil:
		return "What will be done, and nothing else"
	case s.form == nil && !s.busy.runs():
		return title(s.entry) + " cannot be enabled yet"
	}
	return "Which services are given " + title(s.entry) + "?"
}

func (s *enableScreen) inLines() (string, *kit.Form, error) {
	if s.busy.runs() || s.form == nil {
		return "", nil, nil
	}
	return s.question(), s.form, s.err
}

func (s *enableScreen) doing() string { return s.busy.text }

// absent names the uses no service is here for, and what could not be understood.
func (s *enableScreen) absent(st theme.Styles, w int) []string {
	var none certstore.Services
	for _, use := range serviceOrder {
		if s.titles(use) == "" {
			none |= use
		}
	}
	var lines []string
	if none != 0 {
		lines = append(lines, indented(st.Muted, "No service is configured or found for "+none.String()+".", "", "", w)...)
	}
	for _, text := range s.troubles {
		lines = append(lines, signed(st, st.Warn, st.Glyphs.Warn, kit.Printable(text), w)...)
	}
	return lines
}

// planLines are the plan, service by service.
func (s *enableScreen) planLines(st theme.Styles, w int) []string {
	var lines []string
	for _, text := range s.plan.Warnings {
		lines = append(lines, signed(st, st.Warn, st.Glyphs.Warn, text, w)...)
	}
	for _, sp := range s.plan.Services {
		if len(lines) > 0 {
			lines = append(lines, "")
		}
		lines = append(lines, servicePlanLines(st, sp, w)...)
	}
	return lines
}

func servicePlanLines(st theme.Styles, sp certstore.ServicePlan, w int) []string {
	lines := []string{st.Title.Render(certstore.ServiceTitle(sp.Service))}
	if sp.Err != nil {
		return append(lines, problemLines(st, sp.Err, w)...)
	}
	for _, text := range sp.Warnings {
		lines = append(lines, signed(st, st.Warn, st.Glyphs.Warn, text, w)...)
	}
	if sp.Plan.Nothing {
		return append(lines, "It is configured so already: its ports are asked, and it is reloaded if one serves another.")
	}
	p := sp.Plan
	for _, c := range p.Commands {
		lines = append(lines, st.Label.Render("command  ")+st.Key.Render(kit.Printable(c)))
	}
	for _, proof := range p.Prove {
		lines = append(lines, st.Label.Render("proof    ")+kit.Printable(strings.TrimSpace(proof.URL+" "+proof.Name)))
	}
	if len(p.Prove) == 0 {
		lines = append(lines, st.Warn.Render("no port is known: nothing can be proven"))
	}
	for _, f := range p.Files {
		lines = append(lines, st.Label.Render("file     ")+fmt.Sprintf("%04o %s  %s%s", f.Mode, kit.Printable(f.Owner), kit.Printable(f.Path), map[bool]string{true: " (the key)"}[f.Secret]))
	}
	for line := range strings.SplitSeq(strings.TrimSuffix(p.Diff(), "\n"), "\n") {
		lines = append(lines, diffLine(st, line, w))
	}
	return lines
}

// diffLine colours a line of a unified difference.
func diffLine(st theme.Styles, line string, w int) string {
	text := kit.Cut(kit.Printable(strings.ReplaceAll(line, "\t", "    ")), w, st.Glyphs.Ellipsis)
	switch {
	case strings.HasPrefix(line, "+"):
		return st.Good.Render(text)
	case strings.HasPrefix(line, "-"):
		return st.Bad.Render(text)
	}
	return st.Muted.Render(text)
}

// askReplaceSMTP shows both certificates; No is the default.
func askReplaceSMTP(d *desk, e certstore.Entry, plans []certstore.ServicePlan, yes func() tea.Cmd) *dialogScreen {
	var lines []string
	for _, sp := range plans {
		had := sp.Replaces.Entry
		lines = append(lines, certstore.ServiceTitle(sp.Service)+" serves now: "+title(had)+", from "+issuerWords(had)+", until "+day(had.NotAfter)+" ("+lifeWords(had, d.Now())+").")
	}
	lines = append(lines, "It would serve: "+title(e)+", from "+issuerWords(e)+", until "+day(e.NotAfter)+" ("+lifeWords(e, d.Now())+").",
		"Other mail servers see this certificate.")
	q := kit.Dialog{Title: "Replace the default SMTP certificate?", Lines: lines, Buttons: []string{"No", "Replace it"}, Danger: true}
	return ask(d, q, nil, yes)
}

// stepLines are what was done so far, a line each.
func (s *enableScreen) stepLines(w int) []string {
	st := s.d.styles
	var lines []string
	service := ""
	for _, step := range s.steps {
		if t := certstore.ServiceTitle(step.Service); t != service {
			service = t
			lines = append(lines, "  "+st.Title.Render(kit.Cut(t, w-4, st.Glyphs.Ellipsis)))
		}
		lines = append(lines, kit.Cut("    "+stepLine(st, step), w, st.Glyphs.Ellipsis))
		if !step.Done {
			lines = append(lines, s.d.portTable(step.Ports, w)...)
		}
	}
	return append(lines, "")
}

func stepLine(st theme.Styles, step certstore.EnableStep) string {
	switch {
	case !step.Done:
		return st.Accent.Render(st.Glyphs.Cursor) + " " + string(step.Step)
	case step.Err != nil:
		text, _ := failure(step.Err)
		return st.Bad.Render(st.Glyphs.Bad) + " " + string(step.Step) + ": " + text
	}
	return st.Good.Render(st.Glyphs.Good) + " " + string(step.Step)
}

// said is what became of it in one sentence.
func (s *enableScreen) said() string {
	fine := 0
	for _, o := range s.outcomes {
		if o.Fine() {
			fine++
		}
	}
	name := title(s.entry)
	switch {
	case len(s.outcomes) == 0:
		return name + " was not enabled: nothing was touched"
	case fine == 0:
		return name + " is not enabled"
	case fine == len(s.outcomes) && fine == 1:
		return name + " is enabled for " + certstore.ServiceTitle(s.outcomes[0].Service)
	case fine == len(s.outcomes):
		return fmt.Sprintf("%s is enabled for all %d services", name, fine)
	}
	return fmt.Sprintf("%s is enabled for %d of %s", name, fine, count(len(s.outcomes), "service"))
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

func (s *enableScreen) outcomeOf(st theme.Styles, o certstore.Outcome, w int) []string {
	sign, style := st.Glyphs.Good, st.Good
	if !o.Fine() {
		sign, style = st.Glyphs.Bad, st.Bad
	}
	lines := []string{style.Render(sign) + " " + st.Title.Render(kit.Cut(certstore.ServiceTitle(o.Service), w-2, st.Glyphs.Ellipsis)), "  " + outcomeWords(o)}
	if o.Err != nil {
		lines = append(lines, problemLines(st, o.Err, w)...)
	}
	lines = append(lines, s.d.portTable(o.Ports, w)...)
	if len(o.Trouble) > 0 {
		lines = append(lines, st.Muted.Render("Its log said:"))
		for _, text := range o.Trouble {
			lines = append(lines, indented(st.Muted, kit.Printable(text), "  ", "  ", w)...)
		}
	}
	return lines
}

// outcomeWords say how a service was left.
func outcomeWords(o certstore.Outcome) string {
	switch o.State {
	case certstore.Enabled:
		return "serves it, proven on " + count(len(o.Ports), "port")
	case certstore.Unchanged:
		return "served it already, proven on " + count(len(o.Ports), "port")
	case certstore.Unproven:
		return "is configured for it; nobody could ask its ports"
	case certstore.LeftAlone:
		return "was left alone"
	case certstore.RolledBack:
		if len(o.Ports) > 0 {
			return "was put back: it serves the old certificate again, proven on " + count(len(o.Ports), "port")
		}
		return "was put back as it was"
	}
	return "needs somebody to look at it"
}
