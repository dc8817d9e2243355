// Package fetching gets what a certificate names an address for, over http, from the public internet alone and from
// networks that somebody allowed: the certificate of its CA, lists of what was revoked, answers of responders.
//
// Whatever comes is bounded in size and time, and what it is worth is for others to say: an issuer's certificate is
// taken if its key signed the certificate below, and for nothing else.
package fetching

import (
	"bytes"
	"context"
	"crypto/x509"
	"net/http"
	"time"

	"certdesk/certstore/fail"
	"certdesk/certstore/formats"
	"certdesk/certstore/names"
	"certdesk/certstore/printable"
)

// What fetching one certificate may take. An issuer's certificate has some 2 KB; the largest files of several have 200.
const (
	maxAnswer    = 512 << 10 // bytes
	maxRedirects = 3
	deadline     = 15 * time.Second
)

// Hint is what to do where a certificate cannot be fetched.
const Hint = "get it from the CA some other way and import it, alone or together with the certificate"

// Issuer fetches the certificate that signed another, from an address; web is nil but in tests. Errors: Failed,
// Canceled.
func Issuer(ctx context.Context, web http.RoundTripper, below *x509.Certificate, at string) (*x509.Certificate, error) {
	data, err := Web{Transport: web}.Get(ctx, Question{At: at, Most: maxAnswer, Redirects: maxRedirects, Within: deadline})
	if err != nil {
		if ctx.Err() != nil {
			return nil, fail.New(fail.Canceled, "", "fetching was stopped: %w", ctx.Err())
		}
		return nil, fail.New(fail.Failed, Hint, "fetch %s: %s", at, printable.Text(err.Error()))
	}
	b, err := formats.DecodeContext(ctx, data, nil)
	if err != nil {
		return nil, fail.New(fail.Failed, Hint, "what was fetched from %s is not a certificate: %w", at, err)
	}
	for _, c := range b.Certs {
		if bytes.Equal(c.RawSubject, below.RawIssuer) && formats.Signed(below, c) {
			return c, nil
		}
	}
	return nil, fail.New(fail.Failed, Hint, "the certificate fetched from %s did not sign %s: it was not used", at,
		names.FromDER(below.RawSubject))
}
