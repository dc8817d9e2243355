package cli

import (
	"context"

	"github.com/spf13/cobra"

	"certdesk/certstore"
	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
	"certdesk/ui/cli/plain"
	"certdesk/ui/cli/wire"
	"certdesk/ui/words"
)

func (a *app) notifyCommand() *cobra.Command {
	var test bool
	cmd := &cobra.Command{
		Use:   "notify",
		Short: "who is told of what ([[notify]]), when they were last, and whether it works",
		Long: "Lists those whom the configuration has told of certificates that expire, are revoked, are not renewed or not\n" +
			"served as they should be, of what is well again, and once a month how everything stands. The timer's\n" +
			"`certdesk renew --due` tells them: once, again when it gets worse, and once a week while clients are hurt.\n" +
			"--test tells all of them now that this is a test, and says for each what the other side said.\n" +
			"Exit status: 0 all were told. 1: somebody was not. 4: nobody is to be told.",
		Example: "  certdesk notify\n  certdesk notify --test",
		Args:    a.noArgs,
	}
	cmd.Flags().BoolVar(&test, "test", false, "send everybody a message that says it is a test")
	cmd.RunE = a.run(func(ctx context.Context, s *session, _ []string) error { return a.notify(ctx, s, test) })
	return cmd
}

func (a *app) notify(ctx context.Context, s *session, test bool) error {
	list, err := s.store.Hearers(ctx)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		return fail.New(fail.NotFound,
			"add a [[notify]] table with mail, webhook or command; the desk's settings (,) ask for it",
			"nobody is told of anything: the configuration has no [[notify]]")
	}
	notes := notifyNotes(list)
	var tried []certstore.Delivery
	if test {
		err = s.store.TryNotify(ctx, s.notify, true, func(d certstore.Delivery) {
			tried = append(tried, d)
			if !a.flags.json {
				a.print("%s", plain.Tried(d))
			}
		})
	}
	switch {
	case a.flags.json:
		err = orElse(err, a.printJSON(wire.NotifyOf(list, tried, notes)))
	case !test:
		a.print("%s", plain.Hearers(list, a.io.Now()))
	}
	for _, text := range notes {
		a.note("warning: %s", text)
	}
	if test && ctx.Err() != nil {
		return fail.New(fail.Failed, "", "interrupted")
	}
	return orElse(err, deliveryError(tried))
}

// notifyNotes say what may keep news from coming although every test goes well.
func notifyNotes(list []certstore.Hearer) []string {
	for _, h := range list {
		if !h.Mail {
			return nil
		}
	}
	return []string{"everybody is told by mail alone, and the certificate that is broken may be what stops the mail: " +
		"add a webhook or a command"}
}

// deliveryError is the error of messages of which some were not delivered.
func deliveryError(list []certstore.Delivery) error {
	failed := 0
	var first error
	for _, d := range list {
		if d.Err != nil {
			failed++
			first = orElse(first, d.Err)
		}
	}
	if failed == 0 {
		return nil
	}
	return fail.New(fail.Failed, fail.Of(first).Hint, "%d of %s could not be told", failed,
		words.Count(len(list), "receiver"))
}

// tellPeople tells those whom the configuration names what has happened.
func (a *app) tellPeople(ctx context.Context, s *session) (told []certstore.Delivery, err error) {
	_, err = s.store.Tell(ctx, certstore.TellOptions{Each: func(d certstore.Delivery) {
		told = append(told, d)
		switch {
		case d.Err != nil:
			a.note("certdesk: %s could not be told: %s", printable.Text(d.To), words.Failed(d.Err))
		case !a.flags.json:
			a.print("told %s: %s\n", printable.Text(d.To), printable.Text(d.Subject))
		}
	}})
	return told, orElse(err, deliveryError(told))
}
