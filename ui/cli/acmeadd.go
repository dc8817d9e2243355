package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"certdesk/certstore/config"
	"certdesk/certstore/fail"
	"certdesk/ui/cli/wire"
)

// addHelp tells what add does, and the contract of the command that changes the DNS, which is kept nowhere else.
const addHelp = `Reads the CA's directory, tries how names are proven as far as that goes before an order, registers an account
and writes an [[acme]] table into the configuration; nothing is written where that fails. The CA's terms are shown, and
accepted on a terminal or by --accept-terms. For letsencrypt the directories are known. Each flag is the key of its name.

With --challenge dns-01 a record is put into DNS by one of three: --dns-server, the zone's primary server, which takes
updates (RFC 2136) and is asked with the key at once; --dns-acme-dns; or --dns-command, a program of yours:
  arguments     its own, then "present" or "cleanup", the record's full name with a dot at its end, and the value
  to do         add that value to the TXT record of the name, or take it away; leave other values of the name alone
  ended by      exit status 0: the servers have it, or soon will: certdesk asks each of them until they do
                any other: failed; the last line it wrote, standard error first, is the reason that is shown
  time          2 minutes, then it is killed with all that it started
  surroundings  root's, or whoever runs certdesk; directory /; PATH, LC_ALL=C and LANG=C alone; no terminal, no input
  again         it may be run twice with the same words, and cleanup by a later run than present was
It must be a file that only root, or who runs certdesk, may write. What it writes is shown as text, and cut.`

func (a *app) acmeAddCommand() *cobra.Command {
	var ca config.ACME
	cmd := &cobra.Command{
		Use:   "add NAME --directory URL",
		Short: "set a CA up: its terms accepted, an account registered, the configuration written",
		Long:  addHelp,
		Example: "  certdesk acme add letsencrypt --contact postmaster@example.org --webroot /var/www/html\n" +
			"  certdesk acme add house --directory https://ca.example.org/acme/directory --ca-file /etc/ssl/house-root.pem\n" +
			"  certdesk acme add by-dns --directory https://acme-v02.api.letsencrypt.org/directory --challenge dns-01 \\\n" +
			"    --dns-server 192.0.2.53:53 --dns-tsig-name certdesk. --dns-tsig-file /etc/certdesk/tsig.key",
		Args: argsBetween(1, 1, "the CA's name"),
	}
	fl := cmd.Flags()
	fl.SortFlags = false
	addFlags(fl, &ca)
	addProofFlags(fl, &ca)
	offer(cmd, "challenge", config.Challenges...)
	offer(cmd, "key", config.RenewalKeys...)
	cmd.RunE = a.run(func(ctx context.Context, s *session, args []string) error {
		return a.acmeAdd(ctx, cmd, s, ca, args[0])
	})
	return cmd
}

// addFlags are those of the CA itself.
func addFlags(fl *pflag.FlagSet, ca *config.ACME) {
	fl.StringVar(&ca.Directory, "directory", "", "the `address` of the CA's ACME directory")
	fl.StringVar(&ca.Staging, "staging-directory", "", "the `address` of its directory for trying")
	fl.StringVar(&ca.Contact, "contact", "", "the mail `address` that the CA is told")
	fl.BoolVar(&ca.AcceptTerms, "accept-terms", false, "the CA's terms are accepted")
	fl.StringVar(&ca.Profile, "profile", "", "the CA's `profile` (default its own choice)")
	fl.StringVar(&ca.CAFile, "ca-file", "", "the `file` of the roots of the CA's own HTTPS (default the system's)")
	fl.StringVar(&ca.EABKid, "eab-kid", "", "the `identifier` that the CA gave its customer")
	fl.StringVar(&ca.EABKeyFile, "eab-key-file", "", "the `file` of the key that it gave with it")
	fl.StringVar(&ca.Key, "key", "", "the key of a renewal, new or reuse (default new)")
}

// addProofFlags are those of how names are proven.
func addProofFlags(fl *pflag.FlagSet, ca *config.ACME) {
	fl.StringVar(&ca.Challenge, "challenge", "", "how names are proven, a `word`: "+strings.Join(config.Challenges, ", ")+
		" (default http-01)")
	fl.StringVar(&ca.Webroot, "webroot", "", "the `directory` a web server here serves (default: port 80 is answered "+
		"meanwhile)")
	fl.StringVar(&ca.HTTPListen, "http-listen", "", "`host:port` a front passes port 80 on to (default port 80 itself)")
	fl.StringVar(&ca.TLSListen, "tls-listen", "", "`host:port` a front passes port 443 on to, for tls-alpn-01")
	fl.IntVar(&ca.HTTPPort, "http-port", 0, "the `port` at which a CA of the house asks (default 80)")
	fl.IntVar(&ca.TLSPort, "tls-port", 0, "the `port` at which it asks for TLS (default 443)")
	fl.StringVar(&ca.Resolver, "resolver", "", "`host:port`, who is asked for names as the CA sees them (default the "+
		"system's)")
	d := &ca.DNS
	fl.StringVar(&d.Server, "dns-server", "", "`host:port` of the server that takes updates of the zone (RFC 2136)")
	fl.StringVar(&d.TSIGName, "dns-tsig-name", "", "the `name` of the key that signs them")
	fl.StringVar(&d.TSIGFile, "dns-tsig-file", "", "the `file` of that key, as tsig-keygen writes it")
	fl.StringVar(&d.AcmeDNS, "dns-acme-dns", "", "the `address` of an acme-dns")
	fl.StringVar(&d.AcmeDNSFile, "dns-acme-dns-file", "", "the `file` of what it answered to the registration")
	fl.StringArrayVar(&d.Command, "dns-command", nil, "the `program` that changes the zone, and once more for each of its "+
		"arguments")
	fl.StringVar(&d.Propagation, "dns-propagation", "", "how `long` all servers of a zone are waited for (default 2m)")
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
	if err := a.tryProof(ctx, s, ca); err != nil {
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

// tryProof tells what is seen of how names are proven, and refuses what could prove none.
func (a *app) tryProof(ctx context.Context, s *session, ca config.ACME) error {
	seen, err := s.store.ProofAhead(ctx, ca, s.env().Likely())
	if err != nil {
		return err
	}
	if seen.Name != nil {
		a.note("warning: %s; %s", sentence(seen.Name), fail.Of(seen.Name).Hint)
	}
	if seen.Text != "" {
		a.note("%s", seen.Text)
	}
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
