package certstore

import (
	"context"
	"crypto/x509"

	"certdesk/certstore/fail"
	"certdesk/certstore/fetching"
	"certdesk/certstore/importing"
	"certdesk/certstore/names"
)

// maxFetched is how many certificates may be fetched for one chain.
const maxFetched = 6

// FetchIssuers fetches what a group's chain lacks, certificate after certificate, from where each says that its
// issuer's can be had, and looks at the group again. Only somebody's yes calls it. Over http alone, which is enough:
// what comes is taken if its key signed the certificate below, and for nothing else. Where something was fetched and
// more is missing, the group has what came, and the error. Errors: Failed, Canceled; NotFound where no address is
// known.
func (s *Store) FetchIssuers(ctx context.Context, g importing.Group) (importing.Group, error) {
	if g.Err != nil || len(g.Fetchable()) == 0 {
		return g, fail.New(fail.NotFound, fetching.Hint, "no address is known to fetch a certificate from")
	}
	for range maxFetched {
		if len(g.Fetchable()) == 0 {
			break
		}
		issuer, at, err := s.fetchFor(ctx, g)
		if err != nil {
			return g, err
		}
		before := g.Found.Leaf.Reach()
		if g, err = s.with(ctx, g, issuer, at); err != nil || g.Found.Leaf.Reach() <= before {
			return g, err
		}
	}
	return g, nil
}

// fetchFor fetches the certificate that is missing in a group's chain, from the first address that has it.
func (s *Store) fetchFor(ctx context.Context, g importing.Group) (issuer *x509.Certificate, at string, err error) {
	gap := g.Found.Gaps[0]
	below, err := s.chains().Among(gap.Sum, g.Certs())
	if err != nil {
		return nil, "", err
	}
	for _, at = range gap.Fetchable() {
		if issuer, err = fetching.Issuer(ctx, s.o.Web, below, at); err == nil {
			return issuer, at, nil
		}
	}
	return nil, at, err
}

// with is a group with one more certificate, looked at again.
func (s *Store) with(ctx context.Context, g importing.Group, issuer *x509.Certificate,
	at string) (importing.Group, error) {
	more := g.With(issuer, "fetched from "+at+": "+names.FromDER(issuer.RawSubject))
	found, err := s.inspect(ctx, more)
	if err != nil {
		return g, err
	}
	more.Found = found
	return more, nil
}
