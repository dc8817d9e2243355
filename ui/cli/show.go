package cli

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"certdesk/certstore"
	"certdesk/ui/cli/plain"
	"certdesk/ui/cli/wire"
	"certdesk/wizard"
	"certdesk/wizard/exchange"
)

func (a *app) showCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "show THUMBPRINT",
		Short:   "show everything about one certificate, verified again",
		Example: "  certdesk show 9A3F51\n  certdesk show 9A3F51 --json\n  certdesk show 9A3F51 --exchange 2010",
		Args:    argsBetween(1, 1, "the thumbprint"),

		ValidArgsFunction: a.thumbprints(false),
	}
	var word string
	exchangeFlag(cmd, &word)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		version, err := exchangeOf(cmd, word)
		if err != nil {
			return err
		}
		return a.run(func(ctx context.Context, s *session, args []string) error {
			return a.show(ctx, s, args, version)
		})(cmd, args)
	}
	return cmd
}

func (a *app) show(ctx context.Context, s *session, args []string, version exchange.Version) error {
	e, err := s.store.Find(ctx, args[0], false)
	if err != nil {
		return err
	}
	if err := s.askCA(ctx, true, e.ID); err != nil {
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
	seen, _ := s.judged(ctx, []certstore.Entry{d.Entry})
	d.Entry = seen[0]
	if a.flags.json {
		return a.printJSON(wire.DetailsOf(d, bound))
	}
	a.print("%s", plain.Details(d, bound, s.now()))
	env := s.env()
	env.Exchange = version
	if command := wizard.SameAgain(d.Entry, env); command != "" {
		a.print("%s", plain.Section("Another like it, with a new key", []string{command}))
	}
	a.print("%s", plain.Section(shellOf(env), exchangeLines(d.Entry, env)))
	return nil
}

// caPatience is how long a command waits for a CA to say whether it revoked a certificate.
const caPatience = 5 * time.Second

// askCA has the CA of some entries asked, unless it has answered lately; what a command that may be refused learns is
// not kept.
func (s *session) askCA(ctx context.Context, keep bool, ids ...int64) error {
	ctx, stop := context.WithTimeout(ctx, caPatience)
	defer stop()
	return s.store.CheckRevocation(ctx, keep, ids...)
}

// boundTo are the bindings of an entry.
func (s *session) boundTo(ctx context.Context, e certstore.Entry) ([]certstore.Binding, error) {
	all, err := s.store.Bindings(ctx)
	return slices.DeleteFunc(all, func(b certstore.Binding) bool { return b.Entry != e.ID }), err
}

// exchangeLines are the commands of the Exchange Management Shell, each below what it does.
func exchangeLines(e certstore.Entry, env wizard.Env) (lines []string) {
	for _, c := range wizard.ExchangeCommands(e, env) {
		lines = append(append(lines, "# "+c.Does), strings.Split(c.Command, "\n")...)
	}
	return lines
}
