package acme

import (
	"context"
	"encoding/json"
	"regexp"

	"github.com/mholt/acmez/v3/acme"
)

// How much of an account's list of orders is read: an order that is looked for is a new one, and an authority that
// lists all that ever were has many.
const (
	mostPages  = 60
	mostOrders = 12
)

// Waiting are the orders of an account that the authority waits to be gone on with, but for those that are known: one
// whose answer was lost is among them (RFC 8555, section 7.1.2.1). Not every authority has such a list, and none of it
// is needed, so what cannot be had is none.
func (c *Client) Waiting(ctx context.Context, a Account, known func(url string) bool) (list []Order) {
	for i, url := range c.listed(ctx, a, known) {
		if i == mostOrders {
			break
		}
		o, err := c.Get(ctx, a, url)
		if err == nil && (o.Status == Pending || o.Status == Ready) {
			list = append(list, o)
		}
	}
	return list
}

// listed are the addresses of an account's orders that are not known.
func (c *Client) listed(ctx context.Context, a Account, known func(url string) bool) (list []string) {
	var of acme.Account
	err := c.step(ctx, func(ctx context.Context) (err error) {
		of, err = c.low.GetAccount(ctx, acme.Account{PrivateKey: a.Key})
		return err
	})
	page := of.Orders
	for n := 0; err == nil && isHTTPS(page) && n < mostPages; n++ {
		var urls []string
		if urls, page, err = c.page(ctx, a, page); err != nil {
			break
		}
		for _, url := range urls {
			if isHTTPS(url) && !known(url) {
				list = append(list, url)
			}
		}
	}
	return list
}

// page reads one page of the list. The library knows no list: it is asked for an order, and what was answered is read
// beside it.
func (c *Client) page(ctx context.Context, a Account, at string) (urls []string, next string, err error) {
	defer c.web.keep(false)
	c.web.keep(true)
	err = c.once(ctx, func(ctx context.Context) error {
		_, err := c.low.GetOrder(ctx, a.low(), acme.Order{Location: at})
		return err
	})
	text, link := c.web.kept()
	var said struct{ Orders []string }
	if err == nil {
		err = json.Unmarshal(text, &said)
	}
	if m := nextPage.FindStringSubmatch(link); m != nil {
		next = m[1]
	}
	return said.Orders, next, err
}

var nextPage = regexp.MustCompile(`<([^<>]+)>;\s*rel="next"`)
