package enabling

import (
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/certstore/enabling"
	"certdesk/ui/kit"
	"certdesk/ui/screen"
	"certdesk/ui/theme"
	"certdesk/ui/words"
)

// planLines are the plan, service by service.
func (s *enableScreen) planLines(st theme.Styles, w int) []string {
	var lines []string
	for _, text := range s.plan.Warnings {
		lines = append(lines, words.Signed(st.Warn, st.Glyphs.Warn, text, w)...)
	}
	if len(s.plan.Services) > 1 {
		lines = append(lines, planSummary(st, s.plan.Services, w)...)
	}
	for _, sp := range s.plan.Services {
		if len(lines) > 0 {
			lines = append(lines, "")
		}
		lines = append(lines, servicePlanLines(st, sp, s.d.Now(), w)...)
	}
	return lines
}

// planSummary is a line for each service, so that what is refused is seen before the first page ends.
func planSummary(st theme.Styles, plans []enabling.ServicePlan, w int) (lines []string) {
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
		case sp.Err != nil, words.Stale(sp):
			sign, style = st.Glyphs.Bad, st.Bad
		}
		lead := style.Render(sign) + " " + kit.Pad(kit.Cut(certstore.ServiceTitle(sp.Service), column, st.Glyphs.Ellipsis),
			column) + "  "
		lines = append(lines, kit.Cut(lead+words.Planned(sp, 0), w, st.Glyphs.Ellipsis))
	}
	return lines
}

func servicePlanLines(st theme.Styles, sp enabling.ServicePlan, now time.Time, w int) []string {
	lines := []string{st.Title.Render(certstore.ServiceTitle(sp.Service))}
	if sp.Err != nil {
		return append(lines, words.ProblemLines(st, sp.Err, w)...)
	}
	for _, text := range append(append([]string{}, sp.Drops...), sp.Warnings...) {
		lines = append(lines, words.Signed(st.Warn, st.Glyphs.Warn, text, w)...)
	}
	if sp.Plan.Nothing {
		return append(lines, words.Indented(st.Text, words.PlannedInFull(sp), "", "", w)...)
	}
	for _, f := range facts(sp, now) {
		label := st.Label.Render(kit.Pad(f.label, factLabel))
		lines = append(lines, words.Indented(st.Text, kit.Printable(f.text), label, strings.Repeat(" ", factLabel), w)...)
	}
	if len(sp.Plan.Prove) == 0 {
		lines = append(lines, st.Warn.Render("no port can be asked: nothing can be proven"))
	}
	return append(lines, words.DiffLines(st, sp.Plan.Diff(), w)...)
}

// fact is a line of a plan with its label.
type fact struct{ label, text string }

const factLabel = len("command  ")

// facts are what a plan does to a service beside its configuration: which slots get it, what is run, asked, put and
// kept.
func facts(sp enabling.ServicePlan, now time.Time) (list []fact) {
	list = slotFacts(sp.Slots(now))
	for _, c := range sp.Plan.Commands {
		list = append(list, fact{"command", c})
	}
	for _, proof := range sp.Plan.Prove {
		list = append(list, fact{"proof", words.Asked(proof.URL, proof.Name)})
	}
	for _, e := range sp.Keeps {
		list = append(list, fact{"beside", words.Title(e) + ", until " + words.Day(e.NotAfter, now) +
			", is still served: its key is of another type"})
	}
	for _, f := range sp.Plan.Files {
		list = append(list, fact{"file", words.File(f)})
	}
	return list
}

// slotFacts say of each slot what is served there now, and whether it gets the certificate or why not; of a service
// that has one slot alone nothing needs to be said.
func slotFacts(slots []enabling.SlotPlan) (list []fact) {
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

// askReplaceSMTP shows both certificates; No is the default.
func askReplaceSMTP(d *screen.Desk, e certstore.Entry, plans []enabling.ServicePlan,
	yes func() tea.Cmd) screen.Make {
	var lines []string
	for _, sp := range plans {
		had := sp.Replaces.Entry
		lines = append(lines,
			certstore.ServiceTitle(sp.Service)+" serves now: "+words.Title(had)+", from "+words.Issuer(had)+
				", until "+words.Day(had.NotAfter, d.Now())+" ("+words.LifeWords(had, d.Now())+").")
	}
	lines = append(lines, "It would serve: "+words.Title(e)+", from "+words.Issuer(e)+", until "+
		words.Day(e.NotAfter, d.Now())+" ("+words.LifeWords(e, d.Now())+").",
		"Other mail servers see this certificate.")
	q := kit.Dialog{Title: "Replace the default SMTP certificate?", Lines: lines, Buttons: []string{"No", "Replace it"},
		Danger: true}
	return screen.Ask(q, nil, yes)
}
