package cli

import (
	"context"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"certdesk/certstore"
	"certdesk/certstore/fail"
	"certdesk/certstore/issuing"
	"certdesk/certstore/ordering"
	"certdesk/ui/cli/wire"
	"certdesk/ui/words"
	"certdesk/wizard"
)

// orderFlags are those of new for an order.
type orderFlags struct {
	ca, profile        string
	staging, noStaging bool
}

func (f *orderFlags) register(cmd *cobra.Command) {
	fl := cmd.Flags()
	fl.StringVar(&f.ca, "acme", "", "order it from a `CA` of the configuration ([[acme]]), prove its names, keep what "+
		"comes; with --services enable it and prove that too")
	fl.StringVar(&f.profile, "profile", "", "with --acme: the CA's `profile` (default what the configuration says)")
	fl.BoolVar(&f.staging, "staging", false, "with --acme: try it at the CA's staging directory first (default for names "+
		"that it has not certified yet)")
	fl.BoolVar(&f.noStaging, "no-staging", false, "with --acme: do not try it there first")
}

// check refuses flags that contradict each other.
func (f *orderFlags) check(cmd *cobra.Command) error {
	given := cmd.Flags().Changed
	switch {
	case f.ca == "" && (given("profile") || f.staging || f.noStaging):
		return usage(cmd, "--profile, --staging and --no-staging are for an order: add --acme")
	case f.ca == "":
		return nil
	case f.staging && f.noStaging:
		return usage(cmd, "--staging and --no-staging cannot be used together")
	case given("generate-request") || given("path") || given("binary-encoded") || given("force"):
		return usage(cmd, "--acme sends the request itself: leave --generate-request, --path, --binary-encoded and "+
			"--force out")
	case given("valid-days"):
		return usage(cmd, "--valid-days is for self-signed certificates: the CA decides")
	}
	return nil
}

// in is a command that orders, with where it is tried.
func (f *orderFlags) in(command string) string {
	switch {
	case f.staging:
		return command + " --staging"
	case f.noStaging:
		return command + " --no-staging"
	}
	return command
}

func (f *orderFlags) request(r issuing.Request) ordering.Request {
	out := ordering.Request{Make: r, CA: f.ca, Profile: f.profile}
	switch {
	case f.staging:
		out.Trial = ordering.TrialAlways
	case f.noStaging:
		out.Trial = ordering.TrialNever
	}
	return out
}

// order has a CA answer the request, and enables what came where that was asked for. An order that was not answered yet
// stays as a pending request, which is told with what was wrong.
func (a *app) order(ctx context.Context, s *session, n *newFlags, r issuing.Request, findings []wizard.Finding) error {
	a.warn(findings)
	e, err := s.store.Order(ctx, n.order.request(r), a.orderOptions())
	if err != nil && e.ID == 0 {
		return err
	}
	uses := certstore.Services(0)
	if n.services != "" {
		uses = r.Wanted
	}
	return a.ordered(ctx, s, e, uses, wire.FindingsOf(findings), err)
}

// goOn goes on with an order that a process left, or that failed, without waiting for its next try.
func (a *app) goOn(ctx context.Context, cmd *cobra.Command, s *session, e certstore.Entry) error {
	more := false
	cmd.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) { more = more || f.Changed })
	if more {
		return usage(cmd, "%s was ordered already: only its thumbprint is needed to go on with it", words.Label(e))
	}
	done, err := s.store.GoOn(ctx, e.ID, a.orderOptions())
	return a.ordered(ctx, s, done, 0, nil, err)
}

// ordered tells what came of an order, and enables it for some services.
func (a *app) ordered(ctx context.Context, s *session, e certstore.Entry, uses certstore.Services,
	findings []wire.Finding, err error) error {
	what := madeReport{made: issuing.Made{Entry: e}, findings: findings}
	if err != nil {
		if a.flags.json {
			if err := a.madeJSON(ctx, s, what); err != nil {
				return err
			}
		}
		return stillOrdered(e, err)
	}
	if !a.flags.json {
		a.print("%s issued %s, valid until %s\nthumbprint %s\n", e.Automatic.Order.CA, words.Label(e),
			words.Moment(e.NotAfter), e.Thumbprint)
	}
	return a.enableAtOnce(ctx, s, what, uses)
}

// stillOrdered is the error for an order that is not answered yet: nothing of it is lost.
func stillOrdered(e certstore.Entry, err error) error {
	if e.Refused() {
		return fail.New(fail.KeptPending, fail.Of(err).Hint+"; `certdesk remove "+words.Short(e)+"` takes the request out, "+
			"`certdesk export "+words.Short(e)+" --path FILE.req` writes it for another CA",
			"the request %s and its key are in the store, and will not be answered: %w", words.Label(e), err)
	}
	hint := "`certdesk renew " + words.Short(e) + "` goes on with it at once, `certdesk renew --due` when its time comes"
	if told := fail.Of(err); told.Hint != "" {
		hint = told.Hint + "; then " + hint
	}
	return fail.New(fail.KeptPending, hint,
		"the request %s and its key are in the store, but the certificate is not there yet: %w", words.Label(e), err)
}

// orderOptions tell each step on standard error as it begins, and of each name what is wrong; of all else the command's
// error says so.
func (a *app) orderOptions() ordering.Options {
	return ordering.Options{Warn: func(sentence string) { a.note("warning: %s", sentence) },
		Watch: func(p ordering.Progress) {
			if !p.Done || p.Err != nil && p.Step == ordering.StepTry {
				a.note("%s", words.OrderStep(p))
			}
		}}
}
