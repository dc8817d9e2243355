package plain

import (
	"fmt"
	"strings"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/enabling"
	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
	"certdesk/certstore/services"
	"certdesk/ui/words"
)

// Plan is all that enable would do.
func Plan(p enabling.Plan, now time.Time) string {
	var b strings.Builder
	fmt.Fprintln(&b, printable.Text("would enable "+words.Life(p.Entry, now)))
	for _, w := range p.Warnings {
		fmt.Fprintf(&b, "  warning: %s\n", printable.Text(w))
	}
	for _, sp := range p.Services {
		fmt.Fprintf(&b, "\n%s\n", certstore.ServiceTitle(sp.Service))
		for _, part := range planParts(sp, now) {
			b.WriteString(part.text())
		}
	}
	b.WriteString("\nnothing was touched\n")
	return b.String()
}

// part is a titled list of a plan.
type part struct {
	title string
	lines []string
}

// text is the title and the lines, or nothing where there are none.
func (p part) text() string {
	if len(p.lines) == 0 {
		return ""
	}
	text := "  " + p.title + "\n"
	for _, l := range p.lines {
		text += strings.TrimRight("    "+printable.Text(l), " ") + "\n"
	}
	return text
}

func planParts(sp enabling.ServicePlan, now time.Time) []part {
	switch {
	case sp.Unmeant:
		return []part{{"passed over", refusedLines(sp.Err)}}
	case sp.Err != nil:
		return []part{{"left alone", refusedLines(sp.Err)}}
	}
	return []part{
		{"serves now", servesLines(sp.Serves, now)},
		{"slots", slotLines(sp.Slots(now))},
		{"the default SMTP certificate, which is replaced once you confirm it", replacesLines(sp, now)},
		{"is still served as well", each(sp.Keeps, func(e certstore.Entry) string { return words.Life(e, now) })},
		{"is no longer served, once you confirm it", sp.Drops},
		{"the files are as they should be already", nothingLines(sp.Plan)},
		{"files", each(sp.Plan.Files, words.File)},
		{"configuration", words.Diff(sp.Plan.Diff())},
		{"commands", sp.Plan.Commands},
		{"proof, a handshake with each", each(sp.Plan.Prove,
			func(p services.Proof) string { return words.Asked(p.URL, p.Name) })},
		{"not changed", LeftLines(sp.Slots(now))},
		{"warnings", sp.Warnings},
	}
}

func refusedLines(err error) []string {
	e := fail.Of(err)
	if e.Hint == "" {
		return []string{printable.Text(e.Text)}
	}
	return []string{printable.Text(e.Text), "hint: " + printable.Text(e.Hint)}
}

func servesLines(ports []enabling.Port, now time.Time) (lines []string) {
	for _, p := range ports {
		what := p.Word()
		if p.Report.Served() {
			what = words.Life(served(p.Report), now)
		}
		lines = append(lines, words.Asked(p.Listen, p.Name)+": "+what)
	}
	return lines
}

func replacesLines(sp enabling.ServicePlan, now time.Time) []string {
	if sp.Replaces == nil {
		return nil
	}
	return []string{words.Life(sp.Replaces.Entry, now)}
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

// LeftLines say why each slot is left that is.
func LeftLines(slots []enabling.SlotPlan) (lines []string) {
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

// each is a line for every one of a list.
func each[T any](list []T, line func(T) string) (lines []string) {
	for _, one := range list {
		lines = append(lines, line(one))
	}
	return lines
}

// Outcomes is what the ports serve that were asked, then a line a service.
func Outcomes(outcomes []enabling.Outcome, known Known, width int) string {
	var b strings.Builder
	var failed, proof []enabling.Port
	for _, o := range outcomes {
		failed, proof = append(failed, o.Failed...), append(proof, o.Ports...)
	}
	if len(failed) > 0 {
		b.WriteString("Before it was put back\n" + proofText(failed, known, width) + "Now\n")
	}
	b.WriteString(proofText(proof, known, width))
	for _, o := range outcomes {
		b.WriteString(outcomeText(o))
	}
	return b.String()
}

func proofText(ports []enabling.Port, known Known, width int) string {
	if len(ports) == 0 {
		return ""
	}
	return ServicePorts(ports, known, width, FaultLines) + "\n"
}

func outcomeText(o enabling.Outcome) string {
	lines := []string{certstore.ServiceTitle(o.Service) + ": " + words.Outcome(o)}
	for _, m := range o.Missed {
		lines = append(lines, "  but "+m.Text())
	}
	for _, l := range o.Aside {
		lines = append(lines, "  not looked into: "+printable.Text(l))
	}
	for _, l := range o.Trouble {
		lines = append(lines, "  its log: "+printable.Text(l))
	}
	if o.Unpublished != "" {
		lines = append(lines, "  "+printable.Text(o.Unpublished))
	}
	if o.Kept != "" {
		lines = append(lines, "  "+printable.Text(o.Kept))
	}
	return strings.Join(lines, "\n") + "\n"
}
