package cli

import (
	"context"

	"github.com/spf13/cobra"

	"certdesk/certstore"
	"certdesk/certstore/fail"
	"certdesk/ui/cli/wire"
	"certdesk/ui/theme"
	"certdesk/ui/words"
)

func (a *app) compareCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "compare THUMBPRINT THUMBPRINT",
		Short: "say what would be lost if the second took the place of the first",
		Long: "It says first what the second one lacks: names, services, time, a key that may be exported. Then it\n" +
			"tells the two apart fact by fact. A wildcard counts for the names it covers. Nothing is changed.",
		Example: "  certdesk compare 'webmail 2025' 'webmail 2026'\n  certdesk compare 9A3F51 503A13 --json",
		Args:    argsBetween(2, 2, "the thumbprint of two entries"),
		RunE:    a.run(a.compare),

		ValidArgsFunction: a.thumbprints(false),
	}
}

func (a *app) compare(ctx context.Context, s *session, args []string) error {
	found, err := s.store.FindAll(ctx, args, false)
	if err != nil {
		return err
	}
	if found[0].ID == found[1].ID {
		return fail.New(fail.Usage, "name two", "%s and %s are the same entry", args[0], args[1])
	}
	c := certstore.Compare(found[0], found[1])
	if a.flags.json {
		return a.printJSON(wire.ComparisonOf(c))
	}
	for _, line := range words.ComparedLines(theme.Plain(), c, s.now(), a.lineWidth()) {
		a.print("%s\n", line)
	}
	return nil
}

// lineWidth is how wide a text is that is broken into lines.
func (a *app) lineWidth() int {
	if w := a.width(); w > 0 {
		return w
	}
	return 100
}
