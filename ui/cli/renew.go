package cli

import (
	"context"

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
	bits                        int
}

func (a *app) renewCommand() *cobra.Command {
	var f renewFlags
	cmd := &cobra.Command{
		Use:   "renew THUMBPRINT",
		Short: "renew a certificate with the same names",
		Long: "A self-signed certificate gives a new self-signed one, any other a request for its CA. The key is new\n" +
			"unless --reuse-key; the old certificate stays. One that was renewed already is said, and renewed once more; " +
			"while\n" +
			"a renewal of it waits for the CA's answer, another is refused. A request that was ordered from a CA of [[acme]]\n" +
			"and is not answered yet is gone on with, at once.",
		Example: "  certdesk renew 9A3F51 --path renewal.req",
		Args:    argsBetween(1, 1, "the thumbprint"),

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
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if err := f.check(cmd); err != nil {
			return err
		}
		return a.run(func(ctx context.Context, s *session,
			args []string) error {
			return a.renew(ctx, cmd, s, f, args[0])
		})(cmd, args)
	}
	return cmd
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
	if e.Ordered() {
		return a.goOn(ctx, cmd, s, e)
	}
	r, err := s.store.RenewalRequest(ctx, e.ID)
	if err != nil {
		return err
	}
	if err := f.apply(cmd, &r); err != nil {
		return err
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
