package daemontest

import (
	"encoding/pem"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// Hook is a listener that webhooks are posted to, by https.
type Hook struct {
	URL       string // with a secret in its path
	RootsFile string // PEM of what its certificate is trusted by
	mu        sync.Mutex
	posts     []Post
	fault     http.HandlerFunc
}

// HookSecret is the part of a hook's address that nobody may be shown.
const HookSecret = "T0000000-canary-B1111111"

// Post is what came.
type Post struct {
	Method, Path string
	Header       http.Header
	Body         string
}

// NewHook starts one that ends with the test.
func NewHook(t testing.TB) *Hook {
	t.Helper()
	h := &Hook{RootsFile: filepath.Join(dir(t), "hook.pem")}
	s := httptest.NewTLSServer(h)
	t.Cleanup(s.Close)
	t.Cleanup(s.CloseClientConnections)
	h.URL = s.URL + "/hooks/" + HookSecret
	write(t, h.RootsFile, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})))
	return h
}

// ServeHTTP takes what is posted, and answers as it was told to.
func (h *Hook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	h.mu.Lock()
	h.posts = append(h.posts, Post{r.Method, r.URL.Path, r.Header.Clone(), string(body)})
	fault := h.fault
	h.mu.Unlock()
	if fault != nil {
		fault(w, r)
	}
}

// Answers has it answer in a way of its own; nil: it takes everything.
func (h *Hook) Answers(fault http.HandlerFunc) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.fault = fault
}

// Posts is what came since it was asked last.
func (h *Hook) Posts() []Post {
	h.mu.Lock()
	defer h.mu.Unlock()
	posts := h.posts
	h.posts = nil
	return posts
}

// Says is an answer.
func Says(code int, body string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for _, line := range header {
			name, value, _ := strings.Cut(line, ": ")
			w.Header().Set(name, value)
		}
		w.WriteHeader(code)
		_, _ = io.WriteString(w, body)
	}
}
