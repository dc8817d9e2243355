package ui

import (
	"cmp"
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
		lines = append(lines, s.progress(w, max(1, h-len(lines)-2))...)
		lines = append(lines, s.busy.line(st, s.d.Now()))
		lines = append(lines, indented(st.Muted, s.stopping(), "     ", "     ", w)...)
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
	case s.told != nil, s.steps != nil:
		return sentenceCase(cmp.Or(s.what, "enabling "+title(s.entry)))
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

// happened are the steps that ended since somebody listened last.
func (s *enableScreen) happened() (lines []string) {
	for ; s.heard < len(s.steps) && s.steps[s.heard].Done; s.heard++ {
		lines = append(lines, said(certstore.ServiceTitle(s.steps[s.heard].Service)+": "+strings.TrimSpace(stepLine(s.d.styles, s.steps[s.heard])))...)
	}
	return lines
}

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
	if len(s.plan.Services) > 1 {
		lines = append(lines, planSummary(st, s.plan.Services, w)...)
	}
	for _, sp := range s.plan.Services {
		if len(lines) > 0 {
			lines = append(lines, "")
		}
		lines = append(lines, servicePlanLines(st, sp, w)...)
	}
	return lines
}

// planSummary is a line for each service, so that what is refused is seen before the first page ends.
func planSummary(st theme.Styles, plans []certstore.ServicePlan, w int) (lines []string) {
	column := 0
	for _, sp := range plans {
		column = max(column, kit.Width(certstore.ServiceTitle(sp.Service)))
	}
	column = min(column, w/2)
	for _, sp := range plans {
		sign, style := st.Glyphs.Good, st.Good
		switch {
		case sp.Unmeant:
			sign, style = st.Glyphs.Dot, st.Muted
		case sp.Err != nil:
			sign, style = st.Glyphs.Bad, st.Bad
		}
		lead := style.Render(sign) + " " + kit.Pad(kit.Cut(certstore.ServiceTitle(sp.Service), column, st.Glyphs.Ellipsis), column) + "  "
		lines = append(lines, kit.Cut(lead+planWords(sp), w, st.Glyphs.Ellipsis))
	}
	return lines
}

// planWords say in a few words what becomes of a service.
func planWords(sp certstore.ServicePlan) string {
	switch p := sp.Plan; {
	case sp.Unmeant:
		return "is passed over, see below"
	case sp.Err != nil:
		return "is left alone, see below"
	case p.Nothing:
		return "has it already; proven on " + count(len(p.Prove), "handshake")
	default:
		return count(len(p.Files), "new file") + ", " + count(len(p.Changes), "change") + ", then " + count(len(p.Prove), "handshake")
	}
}

func servicePlanLines(st theme.Styles, sp certstore.ServicePlan, w int) []string {
	lines := []string{st.Title.Render(certstore.ServiceTitle(sp.Service))}
	if sp.Err != nil {
		return append(lines, problemLines(st, sp.Err, w)...)
	}
	for _, text := range append(append([]string{}, sp.Drops...), sp.Warnings...) {
		lines = append(lines, signed(st, st.Warn, st.Glyphs.Warn, text, w)...)
	}
	if sp.Plan.Nothing {
		return append(lines, indented(st.Text, "It is configured so already: its ports are asked, and it is reloaded if one serves another.", "", "", w)...)
	}
	for _, f := range facts(sp) {
		lines = append(lines, indented(st.Text, kit.Printable(f.text), st.Label.Render(kit.Pad(f.label, factLabel)), strings.Repeat(" ", factLabel), w)...)
	}
	if len(sp.Plan.Prove) == 0 {
		lines = append(lines, st.Warn.Render("no port is known: nothing can be proven"))
	}
	for line := range strings.SplitSeq(strings.TrimSuffix(sp.Plan.Diff(), "\n"), "\n") {
		lines = append(lines, diffLines(st, line, w)...)
	}
	return lines
}

// fact is a line of a plan with its label.
type fact struct{ label, text string }

const factLabel = len("command  ")

// facts are what a plan does to a service beside its configuration: which slots get it, what is run, asked, put and kept.
func facts(sp certstore.ServicePlan) (list []fact) {
	list = slotFacts(sp.Slots())
	for _, c := range sp.Plan.Commands {
		list = append(list, fact{"command", c})
	}
	for _, proof := range sp.Plan.Prove {
		list = append(list, fact{"proof", strings.TrimSpace(proof.URL + " " + proof.Name)})
	}
	for _, e := range sp.Keeps {
		list = append(list, fact{"beside", title(e) + ", until " + day(e.NotAfter) + ", goes on being served: its key is of another kind"})
	}
	for _, f := range sp.Plan.Files {
		list = append(list, fact{"file", fmt.Sprintf("%04o %s  %s%s", f.Mode, f.Owner, f.Path, map[bool]string{true: " (the key)"}[f.Secret])})
	}
	return list
}

// slotFacts say of each slot what is served there now, and whether it gets the certificate or why not; of a service
// that has one slot alone nothing needs to be said.
func slotFacts(slots []certstore.SlotPlan) (list []fact) {
	for _, s := range slots {
		now := ""
		if len(s.Now) > 0 {
			now = "; now " + strings.Join(s.Now, " and ")
		}
		switch {
		case !s.Takes:
			list = append(list, fact{"left", s.Slot + " (" + strings.Join(s.Where, ", ") + ") is not changed: " + s.Why + now})
		case len(slots) > 1:
			list = append(list, fact{"slot", s.Slot + " gets it" + now})
		}
	}
	return list
}

// diffLines colour a line of a unified difference; none is cut, since its end is what differs.
func diffLines(st theme.Styles, line string, w int) []string {
	style := st.Muted
	switch {
	case strings.HasPrefix(line, "+"):
		style = st.Good
	case strings.HasPrefix(line, "-"):
		style = st.Bad
	}
	return indented(style, kit.Printable(strings.ReplaceAll(line, "\t", "    ")), "", "    ", w)
}

// askReplaceSMTP shows both certificates; No is the default.
func askReplaceSMTP(d *desk, e certstore.Entry, plans []certstore.ServicePlan, yes func() tea.Cmd) *dialogScreen {
	var lines []string
	for _, sp := range plans {
		had := sp.Replaces.Entry
		lines = append(lines,
			certstore.ServiceTitle(sp.Service)+" serves now: "+title(had)+", from "+Issuer(had)+
				", until "+day(had.NotAfter)+" ("+lifeWords(had, d.Now())+").")
	}
	lines = append(lines, "It would serve: "+title(e)+", from "+Issuer(e)+", until "+day(e.NotAfter)+" ("+lifeWords(e, d.Now())+").",
		"Other mail servers see this certificate.")
	q := kit.Dialog{Title: "Replace the default SMTP certificate?", Lines: lines, Buttons: []string{"No", "Replace it"}, Danger: true}
	return ask(d, q, nil, yes)
}

// progress is what was done so far, in h lines: where that is too much, of a service that is done with the last step alone.
func (s *enableScreen) progress(w, h int) []string {
	lines := s.stepLines(s.steps, w)
	if len(lines) > h {
		lines = s.stepLines(lastSteps(s.steps), w)
	}
	return lines[max(0, len(lines)-h):] // the latest are seen
}

// lastSteps are the last step of each service that is done with, and all of the one at work.
func lastSteps(steps []certstore.EnableStep) (list []certstore.EnableStep) {
	last := steps[len(steps)-1].Service
	for i, step := range steps {
		if step.Service.Same(last) || !step.Service.Same(steps[i+1].Service) {
			list = append(list, step)
		}
	}
	return list
}

// stepLines are steps, a line each, below their services.
func (s *enableScreen) stepLines(steps []certstore.EnableStep, w int) []string {
	st := s.d.styles
	var lines []string
	for i, step := range steps {
		if i == 0 || !step.Service.Same(steps[i-1].Service) {
			lines = append(lines, "  "+st.Title.Render(kit.Cut(certstore.ServiceTitle(step.Service), w-4, st.Glyphs.Ellipsis)))
		}
		lines = append(lines, kit.Cut("    "+stepLine(st, step), w, st.Glyphs.Ellipsis))
		if !step.Done {
			for _, line := range s.d.portTable(step.Ports, widestWord(step.Ports), w-4) {
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
	fine, whole := 0, true
	for _, o := range s.outcomes {
		if s.fine(o) {
			fine++
		}
		whole = whole && (o.Whole() || !o.Fine())
	}
	name := title(s.entry)
	switch {
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
	switch {
	case !s.fine(o):
		sign, style = st.Glyphs.Bad, st.Bad
	case o.Fine() && !o.Whole():
		sign, style = st.Glyphs.Warn, st.Warn
	}
	lines := []string{style.Render(sign) + " " + st.Title.Render(kit.Cut(certstore.ServiceTitle(o.Service), w-2, st.Glyphs.Ellipsis))}
	lines = append(lines, indented(st.Text, kit.Printable(outcomeWords(o)), "  ", "  ", w)...)
	for _, m := range o.Missed {
		lines = append(lines, signed(st, st.Bad, st.Glyphs.Bad, stop("But "+m.Text()), w)...)
	}
	if !s.fine(o) {
		lines = append(lines, problemLines(st, o.Err, w)...)
	}
	lines = append(lines, s.d.portTable(o.Ports, widestWord(o.Ports), w)...)
	if o.Kept != "" {
		lines = append(lines, indented(st.Muted, kit.Printable(o.Kept), "  ", "  ", w)...)
	}
	for _, text := range o.Aside {
		lines = append(lines, signed(st, st.Warn, st.Glyphs.Warn, "Not looked into: "+kit.Printable(text), w)...)
	}
	if len(o.Trouble) > 0 {
		lines = append(lines, st.Muted.Render("Its log said:"))
		for _, text := range o.Trouble {
			lines = append(lines, indented(st.Muted, kit.Printable(text), "  ", "  ", w)...)
		}
	}
	return lines
}

// fine says whether a service was left as it was meant to be.
func (s *enableScreen) fine(o certstore.Outcome) bool {
	return o.Fine() || s.undoing && o.State == certstore.RolledBack
}

// outcomeWords say how a service was left.
func outcomeWords(o certstore.Outcome) string {
	switch o.State {
	case certstore.Enabled:
		return "serves it, proven on " + count(len(o.Ports), "port")
	case certstore.Unchanged:
		return "served it already, proven on " + count(len(o.Ports), "port")
	case certstore.PassedOver:
		return "was passed over: the certificate is for another service of this use"
	case certstore.Unproven:
		if o.NotProven != "" {
			return "is configured for it, and not proven: " + o.NotProven
		}
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
