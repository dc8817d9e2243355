package cli

import (
	"context"
	"slices"

	"github.com/spf13/cobra"

	"certdesk/certstore/enabling"
	"certdesk/certstore/fail"
	"certdesk/certstore/issuing"
	"certdesk/certstore/printable"
	"certdesk/ui/cli/console"
	"certdesk/ui/cli/wire"
	"certdesk/ui/words"
	"certdesk/wizard"
)

func (a *app) newCommand() *cobra.Command {
	var n newFlags
	cmd := &cobra.Command{
		Use:   "new",
		Short: "order a certificate, make a request for a CA, or a self-signed certificate",
		Example: `  certdesk new --generate-request --friendly-name secure_client --path client.req \
    --subject-name 'C=BE, O=ProExchange, CN=webmail.proexchange.global' \
    --domain-name webmail.belgianbeers.rock --include-autodiscover --services IIS
  certdesk new --domain-name mail.example.org --valid-days 90
  certdesk new --acme letsencrypt --domain-name mail.example.org --services SMTP,IMAP`,
		Args: a.noArgs,
	}
	n.register(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if err := n.check(cmd); err != nil {
			return err
		}
		return a.run(func(ctx context.Context, s *session, _ []string) error { return a.new(ctx, cmd, s, &n) })(cmd, args)
	}
	return cmd
}

func (a *app) new(ctx context.Context, cmd *cobra.Command, s *session, n *newFlags) error {
	if err := s.writable(); err != nil {
		return err
	}
	env, err := s.fullEnv(ctx)
	if err != nil {
		return err
	}
	if env, err = n.withDomains(ctx, s, env); err != nil {
		return err
	}
	answers, err := n.answers(cmd)
	if err != nil {
		return err
	}
	if err := n.renewal(ctx, s, &answers); err != nil {
		return err
	}
	findings := wizard.All(answers, env)
	list, err := wizard.BuildRequests(answers, env)
	if err != nil {
		return err
	}
	if n.whatIf {
		env.Exchange, _ = exchangeOf(cmd, n.exchange) // checked
		return a.whatIf(ctx, s, draft{answers, env, list, n.order, n.evidence})
	}
	if n.split {
		return a.newSeveral(ctx, s, list, findings)
	}
	request := list[0]
	if n.order.ca != "" {
		return a.order(ctx, s, n, request, findings)
	}
	if err := a.checkTarget(request); err != nil {
		return err
	}
	a.warn(findings)
	made, err := s.store.New(ctx, request)
	if err != nil {
		return err
	}
	if request.SelfSigned && n.services != "" {
		a.tellSelfSigned(made)
		return a.enableAtOnce(ctx, s, madeReport{made: made, findings: wire.FindingsOf(findings)},
			s.configured(request.Wanted))
	}
	return a.showMade(ctx, s, request, madeReport{made: made, findings: wire.FindingsOf(findings)})
}

// withDomains asks the sources of accepted domains where the names depend on them: one that fails must not end in a
// certificate that lacks names.
func (n *newFlags) withDomains(ctx context.Context, s *session, env wizard.Env) (wizard.Env, error) {
	if !s.sources.Elsewhere() || !n.domains && !n.autodiscover {
		return env, nil
	}
	all := s.listing(ctx)
	env.AcceptedDomains, env.DomainRemarks = all.Domains, all.Remarks
	return env, all.Failed()
}

// madeReport is what was made or imported, with what plain text says beside it.
type madeReport struct {
	made     issuing.Made
	findings []wire.Finding // of the answers
	notes    []string       // of the import
}

// renewal ties the answers to the certificate that they renew, if one is named.
func (n *newFlags) renewal(ctx context.Context, s *session, answers *wizard.Answers) error {
	if n.renews == "" {
		return nil
	}
	old, err := s.store.Find(ctx, n.renews, false)
	if err != nil {
		return err
	}
	plain, err := s.store.RenewalRequest(ctx, old.ID)
	if err != nil {
		return err
	}
	answers.RenewalOf, answers.ReuseKey = old.ID, n.reuseKey
	answers.Renewal = wizard.Renewal{Thumbprint: old.Thumbprint, Plain: plain, Already: s.store.RenewalNote(old)}
	return nil
}

func (a *app) warn(findings []wizard.Finding) {
	for _, f := range findings {
		a.note("%s: %s", f.Severity, f.Text)
	}
}

// checkTarget keeps DER from a terminal, before anything is made.
func (a *app) checkTarget(r issuing.Request) error {
	if !r.SelfSigned && r.Path == "" && r.Binary && !a.flags.json && console.IsTerminal(a.io.Out) {
		return fail.New(fail.Usage, "give --path FILE, or leave out --binary-encoded",
			"binary DER cannot be shown on a terminal")
	}
	return nil
}

// showMade tells what new and renew made. A request that has no file goes to standard output, alone.
func (a *app) showMade(ctx context.Context, s *session, r issuing.Request, what madeReport) error {
	if a.flags.json {
		return a.madeJSON(ctx, s, what)
	}
	m := what.made
	if r.SelfSigned {
		a.tellSelfSigned(m)
		return nil
	}
	a.note("made the request %s; its key is in the store", words.Label(m.Entry))
	a.note("thumbprint %s", m.Entry.Thumbprint)
	if m.Path == "" {
		if err := a.writeRequest(r, m); err != nil {
			return err
		}
	} else {
		a.note("the request is in %s", printable.Text(m.Path))
	}
	a.note("next: send it to your CA, then certdesk import ANSWER")
	return nil
}

func (a *app) tellSelfSigned(m issuing.Made) {
	if !a.flags.json {
		a.print("made %s, self-signed, valid until %s\nthumbprint %s\n", printable.Text(m.Entry.FriendlyName),
			words.Moment(m.Entry.NotAfter), m.Entry.Thumbprint)
	}
}

// writeRequest puts the request on standard output. If that fails the request is in the store all the same.
func (a *app) writeRequest(r issuing.Request, m issuing.Made) error {
	data := m.PEM
	if r.Binary {
		data = m.DER
	}
	if _, err := a.out.Write(data); err != nil {
		return fail.New(fail.KeptPending, "certdesk export "+words.Short(m.Entry)+" --path FILE.req writes it",
			"the request is safe in the store, but could not be written to standard output: %w", err)
	}
	return nil
}

// madeJSON is the entry, where it was written, and its files in the store: with --json the request's text is not
// on standard output.
func (a *app) madeJSON(ctx context.Context, s *session, what madeReport, enabled ...enabling.Outcome) error {
	m := what.made
	out := wire.EntryOf(m.Entry)
	for _, f := range what.findings {
		same := func(have wire.Finding) bool { return have.Finding == f.Finding }
		if !slices.ContainsFunc(out.Findings, same) { // what is chosen and what is made of it have one word
			out.Findings = append(out.Findings, f)
		}
	}
	out.Notes = printable.Texts(what.notes)
	for _, o := range enabled {
		out.Enabled = append(out.Enabled, wire.OutcomeOf(o, a.io.Now()))
	}
	out.Path = printable.Text(m.Path)
	if d, err := s.store.Show(ctx, m.Entry.ID); err == nil {
		out.Files, out.Gaps = printable.Texts(d.Files), wire.Gaps(d.Gaps)
	}
	return a.printJSON(out)
}
