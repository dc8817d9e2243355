package challenge

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
	"certdesk/certstore/services/daemon"
)

// What Let's Encrypt follows and reads of an answer (letsencrypt.org/docs/challenge-types, Boulder's va/http.go).
const (
	maxRedirects = 10
	maxBody      = 512
	answerTime   = 10 * time.Second
	maxRequests  = 25 // all the addresses of all the redirects of one proof
)

// web tries http-01 as an authority does: at each address of the name, with its redirects.
type web struct {
	asker
	port, tls int // at which the authority asks

	listenHTTP, listenTLS string // where that is answered by certdesk; "" for the ports themselves
	warn                  func(string)
}

func newWeb(o Options) web {
	return web{newAsker(o), o.HTTPPort, o.TLSPort, o.HTTPListen, o.TLSListen, o.Warn}
}

// Try asks at every address, since an authority takes any of them, and IPv6 first.
func (w web) Try(ctx context.Context, p Proof) error {
	at := url.URL{Scheme: "http", Host: w.host(p.Name), Path: wellKnown + p.Token}
	t := trial{web: w, proof: p}
	return t.everywhere(ctx, p.Name, func(address netip.Addr) error {
		t.failed = false
		return t.fetch(ctx, &at, address, nil)
	})
}

// host is a name or address as a URL has it.
func (w web) host(name string) string {
	if w.port != 80 {
		return net.JoinHostPort(name, strconv.Itoa(w.port))
	}
	if strings.Contains(name, ":") {
		return "[" + name + "]"
	}
	return name
}

// What to do about an address that does not answer, and about a redirect.
const (
	unreached    = "let the port be reached from everywhere, or prove by DNS"
	redirectLess = "answer " + wellKnown + " before any redirect"
)

// fetch asks one address for a URL, and where it is redirected, there.
func (t *trial) fetch(ctx context.Context, at *url.URL, address netip.Addr, way []*url.URL) error {
	t.asked++
	if t.asked > maxRequests {
		return fail.New(fail.Failed, redirectLess, "%s leads to too many addresses", printable.Text(at.Host))
	}
	answer, body, err := t.get(ctx, at, address)
	here := where(at, address, way)
	if noWay(err) {
		return err
	}
	if err != nil {
		return unanswered(address, err, fail.New(fail.Failed, unreached, "%s does not answer: %s", here, cause(err)))
	}
	if next := answer.Header.Get("Location"); next != "" && isRedirect(answer.StatusCode) {
		return t.redirected(ctx, at, next, address, way)
	}
	if answer.StatusCode == http.StatusOK && strings.TrimRight(body, " \t\r\n") == t.proof.KeyAuthorization {
		return nil
	}
	line, _, _ := strings.Cut(strings.TrimSpace(body), "\n")
	return fail.New(fail.Failed, "let the web server answer "+wellKnown+
		" for this name from the webroot that certdesk was given, "+
		"before any redirect", "%s answers %s and not the proof", here, statusLine(answer, beginning(line)))
}

// beginning is a foreign line, fit to be shown.
func beginning(line string) string {
	line = strings.ToValidUTF8(strings.TrimSpace(line), "?")
	if len(line) > 80 {
		line = strings.ToValidUTF8(line[:80], "") + "…"
	}
	return printable.Text(line)
}

// where names one request: its URL without the token, the address, and what led there.
func where(at *url.URL, address netip.Addr, way []*url.URL) string {
	text := fmt.Sprintf("%s at %s", short(at), address)
	if address.Is6() {
		text += " (IPv6)"
	}
	switch len(way) {
	case 0:
		return text
	case 1:
		return text + ", redirected from " + short(way[0])
	}
	return fmt.Sprintf("%s, after %d redirects from %s", text, len(way), short(way[0]))
}

func isRedirect(status int) bool {
	switch status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect,
		http.StatusPermanentRedirect:
		return true
	}
	return false
}

// statusLine is what a server answered, with how the body began.
func statusLine(answer *http.Response, line string) string {
	status := fmt.Sprintf("%d %s", answer.StatusCode, http.StatusText(answer.StatusCode))
	if line == "" {
		return status
	}
	return status + ` ("` + line + `")`
}

// redirected goes where an answer leads, if an authority would: to ports 80 and 443, to names only.
func (t *trial) redirected(ctx context.Context, at *url.URL, to string, address netip.Addr, way []*url.URL) error {
	here := where(at, address, way)
	next, err := at.Parse(to)
	switch {
	case err != nil:
		return redirectRefused(here, to, "is no URL")
	case slices.ContainsFunc(way, func(u *url.URL) bool { return *u == *next }) || *next == *at:
		return redirectRefused(here, to, "leads in a circle")
	case len(way) >= maxRedirects:
		return redirectRefused(here, to, fmt.Sprintf("is one redirect more than the %d that are followed", maxRedirects))
	case next.Scheme != "http" && next.Scheme != "https":
		return redirectRefused(here, to, "is neither http nor https")
	case !t.usualPort(next):
		return redirectRefused(here, to, "is another port than 80 and 443")
	}
	way = append(way[:len(way):len(way)], at)
	if strings.EqualFold(next.Hostname(), at.Hostname()) {
		return t.fetch(ctx, next, address, way)
	}
	if _, err := netip.ParseAddr(next.Hostname()); err == nil {
		return redirectRefused(here, to, "is an address and no name")
	}
	return t.everywhere(ctx, next.Hostname(), func(address netip.Addr) error {
		if t.failed {
			return nil // one thing wrong behind a redirect is enough to tell
		}
		err := t.fetch(ctx, next, address, way)
		t.failed = err != nil && !noWay(err) && !errors.Is(err, errNAT)
		return err
	})
}

// short is a URL without what every URL of a proof ends in.
func short(at *url.URL) string {
	path := at.Path
	if strings.HasPrefix(path, wellKnown) {
		path = ""
	}
	return printable.Text(at.Scheme + "://" + at.Host + path)
}

func redirectRefused(here, to, why string) error {
	return fail.New(fail.Failed, redirectLess, "%s redirects to %s, which %s", here,
		printable.Text(daemon.Shorten(to)), why)
}

func (t *trial) usualPort(at *url.URL) bool {
	switch at.Port() {
	case "", "80", "443", strconv.Itoa(t.port), strconv.Itoa(t.tls):
		return true
	}
	return false
}

// get asks one address, whatever the name in the URL says. Over https it looks at no certificate, as authorities do.
func (t *trial) get(ctx context.Context, at *url.URL, address netip.Addr) (*http.Response, string, error) {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	ask, err := http.NewRequestWithContext(ctx, http.MethodGet, at.String(), nil)
	if err != nil {
		return nil, "", err
	}
	ask.Header.Set("User-Agent", "certdesk")
	dial := func(ctx context.Context, network, hostPort string) (net.Conn, error) {
		_, port, err := net.SplitHostPort(hostPort)
		if err != nil {
			return nil, err
		}
		return new(net.Dialer).DialContext(ctx, network, net.JoinHostPort(address.String(), port))
	}
	line := http.Transport{DialContext: dial, DisableKeepAlives: true, MaxResponseHeaderBytes: 32 << 10,
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}
	answer, err := line.RoundTrip(ask)
	if err != nil {
		return nil, "", err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxBody))
	return answer, string(body), err
}
