package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"certdesk/certstore/domains"
	"certdesk/ui/cli/wire"
)

func (a *app) domainsCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "domains",
		Short: "list the accepted domains, and where each came from",
		Args:  a.noArgs,
		RunE:  a.run(a.domains),
	}
}

func (a *app) domains(ctx context.Context, s *session, _ []string) error {
	for _, text := range s.unused {
		a.note("note: %s", text)
	}
	all := s.listing(ctx)
	if a.flags.json {
		if err := a.printJSON(all.Domains); err != nil {
			return err
		}
		err := all.Failed()
		if err == nil && len(all.Remarks) > 0 { // beside an error there is nothing else: scripts read one document
			line, _ := wire.Text(map[string][]wire.Remark{"remarks": wire.RemarksOf(all.Remarks)}, "")
			a.io.Err.Write(line)
		}
		return err
	}
	if len(all.Domains) == 0 && len(all.Remarks) == 0 {
		a.note("no accepted domains: name them in the configuration, [accepted_domains] names = [\"example.org\"]")
	}
	for _, d := range all.Domains {
		a.print("%s  (%s)\n", d.Name, domainFacts(d))
	}
	for _, r := range all.Remarks {
		a.note("note: %s: %s", r.Text(), r.Err.Hint)
	}
	return all.Failed()
}

// domainFacts are where a domain comes from, and what is to be said of it.
func domainFacts(d domains.Domain) string {
	facts := append([]string{d.Source}, d.Also...)
	if d.Type != "" {
		facts = append(facts, d.Type)
	}
	if d.Default {
		facts = append(facts, "default")
	}
	if d.Skipped != "" {
		facts = append(facts, "not offered: "+d.Skipped)
	}
	return strings.Join(facts, ", ")
}
