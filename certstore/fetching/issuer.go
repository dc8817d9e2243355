// Package fetching gets a CA's certificate from the address that a certificate below it names, over http, from the
// public internet alone. What comes is taken if its key signed the certificate below, and for nothing else.
package fetching

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
	data, err := download(ctx, web, at)
	if err != nil {
		if ctx.Err() != nil {
			return nil, fail.New(fail.Canceled, "", "fetching was stopped: %w", ctx.Err())
		}
		return nil, fail.New(fail.Failed, Hint, "fetch %s: %s", at, printable.Text(cause(err).Error()))
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

// download gets a file's bytes.
func download(ctx context.Context, web http.RoundTripper, at string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, deadline)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, at, nil)
	if err != nil {
		return nil, err
	}
	r.Header.Set("User-Agent", "certdesk")
	client := http.Client{Transport: web, CheckRedirect: mayRedirect}
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
