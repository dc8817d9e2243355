package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"certdesk/certstore/config"
	"certdesk/certstore/fail"
	"certdesk/ui/cli/wire"
)

func (a *app) acmeAddCommand() *cobra.Command {
	var ca config.ACME
	cmd := &cobra.Command{
		Use:   "add NAME --directory URL",
		Short: "set a CA up: its terms accepted, an account registered, the configuration written",
		Long: "Reads the CA's directory, registers an account and writes an [[acme]] table into the configuration;\n" +
			"nothing is written where that fails. The CA's terms are shown, and accepted on a terminal or by --accept-terms.\n" +
			"For letsencrypt the directories are known. How names are proven by DNS is written into [acme.dns] by hand.",
		Example: "  certdesk acme add letsencrypt --contact postmaster@example.org --webroot /var/www/html\n" +
			"  certdesk acme add house --directory https://ca.example.org/acme/directory --ca-file /etc/ssl/house-root.pem",
		Args: argsBetween(1, 1, "the CA's name"),
	}
	fl := cmd.Flags()
	fl.SortFlags = false
	fl.StringVar(&ca.Directory, "directory", "", "the `address` of the CA's ACME directory")
	fl.StringVar(&ca.Staging, "staging-directory", "", "the `address` of its directory for trying")
	fl.StringVar(&ca.Contact, "contact", "", "the mail `address` that the CA is told")
	fl.BoolVar(&ca.AcceptTerms, "accept-terms", false, "the CA's terms are accepted")
	fl.StringVar(&ca.Challenge, "challenge", "", "how names are proven, a `word`: http-01, tls-alpn-01 or dns-persist-01 "+
		"(default http-01)")
	fl.StringVar(&ca.Webroot, "webroot", "", "the `directory` a web server here serves (default: port 80 is answered "+
		"meanwhile)")
	fl.StringVar(&ca.Profile, "profile", "", "the CA's `profile` (default its own choice)")
	fl.StringVar(&ca.CAFile, "ca-file", "", "the `file` of the roots of the CA's own HTTPS (default the system's)")
	fl.StringVar(&ca.EABKid, "eab-kid", "", "the `identifier` that the CA gave its customer")
	fl.StringVar(&ca.EABKeyFile, "eab-key-file", "", "the `file` of the key that it gave with it")
	fl.StringVar(&ca.Key, "key", "", "the key of a renewal, new or reuse (default new)")
	offer(cmd, "challenge", "http-01", "tls-alpn-01", "dns-persist-01")
	offer(cmd, "key", config.RenewalKeys...)
	cmd.RunE = a.run(func(ctx context.Context, s *session, args []string) error {
		return a.acmeAdd(ctx, cmd, s, ca, args[0])
	})
	return cmd
}

func (a *app) acmeAdd(ctx context.Context, cmd *cobra.Command, s *session, ca config.ACME, name string) error {
	if a.flags.demo {
		return usage(cmd, "--demo has no configuration that a CA could be written into")
	}
	if err := s.writable(); err != nil {
		return err
	}
	if ca.Name = name; strings.EqualFold(name, config.LetsEncrypt.Name) && ca.Directory == "" {
		ca.Directory, ca.Staging = config.LetsEncrypt.Directory, config.LetsEncrypt.Staging
	}
	if ca.Directory == "" {
		return usage(cmd, "--directory is missing: the CA says which address it has")
	}
	file, err := config.Read(a.flags.config)
	if err != nil {
		return err
	}
	if err := file.Writable(); err != nil {
		return err
	}
	if _, err := file.Config.CA(name); err == nil {
		return fail.New(fail.AlreadyExists, "give it another name, or change its [[acme]] table",
			"a CA called %s is configured already", name)
	}
	if _, err := file.With(ca.Changes(len(file.Config.ACME))...); err != nil { // before the CA is asked
		return err
	}
	if err := a.acceptTerms(ctx, s, &ca); err != nil {
		return err
	}
	draft, err := file.With(ca.Changes(len(file.Config.ACME))...)
	if err != nil {
		return err
	}
	account, err := s.store.Register(ctx, ca)
	if err != nil {
		return err
	}
	if err := s.store.SaveSettings(ctx, draft); err != nil {
		return err
	}
	if a.flags.json {
		return a.printJSON(wire.Authority{Name: ca.Name, Directory: ca.Directory, Staging: ca.Staging, Challenge: ca.Proves(),
			Profile: ca.Profile, Account: wire.AccountOf(&account)})
	}
	a.print("%s is set up, account %s\n", ca.Name, account.URL)
	return nil
}

// acceptTerms shows a CA's terms, and asks for them where no flag has accepted them.
func (a *app) acceptTerms(ctx context.Context, s *session, ca *config.ACME) error {
	said, err := s.store.DirectoryOf(ctx, *ca)
	if err != nil || said.Terms == "" || ca.AcceptTerms {
		return err
	}
	const hint = "read them, then give --accept-terms"
	err = a.console.Confirm(ctx, ca.Name+" has terms: "+said.Terms+"\nDo you accept them?", hint)
	if fail.Is(err, fail.ConfirmationNeeded) {
		return fail.New(fail.ConfirmationNeeded, hint, "%s wants its terms accepted: %s", ca.Name, said.Terms)
	}
	ca.AcceptTerms = err == nil
	return err
}
