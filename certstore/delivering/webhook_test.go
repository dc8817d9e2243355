package delivering

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"certdesk/certstore/config"
	"certdesk/certstore/daemontest"
)

// patience is short in tests.
func init() { postTime, naps = time.Second, []time.Duration{time.Millisecond, time.Millisecond} }

func posted(t *testing.T, n config.Notify) (string, error) {
	t.Helper()
	receipt, err := Doors([]config.Notify{n}, "mail01.test")[0].Bring(t.Context(), letter())
	if err != nil && strings.Contains(err.Error(), daemontest.HookSecret) || strings.Contains(receipt, daemontest.HookSecret) {
		t.Errorf("the secret is told: %q, %v", receipt, err)
	}
	return receipt, err
}

func file(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestAWebhookIsSignedAndNamesItsLetter(t *testing.T) {
	h := daemontest.NewHook(t)
	n := config.Notify{WebhookFile: file(t, h.URL+"\n"), CAFile: h.RootsFile, SecretFile: file(t, "pepper\n")}
	receipt, err := posted(t, n)
	if err != nil || receipt != "127.0.0.1 took it: 200 OK" {
		t.Fatal(receipt, err)
	}
	p := h.Posts()[0]
	mac := hmac.New(sha256.New, []byte("pepper"))
	mac.Write([]byte(p.Body))
	if got := p.Header.Get("X-Certdesk-Signature-256"); got != "sha256="+hex.EncodeToString(mac.Sum(nil)) || p.Header.Get("X-Certdesk-Delivery") != letter().ID ||
		p.Header.Get("Content-Type") != "application/json" || p.Method != http.MethodPost {
		t.Errorf("%+v", p)
	}
}

// A room of Matrix is put to, with the letter as the transaction: what comes twice is shown once.
func TestARoomOfMatrix(t *testing.T) {
	h := daemontest.NewHook(t)
	const room = "/_matrix/client/v3/rooms/!room:b.test/send/m.room.message"
	n := config.Notify{Webhook: h.URL + room, Shape: "matrix", CAFile: h.RootsFile, TokenFile: file(t, "syt_canary")}
	if _, err := posted(t, n); err != nil {
		t.Fatal(err)
	}
	p := h.Posts()[0]
	if p.Method != http.MethodPut || !strings.HasSuffix(p.Path, room+"/"+letter().ID) || p.Header.Get("Authorization") != "Bearer syt_canary" {
		t.Errorf("%+v", p)
	}
	h.Answers(daemontest.Says(403, `{"error":"syt_canary may not"}`))
	if _, err := posted(t, n); err == nil || strings.Contains(err.Error(), "canary") {
		t.Error(err)
	}
}

func TestAListenerThatDoesNotTakeIt(t *testing.T) {
	var elsewhere int
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere++ }))
	t.Cleanup(other.Close)
	for _, c := range []struct {
		name   string
		answer http.HandlerFunc
		want   string
		posts  int
	}{
		{"out of order", daemontest.Says(500, "boom\nmore"), `answered "500 Internal Server Error": boom`, 3},
		{"too many", daemontest.Says(429, "", "Retry-After: 3600"), `answered "429 Too Many Requests"`, 1},
		{"too many, by a date", daemontest.Says(429, "", "Retry-After: "+time.Now().Add(time.Hour).UTC().Format(http.TimeFormat)), "429", 1},
		{"too many for a moment", daemontest.Says(503, "", "Retry-After: 0"), "503", 3},
		{"unknown there", daemontest.Says(404, "no_service "+daemontest.HookSecret), "no_service (not shown)", 1},
		{"a redirect", daemontest.Says(307, "", "Location: "+other.URL+"/"+daemontest.HookSecret), "sends elsewhere, to 127.0.0.1", 1},
		{"a redirect of a browser", daemontest.Says(302, "", "Location: /login"), "sends elsewhere", 1},
		{"hostile", daemontest.Says(400, "\x1b[2J\u202e"), `\u{1b}`, 1},
		{"it hangs", func(_ http.ResponseWriter, r *http.Request) {
			<-r.Context().Done()
			panic(http.ErrAbortHandler) // else it answers a client that is just hanging up
		}, "no answer came in time", 3},
		{"it hangs up", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "EOF", 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := daemontest.NewHook(t)
			h.Answers(c.answer)
			began := time.Now()
			_, err := posted(t, config.Notify{Webhook: h.URL, CAFile: h.RootsFile})
			if err == nil || !strings.Contains(err.Error(), c.want) || len(h.Posts()) != c.posts || time.Since(began) > 8*time.Second {
				t.Errorf("%v after %v", err, time.Since(began))
			}
		})
	}
	t.Cleanup(func() {
		if elsewhere > 0 {
			t.Error("it was posted to where it was sent")
		}
	})
}

func TestAListenerThatIsNotTrustedGetsNothing(t *testing.T) {
	h := daemontest.NewHook(t)
	if _, err := posted(t, config.Notify{Webhook: h.URL}); err == nil || !strings.Contains(err.Error(), "its chain ends at no root that is trusted") || len(h.Posts()) != 0 {
		t.Error(err)
	}
	if _, err := posted(t, config.Notify{Webhook: strings.Replace(h.URL, "127.0.0.1", "localhost", 1), CAFile: h.RootsFile}); err == nil || len(h.Posts()) != 0 {
		t.Error("another name:", err)
	}
	for _, n := range []config.Notify{{Webhook: "https://127.0.0.1:1/x"}, {Webhook: "https://nowhere.invalid/x"}, {WebhookFile: "/nowhere"}, {WebhookFile: file(t, "")},
		{WebhookFile: file(t, "http://b.test/canary")}, {WebhookFile: file(t, "a\nb")}, {Webhook: h.URL, CAFile: "/nowhere"}, {Webhook: h.URL, SecretFile: "/nowhere", CAFile: h.RootsFile}} {
		if _, err := posted(t, n); err == nil || strings.Contains(err.Error(), "canary") {
			t.Errorf("%+v: %v", n, err)
		}
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := Doors([]config.Notify{{Webhook: h.URL, CAFile: h.RootsFile}}, "")[0].Bring(ctx, letter()); err == nil {
		t.Error("it was stopped")
	}
}

// A command gets the letter on its standard input; what it says where it fails is told.
func TestACommand(t *testing.T) {
	got := filepath.Join(t.TempDir(), "got")
	script := file(t, "#!/bin/sh\ncat >"+got+"\n[ -z \"$1\" ] || { echo \"no such pager\" >&2; exit 3; }\n")
	if err := os.Chmod(script, 0o700); err != nil {
		t.Fatal(err)
	}
	receipt, err := posted(t, config.Notify{Command: []string{script}})
	if said, _ := os.ReadFile(got); err != nil || receipt != "it ended well" || !strings.HasPrefix(string(said), `{"subject":"mail\r\nBcc`) {
		t.Errorf("%q %v %s", receipt, err, said)
	}
	if _, err := posted(t, config.Notify{Command: []string{script, "x"}}); err == nil || err.Error() != "it failed (exit status 3): no such pager" {
		t.Error(err)
	}
	if _, err := posted(t, config.Notify{Command: []string{"no-such-pager"}}); err == nil || !strings.Contains(err.Error(), "is not installed") {
		t.Error(err)
	}
}
