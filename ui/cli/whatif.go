package cli

import (
	"context"
	"strings"

	"certdesk/certstore/issuing"
	"certdesk/ui/cli/plain"
	"certdesk/ui/cli/wire"
	"certdesk/wizard"
)

// whatIf prints what would be made, the names with their reasons, and makes nothing.
func (a *app) whatIf(ctx context.Context, s *session, answers wizard.Answers, env wizard.Env, r issuing.Request) error {
	if err := s.store.Check(ctx, r); err != nil {
		return err
	}
	if a.flags.json {
		return a.printJSON(wire.DraftOf(answers, env, r))
	}
	a.print("Nothing is made. This would be:\n\n")
	a.print("%s", plain.Fields(wizard.Review(r)))
	a.print("%s", plain.Section("Names", nameLines(wizard.Expand(answers, env))))
	a.print("%s", plain.Section("Findings", remarkLines(wizard.All(answers, env))))
	a.print("%s", plain.Section("The same by command", strings.Split(wizard.CertdeskCommand(answers, env), "\n")))
	a.print("%s", plain.Section(shellOf(env),
		strings.Split(wizard.ShellCommand(answers, env), "\n")))
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
