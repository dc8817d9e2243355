package answering

import (
	"bytes"
	"context"
	"crypto/tls"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"certdesk/certstore/names"
	"certdesk/certstore/printable"
	"certdesk/certstore/probe"
)

// page is what a web server answered to a client that has not said who it is.
type page struct {
	status int
	kind   string // the media type
	to     string // where it redirects to
	body   []byte // its beginning
	err    error
}

const mostBody = 4 << 10

// get asks for a page as Outlook begins to: with no password, and from the address that was looked up. Its certificate
// was judged already, so that nothing here depends on it.
func (t *trip) get(u *url.URL, to led) (p page) {
	ctx, end := context.WithTimeout(t.ctx, webTime)
	defer end()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return page{err: err}
	}
	r.Header.Set("User-Agent", "certdesk")
	client := http.Client{Transport: t.transport(to), CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
	got, err := client.Do(r)
	if err != nil {
		return page{err: err}
	}
	defer got.Body.Close()
	p.status, p.to = got.StatusCode, got.Header.Get("Location")
	p.kind, _, _ = mime.ParseMediaType(got.Header.Get("Content-Type"))
	p.body, _ = io.ReadAll(io.LimitReader(got.Body, mostBody))
	return p
}

// transport dials one address, whatever name it is asked for.
func (t *trip) transport(to led) http.RoundTripper {
	dial := t.Dial
	if dial == nil {
		dial = (&net.Dialer{}).DialContext
	}
	return &http.Transport{
		DisableKeepAlives:      true,
		TLSClientConfig:        &tls.Config{InsecureSkipVerify: true}, // the probe has judged it
		MaxResponseHeaderBytes: 16 << 10,
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			_, number, err := net.SplitHostPort(address)
			if err != nil {
				return nil, err
			}
			return dial(ctx, network, net.JoinHostPort(to.address.String(), number))
		},
	}
}

// redirects says whether a page only says where to go.
func (p page) redirects() bool {
	return p.status >= 301 && p.status <= 308 && p.status != 304 && p.to != ""
}

// asksWho says whether a service stands there that wants to know who asks.
func (p page) asksWho() bool {
	return p.status == http.StatusUnauthorized || p.status == http.StatusForbidden
}

// isXML says whether a page can be what autodiscover answers.
func (p page) isXML() bool {
	return strings.HasSuffix(p.kind, "xml") && !strings.Contains(p.kind, "html") ||
		bytes.Contains(bytes.ToLower(p.body), []byte("<autodiscover"))
}

// words are a page in half a sentence.
func (p page) words() string {
	switch {
	case p.err != nil:
		return "it gives no answer by HTTP"
	case p.status == http.StatusUnauthorized:
		return "it asks for a password"
	case p.isXML() && p.status < 400:
		return "it answers with XML"
	}
	text := "it answers " + strconv.Itoa(p.status)
	if strings.Contains(p.kind, "html") {
		text += " with a web page"
	}
	return printable.Text(text)
}

// follow goes to a page and where it redirects to, hop by hop, until there is an answer. Each hop over https is a place
// of its own, for a client sees the certificate of each.
func (t *trip) follow(way Way, start string, good func(page) bool) (list []Place) {
	at, via := start, []string(nil)
	for {
		p, got := t.hop(way, at)
		p.Via = via
		next, loop := nextHop(at, got.to, via)
		switch {
		case !got.redirects() || next == "":
			t.settle(&p, got, good)
			return append(list, p)
		case loop:
			p.Outcome, p.Text = Loops, "it redirects in a circle, or more than "+strconv.Itoa(mostHops)+" times"
			return append(list, p)
		}
		p.Outcome, p.Text = Elsew, "it redirects to "+printable.Text(next)
		list, via, at = append(list, p), append(via[:len(via):len(via)], printable.Text(at)), next
	}
}

// settle says what stands at the end of a way.
func (t *trip) settle(p *Place, got page, good func(page) bool) {
	switch {
	case p.Outcome != Seen && p.Outcome != "":
	case got.err != nil && !p.Served():
		p.Outcome, p.Text = NoOne, "nobody answers"
	case good(got):
		p.Outcome, p.Text = Found, got.words()
	default:
		p.Outcome, p.Text = Other, got.words()
	}
}

// hop asks one URL, and the port below it where it speaks TLS.
func (t *trip) hop(way Way, at string) (Place, page) {
	p := Place{Way: way, URL: printable.Text(at)}
	u, host, ok := webURL(at)
	if !ok {
		p.Outcome, p.Text = Skipped, "certdesk does not follow that"
		return p, page{}
	}
	to := t.lead(host)
	if !to.address.IsValid() {
		p.Host, p.Outcome, p.Text = host, to.outcome, to.text
		return p, page{}
	}
	got := make(chan page, 1)
	go func() { got <- t.get(u, to) }()
	if u.Scheme == "https" {
		p = t.port(way, probe.HTTPS, host, portOf(u))
		p.URL = printable.Text(at)
	}
	p.Host = host
	return p, <-got
}

// webURL takes a URL that is followed apart: http to its usual port and https to any, without a password.
func webURL(text string) (u *url.URL, host string, ok bool) {
	u, err := url.Parse(text)
	if err != nil || u.User != nil || u.Scheme != "https" && (u.Scheme != "http" || u.Port() != "") {
		return nil, "", false
	}
	n, err := names.Normalize(u.Hostname())
	if err != nil || n.Kind == names.Email || strings.HasPrefix(n.Value, "*") {
		return nil, "", false
	}
	return u, n.Value, true
}

func portOf(u *url.URL) string {
	if u.Port() == "" {
		return "443"
	}
	return u.Port()
}

// nextHop is where a redirect leads from a place, and whether it was there before or too far.
func nextHop(at, to string, via []string) (next string, loop bool) {
	from, err := url.Parse(at)
	if err != nil || to == "" {
		return "", false
	}
	u, err := from.Parse(to)
	if err != nil {
		return "", false
	}
	next = u.String()
	for _, had := range append(via, at) {
		loop = loop || had == next
	}
	return next, loop || len(via) >= mostHops
}
