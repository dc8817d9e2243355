package plain

import (
	"strings"

	"certdesk/certstore"
	"certdesk/certstore/enabling"
	"certdesk/certstore/printable"
	"certdesk/ui/words"
)

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
	if o.Kept != "" {
		lines = append(lines, "  "+printable.Text(o.Kept))
	}
	return strings.Join(lines, "\n") + "\n"
}
