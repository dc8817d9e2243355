package certstore

import (
	"bytes"
	"context"
	"crypto/x509"
	"fmt"
	"io"
	"net/http"
	"time"

	"certdesk/certstore/fail"
	"certdesk/certstore/formats"
	"certdesk/certstore/importing"
	"certdesk/certstore/names"
	"certdesk/certstore/printable"
)

// What fetching a chain may take. An issuer's certificate has some 2 KB; the largest files of several have 200.
const (
	maxFetched    = 6         // certificates
	maxAnswer     = 512 << 10 // bytes of one answer
	maxRedirects  = 3
	fetchDeadline = 15 * time.Second // of one answer
)

const hintFetch = "get it from the CA some other way and import it, alone or together with the certificate"

// FetchIssuers fetches what a group's chain lacks, certificate after certificate, from where each says that its issuer's
// can be had, and looks at the group again. Only somebody's yes calls it. Over http alone, which is enough: what comes
// is taken if its key signed the certificate below, and for nothing else. Where something was fetched and more is
// missing, the group has what came, and the error. Errors: Failed, Canceled; NotFound where no address is known.
func (s *Store) FetchIssuers(ctx context.Context, g importing.Group) (importing.Group, error) {
	if g.Err != nil || len(g.Found.Gaps) == 0 || len(g.Found.Gaps[0].Fetchable()) == 0 {
		return g, fail.New(fail.NotFound, hintFetch, "no address is known to fetch a certificate from")
	}
	for range maxFetched {
		if len(g.Found.Gaps) == 0 || len(g.Found.Gaps[0].Fetchable()) == 0 {
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
		if issuer, err = s.fetchIssuer(ctx, below, at); err == nil {
			return issuer, at, nil
		}
	}
	return nil, at, err
}

func (s *Store) fetchIssuer(ctx context.Context, below *x509.Certificate, at string) (*x509.Certificate, error) {
	data, err := s.download(ctx, at)
	if err != nil {
		if ctx.Err() != nil {
			return nil, fail.New(fail.Canceled, "", "fetching was stopped: %w", ctx.Err())
		}
		return nil, fail.New(fail.Failed, hintFetch, "fetch %s: %s", at, printable.Text(cause(err).Error()))
	}
	b, err := formats.DecodeContext(ctx, data, nil)
	if err != nil {
		return nil, fail.New(fail.Failed, hintFetch, "what was fetched from %s is not a certificate: %w", at, err)
	}
	for _, c := range b.Certs {
		if bytes.Equal(c.RawSubject, below.RawIssuer) && formats.Signed(below, c) {
			return c, nil
		}
	}
	return nil, fail.New(fail.Failed, hintFetch, "the certificate fetched from %s did not sign %s: it was not used", at,
		names.FromDER(below.RawSubject))
}

// download gets a file's bytes.
func (s *Store) download(ctx context.Context, at string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, fetchDeadline)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, at, nil)
	if err != nil {
		return nil, err
	}
	r.Header.Set("User-Agent", "certdesk")
	client := http.Client{Transport: s.o.Web, CheckRedirect: mayRedirect}
	if client.Transport == nil {
		client.Transport = publicWeb()
	}
	answer, err := client.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the server answered %q", answer.Status)
	}
	data, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer+1))
	if err == nil && len(data) > maxAnswer {
		err = fmt.Errorf("the answer is longer than %d KB", maxAnswer>>10)
	}
	return data, err
}

func mayRedirect(r *http.Request, via []*http.Request) error {
	switch {
	case len(via) > maxRedirects:
		return fmt.Errorf("it was redirected more than %d times", maxRedirects)
	case r.URL.Scheme != "http" || r.URL.User != nil:
		return fmt.Errorf("it was redirected to %s, and only http is followed", r.URL.Redacted())
	}
	return nil
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
