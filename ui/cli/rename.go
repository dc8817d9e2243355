package cli

import (
	"context"

	"github.com/spf13/cobra"

	"certdesk/certstore"
	"certdesk/certstore/trust"
	"certdesk/ui/cli/wire"
	"certdesk/ui/words"
)

func (a *app) renameCommand() *cobra.Command {
	var name string
	cmd := &cobra.Command{
		Use:   "rename THUMBPRINT --friendly-name NAME",
		Short: "give a certificate or request another friendly name",
		Example: "  certdesk rename 9A3F51 --friendly-name 'webmail 2026'\n" +
			"  certdesk rename 'webmail 2025' --friendly-name 'webmail, old'",
		Args: argsBetween(1, 1, "the thumbprint"),

		ValidArgsFunction: a.thumbprints(false),
	}
	cmd.Flags().StringVar(&name, "friendly-name", "", "the `text` it is listed under, 1 to 64 characters")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if !cmd.Flags().Changed("friendly-name") {
			return usage(cmd, "--friendly-name is missing")
		}
		return a.run(func(ctx context.Context, s *session, args []string) error {
			return a.rename(ctx, s, args[0], name)
		})(cmd, args)
	}
	return cmd
}

func (a *app) rename(ctx context.Context, s *session, thumbprint, name string) error {
	if err := s.writable(); err != nil {
		return err
	}
	e, err := s.store.Find(ctx, thumbprint, false)
	if err != nil {
		return err
	}
	done, err := s.store.Rename(ctx, e.ID, name)
	if err != nil {
		return err
	}
	warnings := sharedName(done)
	if a.flags.json {
		out := wire.ResultsOf(certstore.Results{Done: []certstore.Entry{done.Entry}})
		for _, f := range warnings {
			out.Done[0].Findings = append(out.Done[0].Findings, wire.FindingOf(f))
		}
		return a.printJSON(out)
	}
	a.print("%s\n", words.Renamed(done))
	for _, f := range warnings {
		a.note("%s: %s", f.Severity, f.Text)
	}
	return nil
}

// sharedName is the warning that others have the new name too.
func sharedName(done certstore.Renamed) []trust.Finding {
	text := words.SharedName(done)
	if text == "" {
		return nil
	}
	return []trust.Finding{{Code: "friendly-name-taken", Severity: trust.Warning, Text: text}}
}
