package cli

import (
	"context"
	"strings"

	"certdesk/certstore/evidence"
	"certdesk/certstore/issuing"
	"certdesk/certstore/names"
	"certdesk/certstore/printable"
	"certdesk/ui/cli/plain"
	"certdesk/ui/cli/wire"
	"certdesk/wizard"
)

// draft is what new would make.
type draft struct {
	answers wizard.Answers
	env     wizard.Env
	list    []issuing.Request // one, or the parts of what is split
	order   orderFlags
	look    bool // DNS is asked
}

// command is the command that makes it.
func (d draft) command() string {
	return d.order.in(wizard.CertdeskCommand(d.answers, d.env))
}

// names are those of all parts, in the order of the list.
func (d draft) names() []names.Name { return wizard.Chosen(wizard.Expand(d.answers, d.env)) }

// whatIf prints what would be made, the names with their reasons, and makes nothing.
func (a *app) whatIf(ctx context.Context, s *session, d draft) error {
	found, err := a.checkDraft(ctx, s, d)
	if err != nil {
		return err
	}
	d.env.Found = found
	if a.flags.json {
		out := wire.DraftOf(d.answers, d.env, d.list, found)
		out.Command = d.command()
		return a.printJSON(out)
	}
	a.print("Nothing is made. This would be:\n\n")
	a.print("%s", plain.Fields(wizard.ReviewAll(d.list)))
	if d.order.ca != "" {
		a.print("Ordered from   %s\n", printable.Text(d.order.ca))
	}
	a.print("%s", plain.Section("Names", nameLines(wizard.Expand(d.answers, d.env))))
	if d.look {
		a.print("%s", plain.Section("What DNS says", evidenceLines(d.names(), found)))
	}
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

// checkDraft says why a draft could not be made, and what DNS says of its names where that is asked for.
func (a *app) checkDraft(ctx context.Context, s *session, d draft) (map[string]evidence.Result, error) {
	for _, r := range d.list {
		err := s.store.Check(ctx, r)
		if d.order.ca != "" {
			err = s.store.CheckOrder(ctx, d.order.request(r))
		}
		if err != nil {
			return nil, err
		}
	}
	if !d.look {
		return nil, nil
	}
	return a.evidence(ctx, s, d.env, d.names())
}
