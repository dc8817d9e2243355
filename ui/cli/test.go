package cli

import (
	"context"
	"math"
	"strings"

	"github.com/spf13/cobra"

	"certdesk/certstore"
	"certdesk/certstore/config"
	"certdesk/certstore/fail"
	"certdesk/certstore/names"
	"certdesk/certstore/printable"
	"certdesk/certstore/probe"
	"certdesk/certstore/trust"
)

func (a *app) testCommand() *cobra.Command {
	var name string
	cmd := &cobra.Command{
		Use:   "test HOST:PORT...",
		Short: "tell what a port really serves, by a TLS handshake",
		Long: "Connects to each port as a mail program does and tells which certificate it serves, RSA and ECDSA asked\n" +
			"apart. The port says how it is spoken to: 25 and 587 smtp, 143 imap, 110 pop3 (with STARTTLS); 465 smtps,\n" +
			"993 imaps, 995 pop3s, 443 https and all others TLS from the first byte. A URL says it for any port.\n\n" +
			"Exit status 0: every port served a certificate that fits the name, is in date and breaks no rule. Whether\n" +
			"its root is trusted is told and does not count: that depends on the client. Neither password nor mail is sent.",
		Example: "  certdesk test mail.example.org:25 mail.example.org:993\n" +
			"  certdesk test smtp://127.0.0.1:10025 --name mail.example.org",
		Args:              argsBetween(1, 0, "HOST:PORT"),
		ValidArgsFunction: cobra.NoFileCompletions,
	}
	cmd.Flags().StringVar(&name, "name", "", "the host `name` to ask for (SNI) and to hold the certificate against (default HOST)")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		requests, err := a.questions(cmd, args, name)
		if err != nil {
			return err
		}
		return during("test", a.testPorts(cmd.Context(), requests))
	}
	return cmd
}

// questions reads the command line whole before anybody is asked. The store is not opened: anybody may ask.
func (a *app) questions(cmd *cobra.Command, args []string, name string) ([]probe.Request, error) {
	if name != "" {
		n, err := names.Normalize(name)
		if err != nil || n.Kind != names.DNS || strings.HasPrefix(n.Value, "*") {
			return nil, usage(cmd, "--name %s is no host name", name)
		}
		name = n.Value
	}
	c, err := config.Load(a.flags.config)
	if err != nil {
		return nil, err
	}
	roots, now := trust.Usual(c.Trust), a.io.Now()
	var requests []probe.Request
	for _, text := range args {
		target, err := probe.ParseTarget(text)
		if err != nil {
			return nil, err
		}
		requests = append(requests, probe.Request{Target: target, Name: name, Roots: roots, Now: now})
	}
	return requests, nil
}

// testPorts asks and tells; a port without a certificate that clients can accept ends it with status 1.
func (a *app) testPorts(ctx context.Context, requests []probe.Request) error {
	if isTerminal(a.io.Err) {
		a.note("asking %s ...", plural(len(requests), "port"))
	}
	answers := probe.All(ctx, requests, 0, probe.AskKinds)
	if a.flags.json {
		if err := a.printJSON(portsJSON(answers, a.io.Now())); err != nil {
			return err
		}
	} else {
		a.printPorts(answers, a.io.Now())
	}
	return verdictOn(answers)
}

// verdictOn is the error for ports that failed, or nil.
func verdictOn(answers [][]probe.Report) error {
	failed, hint := 0, ""
	for _, kinds := range answers {
		bad := false
		for _, r := range kinds {
			bad = bad || !r.Accepted()
			if r.NameFault != "" && r.Name == r.Target.Host {
				hint = "--name HOST asks for the name that clients use"
			}
		}
		if bad {
			failed++
		}
	}
	if failed == 0 {
		return nil
	}
	return fail.New(fail.Failed, hint, "%d of %s: no certificate that clients of that name accept", failed, plural(len(answers), "port"))
}

// served is a report with its certificate as the store would describe it.
type served struct {
	probe.Report
	entry certstore.Entry
}

// flatten gives one line for each certificate that was told of.
func flatten(answers [][]probe.Report, now int64) (all []served) {
	for _, kinds := range answers {
		for _, r := range kinds {
			s := served{Report: r}
			if r.Served() {
				s.entry, _ = certstore.Describe(r.Leaf, r.Sent[1:]) // a key that made a handshake has a name
				s.entry.DaysLeft = int(math.Floor(float64(r.Leaf.NotAfter.Unix()-now) / (24 * 60 * 60)))
			}
			all = append(all, s)
		}
	}
	return all
}

// lines is what is to be said below a line of the table.
func (s served) lines() []string {
	lines := s.Faults()
	if s.Said != "" {
		lines = append(lines, "it said: "+s.Said)
	}
	return printable.Texts(lines)
}
