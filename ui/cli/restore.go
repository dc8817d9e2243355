package cli

import (
	"context"

	"github.com/spf13/cobra"
)

func (a *app) restoreCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "restore THUMBPRINT...",
		Short:   "bring back what was removed",
		Example: "  certdesk list --removed\n  certdesk restore 9A3F51",
		Args:    argsBetween(1, 0, "the thumbprint"),
		RunE:    a.run(a.restore),

		ValidArgsFunction: a.thumbprints(true),
	}
}

func (a *app) restore(ctx context.Context, s *session, args []string) error {
	if err := s.writable(); err != nil {
		return err
	}
	entries, err := s.find(ctx, args, true)
	if err != nil {
		return err
	}
	results, err := s.store.Restore(ctx, ids(entries))
	if err != nil {
		return err
	}
	return a.showResults("restored", results)
}
