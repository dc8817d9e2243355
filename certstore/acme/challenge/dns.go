package challenge

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"time"

	"certdesk/certstore/fail"
)

// record is a TXT record of dns-01, where it has to be.
type record struct {
	place
	value string
}

// keeper changes the records of a zone. Both keep every other value of the same name: a name and its wildcard are
// proven there at once.
type keeper interface {
	put(ctx context.Context, r record) error
	take(ctx context.Context, r record) error
	ahead(ctx context.Context, r record) (Outlook, error)
}

// byDNS proves by a TXT record (dns-01, RFC 8555 section 8.4).
type byDNS struct {
	asker
	keeper
	limit time.Duration
	warn  func(string)
}

// newDNS makes the solver with the one keeper that the options name.
func newDNS(o Options) (Solver, error) {
	a := newAsker(o)
	k, err := newKeeper(o.DNS, a)
	if err != nil {
		return nil, err
	}
	return &byDNS{asker: a, keeper: k, limit: o.DNS.Propagation, warn: o.Warn}, nil
}

func newKeeper(d DNS, a asker) (keeper, error) {
	switch {
	case d.Server != "" && d.AcmeDNS == "" && len(d.Command) == 0:
		return newUpdater(d, a)
	case d.AcmeDNS != "" && d.Server == "" && len(d.Command) == 0:
		return newAcmeDNS(d)
	case len(d.Command) > 0 && d.Server == "" && d.AcmeDNS == "":
		return newHook(d.Command)
	}
	return nil, fail.New(fail.InvalidConfig, "give one of server, acme_dns and command in [acme.dns]",
		"dns-01 needs one way to change the zone")
}

func (s *byDNS) Present(ctx context.Context, p Proof) error {
	r, err := s.record(ctx, p)
	if err != nil {
		return err
	}
	return s.put(ctx, r)
}

func (s *byDNS) Try(ctx context.Context, p Proof) error {
	r, err := s.record(ctx, p)
	if err != nil {
		return err
	}
	return s.await(ctx, r.place, s.limit, func(values []string) string {
		if slices.Contains(values, r.value) {
			return ""
		}
		return "has only other values"
	}, s.warn)
}

func (s *byDNS) Remove(ctx context.Context, p Proof) error {
	r, err := s.record(ctx, p)
	if err != nil {
		return err
	}
	return s.take(ctx, r)
}

func (s *byDNS) Close() error { return nil }

func (s *byDNS) record(ctx context.Context, p Proof) (record, error) {
	at, err := s.follow(ctx, "_acme-challenge."+p.Name)
	return record{at, p.value()}, err
}

// value is what the record holds.
func (p Proof) value() string {
	digest := sha256.Sum256([]byte(p.KeyAuthorization))
	return base64.RawURLEncoding.EncodeToString(digest[:])
}
