package acme

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"io"
	"net/http"
	"time"

	"github.com/mholt/acmez/v3/acme"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

// Window is when an authority suggests that a certificate is renewed (RFC 9773).
type Window struct {
	Start, End  time.Time // End may be over: then it is to be renewed now
	Explanation string    // an address, "" for none
	RetryAfter  time.Time // when the CA wants to be asked again
}

// windowLimit is the longest that a CA is waited for: without an answer the life of the certificate decides.
const windowLimit = 10 * time.Second

// RenewalID names a certificate as RFC 9773 does.
func RenewalID(leaf *x509.Certificate) (string, error) { return acme.ARIUniqueIdentifier(leaf) }

// Window asks when a certificate is to be renewed; false where the CA suggests nothing. It asks on its own: the library
// takes a window that is over, which says "at once", for malformed, and sleeps 7 s over it.
func (c *Client) Window(ctx context.Context, leaf *x509.Certificate) (w Window, suggested bool, err error) {
	ctx, stop := context.WithTimeout(ctx, windowLimit)
	defer stop()
	d, err := c.Directory(ctx)
	if err != nil || d.renewalInfo == "" {
		return w, false, err
	}
	id, err := RenewalID(leaf)
	if err != nil {
		return w, false, c.problem(err)
	}
	answer, err := c.get(ctx, d.renewalInfo+"/"+id)
	if err != nil {
		return w, false, c.problem(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return w, false, c.problem(err)
	}
	_, _, after := c.web.noted()
	w, err = c.window(answer.StatusCode, text)
	w.RetryAfter = after
	return w, err == nil, err
}

func (c *Client) window(status int, text []byte) (w Window, err error) {
	if status != http.StatusOK {
		var said acme.Problem
		if json.Unmarshal(text, &said) != nil || said.Detail == "" {
			return w, c.unsaid(http.ErrNotSupported)
		}
		said.Status = status
		return w, c.said(said)
	}
	var said struct {
		SuggestedWindow struct{ Start, End time.Time }
		ExplanationURL  string
	}
	err = json.Unmarshal(text, &said)
	w.Start, w.End = said.SuggestedWindow.Start.UTC(), said.SuggestedWindow.End.UTC()
	if err != nil || w.Start.IsZero() || !w.End.After(w.Start) { // RFC 9773, section 4.2
		return Window{}, fail.New(fail.Failed, "until it makes sense certificates are renewed by their age",
			"what %s says of when to renew makes no sense", printable.Text(c.ca.Name))
	}
	if isHTTPS(said.ExplanationURL) {
		w.Explanation = short(said.ExplanationURL)
	}
	return w, nil
}
