package health

import (
	"fmt"
	"slices"

	"certdesk/certstore/trust"
)

// Report is what Doctor found. OK means that no finding is a warning or an error.
type Report struct {
	OK       bool            `json:"ok"`
	Findings []trust.Finding `json:"findings"`
}

// Add adds a finding.
func (r *Report) Add(code string, severity trust.Severity, format string, args ...any) {
	r.Findings = append(r.Findings, trust.Finding{Code: code, Severity: severity, Text: fmt.Sprintf(format, args...)})
}

// Has says whether there is a finding of a code.
func (r *Report) Has(code string) bool {
	return slices.ContainsFunc(r.Findings, func(f trust.Finding) bool { return f.Code == code })
}
