package fetching

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"time"
)

// Web is what may be reached.
type Web struct {
	Allow     []netip.Prefix    // networks beside the public internet
	Transport http.RoundTripper // instead of both; in tests
}

// Question is what is asked for, and what the answer may take.
type Question struct {
	At        string // http alone
	Body      []byte // posted, if there is any
	Kind      string // of Body
	Most      int64  // bytes of the answer
	Redirects int
	Within    time.Duration
}

// Get gives the bytes of an answer. The error is half a sentence that does not name the address.
func (w Web) Get(ctx context.Context, q Question) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, q.Within)
	defer cancel()
	data, err := w.get(ctx, q)
	switch {
	case err != nil && ctx.Err() == context.DeadlineExceeded:
		return nil, lateError{}
	case err != nil:
		return nil, Cause(err)
	}
	return data, nil
}

// lateError says that the time was over.
type lateError struct{}

func (lateError) Error() string { return "no answer came in time" }
func (lateError) Timeout() bool { return true }

func (w Web) get(ctx context.Context, q Question) ([]byte, error) {
	r, err := q.request(ctx)
	if err != nil {
		return nil, err
	}
	if err := onlyHTTP(r); err != nil {
		return nil, err
	}
	client := http.Client{Transport: w.Transport, CheckRedirect: q.mayRedirect}
	if client.Transport == nil {
		client.Transport = w.transport()
	}
	answer, err := client.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, StatusError{answer.Status}
	}
	if answer.ContentLength > q.Most {
		return nil, q.tooLong()
	}
	data := bytes.NewBuffer(make([]byte, 0, max(answer.ContentLength, 0)+bytes.MinRead))
	_, err = data.ReadFrom(io.LimitReader(answer.Body, q.Most+1))
	if err == nil && int64(data.Len()) > q.Most {
		err = q.tooLong()
	}
	return data.Bytes(), err
}

// StatusError is an answer that is none: "404 Not Found".
type StatusError struct{ Status string }

func (e StatusError) Error() string { return fmt.Sprintf("the server answered %q", e.Status) }

func (q Question) tooLong() error { return fmt.Errorf("the answer is longer than %s", size(q.Most)) }

// request asks for the bytes as they are: what unpacks to more than it was is no way around a bound.
func (q Question) request(ctx context.Context) (*http.Request, error) {
	method := http.MethodGet
	if len(q.Body) > 0 {
		method = http.MethodPost
	}
	r, err := http.NewRequestWithContext(ctx, method, q.At, bytes.NewReader(q.Body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("User-Agent", "certdesk")
	r.Header.Set("Accept-Encoding", "identity")
	if len(q.Body) > 0 {
		r.Header.Set("Content-Type", q.Kind)
	}
	return r, nil
}

func size(bytes int64) string {
	if bytes >= 1<<20 {
		return fmt.Sprintf("%d MB", bytes>>20)
	}
	return fmt.Sprintf("%d KB", bytes>>10)
}

// onlyHTTP refuses https, whose own certificate would have to be asked about first, and all else.
func onlyHTTP(r *http.Request) error {
	if r.URL.Scheme != "http" || r.URL.Host == "" || r.URL.User != nil {
		return fmt.Errorf("only http is asked")
	}
	return nil
}

func (q Question) mayRedirect(r *http.Request, via []*http.Request) error {
	switch {
	case len(via) > q.Redirects:
		return fmt.Errorf("it was redirected more than %d times", q.Redirects)
	case onlyHTTP(r) != nil:
		return fmt.Errorf("it was redirected to %s, and only http is followed", r.URL.Redacted())
	}
	return nil
}
