package challenge

import (
	"context"
	"io"
	"log"
	"net/http"
	"strings"
	"sync"
	"time"
)

// wellKnown is where an authority asks (RFC 8555 section 8.3).
const wellKnown = "/.well-known/acme-challenge/"

// standalone answers itself, at the port or behind a front, for as long as there is something to prove.
type standalone struct {
	web
	mu     sync.Mutex
	proofs map[string]string // by token
	server *http.Server      // nil while nothing is to be proven
}

func newStandalone(o Options) *standalone {
	return &standalone{web: newWeb(o), proofs: map[string]string{}}
}

func (s *standalone) Present(_ context.Context, p Proof) error {
	if err := wellFormed(p); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.server == nil {
		if err := s.start(); err != nil {
			return err
		}
	}
	s.proofs[p.Token] = p.KeyAuthorization
	return nil
}

func (s *standalone) start() error {
	listeners, err := listen(s.listener(s.port, s.listenHTTP), webrootInstead)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: s, ReadHeaderTimeout: 5 * time.Second, WriteTimeout: 10 * time.Second,
		MaxHeaderBytes: 16 << 10, ErrorLog: log.New(io.Discard, "", 0)}
	for _, l := range listeners {
		go server.Serve(l)
	}
	s.server = server
	return nil
}

func (s *standalone) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	token, ours := strings.CutPrefix(r.URL.Path, wellKnown)
	s.mu.Lock()
	answer, known := s.proofs[token]
	s.mu.Unlock()
	if !ours || !known {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	io.WriteString(w, answer)
}

func (s *standalone) Remove(_ context.Context, p Proof) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.proofs, p.Token)
	if len(s.proofs) == 0 {
		return s.stop()
	}
	return nil
}

func (s *standalone) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stop()
}

func (s *standalone) stop() error {
	if s.server == nil {
		return nil
	}
	err := s.server.Close()
	s.server = nil
	return err
}
