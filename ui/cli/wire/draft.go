package wire

import (
	"certdesk/certstore/issuing"
	"certdesk/certstore/printable"
	"certdesk/certstore/trust"
	"certdesk/wizard"
)

// Draft is what new --what-if --json prints.
type Draft struct {
	Subject  string            `json:"subject"`
	Names    []Name            `json:"names"`
	Review   map[string]string `json:"review"`
	Findings []trust.Finding   `json:"findings"`
	Command  string            `json:"command"` // the certdesk command that makes the same
	Shell    string            `json:"shell"`   // the Exchange Management Shell's
}

// Name is a name that the certificate would have, and why.
type Name struct {
	Name       string   `json:"name"`
	Kind       string   `json:"kind"`
	Reasons    []string `json:"reasons"`
	CommonName bool     `json:"commonName"`
}

// FindingsOf are the findings of the wizard as an entry has them.
func FindingsOf(list []wizard.Finding) []trust.Finding {
	return each(list, wizard.Finding.Plain)
}

// DraftOf is what would be made of answers.
func DraftOf(answers wizard.Answers, env wizard.Env, r issuing.Request) Draft {
	plan := Draft{Subject: r.Subject.String(), Names: []Name{}, Review: map[string]string{},
		Findings: FindingsOf(wizard.All(answers, env)), Command: wizard.CertdeskCommand(answers, env),
		Shell: wizard.ShellCommand(answers, env)}
	for _, c := range wizard.Expand(answers, env) {
		if c.On {
			plan.Names = append(plan.Names, Name{c.Name.Value, string(c.Name.Kind), append([]string{}, c.Reasons...),
				c.CommonName})
		}
	}
	for _, l := range wizard.Review(r) {
		plan.Review[l.Label] = printable.Text(l.Value)
	}
	return plan
}
