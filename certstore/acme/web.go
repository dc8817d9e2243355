package acme

import (
	"bytes"
	"crypto/tls"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// maxAnswer is the longest answer that is read: a chain has some 6 KB, a directory one.
const maxAnswer = 1 << 20

var (
	errPlain    = errors.New("it names an address that is not https")
	errRedirect = errors.New("it answers with a redirect")
	errTooLong  = errors.New("its answer is longer than 1 MB")
)

// web carries the requests of one client. It takes https alone, bounds what is read, and keeps what the library drops
// of a refusal: the status and Retry-After.
type web struct {
	to        *http.Transport
	directory string
	now       func() time.Time

	mu    sync.Mutex
	own   []byte // the directory for the library
	last  int    // the status of the last answer
	kind  string // and its type
	after time.Time

	keeps bool // answers, for who reads what the library does not
	text  []byte
	links string
}

func newWeb(ca CA, now func() time.Time) *web {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.TLSClientConfig = &tls.Config{RootCAs: ca.Roots, MinVersion: tls.VersionTLS12}
	t.MaxIdleConns, t.IdleConnTimeout = 2, 10*time.Second // a desk stays open for days
	return &web{to: t, directory: ca.Directory, now: now}
}

// noRedirect refuses redirects: an authority has none where it is asked (RFC 8555, section 6.2), and a signature is
// for one address.
func noRedirect(*http.Request, []*http.Request) error { return errRedirect }

// serveDirectory has the library read the directory that was read and looked at already. It leaves out the address of
// renewal information, which the library would ask on its own with every chain, up to three times and 7 s long.
func (w *web) serveDirectory(said map[string]any) error {
	kept := map[string]any{}
	for key, value := range said {
		if key != "renewalInfo" {
			kept[key] = value
		}
	}
	text, err := json.Marshal(kept)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.own = text
	return err
}

// CloseIdleConnections is http.Client's.
func (w *web) CloseIdleConnections() { w.to.CloseIdleConnections() }

// RoundTrip is http.RoundTripper's.
func (w *web) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Scheme != "https" {
		return nil, errPlain
	}
	w.mu.Lock()
	own := w.own
	w.mu.Unlock()
	if own != nil && r.Method == http.MethodGet && r.URL.String() == w.directory {
		return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}},
			Body: io.NopCloser(bytes.NewReader(own)), Request: r}, nil
	}
	w.note(0, "", time.Time{})
	answer, err := w.to.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	w.note(answer.StatusCode, answer.Header.Get("Content-Type"), w.retryAfter(answer))
	answer.Body = &bounded{body: answer.Body, left: maxAnswer}
	return answer, w.read(answer)
}

// keep has answers kept from now on, or no more.
func (w *web) keep(yes bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.keeps, w.text, w.links = yes, nil, ""
}

// kept is the last answer, and its links.
func (w *web) kept() (text []byte, links string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text, w.links
}

// read keeps an answer, where that is wanted.
func (w *web) read(answer *http.Response) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.keeps {
		return nil
	}
	text, err := io.ReadAll(answer.Body)
	answer.Body.Close()
	answer.Body = io.NopCloser(bytes.NewReader(text))
	w.text, w.links = text, strings.Join(answer.Header["Link"], ", ")
	return err
}

func (w *web) note(status int, kind string, after time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.last, w.kind, w.after = status, kind, after
}

// noted is what the last answer said beside its text.
func (w *web) noted() (status int, kind string, after time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.last, w.kind, w.after
}

// longest is the longest that a CA may have us wait: beyond it somebody has made a mistake.
const longest = 30 * 24 * time.Hour

// retryAfter is the moment that a header asks for, in seconds or as a date (RFC 9110, section 10.2.3); zero where it is
// neither.
func (w *web) retryAfter(answer *http.Response) time.Time {
	text, now := answer.Header.Get("Retry-After"), w.now()
	at, err := http.ParseTime(text)
	if seconds, wrong := strconv.ParseUint(text, 10, 32); wrong == nil {
		at, err = now.Add(time.Duration(seconds)*time.Second), nil
	}
	if err != nil || at.Before(now) {
		return time.Time{}
	}
	if at.After(now.Add(longest)) {
		at = now.Add(longest)
	}
	return at.UTC().Truncate(time.Second)
}

// bounded is a body that ends with an error where it is too long.
type bounded struct {
	body io.ReadCloser
	left int
}

func (b *bounded) Read(p []byte) (int, error) {
	if len(p) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.body.Read(p)
	if b.left -= n; b.left < 0 {
		return 0, errTooLong
	}
	return n, err
}

func (b *bounded) Close() error { return b.body.Close() }
