package acmetest

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"

	"certdesk/certstore/acme/challenge"
)

// Web proves names by http-01 to a Pebble: it is a challenge.Solver that answers on the port where that looks.
type Web struct {
	Wrong error // what Try says, nil for nothing
	Deaf  bool  // it presents nothing, so that the authority finds nothing

	mu     sync.Mutex
	proofs map[string]string // by token
	Out    int               // how many are put out
}

// NewWeb starts one that ends with the test.
func NewWeb(t testing.TB, p *Pebble) *Web {
	t.Helper()
	w := &Web{proofs: map[string]string{}}
	l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", p.HTTPPort))
	if err != nil {
		t.Fatal(err)
	}
	s := &http.Server{Handler: w}
	go s.Serve(l)
	t.Cleanup(func() { s.Close() })
	return w
}

// ServeHTTP answers the authority.
func (w *Web) ServeHTTP(answer http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	defer w.mu.Unlock()
	said, ok := w.proofs[strings.TrimPrefix(r.URL.Path, "/.well-known/acme-challenge/")]
	if !ok {
		http.NotFound(answer, r)
		return
	}
	fmt.Fprint(answer, said)
}

// Present puts a proof out.
func (w *Web) Present(_ context.Context, p challenge.Proof) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.Deaf {
		w.proofs[p.Token] = p.KeyAuthorization
	}
	w.Out = len(w.proofs)
	return nil
}

// Try says what it was told to.
func (w *Web) Try(context.Context, challenge.Proof) error { return w.Wrong }

// Remove takes a proof back.
func (w *Web) Remove(_ context.Context, p challenge.Proof) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.proofs, p.Token)
	w.Out = len(w.proofs)
	return nil
}

// Close does nothing: it ends with the test.
func (w *Web) Close() error { return nil }
