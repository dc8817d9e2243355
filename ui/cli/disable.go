package cli

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"certdesk/certstore"
	"certdesk/certstore/fail"
	"certdesk/ui/cli/wire"
	"certdesk/ui/words"
)

func (a *app) disableCommand() *cobra.Command {
	var services string
	var slots []string
	cmd := &cobra.Command{
		Use:   "disable THUMBPRINT [--services LIST]",
		Short: "forget that services use a certificate; they still serve it",
		Long: "Forgets that services use a certificate. The daemons' configuration stays as it is, and they still serve " +
			"it:\n" +
			"to replace it, enable another one.",
		Example:           "  certdesk disable 9A3F51\n  certdesk disable 9A3F51 --services POP",
		Args:              argsBetween(1, 1, "the thumbprint"),
		ValidArgsFunction: a.thumbprints(false),
	}
	cmd.Flags().StringVar(&services, "services", "",
		"what is forgotten, a `list` of IIS, SMTP, POP, IMAP and UM (default all it is enabled for)")
	cmd.Flags().StringSliceVar(&slots, "slot", nil, "the slots that are forgotten, `default` or names (default all)")
	offerServices(cmd, "services")
	cmd.RunE = a.run(func(ctx context.Context, s *session, args []string) error {
		return a.disable(ctx, s, services, slots, args[0])
	})
	return cmd
}

func (a *app) disable(ctx context.Context, s *session, list string, slots []string, thumbprint string) error {
	if err := s.writable(); err != nil {
		return err
	}
	uses, err := certstore.ParseServices(list)
	if err != nil {
		return err
	}
	e, err := s.store.Find(ctx, thumbprint, false)
	if err != nil {
		return err
	}
	if uses == 0 {
		uses = e.Services
	}
	if uses == 0 {
		return fail.New(fail.NotFound, "`certdesk list` shows what each certificate is enabled for",
			"%s is not enabled for any service", words.Label(e))
	}
	gone, err := s.store.Disable(ctx, e.ID, uses, slots...)
	if err != nil {
		return err
	}
	return a.showDisabled(s.again(ctx, e), gone)
}

func (a *app) showDisabled(e certstore.Entry, gone []certstore.Binding) error {
	if a.flags.json {
		return a.printJSON(wire.ResultsOf(certstore.Results{Done: []certstore.Entry{e}}))
	}
	a.print("forgot that %s is used by %s\n", words.Label(e), strings.Join(boundTitles(gone), ", "))
	a.note("the configuration stays as it is: it is still served until another one is enabled")
	return nil
}

// boundTitles names the services of bindings, once each.
func boundTitles(list []certstore.Binding) (titles []string) {
	for _, b := range list {
		if title := b.Title(); !slices.Contains(titles, title) {
			titles = append(titles, title)
		}
	}
	return titles
}
