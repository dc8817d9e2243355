package cli

import (
	"context"
	"strings"

	"certdesk/certstore/issuing"
	"certdesk/certstore/printable"
	"certdesk/ui/cli/plain"
	"certdesk/ui/cli/wire"
	"certdesk/wizard"
)

// draft is what new would make.
type draft struct {
	answers wizard.Answers
	env     wizard.Env
	request issuing.Request
	order   orderFlags
}

// command is the command that makes it.
func (d draft) command() string {
	return d.order.in(wizard.CertdeskCommand(d.answers, d.env))
}

// whatIf prints what would be made, the names with their reasons, and makes nothing.
func (a *app) whatIf(ctx context.Context, s *session, d draft) error {
	check := s.store.Check(ctx, d.request)
	if d.order.ca != "" {
		check = s.store.CheckOrder(ctx, d.order.request(d.request))
	}
	if check != nil {
		return check
	}
	if a.flags.json {
		out := wire.DraftOf(d.answers, d.env, d.request)
		out.Command = d.command()
		return a.printJSON(out)
	}
	a.print("Nothing is made. This would be:\n\n")
	a.print("%s", plain.Fields(wizard.Review(d.request)))
	if d.order.ca != "" {
		a.print("Ordered from   %s\n", printable.Text(d.order.ca))
	}
	a.print("%s", plain.Section("Names", nameLines(wizard.Expand(d.answers, d.env))))
	a.print("%s", plain.Section("Findings", remarkLines(wizard.All(d.answers, d.env))))
	a.print("%s", plain.Section("The same by command", strings.Split(d.command(), "\n")))
	a.print("%s", plain.Section(shellOf(d.env),
		strings.Split(wizard.ShellCommand(d.answers, d.env), "\n")))
	return nil
}

func nameLines(candidates []wizard.Candidate) []string {
	var lines []string
	for _, c := range candidates {
		if c.On {
			lines = append(lines, c.Name.Value+"  ("+strings.Join(c.Reasons, ", ")+")")
		}
	}
	return lines
}

func remarkLines(findings []wizard.Finding) []string {
	var lines []string
	for _, f := range findings {
		lines = append(lines, string(f.Severity)+": "+f.Text)
	}
	return lines
}
