package cli

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"certdesk/certstore"
	"certdesk/ui/cli/plain"
	"certdesk/ui/cli/wire"
	"certdesk/wizard"
)

func (a *app) showCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "show THUMBPRINT",
		Short:   "show everything about one certificate, verified again",
		Example: "  certdesk show 9A3F51\n  certdesk show 9A3F51 --json",
		Args:    argsBetween(1, 1, "the thumbprint"),
		RunE:    a.run(a.show),

		ValidArgsFunction: a.thumbprints(false),
	}
}

func (a *app) show(ctx context.Context, s *session, args []string) error {
	e, err := s.store.Find(ctx, args[0], false)
	if err != nil {
		return err
	}
	d, err := s.store.Show(ctx, e.ID)
	if err != nil {
		return err
	}
	bound, err := s.boundTo(ctx, e)
	if err != nil {
		return err
	}
	d.Entry = s.found(ctx, d.Entry)
	if a.flags.json {
		return a.printJSON(wire.DetailsOf(d, bound))
	}
	a.print("%s", plain.Details(d, bound, s.now()))
	a.print("%s", plain.Section("Another like it, with a new key", sameAgain(d.Entry, s)))
	return nil
}

// boundTo are the bindings of an entry.
func (s *session) boundTo(ctx context.Context, e certstore.Entry) ([]certstore.Binding, error) {
	all, err := s.store.Bindings(ctx)
	return slices.DeleteFunc(all, func(b certstore.Binding) bool { return b.Entry != e.ID }), err
}

// sameAgain are the commands that make an entry's like, here and in the Exchange Management Shell.
func sameAgain(e certstore.Entry, s *session) (lines []string) {
	for _, c := range wizard.SameAgain(e, s.env()) {
		lines = append(lines, strings.Split(c.Command, "\n")...)
	}
	return lines
}
