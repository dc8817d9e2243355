package cli

import (
	"context"
	"slices"

	"github.com/spf13/cobra"

	"certdesk/certstore"
	"certdesk/certstore/fail"
	"certdesk/certstore/issuing"
	"certdesk/certstore/names"
	"certdesk/ui/cli/wire"
	"certdesk/wizard"
)

// renewFlags are the flags of renew.
type renewFlags struct {
	path, friendly              string
	reuseKey, exportable, force bool
	due, dryRun                 bool
	whatIf, evidence            bool
	exchange                    string
	bits                        int
}

func (a *app) renewCommand() *cobra.Command {
	var f renewFlags
	cmd := &cobra.Command{
		Use:   "renew THUMBPRINT | --due",
		Short: "renew a certificate with the same names, or all that are due by themselves",
		Long: "A self-signed certificate gives a new self-signed one, any other a request for its CA. The key is new\n" +
			"unless --reuse-key; the old certificate stays. One that was renewed already is said, and renewed once more; " +
			"while\n" +
			"a renewal of it waits for the CA's answer, another is refused. A request that was ordered from a CA of [[acme]]\n" +
			"and is not answered yet is gone on with, at once.\n\n" +
			"--due does all that is due, one after the other: orders that were interrupted are gone on with, certificates of\n" +
			"[[acme]] authorities are ordered, enabled where the old one is and proven, or put back; of other CAs the request\n" +
			"is made. A timer runs it (README, Unattended). What failed is not tried again before its time; of two runs the\n" +
			"second does nothing. Exit status 0: nothing was due, or all is proven. 1: something failed.",
		Example: "  certdesk renew 9A3F51 --path renewal.req\n  certdesk renew --due --dry-run",

		ValidArgsFunction: a.thumbprints(false),
	}
	fl := cmd.Flags()
	fl.SortFlags = false
	fl.StringVar(&f.path, "path", "", "where the request is written, a .req `file`; without it, standard output")
	fl.BoolVar(&f.reuseKey, "reuse-key", false, "keep the key instead of making a new one")
	fl.IntVar(&f.bits, "key-size", 0, "RSA `bits` of the new key: 1024, 2048, 3072 or 4096 (default as before)")
	fl.BoolVar(&f.exportable, "private-key-exportable", false, "the new key may leave the store (default as before)")
	fl.StringVar(&f.friendly, "friendly-name", "", "the `text` it is listed under, 1 to 64 characters (default as before)")
	fl.BoolVar(&f.force, "force", false, "overwrite the file at --path")
	fl.BoolVar(&f.due, "due", false, "do all that is due by itself; nobody is asked anything")
	fl.BoolVar(&f.dryRun, "dry-run", false, "with --due: say what is due, why, and when the next is; do nothing")
	fl.BoolVar(&f.whatIf, "what-if", false, "show what would be made and what has changed since, and make nothing")
	fl.BoolVar(&f.evidence, "evidence", false, "with --what-if: ask DNS about each name, the sources of accepted domains "+
		"and the ports here")
	exchangeFlag(cmd, &f.exchange)
	cmd.Args = f.args
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if err := f.check(cmd); err != nil {
			return err
		}
		if f.due {
			return a.run(func(ctx context.Context, s *session, _ []string) error { return a.renewDue(ctx, s, f.dryRun) })(cmd, args)
		}
		return a.run(func(ctx context.Context, s *session,
			args []string) error {
			return a.renew(ctx, cmd, s, f, args[0])
		})(cmd, args)
	}
	return cmd
}

// args wants one thumbprint, or none where all that is due is meant.
func (f *renewFlags) args(cmd *cobra.Command, args []string) error {
	given := func(flag string) bool { return cmd.Flags().Changed(flag) }
	switch {
	case !f.due && f.dryRun:
		return usage(cmd, "--dry-run is for --due: --what-if shows what a request would be")
	case f.evidence && !f.whatIf:
		return usage(cmd, "--evidence needs --what-if, which shows it")
	case given("exchange") && !f.whatIf:
		return usage(cmd, "--exchange is for --what-if, which shows the command")
	case !f.due:
		return argsBetween(1, 1, "the thumbprint")(cmd, args)
	case len(args) > 0:
		return usage(cmd, "--due does all that is due: leave %q out", args[0])
	case slices.ContainsFunc([]string{"path", "reuse-key", "key-size", "private-key-exportable", "friendly-name", "force",
		"what-if"}, given):
		return usage(cmd, "--due renews as the configuration says: leave the other flags out")
	}
	return nil
}

// check refuses what is wrong for every certificate.
func (f renewFlags) check(cmd *cobra.Command) error {
	given := cmd.Flags().Changed
	switch {
	case f.reuseKey && given("key-size"):
		return usage(cmd, "--reuse-key and --key-size cannot be used together")
	case f.reuseKey && f.exportable:
		return usage(cmd, "--reuse-key and --private-key-exportable cannot be used together: whether a key is exportable "+
			"is decided when it is made")
	case given("key-size"):
		return checkBits(issuing.KeySpec{Algorithm: "rsa", Bits: f.bits})
	}
	return nil
}

func (a *app) renew(ctx context.Context, cmd *cobra.Command, s *session, f renewFlags, thumbprint string) error {
	if err := s.writable(); err != nil {
		return err
	}
	e, err := s.store.Find(ctx, thumbprint, false)
	if err != nil {
		return err
	}
	if e.Ordered() && !f.whatIf {
		return a.goOn(ctx, cmd, s, e)
	}
	r, err := s.store.RenewalRequest(ctx, e.ID)
	if err != nil {
		return err
	}
	if err := f.apply(cmd, &r); err != nil {
		return err
	}
	if f.whatIf {
		return a.renewalDraft(ctx, cmd, s, f, e, r)
	}
	already := alreadyRenewed(s, e)
	a.warn(already)
	made, err := s.store.New(ctx, r)
	if err != nil {
		return err
	}
	if a.flags.json {
		out := wire.ResultsOf(certstore.Results{Done: []certstore.Entry{made.Entry}})
		out.Done[0].Path = made.Path
		out.Done[0].Findings = append(out.Done[0].Findings, wire.FindingsOf(already)...)
		return a.printJSON(out)
	}
	return a.showMade(ctx, s, r, madeReport{made: made})
}

// renewalDraft shows the renewal of an entry, and what has changed in the world since that was made. The network is asked
// for --evidence alone.
func (a *app) renewalDraft(ctx context.Context, cmd *cobra.Command, s *session, f renewFlags, e certstore.Entry,
	r issuing.Request) error {
	env, err := s.fullEnv(ctx)
	if err != nil {
		return err
	}
	if f.evidence {
		all := s.listing(ctx)
		env.AcceptedDomains, env.DomainRemarks = all.Domains, all.Remarks
		served, err := s.store.Survey(ctx)
		if err != nil {
			return err
		}
		env.Known = wizard.KnownAtPorts(served.Ports)
	}
	if env.Exchange, err = exchangeOf(cmd, f.exchange); err != nil {
		return err
	}
	plain, err := s.store.RenewalRequest(ctx, e.ID)
	if err != nil {
		return err
	}
	answers := wizard.FromRequest(r)
	answers.Renewal = wizard.Renewal{Thumbprint: e.Thumbprint, Plain: plain, Already: s.store.RenewalNote(e)}
	list, err := wizard.BuildRequests(answers, env)
	if err != nil {
		return err
	}
	return a.whatIf(ctx, s, draft{answers: answers, env: env, list: list, look: f.evidence})
}

// alreadyRenewed is the remark on an entry that another took the place of, if one did.
func alreadyRenewed(s *session, e certstore.Entry) []wizard.Finding {
	sentence := s.store.RenewalNote(e)
	if sentence == "" {
		return nil
	}
	return []wizard.Finding{wizard.RenewedAlready(sentence)}
}

// apply puts what the flags say over what the old certificate said.
func (f renewFlags) apply(cmd *cobra.Command, r *issuing.Request) error {
	if r.SelfSigned && f.path != "" {
		return usage(cmd, "--path is for requests: this one is self-signed")
	}
	if f.bits != 0 && r.Key.Algorithm != "rsa" {
		return usage(cmd, "--key-size is for RSA: %s has one size", r.Key.Algorithm)
	}
	if f.bits != 0 {
		r.Key.Bits = f.bits
	}
	if f.friendly != "" {
		if err := names.CheckFriendlyName(f.friendly); err != nil {
			return err
		}
		r.FriendlyName = f.friendly
	}
	r.Exportable = r.Exportable || f.exportable
	r.ReuseKey, r.Path, r.Overwrite = f.reuseKey, f.path, f.force
	return checkBits(r.Key)
}

func checkBits(k issuing.KeySpec) error {
	if k.Algorithm != "rsa" || k.Bits == 1024 || k.Bits == 2048 || k.Bits == 3072 || k.Bits == 4096 {
		return nil
	}
	return fail.New(fail.Usage, "use 1024, 2048, 3072 or 4096", "a key of %d bits cannot be made", k.Bits)
}
