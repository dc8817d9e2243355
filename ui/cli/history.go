package cli

import (
	"context"

	"github.com/spf13/cobra"

	"certdesk/certstore"
	"certdesk/certstore/printable"
	"certdesk/ui/cli/plain"
	"certdesk/ui/cli/wire"
)

func (a *app) historyCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "history",
		Short: "show who did what, from the journal",
		Args:  a.noArgs,
		RunE:  a.run(a.history),
	}
	cmd.AddCommand(a.verifyCommand())
	return cmd
}

func (a *app) history(ctx context.Context, s *session, _ []string) error {
	events, err := s.store.History(ctx)
	if err != nil {
		return err
	}
	if a.flags.json {
		return a.printJSON(append([]certstore.Event{}, events...))
	}
	for _, l := range plain.History(events) {
		a.print("%s\n", printable.Text(l))
	}
	return nil
}

func (a *app) verifyCommand() *cobra.Command {
	var head string
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "check the journal's chain, and with --head its end; print the last sum",
		Example: "  HEAD=$(certdesk history verify)      # keep this sum elsewhere\n" +
			"  certdesk history verify --head $HEAD # later: nothing was changed or cut since",
		Args: a.noArgs,
		RunE: a.run(func(_ context.Context, s *session, _ []string) error { return a.verify(s, head) }),
	}
	cmd.Flags().StringVar(&head, "head", "", "a `sum` printed earlier, which must still be in the journal")
	return cmd
}

func (a *app) verify(s *session, head string) error {
	last, lines, err := s.store.VerifyHistory(head)
	if err != nil {
		return err
	}
	if a.flags.json {
		return a.printJSON(wire.Verified{OK: true, Head: last, Lines: lines})
	}
	a.note("the journal is intact, %s; keep this sum elsewhere, and --head SUM will notice a cut end",
		printable.Count(lines, "line"))
	a.print("%s\n", last)
	return nil
}
