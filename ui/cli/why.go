package cli

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"certdesk/certstore"
	"certdesk/certstore/answering"
	"certdesk/certstore/config"
	"certdesk/certstore/domains"
	"certdesk/certstore/enabling"
	"certdesk/certstore/evidence"
	"certdesk/certstore/fail"
	"certdesk/certstore/probe"
	"certdesk/certstore/trust"
	"certdesk/ui/cli/console"
	"certdesk/ui/cli/plain"
	"certdesk/ui/cli/wire"
	"certdesk/ui/words"
)

func (a *app) whyCommand() *cobra.Command {
	var offline bool
	cmd := &cobra.Command{
		Use:   "why HOST|NAME|ADDRESS|WORDS...",
		Short: "say whether it is the certificate, for a host, a mail address or the words of a dialog",
		Long: "It takes what a caller has: the host his program is set up with (or HOST:PORT, or a URL), a certificate's\n" +
			"friendly name, his mail address, the words of the dialog, or several of these in one sentence. It asks the\n" +
			"ports as clients do, for a mail address the way that Outlook and phones, mail programs and other servers go,\n" +
			"and says whether clients mind the certificate, what to tell the caller, and what to do next.\n" +
			"With --no-network nobody is asked: it says what is known of the certificates that are here.\n" +
			"It takes ten seconds at most for the network. Nothing is changed. Exit status 0 where there is an answer,\n" +
			"whichever it is.",
		Example: "  certdesk why mail.example.org\n  certdesk why anna@example.org\n" +
			"  certdesk why 'mail.example.org:993 uses an invalid security certificate, SEC_ERROR_UNKNOWN_ISSUER' --json",
		Args:              argsBetween(1, 0, "HOST, NAME, ADDRESS or WORDS"),
		ValidArgsFunction: cobra.NoFileCompletions,
	}
	cmd.Flags().BoolVar(&offline, "no-network", false, "ask nobody, and tell what is known here")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return during("why", a.why(cmd.Context(), strings.Join(args, " "), offline))
	}
	return cmd
}

// why answers a question; where there is no store that this user may read, anybody may ask all the same.
func (a *app) why(ctx context.Context, text string, offline bool) error {
	s, err := a.open(ctx)
	switch {
	case err == nil:
		defer s.close()
	case !fail.Is(err, fail.NotPermitted) && !errors.Is(err, fs.ErrPermission):
		return err
	}
	w, asker, err := a.whyWorld(ctx, s, offline)
	if err != nil {
		return err
	}
	q, err := answering.Read(text, w)
	if err != nil {
		return err
	}
	if console.IsTerminal(a.io.Err) && !offline {
		a.note("asking as clients do ...")
	}
	if s != nil && !offline {
		v, _ := s.surveyed(ctx, whyGlance)
		w.Ports = v.Ports
	}
	answer, err := asker.Ask(ctx, w, q)
	if err != nil {
		return err
	}
	return a.showWhy(words.Why{Answer: answer, Now: w.Now, CanWrite: s != nil && s.writable() == nil})
}

func (a *app) showWhy(y words.Why) error {
	if a.flags.json {
		return a.printJSON(wire.WhyOf(y))
	}
	a.print("%s", plain.Why(y, a.lineWidth()))
	return nil
}

// whyGlance is how long the services of this host are waited for, before the places of the question are asked.
const whyGlance = 2 * time.Second

// whyWorld is what is known here, and who asks for more.
func (a *app) whyWorld(ctx context.Context, s *session, offline bool) (w answering.World, k answering.Asker,
	err error) {
	w.Now = a.io.Now()
	dns := ""
	if s == nil {
		c, err := config.Load(a.flags.config)
		if err != nil {
			return w, k, err
		}
		dns, w.Domains, k.Reader = c.DNS, domains.Names(c.AcceptedDomains.Configured()), nobody{a, c}
	} else {
		dns, w.Domains, k.Reader = s.dns, domains.Names(s.sources.Configured()), s.store
		if w.Entries, err = s.store.List(ctx, false); err != nil {
			return w, k, err
		}
	}
	if offline || a.flags.demo {
		return w, k, nil
	}
	r, err := evidence.New(dns)
	if err != nil { // it is off, or this host knows no server: what is known here is told all the same
		a.note("note: %s", fail.Sentence(err))
		return w, k, nil
	}
	k.DNS = evidence.NewFinder(r, a.io.Web)
	return w, k, nil
}

// nobody asks ports where no store can say whose it is what they serve.
type nobody struct {
	a *app
	c config.Config
}

var (
	_ answering.Reader = nobody{}
	_ answering.Reader = (*certstore.Store)(nil)
)

func (n nobody) AskAny(ctx context.Context, requests []probe.Request) ([][]enabling.Answer, error) {
	for i := range requests {
		requests[i].Roots, requests[i].Now = trust.Usual(n.c.Trust), n.a.io.Now()
	}
	told := probe.All(ctx, requests, 0, askedByNobody)
	n.a.askCAsOf(ctx, requests, n.c.Networks(), told)
	for _, kinds := range told {
		for i := range kinds {
			kinds[i].Report = kinds[i].Raw
			kinds[i].Listen = kinds[i].Raw.Target.String()
		}
	}
	return told, nil
}
