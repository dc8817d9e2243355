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
	a.note("enabling %s for %s", a.lifeLine(p.Entry), strings.Join(planTitles(p), ", "))
	for _, w := range p.Warnings {
		a.note("  warning: %s", w)
	}
	for _, sp := range p.Services {
		a.note("%s: %s", certstore.ServiceTitle(sp.Service), planText(sp))
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

// planText is what will be done to a service, in one line.
func planText(sp enabling.ServicePlan) string {
	ask := "is proven by " + plural(len(sp.Plan.Prove), "handshake")
	switch {
	case !sp.Plan.Running:
		ask = "cannot be proven: it is not running"
	case len(sp.Plan.Prove) == 0 && len(sp.Shut()) > 0:
		ask = "cannot be proven: its ports are reached only through their proxy"
	case len(sp.Plan.Prove) == 0:
		ask = "cannot be proven: no port of it is known"
	}
	switch {
	case sp.Unmeant:
		return "passed over: " + wire.ErrorOf(sp.Err).Message
	case sp.Err != nil:
		return "left alone: " + wire.ErrorOf(sp.Err).Message
	case sp.Plan.Nothing:
		return "has its files as they should be, " + ask
	}
	return "puts " + plural(len(sp.Plan.Files), "file") + ", changes " + changedText(sp.Plan) + ", " + ask
}

// changedText names what is changed, or counts it where that would be long.
func changedText(p services.Plan) string {
	if len(p.Changes) > 2 {
		return plural(len(p.Changes), "path")
	}
	var paths []string
	for _, c := range p.Changes {
		paths = append(paths, c.Path)
	}
	return strings.Join(paths, " and ")
}

// lifeLine is a certificate with its end, as both sides of a replacement are shown.
func (a *app) lifeLine(e certstore.Entry) string {
	return fmt.Sprintf("%s, until %s (%s)", label(e), dayOf(e.NotAfter, a.io.Now()), words.Left(e, a.io.Now()))
}

// printPlan shows all that enable would do, and touches nothing.
func (a *app) printPlan(p enabling.Plan) error {
	if a.flags.json {
		return a.printJSON(wire.PlanOf(p, a.io.Now()))
	}
	a.print("%s\n", printable.Text("would enable "+a.lifeLine(p.Entry)))
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

// planPart writes a section, or nothing where it is empty; a tab of a configuration is shown as spaces.
func (a *app) planPart(p planSection) {
	if len(p.lines) == 0 {
		return
	}
	a.print("  %s\n", p.title)
	for _, l := range p.lines {
		a.print("%s\n", strings.TrimRight("    "+printable.Text(strings.ReplaceAll(l, "\t", "    ")), " "))
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
		{"is still served as well", a.keepsLines(sp.Keeps)},
		{"is no longer served, once you confirm it", sp.Drops},
		{"the files are as they should be already", nothingLines(sp.Plan)},
		{"files", fileLines(sp.Plan.Files)},
		{"configuration", diffLines(sp.Plan)},
		{"commands", sp.Plan.Commands},
		{"proof, a handshake with each", proofLines(sp.Plan.Prove)},
		{"not changed", leftLines(sp.Slots(a.io.Now()))},
		{"warnings", sp.Warnings},
	}
}

func refusedLines(err error) []string {
	e := wire.ErrorOf(err)
	if e.Hint == "" {
		return []string{e.Message}
	}
	return []string{e.Message, "hint: " + e.Hint}
}

func (a *app) servesLines(ports []enabling.Port) (lines []string) {
	for _, p := range ports {
		what := p.Word()
		if p.Report.Served() {
			what = a.lifeLine(servedEntry(p))
		}
		lines = append(lines, portText(p.Listen, p.Name)+": "+what)
	}
	return lines
}

func (a *app) replacesLines(sp enabling.ServicePlan) []string {
	if sp.Replaces == nil {
		return nil
	}
	return []string{a.lifeLine(sp.Replaces.Entry)}
}

func (a *app) keepsLines(list []certstore.Entry) (lines []string) {
	for _, e := range list {
		lines = append(lines, a.lifeLine(e))
	}
	return lines
}

func nothingLines(p services.Plan) []string {
	if !p.Nothing {
		return nil
	}
	return []string{p.Version}
}

func fileLines(files []services.File) (lines []string) {
	for _, f := range files {
		l := fmt.Sprintf("%s  %04o %s", f.Path, f.Mode.Perm(), f.Owner)
		if f.Secret {
			l += "  holds the private key"
		}
		lines = append(lines, l)
	}
	return lines
}

func diffLines(p services.Plan) []string {
	if len(p.Changes) == 0 {
		return nil
	}
	return strings.Split(strings.TrimRight(p.Diff(), "\n"), "\n")
}

func proofLines(proofs []services.Proof) (lines []string) {
	for _, p := range proofs {
		lines = append(lines, portText(p.URL, p.Name))
	}
	return lines
}

// portText is a port, and the name a client asks it for where it asks for one.
func portText(listen, name string) string {
	if name == "" {
		return listen
	}
	return listen + ", asked for " + name
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
