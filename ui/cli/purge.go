package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"certdesk/certstore"
	"certdesk/certstore/fail"
	"certdesk/ui/cli/wire"
	"certdesk/ui/words"
)

// purgeDigits is how many digits, the last of the thumbprint, a person types to destroy something.
const purgeDigits = 6

func (a *app) purgeCommand() *cobra.Command {
	var force bool
	cmd := &cobra.Command{
		Use:     "purge THUMBPRINT...",
		Short:   "destroy what was removed, keys included",
		Example: "  certdesk list --removed\n  certdesk purge 9A3F51",
		Args:    argsBetween(1, 0, "the thumbprint"),
		RunE: a.run(func(ctx context.Context, s *session, args []string) error {
			return a.purge(ctx, s, force, args)
		}),
		ValidArgsFunction: a.thumbprints(true),
	}
	cmd.Flags().BoolVar(&force, "force", false, "ask nothing")
	return cmd
}

func (a *app) purge(ctx context.Context, s *session, force bool, args []string) error {
	if err := s.writable(); err != nil {
		return err
	}
	entries, err := s.find(ctx, args, true)
	if err != nil {
		return err
	}
	doom, err := s.store.WouldPurge(ctx, ids(entries))
	if err != nil {
		return err
	}
	for _, path := range doom.Copies {
		a.note("its key was given to a service, in %s: that copy is destroyed too", path)
	}
	if !force {
		if err := a.mayPurge(ctx, entries); err != nil {
			return err
		}
	}
	results, err := s.store.Purge(ctx, ids(entries))
	if err != nil {
		return err
	}
	if a.flags.json {
		out := wire.ResultsOf(results)
		out.Copies = doom.Copies
		return orElse(a.printJSON(out), a.refusals(results.Refused))
	}
	return a.showResults("destroyed", results)
}

// mayPurge asks for each entry by itself; all must be confirmed before one is destroyed.
func (a *app) mayPurge(ctx context.Context, entries []certstore.Entry) error {
	all := func(certstore.Entry) bool { return true }
	if a.flags.yes {
		return a.refuse(entries, all, fail.New(fail.ConfirmationNeeded,
			"--force destroys it, or answer on a terminal without --yes",
			"what is purged cannot be restored: --yes is not enough"))
	}
	for _, e := range entries {
		question := fmt.Sprintf("%s %s will be destroyed, with its key unless another entry has it.", words.Label(e),
			e.Thumbprint)
		err := a.console.Typed(ctx, question, e.Thumbprint[max(0, len(e.Thumbprint)-purgeDigits):],
			"--force destroys what is named")
		if err := a.orRefuse(entries, all, err); err != nil {
			return err
		}
	}
	return nil
}
