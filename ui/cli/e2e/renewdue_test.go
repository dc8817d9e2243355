//go:build linux

package e2e

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/acme/acmetest"
	"certdesk/certstore/config"
	"certdesk/certstore/issuing"
	"certdesk/certstore/names"
	"certdesk/certstore/ordering"
	"certdesk/ui/cli/wire"
)

// subscriber is a site whose certificates an authority renews, and a daemon that serves them once it is told to read.
type subscriber struct {
	*site
	pebble *acmetest.Pebble
	front  *acmetest.Front
	dir    string // of the daemon
}

func newSubscriber(t *testing.T) *subscriber {
	t.Helper()
	p := acmetest.Start(t, acmetest.Options{})
	s := &subscriber{site: newSite(t), pebble: p, front: acmetest.NewFront(t, p), dir: t.TempDir()}
	s.write(s.file("root.pem"), string(p.Root(t)))
	s.write(s.config, fmt.Sprintf(`server = "mail.example.test"
trust = [%q]
discover = false
[[service]]
use = "UM"
driver = "command"
install = %q
listen = [%q]
reload = ["/usr/bin/touch", %q]
[[acme]]
name = "pebble"
directory = %q
ca_file = %q
accept_terms = true
profile = "tlsserver"
http_port = %d
resolver = %q
`, s.file("root.pem"), s.dir, "tls://"+s.serve(), filepath.Join(s.dir, "reloaded"), s.front.Directory, s.front.RootsFile, p.HTTPPort, p.DNS))
	return s
}

// serve answers handshakes with the pair that was there when the daemon was last told to read it.
func (s *subscriber) serve() (address string) {
	s.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		s.Fatal(err)
	}
	s.Cleanup(func() { l.Close() })
	var mu sync.Mutex
	var pair tls.Certificate
	read := func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
		mu.Lock()
		defer mu.Unlock()
		if os.Remove(filepath.Join(s.dir, "reloaded")) == nil {
			pair, _ = tls.LoadX509KeyPair(filepath.Join(s.dir, "fullchain.pem"), filepath.Join(s.dir, "key.pem"))
		}
		return &pair, nil
	}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				tls.Server(c, &tls.Config{GetCertificate: read}).Handshake()
			}()
		}
	}()
	return l.Addr().String()
}

// subscribed orders a certificate, has it served, and has the authority want it renewed at once.
func (s *subscriber) subscribed(name string) (thumbprint string) {
	s.Helper()
	c, err := config.Load(s.config)
	if err != nil {
		s.Fatal(err)
	}
	store, err := certstore.Open(context.Background(), certstore.Options{Dir: s.store, Trust: c.Trust, Authorities: c.ACME})
	if err != nil {
		s.Fatal(err)
	}
	e, err := store.Order(context.Background(), ordering.Request{CA: "pebble", Make: issuing.Request{
		Subject: names.Subject{{Type: "CN", Value: name}}, Names: []names.Name{{Kind: names.DNS, Value: name}},
		Key: issuing.KeySpec{Algorithm: "ecdsa-p256"}}}, ordering.Options{})
	if err != nil {
		s.Fatal(err)
	}
	time.Sleep(time.Until(e.NotBefore))
	s.ok("enable", e.Thumbprint, "--services", "UM")
	block, _ := pem.Decode([]byte(s.read(filepath.Join(s.store, "certs", e.SHA256+".pem"))))
	leaf, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		s.Fatal(err)
	}
	now := time.Now()
	said, _ := json.Marshal(map[string]any{"suggestedWindow": map[string]time.Time{"start": now.Add(-2 * time.Hour), "end": now.Add(-time.Hour)}})
	s.pebble.Suggest(s.TB, leaf, string(said))
	s.front.Heal()
	return e.Thumbprint
}

// due is what renew --due says and did.
func (s *subscriber) due(args ...string) (out wire.Renewals) {
	s.Helper()
	r := s.run(append([]string{"--json", "renew", "--due"}, args...)...)
	if err := json.Unmarshal([]byte(r.out), &out); err != nil || r.code != 0 {
		s.Fatalf("exit %d, %v: %s%s", r.code, err, r.out, r.err)
	}
	return out
}

// renewed holds that what renews a certificate is served, and that nothing of it is lost, ordered twice or left to do.
func (s *subscriber) renewed(when, old string, orders int) {
	s.Helper()
	var e wire.Entry
	if err := json.Unmarshal([]byte(s.ok("--json", "show", old)), &e); err != nil || len(e.RenewedBy) != 1 || len(e.Services) != 0 {
		s.Fatalf("%s: %v, %+v\n%s", when, err, e, s.ok("history"))
	}
	s.ok("test", e.RenewedBy[0])
	if n := s.front.Asked(http.MethodPost, acmetest.PathOrder); n > orders {
		s.Errorf("%s: %d orders\n%s", when, n, s.ok("history"))
	}
	if out := s.ok("list", "--status", "pending"); !strings.HasPrefix(out, "no certificates") && !strings.Contains(out, "no row") && strings.Contains(out, "mail") {
		s.Errorf("%s: a request is left:\n%s", when, out)
	}
}

// A run that is killed at any moment is gone on with by the next, on the same key, and what is renewed is served. A second
// order there is only where the first was not written down yet.
func TestRenewalsKilledAtRandomMoments(t *testing.T) {
	s := newSubscriber(t)
	old := s.subscribed("mail.example.test")
	began := time.Now()
	if did := s.due(); len(did.Done) != 2 || len(did.Refused) != 0 || len(did.Tasks) == 0 {
		t.Fatalf("%+v", did)
	}
	span := time.Since(began) * 11 / 10
	t.Logf("a run takes %v", span)
	s.renewed("undisturbed", old, 1)
	rounds := 5
	if all {
		rounds = 100
	}
	for i := range rounds {
		keys := len(s.keys())
		old = s.subscribed(fmt.Sprintf("mail%d.example.test", i))
		cmd := exec.Command(binary(t), s.args("renew", "--due")...)
		cmd.Env, cmd.Dir = s.env(), s.home
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		delay, _ := rand.Int(rand.Reader, big.NewInt(int64(span)))
		time.Sleep(time.Duration(delay.Int64()))
		cmd.Process.Kill()
		cmd.Wait()
		s.due()
		when := fmt.Sprintf("killed after %v of %v", time.Duration(delay.Int64()), span)
		s.renewed(when, old, 2)
		if n := len(s.keys()) - keys; n > 3 {
			t.Errorf("%s: %d new keys", when, n)
		}
		s.ok("remove", old, "--yes")
	}
}

func TestTwoTimersAtOnce(t *testing.T) {
	s := newSubscriber(t)
	old := s.subscribed("mail.example.test")
	var wait sync.WaitGroup
	var mu sync.Mutex
	done, others := 0, 0
	for range 4 {
		wait.Go(func() {
			out := s.due()
			mu.Lock()
			defer mu.Unlock()
			done += len(out.Done)
			if strings.HasPrefix(out.Other, "pid ") {
				others++
			}
		})
	}
	wait.Wait()
	if done != 2 || others == 0 {
		t.Errorf("%d steps were done, %d runs met another", done, others)
	}
	s.renewed("four at once", old, 1)
	r := s.run("renew", "--due")
	if r.code != 0 || !strings.HasPrefix(r.out, "nothing is due; the next is ") || r.err != "" {
		t.Errorf("%+v", r)
	}
	if r := s.run("check"); r.code != 0 {
		t.Errorf("%+v", r)
	}
}
