package acme

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/mholt/acmez/v3/acme"

	"certdesk/certstore/fail"
	"certdesk/certstore/names"
	"certdesk/certstore/printable"
)

// Status is how far an order or a proof is (RFC 8555, section 7.1.6).
type Status string

// The states of an order. Of a proof there are Pending, Valid and others, which all mean that nothing comes of it.
const (
	Pending    Status = "pending"    // names are to be proven
	Ready      Status = "ready"      // all are; the request may be sent
	Processing Status = "processing" // it was
	Valid      Status = "valid"      // the certificate is there
	Invalid    Status = "invalid"    // nothing comes of it
	Gone       Status = ""           // the CA knows it no longer
)

// Order is what an authority says of an order.
type Order struct {
	URL         string
	Status      Status
	Expires     time.Time
	Certificate string // where the chain is, once it is Valid
	Err         error  // why it is Invalid
	Names       []string
	low         acme.Order
	again       time.Time // when the CA wants to be asked again
}

// Wanted is what is ordered.
type Wanted struct {
	Names    []names.Name
	Profile  string // "" for the CA's own choice
	Replaces string // the certificate whose place it takes, by RenewalID; "" for none
}

// Order orders. The order exists at the CA from then on: its URL is to be written down before anything else.
func (c *Client) Order(ctx context.Context, a Account, w Wanted) (Order, error) {
	if err := c.Offers(ctx, w.Profile); err != nil {
		return Order{}, err
	}
	ask := acme.Order{Profile: w.Profile, Replaces: w.Replaces}
	for _, n := range w.Names {
		id := acme.Identifier{Type: "dns", Value: n.Value}
		if n.Kind == names.IP {
			id.Type = "ip"
		}
		ask.Identifiers = append(ask.Identifiers, id)
	}
	var got acme.Order
	err := c.once(ctx, func(ctx context.Context) (err error) {
		got, err = c.low.NewOrder(ctx, a.low(), ask)
		return err
	})
	if err == nil && !isHTTPS(got.Location) {
		err = c.noACME("it gives the order no address")
	}
	if err != nil {
		return Order{}, err
	}
	return c.order(got), nil
}

// Offers refuses a profile that the authority does not have. Errors: Usage.
func (c *Client) Offers(ctx context.Context, profile string) error {
	d, err := c.Directory(ctx)
	if err != nil || profile == "" {
		return err
	}
	if _, ok := d.Profiles[profile]; ok {
		return nil
	}
	return fail.New(fail.Usage, "it has "+listed(d.Profiles), "%s has no profile called %q", printable.Text(c.ca.Name),
		printable.Text(profile))
}

func listed(profiles map[string]string) string {
	if len(profiles) == 0 {
		return "no profiles: leave it out"
	}
	var list []string
	for name := range profiles {
		list = append(list, name)
	}
	slices.Sort(list)
	return fmt.Sprintf("%q", list)
}

func (c *Client) order(o acme.Order) Order {
	_, _, after := c.web.noted()
	out := Order{URL: o.Location, Status: Status(o.Status), Expires: o.Expires, Certificate: o.Certificate, low: o,
		again: after}
	for _, id := range o.Identifiers {
		out.Names = append(out.Names, id.Value)
	}
	if o.Error != nil {
		out.Err = c.said(*o.Error)
	}
	return out
}

// Get asks how far an order is. One that the CA knows no longer is Gone.
func (c *Client) Get(ctx context.Context, a Account, url string) (Order, error) {
	var got acme.Order
	err := c.step(ctx, func(ctx context.Context) (err error) {
		got, err = c.low.GetOrder(ctx, a.low(), acme.Order{Location: url})
		return err
	})
	if p := ProblemOf(err); p != nil && (p.Status == http.StatusNotFound || p.Status == http.StatusGone) {
		return Order{URL: url, Status: Gone}, nil
	}
	if err != nil {
		return Order{}, err
	}
	got.Location = url
	return c.order(got), nil
}

// Finalize sends the request of an order that is Ready. The library polls after it has sent it, and what it says of a
// state that it finds is of no use; it is given no time for that, and the order is asked for here.
func (c *Client) Finalize(ctx context.Context, a Account, o Order, request []byte) (Order, error) {
	err := c.once(ctx, func(ctx context.Context) error {
		_, err := c.low.FinalizeOrder(ctx, a.low(), o.low, request)
		if _, said := problemIn(err); err != nil && !said && ctx.Err() == nil {
			return nil // it did not find the order valid at once: that is asked for below
		}
		return err
	})
	if err != nil {
		return Order{}, err
	}
	return c.Get(ctx, a, o.URL)
}

// Await asks for an order until it is no longer Processing, or there is no time left: then it is Processing still.
func (c *Client) Await(ctx context.Context, a Account, o Order) (Order, error) {
	ctx, stop := context.WithTimeout(ctx, stepLimit)
	defer stop()
	for wait := shortestPoll; o.Status == Processing; wait = min(2*wait, longestPoll) {
		if !sleep(ctx, c.until(o.again, wait)) {
			if errors.Is(ctx.Err(), context.DeadlineExceeded) {
				return o, nil
			}
			return o, c.problem(ctx.Err())
		}
		next, err := c.Get(ctx, a, o.URL)
		if err != nil {
			return o, err
		}
		o = next
	}
	return o, nil
}

const (
	shortestPoll = 250 * time.Millisecond
	longestPoll  = 5 * time.Second
)

// until is how long to wait for the moment that the CA asked for, or as long as is usual.
func (c *Client) until(again time.Time, usual time.Duration) time.Duration {
	if again.IsZero() {
		return usual
	}
	return max(shortestPoll, again.Sub(c.now()))
}

// Chain fetches a certificate with its chain, as PEM.
func (c *Client) Chain(ctx context.Context, a Account, url string) ([]byte, error) {
	var chain []byte
	err := c.step(ctx, func(ctx context.Context) error {
		got, err := c.low.GetCertificateChain(ctx, a.low(), url)
		if len(got) > 0 {
			chain = got[0].ChainPEM
		}
		return err
	})
	return chain, err
}
