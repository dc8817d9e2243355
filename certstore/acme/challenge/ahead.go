package challenge

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"

	"github.com/miekg/dns"

	"certdesk/certstore/beneath"
	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
	"certdesk/certstore/services/daemon"
)

// Outlook is what is seen of a way of proof before anything is ordered.
type Outlook struct {
	Text string // what was tried and went well, one sentence; ""
	Name error  // why the name that was tried could not be proven now; nil where nothing is in the way
}

// looker is a solver that can be tried without a proof.
type looker interface {
	ahead(ctx context.Context, name string) (Outlook, error)
}

// Ahead tries what can be tried of a way of proof, for a name or where it is "" for none, before anything is ordered.
// Nothing is left changed. An error is what keeps every name from being proven.
func Ahead(ctx context.Context, by Solver, name string) (Outlook, error) {
	if l, ok := by.(looker); ok {
		return l.ahead(ctx, name)
	}
	return Outlook{}, nil
}

// ahead opens the port and closes it again.
func (s *standalone) ahead(context.Context, string) (Outlook, error) {
	return portAhead(s.listener(s.port, s.listenHTTP), webrootInstead)
}

func (s *tlsALPN) ahead(context.Context, string) (Outlook, error) {
	return portAhead(s.listener(s.tls, s.listenTLS), otherWayInstead)
}

func portAhead(at string, instead string) (Outlook, error) {
	open, err := listen(at, instead)
	closeAll(open)
	if err != nil {
		return Outlook{Name: err}, nil
	}
	if port, isPort := strings.CutPrefix(at, ":"); isPort {
		at = "port " + port
	}
	return Outlook{Text: printable.Text(at) + " is free"}, nil
}

func (s *webroot) ahead(context.Context, string) (Outlook, error) {
	at, err := beneath.Open(s.dir)
	if err != nil {
		return Outlook{Name: daemon.Cannot("open", filepath.Clean(s.dir), err)}, nil
	}
	return Outlook{}, at.Close()
}

// ahead follows the record's aliases and has what changes the zone try it.
func (s *byDNS) ahead(ctx context.Context, name string) (Outlook, error) {
	if name == "" {
		return s.keeper.ahead(ctx, record{})
	}
	at, lost := s.follow(ctx, "_acme-challenge."+name)
	if ctx.Err() != nil {
		return Outlook{}, lost
	}
	found, err := s.keeper.ahead(ctx, record{at, rand.Text()})
	if err == nil && lost != nil {
		found = Outlook{Name: lost}
	}
	return found, err
}

// ahead asks the server with the key, and then has it take a value away that no record has: whether the key may change
// the name is decided before that is looked for (RFC 2136, section 3.3).
func (u updater) ahead(ctx context.Context, r record) (Outlook, error) {
	k, err := u.key()
	if err != nil {
		return Outlook{}, err
	}
	answer, err := u.exchange(ctx, u.server, question(r.name, dns.TypeSOA, false), k)
	switch {
	case ctx.Err() != nil:
		return Outlook{}, stopped(ctx)
	case err != nil || tsigError(answer) != 0:
		return Outlook{}, u.refused(r, k, answer, err)
	}
	if r.name == "" {
		return Outlook{Text: fmt.Sprintf("the server %s answers", printable.Text(u.server))}, nil
	}
	if err := u.take(ctx, r); err != nil {
		return Outlook{Name: err}, nil
	}
	by := ""
	if k.name != "" {
		by = " by the key " + shown(k.name)
	}
	return Outlook{Text: fmt.Sprintf("the server %s takes changes of %s%s", printable.Text(u.server), r, by)}, nil
}

// ahead sees whether it answers at all, and whether the name leads there; nothing is told to it.
func (s acmeDNS) ahead(ctx context.Context, r record) (Outlook, error) {
	ask, err := http.NewRequestWithContext(ctx, http.MethodHead, s.update, nil)
	if err != nil {
		return Outlook{}, err
	}
	answer, err := s.web.Do(ask)
	if err != nil {
		return Outlook{}, s.unanswered(ctx, err)
	}
	answer.Body.Close()
	if r.name == "" {
		return Outlook{Text: fmt.Sprintf("%s answers", printable.Text(s.update))}, nil
	}
	if _, err := s.accountOf(r); err != nil {
		return Outlook{Name: err}, nil
	}
	return Outlook{Text: fmt.Sprintf("%s answers, and %s leads there", printable.Text(s.update), shown(r.asked))}, nil
}

// ahead sees that the program is there. It is not run: only it knows what that would do.
func (h hook) ahead(context.Context, record) (Outlook, error) {
	if err := h.host.Runs(h.argv); err != nil {
		return Outlook{}, fail.New(fail.Of(err).Code, fail.Of(err).Hint, "the command that changes the DNS: %w", err)
	}
	return Outlook{Text: printable.Text(h.argv[0]) + " is there; it is run when a name is to be proven, and not before"}, nil
}
