//go:build unix

package challenge

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"

	"certdesk/certstore/daemontest"
)

// realAcmeDNS is github.com/joohoi/acme-dns, where somebody has built it: no registry of modules has it, so it is no
// program that CI could be asked for. It was last run as of commit b7a0a8a7 (December 2024).
type realAcmeDNS struct {
	api, account string
	port         int // of its DNS
}

func newRealAcmeDNS(t *testing.T) realAcmeDNS {
	t.Helper()
	program, err := exec.LookPath("acme-dns")
	if err != nil {
		t.Skip("SKIPPED: acme-dns is not in the path, so that only its API as it is documented was tried")
	}
	dir, api := t.TempDir(), unused(t)
	a := realAcmeDNS{api: fmt.Sprintf("http://127.0.0.1:%d", api), port: unused(t)}
	config := filepath.Join(dir, "config.cfg")
	daemontest.Put(t, config, fmt.Sprintf(`[general]
listen = "127.0.0.1:%d"
protocol = "both"
domain = "auth.example.test"
nsname = "auth.example.test"
nsadmin = "admin.example.test"
records = ["auth.example.test. A 127.0.0.1", "auth.example.test. NS auth.example.test."]
[database]
engine = "sqlite3"
connection = "%s/acme-dns.db"
[api]
ip = "127.0.0.1"
port = "%d"
tls = "none"
[logconfig]
loglevel = "info"
logtype = "stdout"
logformat = "text"
`, a.port, dir, api))
	cmd := exec.Command(program, "-c", config)
	var log bytes.Buffer
	cmd.Stdout, cmd.Stderr, cmd.Dir = &log, &log, dir
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
		if t.Failed() {
			t.Logf("acme-dns says\n%s", &log)
		}
	})
	a.account = a.register(t)
	return a
}

// unused is a port that nobody has.
func unused(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// register waits for the API, and gives what it answers to a registration, as it is to be kept.
func (a realAcmeDNS) register(t *testing.T) string {
	t.Helper()
	var err error
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		var answer *http.Response
		if answer, err = http.Post(a.api+"/register", "application/json", nil); err == nil {
			defer answer.Body.Close()
			text, _ := io.ReadAll(answer.Body)
			return string(text)
		}
	}
	t.Fatal(err)
	return ""
}

// leadsTo has a server ask acme-dns for what lies in its zone, as resolvers do.
func (f *fakeDNS) leadsTo(a realAcmeDNS) {
	f.does(func(answer *dns.Msg, _ bool) *dns.Msg {
		name := answer.Question[0].Name
		for _, rr := range answer.Answer {
			if alias, ok := rr.(*dns.CNAME); ok && answer.Question[0].Qtype != dns.TypeCNAME {
				name = alias.Target
			}
		}
		if !dns.IsSubDomain("auth.example.test.", name) {
			return answer
		}
		ask := new(dns.Msg).SetQuestion(name, answer.Question[0].Qtype)
		said, err := dns.Exchange(ask, net.JoinHostPort("127.0.0.1", fmt.Sprint(a.port)))
		if err != nil {
			answer.Rcode = dns.RcodeServerFailure
			return answer
		}
		answer.Answer, answer.Ns, answer.Rcode = append(answer.Answer, said.Answer...), said.Ns, said.Rcode
		return answer
	})
}

// A name and its wildcard are proven by two values, which the real acme-dns serves at once; another's key is refused.
func TestTheRealAcmeDNS(t *testing.T) {
	a := newRealAcmeDNS(t)
	file := filepath.Join(t.TempDir(), "acme-dns.json")
	if err := os.WriteFile(file, []byte(a.account), 0o600); err != nil {
		t.Fatal(err)
	}
	port, servers := newDNSServers(t, "127.0.0.1")
	_, rest, _ := strings.Cut(a.account, `"fulldomain":"`)
	target, _, _ := strings.Cut(rest, `"`)
	servers["127.0.0.1"].add(t, "_acme-challenge.mail.example.test. CNAME "+target+".")
	servers["127.0.0.1"].leadsTo(a)
	o := Options{Type: DNS01, Resolver: fmt.Sprintf("127.0.0.1:%d", port), DNSPort: a.port,
		DNS: DNS{AcmeDNS: a.api, AcmeDNSFile: file, Propagation: 30 * time.Second}}
	s, err := New(o)
	check(t, err, "")
	wildcard := mail
	wildcard.Wildcard, wildcard.KeyAuthorization = true, "another.thumb"
	for _, p := range []Proof{mail, wildcard} {
		check(t, s.Present(t.Context(), p), "")
	}
	for _, p := range []Proof{mail, wildcard} {
		check(t, s.Try(t.Context(), p), "")
		check(t, s.Remove(t.Context(), p), "")
	}
	head, rest, _ := strings.Cut(a.account, `"password":"`)
	_, tail, _ := strings.Cut(rest, `"`)
	wrong := head + `"password":"` + strings.Repeat("x", 40) + `"` + tail
	if err := os.WriteFile(file, []byte(wrong), 0o600); err != nil {
		t.Fatal(err)
	}
	check(t, s.Present(t.Context(), mail), "/update answers 401 Unauthorized")
}
