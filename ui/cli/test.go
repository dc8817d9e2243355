package cli

import (
	"context"
	"net/netip"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"certdesk/certstore/config"
	"certdesk/certstore/enabling"
	"certdesk/certstore/fail"
	"certdesk/certstore/fetching"
	"certdesk/certstore/ledger"
	"certdesk/certstore/names"
	"certdesk/certstore/probe"
	"certdesk/certstore/revocation"
	"certdesk/certstore/trust"
	"certdesk/ui/cli/console"
	"certdesk/ui/cli/plain"
	"certdesk/ui/cli/wire"
	"certdesk/ui/words"
)

func (a *app) testCommand() *cobra.Command {
	var name string
	cmd := &cobra.Command{
		Use:   "test [THUMBPRINT... | HOST:PORT...]",
		Short: "prove by a TLS handshake what the services' ports, or any port, really serve",
		Long: "Without arguments it asks every port of every service, configured or found on this host, and compares what " +
			"is\n" +
			"served with what should be: what is bound, or what the configured file holds. With thumbprints or friendly " +
			"names\n" +
			"it asks the ports of these certificates. Exit status 0: every port serves what it should, could be asked, and " +
			"would serve it again\n" +
			"after a restart.\n\n" +
			"With HOST:PORT it connects to any port as a mail program does and shows which certificate is served, RSA and\n" +
			"ECDSA asked separately. The port number decides the protocol: 25 and 587 smtp, 24 lmtp, 143 imap, 110 pop3,\n" +
			"4190 sieve (with STARTTLS); 465 smtps, 993 imaps, 995 pop3s, 443 https and all others TLS from the first byte.\n" +
			"A URL names the protocol for any port. One that expects the PROXY protocol is asked as a proxy asks it.\n" +
			"Where the store can be read it is said whether the certificate is ours, what a service of this host should\n" +
			"serve at that port, and what to do next; the exit status does not depend on it.\n" +
			"Exit status 0: every port served a certificate that fits the name, is in date and breaks no rule. Whether its\n" +
			"root is trusted is shown but does not count: that depends on the client; but a file named under trust must be\n" +
			"readable. Neither password nor mail is sent.",
		Example: "  certdesk test\n  certdesk test 9A3F51\n  certdesk test mail.example.org:25 mail.example.org:993\n" +
			"  certdesk test smtp://127.0.0.1:10025 --name mail.example.org",
		Args: func(cmd *cobra.Command,
			args []string) error {
			return noneEmpty(cmd, args, "THUMBPRINT or HOST:PORT")
		},
		ValidArgsFunction: a.thumbprints(false),
	}
	cmd.Flags().StringVar(&name, "name", "",
		"the host `name` to ask for (SNI) and to check the certificate against (default HOST)")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		services, err := meansServices(cmd, args, name)
		if err != nil {
			return err
		}
		if services {
			return a.run(a.testServices)(cmd, args)
		}
		requests, networks, err := a.questions(cmd, args, name)
		if err != nil {
			return err
		}
		return during("test", a.testPorts(cmd.Context(), requests, networks))
	}
	return cmd
}

// meansServices says whether the words name entries, or are none, instead of ports: both are never mixed.
func meansServices(cmd *cobra.Command, args []string, name string) (bool, error) {
	ports := 0
	for _, text := range args {
		if isPort(text) {
			ports++
		}
	}
	switch {
	case ports > 0 && ports < len(args):
		return false, usage(cmd, "name certificates or ports, not both")
	case ports == 0 && name != "":
		return false, usage(cmd, "--name is for HOST:PORT: a service is asked for its own names")
	}
	return ports == 0, nil
}

// isPort tells HOST:PORT and a URL from a thumbprint and a friendly name: they have a colon and no blanks, and are no
// thumbprint with colons between its digits.
func isPort(text string) bool {
	_, noDigits := ledger.ThumbprintDigits(text)
	thumbprint := noDigits == nil && strings.Count(text, ":") > 1 && !strings.Contains(text, "::")
	return strings.Contains(text, ":") && !strings.ContainsAny(text, " \t") && !thumbprint
}

// questions reads the command line whole before anybody is asked, and the private networks whose CAs may be.
func (a *app) questions(cmd *cobra.Command, args []string, name string) (requests []probe.Request,
	networks []netip.Prefix, err error) {
	if name != "" {
		n, err := names.Normalize(name)
		if err != nil || n.Kind != names.DNS || strings.HasPrefix(n.Value, "*") {
			return nil, nil, usage(cmd, "--name %s is not a host name", name)
		}
		name = n.Value
	}
	c, err := config.Load(a.flags.config)
	if err != nil {
		return nil, nil, err
	}
	roots, now := trust.Usual(c.Trust), a.io.Now()
	for _, text := range args {
		target, err := probe.ParseTarget(text)
		if err != nil {
			return nil, nil, err
		}
		requests = append(requests, probe.Request{Target: target, Name: name, Roots: roots, Now: now})
	}
	return requests, c.Networks(), nil
}

// testPorts asks and tells; a port without a certificate that clients can accept ends it with status 1.
func (a *app) testPorts(ctx context.Context, requests []probe.Request, networks []netip.Prefix) error {
	if console.IsTerminal(a.io.Err) {
		a.note("asking %s ...", words.Count(len(requests), "port"))
	}
	answers, known := a.answers(ctx, requests, networks)
	if a.flags.json {
		if err := a.printJSON(wire.AnswersOf(slices.Concat(answers...), known, a.io.Now())); err != nil {
			return err
		}
	} else {
		a.print("%s", plain.Answers(slices.Concat(answers...), known, a.io.Now(), a.width()))
	}
	return orElse(verdictOn(answers), unreadRoots(requests))
}

// answers asks, and says what the store knows of each answer; known is false where there is no store, or none that this
// user may read: anybody may ask.
func (a *app) answers(ctx context.Context, requests []probe.Request,
	networks []netip.Prefix) (told [][]enabling.Answer, known bool) {
	s, err := a.open(ctx)
	if err == nil {
		defer s.close()
	}
	if err == nil && s.noStore() == "" {
		told, _ = s.store.AskAny(ctx, requests)
	}
	if told != nil {
		return told, true
	}
	told = probe.All(ctx, requests, 0, askedByNobody)
	a.askCAsOf(ctx, requests, networks, told)
	return told, false
}

// askCAsOf asks whether what ports served was revoked, where no store does.
func (a *app) askCAsOf(ctx context.Context, requests []probe.Request, networks []netip.Prefix,
	told [][]enabling.Answer) {
	ctx, stop := context.WithTimeout(ctx, caPatience)
	defer stop()
	var reports []*probe.Report
	for _, kinds := range told {
		for i := range kinds {
			reports = append(reports, &kinds[i].Raw)
		}
	}
	c := revocation.Checker{Web: fetching.Web{Allow: networks, Transport: a.io.Web}, Now: a.io.Now}
	c.Served(ctx, requests[0].Roots, &revocation.Known{}, reports...)
}

// askedByNobody are the answers of a port of which no store knows anything.
func askedByNobody(ctx context.Context, r probe.Request) (list []enabling.Answer) {
	for _, report := range probe.AskKinds(ctx, r) {
		list = append(list, enabling.Answer{Raw: report})
	}
	return list
}

// unreadRoots is the error where the roots that the configuration wants a chain to end at could not be read.
func unreadRoots(requests []probe.Request) error {
	for _, req := range requests {
		if problem := req.Roots.Problem(); problem != "" {
			return fail.New(fail.Failed, "put its file back, or take it out of trust in the configuration", "%s", problem)
		}
	}
	return nil
}

// verdictOn is the error for ports that failed, or nil.
func verdictOn(answers [][]enabling.Answer) error {
	var bad []probe.Report // the first of each port
	hint := ""
	for _, kinds := range answers {
		i := slices.IndexFunc(kinds, func(a enabling.Answer) bool { return !a.Raw.Accepted() })
		if i >= 0 {
			bad = append(bad, kinds[i].Raw)
		}
		for _, a := range kinds {
			if r := a.Raw; r.NameFault != "" && r.Name == r.Target.Host {
				hint = "--name HOST asks for the name that clients use"
			}
		}
	}
	if len(bad) == 0 {
		return nil
	}
	return fail.New(fail.Failed, hint, "%d of %s: %s", len(bad), words.Count(len(answers), "port"), inCommon(bad))
}

// inCommon is what is true of all ports that failed. Of one that served nothing, or that certdesk could not speak to,
// it says nothing about certificates: nobody has seen one.
func inCommon(bad []probe.Report) string {
	refused := func(r probe.Report) bool { return r.Served() && r.Result != probe.Unknown }
	text := bad[0].Text
	switch {
	case !slices.ContainsFunc(bad, func(r probe.Report) bool { return !refused(r) }):
		return "no certificate that clients of that name accept"
	case text != "" && !slices.ContainsFunc(bad, func(r probe.Report) bool { return r.Text != text }):
		return text
	case slices.ContainsFunc(bad, refused):
		return "not served as they should be, or not to be asked: each line says why"
	}
	return "could not be asked what they serve: each line says why"
}
