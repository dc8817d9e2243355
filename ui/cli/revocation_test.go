package cli

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/crypto/ocsp"

	"certdesk/certstore/daemontest"
	"certdesk/certstore/trust"
	"certdesk/ui/cli/wire"
)

// recalls is an office whose CA publishes a list on loopback, which the configuration allows to be asked for.
type recalls struct {
	ports
	list  atomic.Pointer[[]byte]
	asked atomic.Int64
	url   string
}

func newRecalls(t *testing.T) *recalls {
	t.Helper()
	r := &recalls{ports: newPorts(t)}
	s := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, q *http.Request) {
		r.asked.Add(1)
		list := r.list.Load()
		if list == nil || q.URL.Path != "/ca.crl" {
			http.NotFound(out, q)
			return
		}
		_, _ = out.Write(*list)
	}))
	t.Cleanup(s.Close)
	r.url = s.URL + "/ca.crl"
	quoted, _ := json.Marshal(r.ca.RootFile(t))
	r.write("certdesk.toml", "trust = ["+string(quoted)+"]\nrevocation_allow = [\"127.0.0.0/8\"]\ndiscover = false\n")
	return r
}

func (r *recalls) publishes(certs ...*x509.Certificate) {
	list := r.ca.Revokes(r.t, certs...)
	r.list.Store(&list)
}

// issue makes a certificate of the CA that names its list, and imports it with its key.
func (r *recalls) issue(name string, change ...func(*x509.Certificate)) (daemontest.Pair, wire.Entry) {
	r.t.Helper()
	p := r.ca.Issue(r.t, daemontest.Wish{Names: []string{name, "localhost"}, Change: func(c *x509.Certificate) {
		c.CRLDistributionPoints = []string{r.url}
		for _, change := range change {
			change(c)
		}
	}})
	return p, r.entry("import", r.write(name+".pem", string(p.Chain)+string(p.Key)))
}

// Every door says the same of a certificate that was revoked, of one that was not, and of one whose CA is silent; the
// list says it without asking anybody.
func TestEveryDoorSaysWhatTheCASays(t *testing.T) {
	for name, c := range map[string]struct {
		publish  func(r *recalls, cert *x509.Certificate)
		status   trust.Status
		standing trust.Standing
		word     string
		says     string
		check    int
	}{
		"good":    {func(r *recalls, _ *x509.Certificate) { r.publishes() }, trust.Valid, trust.StandsGood, "valid", "; not revoked, as of ", 0},
		"revoked": {func(r *recalls, c *x509.Certificate) { r.publishes(c) }, trust.Revoked, trust.StandsRevoked, "revoked", "its CA revoked it on ", 2},
		"silent":  {func(*recalls, *x509.Certificate) {}, trust.RevocationCheckFailure, trust.Unchecked, "unchecked", "404 Not Found", 1},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRecalls(t)
			p, e := r.issue("mail.example.org")
			if before := r.list1(); before.Status != trust.Valid || before.Revocation != nil || r.asked.Load() != 0 {
				t.Fatalf("before anybody asked: %+v", before)
			}
			c.publish(r, p.Cert)
			shown := r.entry("show", e.Thumbprint)
			asked := r.asked.Load()
			for door, got := range map[string]wire.Entry{"show": shown, "list": r.list1(), "read-only": r.list1("--read-only")} {
				if got.Status != c.status || !strings.Contains(got.StatusReason, c.says) || got.Revocation == nil ||
					got.Revocation.Standing != c.standing || !strings.Contains(got.Revocation.Text, strings.TrimPrefix(c.says, "; ")) {
					t.Errorf("%s: %s, %q, %+v", door, got.Status, got.StatusReason, got.Revocation)
				}
			}
			contains(t, r.must("list").out, c.word)
			contains(t, r.must("list", "--status", c.word).out, "mail.example.org")
			contains(t, r.must("list", "--filter", "is:"+c.word).out, "mail.example.org")
			if asked != 1 || r.asked.Load() != 1 {
				t.Errorf("asked %d times, then %d", asked, r.asked.Load())
			}
			if got := r.run("check"); got.code != c.check {
				t.Errorf("check: exit %d\n%s", got.code, got.out)
			}
			contains(t, r.must("show", e.Thumbprint).out, "Revocation     ", strings.TrimPrefix(c.says, "; "))
		})
	}
}

// list1 is the only row.
func (r *recalls) list1(more ...string) wire.Entry {
	r.t.Helper()
	list := r.office.list(more...)
	if len(list) != 1 {
		r.t.Fatalf("%d rows", len(list))
	}
	return list[0]
}

// What is revoked is refused where it would be enabled, --force or not, and nothing changes.
func TestEnablingWhatWasRevokedIsRefused(t *testing.T) {
	r := newRecalls(t)
	p, e := r.issue("mail.example.org")
	r.publishes(p.Cert)
	before := r.snapshot()
	for _, more := range [][]string{nil, {"--force"}, {"--print"}} {
		got := r.run(append([]string{"enable", e.Thumbprint, "--services", "SMTP"}, more...)...)
		if got.code != 3 {
			t.Errorf("%v: exit %d\n%s", more, got.code, got.err)
		}
		contains(t, got.err, "cannot be enabled, since clients refuse what was revoked: its CA revoked it on", "hint: renew it")
	}
	same(t, before, r.snapshot())
}

func same(t *testing.T, before, after map[string]string) {
	t.Helper()
	for path, data := range after {
		if before[path] != data {
			t.Errorf("%s changed", path)
		}
	}
}

// A port that serves what was revoked is no port that clients accept, by the CA's list, or by the answer that it
// staples itself.
func TestAPortThatServesWhatWasRevoked(t *testing.T) {
	r := newRecalls(t)
	p, _ := r.issue("mail.example.org")
	url := r.serve(p)
	ask := func(code int) wire.Port {
		t.Helper()
		got := r.run("test", url, "--name", "mail.example.org", "--json")
		var list []wire.Port
		r.decode(got.out, &list)
		if got.code != code {
			t.Errorf("exit %d, want %d\n%s%s", got.code, code, got.out, got.err)
		}
		return list[0]
	}
	if got := ask(0); got.Revocation == nil || got.Revocation.Standing != trust.Unchecked || !got.Accepted {
		t.Errorf("a silent CA: %+v", got.Revocation)
	}
	r.publishes(p.Cert)
	got := ask(1)
	if got.Accepted || got.Revocation.Standing != trust.StandsRevoked || !strings.Contains(strings.Join(got.Faults, " "), "its CA revoked it") {
		t.Errorf("%+v, %q", got.Revocation, got.Faults)
	}
	contains(t, r.run("test", url, "--name", "mail.example.org").out, "its CA revoked it on")

	stapled, _ := r.issue("www.example.org", func(c *x509.Certificate) { c.CRLDistributionPoints = []string{"http://127.0.0.1:1/x"} })
	url = r.stapling(stapled, r.ca.Says(t, stapled.Cert, ocsp.Revoked))
	r.run("test", url, "--name", "www.example.org")
	var list []wire.Port
	r.decode(r.run("test", url, "--name", "www.example.org", "--json").out, &list)
	if got := list[0].Revocation; got == nil || got.Standing != trust.StandsRevoked || got.Source != trust.Stapled {
		t.Errorf("a staple: %+v", got)
	}
}

// stapling answers with TLS and an OCSP response.
func (r *recalls) stapling(p daemontest.Pair, response []byte) string {
	c := p.TLS(r.t)
	c.OCSPStaple = response
	return "tls://" + r.listen(func(conn net.Conn) {
		if s := tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{c}}); s.Handshake() == nil {
			_, _ = io.Copy(io.Discard, s)
		}
	})
}

// A CA in a private network is not asked unless the configuration names it, and a command does not wait long for one
// that is silent.
func TestWhoIsAsked(t *testing.T) {
	r := newRecalls(t)
	_, e := r.issue("mail.example.org")
	quoted, _ := json.Marshal(r.ca.RootFile(t))
	r.write("certdesk.toml", "trust = ["+string(quoted)+"]\n")
	r.publishes()
	shown := r.entry("show", e.Thumbprint)
	if shown.Status != trust.RevocationCheckFailure || !strings.Contains(shown.StatusReason, "revocation_allow") || r.asked.Load() != 0 {
		t.Errorf("%s, %q", shown.Status, shown.StatusReason)
	}
	r.write("certdesk.toml", "trust = ["+string(quoted)+"]\nrevocation_allow = [\"127.0.0.1\", \"fd00::/8\"]\n")
	r.now = r.now.Add(time.Hour)
	if shown := r.entry("show", e.Thumbprint); shown.Status != trust.Valid {
		t.Errorf("%s, %q", shown.Status, shown.StatusReason)
	}
	r.write("certdesk.toml", "revocation_allow = [\"10.0.0.0/33\"]\n")
	if got := r.run("list"); got.code == 0 {
		t.Error("a network that is none was taken")
	} else {
		contains(t, got.err, `revocation_allow "10.0.0.0/33" is neither an address nor a network such as 10.0.0.0/8`)
	}
}
