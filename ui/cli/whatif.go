package cli

import (
	"context"
	"strings"

	"certdesk/certstore/issuing"
	"certdesk/certstore/printable"
	"certdesk/certstore/trust"
	"certdesk/wizard"
)

// jsonPlan is what new --what-if --json prints.
type jsonPlan struct {
	Subject  string            `json:"subject"`
	Names    []jsonName        `json:"names"`
	Review   map[string]string `json:"review"`
	Findings []trust.Finding   `json:"findings"`
	Command  string            `json:"command"` // the certdesk command that makes the same
	Shell    string            `json:"shell"`   // the Exchange Management Shell's
}

type jsonName struct {
	Name       string   `json:"name"`
	Kind       string   `json:"kind"`
	Reasons    []string `json:"reasons"`
	CommonName bool     `json:"commonName"`
}

// whatIf prints what would be made, the names with their reasons, and makes nothing.
func (a *app) whatIf(ctx context.Context, s *session, answers wizard.Answers, env wizard.Env, r issuing.Request) error {
	if err := s.store.Check(ctx, r); err != nil {
		return err
	}
	if a.flags.json {
		return a.printJSON(planJSON(answers, env, r))
	}
	a.print("Nothing is made. This would be:\n\n")
	a.fields(wizard.Review(r))
	a.section("Names", nameLines(wizard.Expand(answers, env)))
	a.section("Findings", remarkLines(wizard.All(answers, env)))
	a.section("The same by command", strings.Split(wizard.CertdeskCommand(answers, env), "\n"))
	a.section("In the Exchange Management Shell", strings.Split(wizard.ShellCommand(answers, env), "\n"))
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

func plainFindings(list []wizard.Finding) []trust.Finding {
	out := make([]trust.Finding, len(list))
	for i, f := range list {
		out[i] = f.Plain()
	}
	return out
}

func planJSON(answers wizard.Answers, env wizard.Env, r issuing.Request) jsonPlan {
	plan := jsonPlan{Subject: r.Subject.String(), Names: []jsonName{}, Review: map[string]string{},
		Findings: plainFindings(wizard.All(answers, env)), Command: wizard.CertdeskCommand(answers, env),
		Shell: wizard.ShellCommand(answers, env)}
	for _, c := range wizard.Expand(answers, env) {
		if c.On {
			plan.Names = append(plan.Names, jsonName{c.Name.Value, string(c.Name.Kind), append([]string{}, c.Reasons...), c.CommonName})
		}
	}
	for _, l := range wizard.Review(r) {
		plan.Review[l.Label] = printable.Text(l.Value)
	}
	return plan
}
