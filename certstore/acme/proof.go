package acme

import (
	"context"
	"slices"

	"github.com/mholt/acmez/v3/acme"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

// Authorization is one name of an order, and how it can be proven (RFC 8555, section 7.1.4).
type Authorization struct {
	Name     string // A-label or address, without "*."
	Wildcard bool
	Status   Status
	Ways     []string // that the CA offers
	low      acme.Authorization
}

// Shown is the name as it is in the certificate.
func (z Authorization) Shown() string {
	if z.Wildcard {
		return "*." + z.Name
	}
	return z.Name
}

// Challenge is one way of proof for one name.
type Challenge struct {
	Type             string
	Token            string
	KeyAuthorization string
	Issuers          []string // of dns-persist-01
	Begun            bool     // the CA was told already
}

// Authorizations are those of an order.
func (c *Client) Authorizations(ctx context.Context, a Account, o Order) (list []Authorization, err error) {
	for _, url := range o.low.Authorizations {
		z, err := c.authorization(ctx, a, url)
		if err != nil {
			return nil, err
		}
		list = append(list, z)
	}
	return list, nil
}

func (c *Client) authorization(ctx context.Context, a Account, url string) (Authorization, error) {
	var got acme.Authorization
	err := c.step(ctx, func(ctx context.Context) (err error) {
		got, err = c.low.GetAuthorization(ctx, a.low(), url)
		return err
	})
	z := Authorization{Name: got.Identifier.Value, Wildcard: got.Wildcard, Status: Status(got.Status), low: got}
	for _, ch := range got.Challenges {
		z.Ways = append(z.Ways, short(ch.Type))
	}
	return z, err
}

// By is the challenge of a way. Errors: Usage where the CA does not offer it for the name.
func (c *Client) By(z Authorization, way string) (Challenge, error) {
	for _, ch := range z.low.Challenges {
		if ch.Type == way {
			return Challenge{Type: way, Token: ch.Token, KeyAuthorization: ch.KeyAuthorization,
				Issuers: ch.IssuerDomainNames, Begun: ch.Status != acme.StatusPending}, nil
		}
	}
	hint := "choose another challenge in the [[acme]] table"
	if z.Wildcard {
		hint = "a wildcard is proven by a record in DNS alone: challenge = \"dns-01\""
	}
	return Challenge{}, fail.New(fail.Usage, hint, "%s does not prove %s by %s; it offers %q", printable.Text(c.ca.Name),
		printable.Text(z.Shown()), way, z.Ways)
}

// Begin tells the CA that a name can be proven in a way.
func (c *Client) Begin(ctx context.Context, a Account, z Authorization, way string) error {
	at := slices.IndexFunc(z.low.Challenges, func(ch acme.Challenge) bool { return ch.Type == way })
	if at < 0 {
		_, err := c.By(z, way)
		return err
	}
	if z.low.Challenges[at].Status != acme.StatusPending {
		return nil
	}
	err := c.step(ctx, func(ctx context.Context) error {
		_, err := c.low.InitiateChallenge(ctx, a.low(), z.low.Challenges[at])
		return err
	})
	if IsType(err, Malformed) { // it was told before, and asked twice: Proven sees what came of it
		return nil
	}
	return err
}

// Proven waits until a name is proven, or cannot be.
func (c *Client) Proven(ctx context.Context, a Account, z Authorization, way string) error {
	ctx, stop := context.WithTimeout(ctx, stepLimit)
	defer stop()
	for wait := shortestPoll; ; wait = min(2*wait, longestPoll) {
		_, _, again := c.web.noted()
		if !sleep(ctx, c.until(again, wait)) {
			return c.problem(ctx.Err())
		}
		now, err := c.authorization(ctx, a, z.low.Location)
		switch {
		case err != nil:
			return err
		case now.Status == Valid:
			return nil
		case now.Status != Pending:
			return c.notProven(now, way)
		}
	}
}

// notProven says why a proof has failed, in the CA's words.
func (c *Client) notProven(z Authorization, way string) error {
	p := &Problem{Type: "unauthorized", Detail: "it is " + short(string(z.Status)), Names: []string{short(z.Shown())}}
	for _, ch := range z.low.Challenges {
		if ch.Error != nil {
			p.Type, p.Status, p.Detail = word(ch.Error.Type), ch.Error.Status, detail(*ch.Error)
		}
	}
	text, hint := p.notProven(printable.Text(c.ca.Name), short(z.Shown()), way)
	p.text = text
	return fail.New(fail.Failed, hint, "%w", p)
}
