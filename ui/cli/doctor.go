package cli

import (
	"context"
	"slices"

	"github.com/spf13/cobra"

	"certdesk/certstore/fail"
	"certdesk/certstore/health"
	"certdesk/certstore/printable"
	"certdesk/certstore/trust"
	"certdesk/ui/cli/plain"
)

func (a *app) doctorCommand() *cobra.Command {
	var repair bool
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "check the store's health; --repair repairs by adding only",
		Args:  a.noArgs,
		RunE: a.run(func(ctx context.Context, s *session, _ []string) error {
			return a.doctor(ctx, s, repair)
		}),
	}
	cmd.Flags().BoolVar(&repair, "repair", false, "add what is missing to the journal; no object of the store is deleted")
	return cmd
}

// doctor prints what was found; a store that is not well ends with status 1.
func (a *app) doctor(ctx context.Context, s *session, repair bool) error {
	if repair {
		if err := s.writable(); err != nil {
			return err
		}
	}
	s.told = true // the banner is among the findings
	report, err := s.store.Doctor(ctx, repair)
	if err != nil {
		return err
	}
	report.Findings = append([]trust.Finding{}, report.Findings...)
	for _, text := range s.unused {
		report.Findings = append(report.Findings,
			trust.Finding{Code: "configuration-unused", Severity: trust.Info, Text: text})
	}
	well := report.OK
	if err := s.addUnfinished(ctx, &report); err != nil {
		return err
	}
	none := s.noStore()
	if none != "" {
		report.Findings = append(report.Findings,
			trust.Finding{Code: "no-store", Severity: trust.Info, Text: none +
				": the first `certdesk new` or `certdesk import` makes it"})
	}
	if a.flags.json {
		if err := a.printJSON(report); err != nil {
			return err
		}
	} else {
		a.printReport(report.OK && none == "", report.Findings)
	}
	if report.OK {
		return nil
	}
	if well {
		return fail.New(fail.Failed, settleHint, "a change of a service was never finished")
	}
	return fail.New(fail.Failed, doctorHint(report.Findings, repair), "the store %s has problems",
		printable.Text(s.store.Dir()))
}

// addUnfinished names the changes of services whose process died.
func (s *session) addUnfinished(ctx context.Context, r *health.Report) error {
	waiting, err := s.store.Unfinished(ctx)
	for _, u := range waiting {
		r.OK = false
		r.Findings = append(r.Findings, trust.Finding{Code: "unfinished-change", Severity: trust.Warning, Text: u.Text() +
			": " + settleHint})
	}
	return err
}

func (a *app) printReport(well bool, findings []trust.Finding) {
	for _, l := range plain.Findings(findings) {
		a.print("%s\n", printable.Text(l))
	}
	if well {
		a.print("the store is well\n")
	}
}

// repairable are the findings that doctor --repair ends.
var repairable = []string{"bad-line", "journal", "torn-tail", "torn-unnamed", "unlisted", "unpurged", "left-export",
	"directory-due", "directory-left-behind"}

// doctorHint leads to what helps against these findings: a repair, a backup, or what each of them says itself.
func doctorHint(findings []trust.Finding, repaired bool) string {
	has := func(codes ...string) bool {
		return slices.ContainsFunc(findings, func(f trust.Finding) bool {
			return slices.Contains(codes, f.Code) && f.Severity != trust.Info
		})
	}
	switch {
	case !repaired && has(repairable...):
		return "certdesk doctor --repair adds what is missing and deletes nothing"
	case has("missing", "damaged"):
		return "the rest can only be repaired from a backup"
	}
	return "each line above says how to repair it"
}
