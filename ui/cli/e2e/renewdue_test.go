//go:build linux

package e2e

import (
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

	"certdesk/certstore/acme/acmetest"
	"certdesk/ui/cli/wire"
)

// subscriber is a customer with a daemon that serves what it orders, once it is told to read.
type subscriber struct {
	customer
	dir string // of the daemon
}

func newSubscriber(t *testing.T) *subscriber {
	t.Helper()
	s := &subscriber{newCustomer(t), t.TempDir()}
	s.write(s.config, s.read(s.config)+fmt.Sprintf("[[service]]\nuse = \"UM\"\ndriver = \"command\"\ninstall = %q\nlisten = [%q]\nreload = [\"/usr/bin/touch\", %q]\n",
		s.dir, "tls://"+s.serve(), filepath.Join(s.dir, "reloaded")))
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
	s.ok(append(s.order(name)[4:], "--services", "UM")...)
	r := s.row(name)
	block, _ := pem.Decode([]byte(s.read(filepath.Join(s.store, "certs", r.Sha256+".pem"))))
	leaf, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		s.Fatal(err)
	}
	now := time.Now()
	said, err := json.Marshal(map[string]any{"suggestedWindow": map[string]time.Time{"start": now.Add(-2 * time.Hour), "end": now.Add(-time.Hour)}})
	if err != nil {
		s.Fatal(err)
	}
	s.pebble.Suggest(s.TB, leaf, string(said))
	s.front.Heal()
	return r.Thumbprint
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
func (s *subscriber) renewed(when, old string) {
	s.Helper()
	var e wire.Entry
	if err := json.Unmarshal([]byte(s.ok("--json", "show", old)), &e); err != nil || len(e.RenewedBy) != 1 || len(e.Services) != 0 {
		s.Fatalf("%s: %v, %+v\n%s", when, err, e, s.ok("history"))
	}
	s.ok("test", e.RenewedBy[0])
	if n := s.front.Asked(http.MethodPost, acmetest.PathOrder); n != 1 {
		s.Errorf("%s: %d orders\n%s", when, n, s.ok("history"))
	}
	if r := s.run("list", "--status", "pending", "--json"); r.out != "[]\n" || len(s.left()) > 0 {
		s.Errorf("%s: a request or a proof is left: %s %q", when, r.out, s.left())
	}
}

// A run that is killed at any moment is gone on with by the next: one order, one key, and what is renewed is served.
func TestRenewalsKilledAtRandomMoments(t *testing.T) {
	s := newSubscriber(t)
	old := s.subscribed("mail")
	began := time.Now()
	if did := s.due(); len(did.Done) != 2 || len(did.Refused) != 0 || len(did.Tasks) == 0 {
		t.Fatalf("%+v", did)
	}
	span := time.Since(began) * 11 / 10
	t.Logf("a run takes %v", span)
	s.renewed("undisturbed", old)
	rounds := 2
	if all {
		rounds = 100
	}
	for i := range rounds {
		keys := len(s.keys())
		old = s.subscribed(fmt.Sprintf("mail%d", i))
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
		s.renewed(when, old)
		if n := len(s.keys()) - keys; n > 3 { // of the first, of its renewal, and one that died before its request
			t.Errorf("%s: %d new keys", when, n)
		}
		s.ok("remove", old, "--yes")
	}
}

func TestTwoTimersAtOnce(t *testing.T) {
	s := newSubscriber(t)
	old := s.subscribed("mail")
	var wait sync.WaitGroup
	var mu sync.Mutex
	done, others, met := 0, 0, make(chan struct{})
	s.front.Hold(acmetest.PathOrder, met) // whoever is first is at it until all the others have met it
	for range 4 {
		wait.Go(func() {
			out := s.due()
			mu.Lock()
			defer mu.Unlock()
			done += len(out.Done)
			if !strings.HasPrefix(out.Other, "pid ") {
				return
			}
			if others++; others == 3 {
				close(met)
			}
		})
	}
	wait.Wait()
	if done != 2 || others != 3 {
		t.Errorf("%d steps were done, %d runs met another", done, others)
	}
	s.renewed("four at once", old)
	r := s.run("renew", "--due")
	if r.code != 0 || !strings.HasPrefix(r.out, "nothing is due; the next is ") || r.err != "" {
		t.Errorf("%+v", r)
	}
	if r := s.run("check"); r.code != 0 {
		t.Errorf("%+v", r)
	}
}
