// Package acme talks to an ACME authority (RFC 8555): its directory, an account, an order from newOrder to the chain,
// revocation, another key for the account, and when it suggests to renew (RFC 9773).
//
// Every call ends: each has a limit in time, and no answer is read beyond its own. What the CA says is told in a
// sentence that is printable and bounded, with when it wants to be asked again. Nothing is kept between calls: what has
// to be known after a kill is the caller's to write down.
package acme

import (
	"context"
	"crypto"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/mholt/acmez/v3/acme"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

// CA is an authority as it is configured.
type CA struct {
	Name      string         // what people call it
	Directory string         // https
	Roots     *x509.CertPool // of its own HTTPS; nil for the system's
}

// Account is who asks.
type Account struct {
	URL string
	Key crypto.Signer
}

// Directory is what an authority says of itself.
type Directory struct {
	Terms           string // the address of its terms; "" for none
	Website         string
	CAAIdentities   []string // what a CAA record names it by
	ExternalAccount bool     // it wants to know which of its customers asks
	Profiles        map[string]string

	renewalInfo string
	raw         map[string]any
}

// Client asks one authority. It is for one goroutine.
type Client struct {
	ca   CA
	now  func() time.Time
	web  *web
	low  *acme.Client
	dir  Directory
	read bool // dir was read
}

// The longest that one step may take, and one request of it.
const (
	stepLimit    = 2 * time.Minute
	requestLimit = 30 * time.Second
)

// New gives a client of an authority; nothing is asked yet. now is the clock that Retry-After is added to.
func New(ca CA, now func() time.Time) *Client {
	w := newWeb(ca, now)
	return &Client{ca: ca, now: now, web: w, low: &acme.Client{
		Directory: ca.Directory, UserAgent: "certdesk", PollTimeout: time.Nanosecond, // see Finalize
		HTTPClient: &http.Client{Transport: w, Timeout: requestLimit, CheckRedirect: noRedirect},
	}}
}

// Close lets go of the connections.
func (c *Client) Close() { c.low.HTTPClient.CloseIdleConnections() }

// Directory reads what the authority says of itself, once.
func (c *Client) Directory(ctx context.Context) (Directory, error) {
	if c.read {
		return c.dir, nil
	}
	ctx, stop := context.WithTimeout(ctx, stepLimit)
	defer stop()
	var d Directory
	err := c.patiently(ctx, func() (err error) {
		d, err = c.readDirectory(ctx)
		return err
	})
	if err != nil {
		return Directory{}, err
	}
	c.dir, c.read = d, true
	return d, nil
}

func (c *Client) readDirectory(ctx context.Context) (Directory, error) {
	answer, err := c.get(ctx, c.ca.Directory)
	if err != nil {
		return Directory{}, c.problem(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return Directory{}, c.problem(err)
	}
	d := Directory{}
	if answer.StatusCode != http.StatusOK || json.Unmarshal(text, &d.raw) != nil {
		return Directory{}, c.problem(fmt.Errorf("HTTP %d", answer.StatusCode))
	}
	var said struct {
		NewNonce, NewAccount, NewOrder, RevokeCert, KeyChange, RenewalInfo string
		Meta                                                               struct {
			TermsOfService, Website string
			CAAIdentities           []string
			ExternalAccountRequired bool
			Profiles                map[string]string
		}
	}
	if err := json.Unmarshal(text, &said); err != nil {
		return Directory{}, c.noACME("its directory is not written as ACME has it")
	}
	for _, address := range []string{said.NewNonce, said.NewAccount, said.NewOrder, said.RevokeCert} {
		if !isHTTPS(address) {
			return Directory{}, c.noACME("its directory lacks an https address that it needs")
		}
	}
	d.renewalInfo = strings.TrimSuffix(said.RenewalInfo, "/")
	d.Terms, d.Website = short(said.Meta.TermsOfService), short(said.Meta.Website)
	d.CAAIdentities, d.ExternalAccount = shorts(said.Meta.CAAIdentities), said.Meta.ExternalAccountRequired
	d.Profiles = map[string]string{}
	for name, what := range said.Meta.Profiles {
		d.Profiles[short(name)] = short(what)
	}
	return d, c.web.serveDirectory(d.raw)
}

// get asks without a signature.
func (c *Client) get(ctx context.Context, address string) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	r.Header.Set("User-Agent", c.low.UserAgent)
	return c.low.HTTPClient.Do(r)
}

// noACME refuses who is no ACME authority.
func (c *Client) noACME(why string) error {
	return fail.New(fail.Failed, "compare the address with what the CA gives as its ACME directory",
		"%s does not answer as an ACME CA does: %s", printable.Text(c.ca.Directory), why)
}

func isHTTPS(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Scheme == "https" && u.Host != ""
}

// waits are how long to wait before trying again what a hurried CA refused.
var waits = []time.Duration{time.Second, 3 * time.Second}

// patiently tries again what went wrong for a moment, unless the CA wants to be left alone for longer than a person
// waits. It is for what may be asked twice.
func (c *Client) patiently(ctx context.Context, ask func() error) error {
	err := ask()
	for _, wait := range waits {
		p := ProblemOf(err)
		if p == nil || !p.Temporary || p.RetryAfter.After(c.now().Add(requestLimit)) {
			return err
		}
		if !p.RetryAfter.IsZero() {
			wait = max(wait, p.RetryAfter.Sub(c.now()))
		}
		if !sleep(ctx, wait) {
			return err
		}
		if next := ask(); next == nil || ctx.Err() == nil {
			err = next
		}
	}
	return err
}

// sleep says whether it slept to the end.
func sleep(ctx context.Context, wait time.Duration) bool {
	select {
	case <-time.After(wait):
		return true
	case <-ctx.Done():
		return false
	}
}
