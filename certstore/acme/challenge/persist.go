package challenge

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
	"certdesk/certstore/when"
)

const (
	persistWarning = 30 * 24 * time.Hour // before a standing record ends it is told
	persistWait    = 3 * time.Second     // for one that was published just now: no longer, since a person waits
)

// standing proves by a record that a person published once and that stays (draft-ietf-acme-dns-persist-00): it lets the
// account order for the name, so nothing is put out and nothing taken away.
type standing struct {
	asker
	limit time.Duration
	now   func() time.Time
	warn  func(string)
}

func newStanding(o Options) Solver {
	return &standing{newAsker(o), min(o.DNS.Propagation, persistWait), o.Clock, o.Warn}
}

func (s *standing) Present(context.Context, Proof) error { return nil }
func (s *standing) Remove(context.Context, Proof) error  { return nil }
func (s *standing) Close() error                         { return nil }

// Try looks for the record at every server of the zone. Its error's hint is the record to publish.
func (s *standing) Try(ctx context.Context, p Proof) error {
	if len(p.Issuers) == 0 || p.Account == "" {
		return fail.New(fail.Failed, "choose another way of proof",
			"the CA does not say for whom a standing record is (dns-persist-01)")
	}
	at, err := s.follow(ctx, "_validation-persist."+p.Name)
	if err != nil {
		return err
	}
	var all sync.Mutex
	var until time.Time // the first end that a server tells
	err = s.await(ctx, at, s.limit, func(values []string) string {
		end, wrong := s.judge(values, p)
		all.Lock()
		defer all.Unlock()
		if wrong == "" && (until.IsZero() || end.Before(until)) {
			until = end
		}
		return wrong
	}, s.warn)
	if err != nil {
		return fail.New(fail.Of(err).Code, "publish once: "+Standing(p), "%w", err)
	}
	if left := until.Sub(s.now()); !until.IsZero() && left < persistWarning {
		s.warn(fmt.Sprintf("the record %s lets certificates be ordered until %s only: publish one that lasts longer", at,
			when.Recorded(until.UTC())))
	}
	return nil
}

// Standing is the record that lets an account order for a name, as a zone file has it.
func Standing(p Proof) string {
	value := p.Issuers[0] + "; accounturi=" + p.Account
	if p.Wildcard {
		value += "; policy=wildcard"
	}
	return printable.Text(fmt.Sprintf(`_validation-persist.%s. TXT "%s"`, p.Name, value))
}

// judge looks for a value that will do: until when it does, or what is wrong with the nearest of them.
func (s *standing) judge(values []string, p Proof) (until time.Time, wrong string) {
	wrong = "has records for other authorities only"
	for _, value := range values {
		issuer, rest, _ := strings.Cut(value, ";")
		if !slices.Contains(p.Issuers, strings.TrimSpace(issuer)) {
			continue
		}
		until, why := s.judgeOne(parameters(rest), p)
		if why == "" {
			return until, ""
		}
		wrong = why
	}
	return until, wrong
}

func (s *standing) judgeOne(given map[string]string, p Proof) (until time.Time, wrong string) {
	if text, limited := given["persistuntil"]; limited {
		seconds, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return until, "has a record whose persistUntil is not a number"
		}
		until = time.Unix(seconds, 0)
	}
	switch {
	case given["accounturi"] != p.Account:
		return until, "has the record of another account (" + printable.Text(given["accounturi"]) + ")"
	case p.Wildcard && !strings.EqualFold(given["policy"], "wildcard"):
		return until, "has a record that does not cover wildcards (policy=wildcard)"
	case !until.IsZero() && s.now().After(until):
		return until, "has a record that ended on " + when.Recorded(until.UTC()) + " (persistUntil)"
	}
	return until, ""
}

// parameters of an issue-value (RFC 8659 section 4.2); names without case.
func parameters(text string) map[string]string {
	all := map[string]string{}
	for part := range strings.SplitSeq(text, ";") {
		name, value, _ := strings.Cut(part, "=")
		all[strings.ToLower(strings.TrimSpace(name))] = strings.TrimSpace(value)
	}
	return all
}
