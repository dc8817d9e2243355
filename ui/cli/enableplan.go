package cli

import (
	"fmt"
	"slices"
	"strings"

	"certdesk/certstore"
	"certdesk/certstore/enabling"
	"certdesk/certstore/printable"
	"certdesk/certstore/services"
	"certdesk/ui/cli/wire"
	"certdesk/ui/words"
)

// outline is the plan's short form, told before it is carried out.
func (a *app) outline(p enabling.Plan) {
	a.note("enabling %s for %s", a.life(p.Entry), strings.Join(planTitles(p), ", "))
	for _, w := range p.Warnings {
		a.note("  warning: %s", w)
	}
	for _, sp := range p.Services {
		a.note("%s: %s", certstore.ServiceTitle(sp.Service), words.Planned(sp, mostPaths))
		for _, w := range slices.Concat(sp.Drops, sp.Warnings) {
			a.note("  warning: %s", w)
		}
		for _, l := range few(leftLines(sp.Slots(a.io.Now()))) {
			a.note("  not changed: %s", l)
		}
	}
}

// few are the first of some lines, and how many there are more.
func few(lines []string) []string {
	const most = 5
	if len(lines) <= most+1 {
		return lines
	}
	return append(lines[:most:most], fmt.Sprintf("%d more, which --print shows", len(lines)-most))
}

func planTitles(p enabling.Plan) (titles []string) {
	for _, sp := range p.Services {
		titles = append(titles, certstore.ServiceTitle(sp.Service))
	}
	return titles
}

// mostPaths is how many paths of a change are named in one line.
const mostPaths = 2

// life is a certificate with its end.
func (a *app) life(e certstore.Entry) string { return words.Life(e, a.io.Now()) }

// each is a line for every one of a list.
func each[T any](list []T, line func(T) string) (lines []string) {
	for _, one := range list {
		lines = append(lines, line(one))
	}
	return lines
}

// printPlan shows all that enable would do, and touches nothing.
func (a *app) printPlan(p enabling.Plan) error {
	if a.flags.json {
		return a.printJSON(wire.PlanOf(p, a.io.Now()))
	}
	a.print("%s\n", printable.Text("would enable "+a.life(p.Entry)))
	for _, w := range p.Warnings {
		a.print("  warning: %s\n", printable.Text(w))
	}
	for _, sp := range p.Services {
		a.print("\n%s\n", certstore.ServiceTitle(sp.Service))
		for _, part := range a.planParts(sp) {
			a.planPart(part)
		}
	}
	a.print("\nnothing was touched\n")
	return nil
}

// planSection is a titled list of a printed plan.
type planSection struct {
	title string
	lines []string
}

// planPart writes a section, or nothing where it is empty.
func (a *app) planPart(p planSection) {
	if len(p.lines) == 0 {
		return
	}
	a.print("  %s\n", p.title)
	for _, l := range p.lines {
		a.print("%s\n", strings.TrimRight("    "+printable.Text(l), " "))
	}
}

func (a *app) planParts(sp enabling.ServicePlan) []planSection {
	switch {
	case sp.Unmeant:
		return []planSection{{"passed over", refusedLines(sp.Err)}}
	case sp.Err != nil:
		return []planSection{{"left alone", refusedLines(sp.Err)}}
	}
	return []planSection{
		{"serves now", a.servesLines(sp.Serves)},
		{"slots", slotLines(sp.Slots(a.io.Now()))},
		{"the default SMTP certificate, which is replaced once you confirm it", a.replacesLines(sp)},
		{"is still served as well", each(sp.Keeps, a.life)},
		{"is no longer served, once you confirm it", sp.Drops},
		{"the files are as they should be already", nothingLines(sp.Plan)},
		{"files", each(sp.Plan.Files, words.File)},
		{"configuration", words.Diff(sp.Plan)},
		{"commands", sp.Plan.Commands},
		{"proof, a handshake with each", each(sp.Plan.Prove, func(p services.Proof) string { return words.Asked(p.URL, p.Name) })},
		{"not changed", leftLines(sp.Slots(a.io.Now()))},
		{"warnings", sp.Warnings},
	}
}

func refusedLines(err error) []string {
	text, hint := words.Failure(err)
	if hint == "" {
		return []string{text}
	}
	return []string{text, "hint: " + hint}
}

func (a *app) servesLines(ports []enabling.Port) (lines []string) {
	for _, p := range ports {
		what := p.Word()
		if p.Report.Served() {
			what = a.life(served(p.Report))
		}
		lines = append(lines, words.Asked(p.Listen, p.Name)+": "+what)
	}
	return lines
}

func (a *app) replacesLines(sp enabling.ServicePlan) []string {
	if sp.Replaces == nil {
		return nil
	}
	return []string{a.life(sp.Replaces.Entry)}
}

func nothingLines(p services.Plan) []string {
	if !p.Nothing {
		return nil
	}
	return []string{p.Version}
}

// slotLines say of each slot what it serves now and whether it gets the certificate, where there is more than one.
func slotLines(slots []enabling.SlotPlan) (lines []string) {
	if len(slots) < 2 {
		return nil
	}
	for _, s := range slots {
		line := s.Slot + ": stays as it is"
		if s.Slot == services.DefaultSlot && !s.Takes && !s.Offer { // a table of names that nobody can list is no default
			line = strings.Join(s.Where, ", ") + ": stays as it is"
		}
		if s.Takes {
			line = s.Slot + ": gets it"
		}
		if len(s.Now) > 0 {
			line += "; now " + strings.Join(s.Now, " and ")
		}
		lines = append(lines, line)
	}
	return lines
}

// leftLines say why each slot is left that is.
func leftLines(slots []enabling.SlotPlan) (lines []string) {
	for _, s := range slots {
		if !s.Takes {
			line := strings.Join(s.Where, ", ") + ": " + s.Why
			if s.Offer {
				line += "; --slot " + s.Slot + " gives it anyway"
			}
			lines = append(lines, line)
		}
	}
	return lines
}
