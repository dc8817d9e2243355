package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"certdesk/certstore"
	"certdesk/certstore/fail"
	"certdesk/certstore/ordering"
	"certdesk/ui/cli/plain"
	"certdesk/ui/cli/wire"
	"certdesk/ui/words"
)

func (a *app) acmeCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "acme [CA]",
		Short: "the CAs that certificates are ordered from by themselves, and the accounts there",
		Long: "Lists the CAs of the configuration ([[acme]]); of one that is named all that is known, and what it says of\n" +
			"itself now: its terms, its profiles, and the CAA record that lets this account alone have certificates.",
		Example:           "  certdesk acme\n  certdesk acme letsencrypt",
		Args:              argsBetween(0, 1, "the CA"),
		ValidArgsFunction: a.authorities,
	}
	cmd.RunE = a.run(func(ctx context.Context, s *session, args []string) error {
		if len(args) == 0 {
			return a.acme(ctx, s)
		}
		return a.acmeOne(ctx, s, args[0])
	})
	cmd.AddCommand(a.acmeAddCommand(), a.acmeRevokeCommand(), a.acmeRollCommand())
	return cmd
}

// authorities completes the name of a configured CA.
func (a *app) authorities(cmd *cobra.Command, _ []string, begun string) (out []string, _ cobra.ShellCompDirective) {
	a.flags.readOnly = true
	s, err := a.open(cmd.Context())
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	defer s.close()
	list, err := s.store.Accounts(cmd.Context())
	for _, ca := range list {
		if err == nil && strings.HasPrefix(ca.Name, begun) {
			out = append(out, ca.Name)
		}
	}
	return out, cobra.ShellCompDirectiveNoFileComp
}

func (a *app) acme(ctx context.Context, s *session) error {
	list, err := s.store.Accounts(ctx)
	if err != nil {
		return err
	}
	if a.flags.json {
		return a.printJSON(wire.AuthoritiesOf(list))
	}
	if len(list) == 0 {
		a.note("no CA is configured in an [[acme]] table: `certdesk acme add` sets one up")
	}
	a.print("%s", plain.Authorities(list))
	return nil
}

func (a *app) acmeOne(ctx context.Context, s *session, name string) error {
	ca, err := s.authority(ctx, name)
	if err != nil {
		return err
	}
	said, err := s.store.DirectoryOf(ctx, ca.ACME)
	if a.flags.json {
		out := wire.AuthorityOf(ca)
		if err == nil {
			out.Said = wire.SaidOf(said)
		}
		return orElse(a.printJSON(out), err)
	}
	a.print("%s", plain.Authority(ca, said))
	return err
}

// authority finds a configured CA, with its accounts.
func (s *session) authority(ctx context.Context, name string) (ordering.Authority, error) {
	ca, err := s.store.Authority(name)
	if err != nil {
		return ordering.Authority{}, err
	}
	list, err := s.store.Accounts(ctx)
	for _, one := range list {
		if one.Name == ca.Name {
			return one, err
		}
	}
	return ordering.Authority{ACME: ca}, err
}

func (a *app) acmeRollCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "roll-key CA",
		Short: "give the account at a CA another key",
		Long: "Makes a new key, which is durable before the CA hears of it, and has the CA take it in the place of the old " +
			"one.\nWhere that is cut off, the next order finds out which key the CA has.",
		Args: argsBetween(1, 1, "the CA"), ValidArgsFunction: a.authorities,
		RunE: a.run(func(ctx context.Context, s *session, args []string) error {
			if err := s.writable(); err != nil {
				return err
			}
			if err := s.store.RollKey(ctx, args[0]); err != nil {
				return err
			}
			ca, err := s.authority(ctx, args[0])
			if err == nil && a.flags.json {
				return a.printJSON(wire.AuthorityOf(ca))
			}
			if err == nil {
				a.print("the account at %s has another key\n", ca.Name)
			}
			return err
		}),
	}
}

// revokeFlags are those of acme revoke.
type revokeFlags struct {
	reason string
	force  bool
}

func (a *app) acmeRevokeCommand() *cobra.Command {
	var f revokeFlags
	cmd := &cobra.Command{
		Use:   "revoke THUMBPRINT --reason REASON",
		Short: "have the CA that issued a certificate revoke it",
		Long: "Clients that ask refuse the certificate from then on, wherever it is served; nobody can take that back.\n" +
			"The last six digits of its thumbprint confirm it. Give keyCompromise where somebody else may have the key.",
		Example:           "  certdesk acme revoke 9A3F51 --reason superseded",
		Args:              argsBetween(1, 1, "the thumbprint"),
		ValidArgsFunction: a.thumbprints(false),
	}
	cmd.Flags().StringVar(&f.reason, "reason", "", "why, a `word`: "+strings.Join(ordering.Reasons(), ", "))
	cmd.Flags().BoolVar(&f.force, "force", false, "ask nothing")
	offer(cmd, "reason", ordering.Reasons()...)
	cmd.RunE = a.run(func(ctx context.Context, s *session, args []string) error {
		if f.reason == "" {
			return usage(cmd, "--reason is missing: use %s", strings.Join(ordering.Reasons(), ", "))
		}
		return a.revoke(ctx, s, f, args[0])
	})
	return cmd
}

func (a *app) revoke(ctx context.Context, s *session, f revokeFlags, thumbprint string) error {
	if err := s.writable(); err != nil {
		return err
	}
	e, err := s.store.Find(ctx, thumbprint, false)
	if err != nil {
		return err
	}
	if err := s.store.MayRevoke(ctx, e.ID, f.reason); err != nil {
		return err
	}
	if err := a.mayRevoke(ctx, f, e); err != nil {
		return err
	}
	e, err = s.store.Revoke(ctx, e.ID, f.reason)
	if err != nil {
		return err
	}
	if a.flags.json {
		return a.printJSON(wire.ResultsOf(certstore.Results{Done: []certstore.Entry{e}}))
	}
	a.print("%s has revoked %s: %s\n", e.Automatic.Revoked.CA, words.Label(e), f.reason)
	return nil
}

func (a *app) mayRevoke(ctx context.Context, f revokeFlags, e certstore.Entry) error {
	switch {
	case f.force:
		return nil
	case a.flags.yes:
		return fail.New(fail.ConfirmationNeeded, "--force revokes it, or answer on a terminal without --yes",
			"what is revoked stays so: --yes is not enough")
	}
	question := fmt.Sprintf("%s will be revoked (%s); %s.", a.life(e), f.reason, uses(e))
	return a.console.Typed(ctx, question, e.Thumbprint[max(0, len(e.Thumbprint)-purgeDigits):], "--force revokes it")
}
