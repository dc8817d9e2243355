package cli

import (
	"context"

	"github.com/spf13/cobra"

	"certdesk/certstore/domains"
	"certdesk/certstore/printable"
)

func (a *app) domainsCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "domains",
		Short: "list the accepted domains, and where each came from",
		Args:  a.noArgs,
		RunE:  a.run(a.domains),
	}
}

func (a *app) domains(_ context.Context, s *session, _ []string) error {
	for _, text := range s.unused {
		a.note("note: %s", text)
	}
	if a.flags.json {
		return a.printJSON(append([]domains.Domain{}, s.domains...))
	}
	if len(s.domains) == 0 {
		a.note("no accepted domains: name them in the configuration, [accepted_domains] names = [\"example.org\"]")
	}
	for _, d := range s.domains {
		a.print("%s  (%s)\n", printable.Text(d.Name), printable.Text(d.Source))
	}
	return nil
}
