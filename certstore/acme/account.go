package acme

import (
	"context"
	"crypto"
	"encoding/base64"
	"errors"
	"strings"

	"github.com/mholt/acmez/v3/acme"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

// Registration is what an account is registered with.
type Registration struct {
	Contact string // a mail address, or ""
	// the customer's account that it is bound to (RFC 8555, section 7.3.4); both are "" for none
	EABKid, EABKey string
}

// Register makes an account of a key, or finds the one that the key has, and gives its URL. Whoever calls has accepted
// the terms.
func (c *Client) Register(ctx context.Context, key crypto.Signer, r Registration) (url string, err error) {
	err = c.step(ctx, func(ctx context.Context) error {
		a := acme.Account{TermsOfServiceAgreed: true, PrivateKey: key}
		if r.Contact != "" {
			a.Contact = []string{"mailto:" + r.Contact}
		}
		if r.EABKid != "" {
			mac, err := macKey(r.EABKey)
			if err != nil {
				return err
			}
			if err := a.SetExternalAccountBinding(ctx, c.low, acme.EAB{KeyID: r.EABKid, MACKey: mac}); err != nil {
				return err
			}
		}
		got, err := c.low.NewAccount(ctx, a)
		url = got.Location
		return err
	})
	if err == nil && !isHTTPS(url) {
		err = c.noACME("it gives the account no address")
	}
	return url, c.ofCustomer(err, r)
}

// ofCustomer says of a refusal that it is about the customer's key, which a CA calls unauthorized like much else.
func (c *Client) ofCustomer(err error, r Registration) error {
	if r.EABKid == "" || !IsType(err, Unauthorized) {
		return err
	}
	p := *ProblemOf(err)
	p.text = printable.Text(c.ca.Name) + " does not take the customer's key: " + p.Detail
	return fail.New(fail.Failed, "compare eab_kid and what eab_key_file holds with what the CA gave; some count once",
		"%w", &p)
}

// macKey is a key as CAs give it: base64, of either alphabet, with or without its padding.
func macKey(text string) (string, error) {
	text = strings.TrimRight(strings.NewReplacer("+", "-", "/", "_").Replace(strings.TrimSpace(text)), "=")
	key, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(key) < 16 {
		return "", fail.New(fail.InvalidConfig, "copy the key from the CA's page into the file, alone",
			"what eab_key_file holds is not a key in base64")
	}
	return text, nil
}

// Lookup is the URL of the account that a key has, "" for none.
func (c *Client) Lookup(ctx context.Context, key crypto.Signer) (url string, err error) {
	err = c.step(ctx, func(ctx context.Context) error {
		got, err := c.low.GetAccount(ctx, acme.Account{PrivateKey: key})
		url = got.Location
		return err
	})
	if IsType(err, NoAccount) {
		return "", nil
	}
	return url, err
}

// Roll gives an account another key (RFC 8555, section 7.3.5).
func (c *Client) Roll(ctx context.Context, a Account, to crypto.Signer) error {
	return c.step(ctx, func(ctx context.Context) error {
		_, err := c.low.AccountKeyRollover(ctx, a.low(), to)
		return err
	})
}

func (a Account) low() acme.Account { return acme.Account{Location: a.URL, PrivateKey: a.Key} }

// step is one call that may be made twice, within its limits.
func (c *Client) step(ctx context.Context, ask func(context.Context) error) error {
	if _, err := c.Directory(ctx); err != nil {
		return err
	}
	ctx, stop := context.WithTimeout(ctx, stepLimit)
	defer stop()
	return c.patiently(ctx, func() error { return c.problem(ended(ctx, ask(ctx))) })
}

// once is a call that is not made twice: the CA may have done what it was asked for although it did not answer.
func (c *Client) once(ctx context.Context, ask func(context.Context) error) error {
	if _, err := c.Directory(ctx); err != nil {
		return err
	}
	ctx, stop := context.WithTimeout(ctx, stepLimit)
	defer stop()
	return c.problem(ended(ctx, ask(ctx)))
}

// ended is the end of a context in the place of what it did to a call: that may look like an answer of no authority.
func ended(ctx context.Context, err error) error {
	_, said := problemIn(err)
	var told *fail.Error
	if err == nil || ctx.Err() == nil || said || errors.As(err, &told) {
		return err
	}
	return ctx.Err()
}
