package cli

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"certdesk/certstore"
	"certdesk/wizard"
)

// newFlags are the flags of new, before they are answers.
type newFlags struct {
	generate, domains, autodiscover, fqdn, netbios bool
	exportable, binary, force, whatIf, evidence    bool
	split                                          bool

	reuseKey                                     bool
	subject, algorithm, path, services, friendly string
	renews, exchange                             string
	names                                        []string
	bits, validDays                              int

	order orderFlags
}

func (n *newFlags) register(cmd *cobra.Command) {
	f := cmd.Flags()
	f.SortFlags = false
	f.BoolVar(&n.generate, "generate-request", false, "a request for a CA; without it a self-signed certificate")
	f.StringVar(&n.subject, "subject-name", "",
		"the subject, a `DN` such as 'C=BE, O=\"Sunshine, Inc.\", CN=webmail.example.org'")
	f.StringArrayVar(&n.names, "domain-name", nil, "the `names`, separated by commas; may be given again")
	f.BoolVar(&n.domains, "include-accepted-domains", false, "every accepted domain")
	f.BoolVar(&n.autodiscover, "include-autodiscover", false, "autodiscover of every domain")
	f.BoolVar(&n.fqdn, "include-server-fqdn", false, "this server's full name")
	f.BoolVar(&n.netbios, "include-server-netbios-name", false, "this server's short name")
	f.BoolVar(&n.split, "split", false, "of more names than a CA takes make several requests in one go, with files NAME-1, "+
		"NAME-2 and so on")
	f.IntVar(&n.bits, "key-size", 2048, "RSA `bits`: 1024, 2048, 3072 or 4096")
	f.StringVar(&n.algorithm, "key-algorithm", "rsa", "the `kind` of key: rsa, ecdsa-p256 or ecdsa-p384")
	f.StringVar(&n.path, "path", "", "where the request is written, a .req `file`; without it, standard output")
	f.BoolVar(&n.binary, "binary-encoded", false, "DER instead of PEM")
	f.BoolVar(&n.force, "force", false, "overwrite the file at --path")
	f.BoolVar(&n.exportable, "private-key-exportable", false, "the key may leave the store")
	f.StringVar(&n.services, "services", "",
		"the services it is wanted for, a `list` of IIS, SMTP, POP, IMAP, UM or None (self-signed: SMTP); a self-signed "+
			"one is enabled at once where a service is configured")
	f.StringVar(&n.friendly, "friendly-name", "",
		"the `text` it is listed under, 1 to 64 characters (default the common name)")
	f.IntVar(&n.validDays, "valid-days", 365, "for how many `days` a self-signed certificate is valid")
	f.StringVar(&n.renews, "renews", "", "the `thumbprint` of the certificate it renews; names, subject and all else "+
		"are as given here")
	f.BoolVar(&n.reuseKey, "reuse-key", false, "with --renews: keep that certificate's key instead of making a new one")
	n.order.register(cmd)
	f.BoolVar(&n.whatIf, "what-if", false, "show what would be made, and make nothing")
	f.BoolVar(&n.evidence, "evidence", false, "with --what-if: ask DNS about each name, and show what it says")
	exchangeFlag(cmd, &n.exchange)
	offerServices(cmd, "services")
	offer(cmd, "key-algorithm", "rsa", "ecdsa-p256", "ecdsa-p384")
	offer(cmd, "key-size", "1024", "2048", "3072", "4096")
}

// check refuses flags that contradict each other.
func (n *newFlags) check(cmd *cobra.Command) error {
	given := cmd.Flags().Changed
	if err := n.order.check(cmd); err != nil {
		return err
	}
	switch {
	case !n.generate && (given("path") || given("binary-encoded") || given("force")):
		return usage(cmd, "--path, --binary-encoded and --force are for requests: add --generate-request")
	case n.generate && given("valid-days"):
		return usage(cmd, "--valid-days is for self-signed certificates: the CA decides for a request")
	case given("valid-days") && n.validDays < 1:
		return usage(cmd, "--valid-days %d is too short: use 1 or more", n.validDays)
	case n.split && !n.generate:
		return usage(cmd, "--split is for requests: add --generate-request")
	case n.split && n.binary && n.path == "":
		return usage(cmd, "--split gives several files of binary DER: add --path")
	case n.evidence && !n.whatIf:
		return usage(cmd, "--evidence needs --what-if, which shows it")
	case n.reuseKey && n.renews == "":
		return usage(cmd, "--reuse-key needs --renews, which names the certificate whose key is kept")
	case n.reuseKey && (given("key-size") || given("key-algorithm") || n.exportable):
		return usage(cmd, "--reuse-key keeps the key as it is: leave --key-size, --key-algorithm and "+
			"--private-key-exportable out")
	case given("exchange") && !n.whatIf:
		return usage(cmd, "--exchange is for --what-if, which shows the command")
	case given("key-size") && n.algorithm != "rsa":
		return usage(cmd, "--key-size is for RSA: %s has one size", n.algorithm)
	case slices.ContainsFunc(strings.Split(strings.Join(n.names, ","), ","), isBlank) && given("domain-name"):
		return usage(cmd, "a name in --domain-name %s", notSet)
	}
	_, err := exchangeOf(cmd, n.exchange)
	return err
}

// answers are what the flags say on the wizard's pages.
func (n *newFlags) answers(cmd *cobra.Command) (wizard.Answers, error) {
	services, err := certstore.ParseServices(n.services)
	if err != nil {
		return wizard.Answers{}, err
	}
	a := wizard.Defaults()
	a.SelfSigned = !n.generate && n.order.ca == ""
	a.CA, a.Profile = n.order.ca, n.order.profile
	a.FriendlyName, a.SubjectDN, a.Typed = n.friendly, n.subject, strings.Join(n.names, ",")
	a.IncludeAcceptedDomains, a.IncludeAutodiscover = n.domains, n.autodiscover
	a.IncludeServerFQDN, a.IncludeServerNetBIOSName = n.fqdn, n.netbios
	a.Algorithm, a.Exportable = n.algorithm, n.exportable
	if a.Bits = n.bits; a.Algorithm != "rsa" {
		a.Bits = 0
	}
	a.Path, a.Binary, a.Overwrite, a.Split = n.path, n.binary, n.force, n.split
	a.Services, a.ServicesSet = services, cmd.Flags().Changed("services")
	if a.SelfSigned {
		a.ValidDays = n.validDays
	}
	return a, nil
}
