//go:build linux

package e2e

import (
	"crypto/rand"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"certdesk/certstore/acme/acmetest"
)

// customer is a site with a CA, whose names a web server proves that outlives certdesk.
type customer struct {
	*site
	front  *acmetest.Front
	pebble *acmetest.Pebble
}

func newCustomer(t *testing.T) customer {
	t.Helper()
	p := acmetest.Start(t, acmetest.Options{})
	front := acmetest.NewFront(t, p)
	root := filepath.Join(t.TempDir(), "pebble.pem")
	if err := os.WriteFile(root, p.Root(t), 0o600); err != nil {
		t.Fatal(err)
	}
	s := newSite(t, root)
	webroot := s.file("www")
	if err := os.Mkdir(webroot, 0o755); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", p.HTTPPort))
	if err != nil {
		t.Fatal(err)
	}
	web := &http.Server{Handler: http.FileServer(http.Dir(webroot))}
	go web.Serve(l)
	t.Cleanup(func() { web.Close() })
	c := customer{s, front, p}
	c.configured(webroot)
	return c
}

// configured names the CA in the site's configuration, and where its names are proven.
func (c customer) configured(webroot string) {
	c.write(c.config, c.read(c.config)+fmt.Sprintf("[[acme]]\nname = \"pebble\"\ndirectory = %q\naccept_terms = true\nca_file = %q\nprofile = \"tlsserver\"\nwebroot = %q\nhttp_port = %d\nresolver = %q\n",
		c.front.Directory, c.front.RootsFile, webroot, c.pebble.HTTPPort, c.pebble.DNS))
}

// beside is another site with the same CA, whose names the same web server proves.
func (c customer) beside() customer {
	root := filepath.Join(c.TempDir(), "pebble.pem")
	c.write(root, string(c.pebble.Root(c)))
	other := customer{newSite(c.TB.(*testing.T), root), c.front, c.pebble}
	other.configured(c.file("www"))
	return other
}

// order is the command line of an order.
func (c customer) order(name string) []string {
	return c.args("new", "--acme", "pebble", "--key-algorithm", "ecdsa-p256", "--domain-name", name+".example.org", "--friendly-name", name)
}

// killed starts an order and kills it as soon as when says so, or lets it end.
func (c customer) killed(name string, when func() bool) {
	c.Helper()
	cmd := exec.Command(binary(c), c.order(name)...)
	cmd.Env, cmd.Dir = c.env(), c.home
	if err := cmd.Start(); err != nil {
		c.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { cmd.Wait(); close(ended) }()
	for !when() {
		select {
		case <-ended:
			return
		case <-time.After(200 * time.Microsecond):
		}
	}
	cmd.Process.Kill()
	<-ended
}

// goesOn has the order of a name done by the next run, and says how many orders and keys that took.
func (c customer) goesOn(name string) (orders int) {
	c.Helper()
	spki := ""
	for _, r := range c.rows() {
		if r.FriendlyName == name {
			spki = r.Spki
		}
	}
	switch {
	case spki == "":
		c.ok(c.order(name)[4:]...) // it was killed before there was anything to go on with
	case c.row(name).Status == "PendingRequest":
		c.ok("renew", name)
	}
	if r := c.row(name); r.Status != "Valid" || spki != "" && r.Spki != spki {
		c.Errorf("%s: %s, on another key: %v", name, r.Status, r.Spki != spki)
	}
	orders = c.front.Asked("POST", acmetest.PathOrder)
	c.front.Heal()
	return orders
}

// left are proofs in the web root.
func (c customer) left() (list []string) {
	filepath.WalkDir(c.file("www"), func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			list = append(list, path)
		}
		return nil
	})
	return list
}

// TestAnOrderThatIsKilledAtEachLine kills the real binary as soon as the journal says each thing that an order writes.
func TestAnOrderThatIsKilledAtEachLine(t *testing.T) {
	t.Parallel()
	c := newCustomer(t)
	lines := []string{`"acme-account"`, `"new"`, `"acme-order"`, `"acme-proofs"`, `"acme-ready"`}
	if all {
		lines = append(lines, `"acme-account"`, `"import"`)
	}
	for i, op := range lines {
		name := fmt.Sprintf("killed%d", i)
		before, _ := os.ReadFile(filepath.Join(c.store, "journal"))
		c.killed(name, func() bool {
			now, _ := os.ReadFile(filepath.Join(c.store, "journal"))
			return strings.Contains(string(now[min(len(before), len(now)):]), `"op":`+op)
		})
		if orders := c.goesOn(name); orders != 1 {
			t.Errorf("killed at %s: %d orders", op, orders)
		}
		if left := c.left(); len(left) > 0 {
			t.Errorf("killed at %s: %q are left", op, left)
		}
	}
	c.sound(nil)
	if accounts := strings.Count(c.read(filepath.Join(c.store, "journal")), `"url":"`+strings.TrimSuffix(c.front.Directory, "/dir")+"/my-account/"); accounts != 1 {
		t.Errorf("%d accounts", accounts)
	}
}

// TestAnOrderThatIsKilledAtRandomMoments holds that one key and one order are enough, whenever it was killed.
func TestAnOrderThatIsKilledAtRandomMoments(t *testing.T) {
	if !all {
		t.Skip("SKIPPED without CERTDESK_ALL")
	}
	t.Parallel()
	c := newCustomer(t)
	start := time.Now()
	c.ok(c.order("first")[4:]...)
	span := time.Since(start) * 5 / 4
	c.front.Heal()
	for i := range 100 {
		delay, _ := rand.Int(rand.Reader, big.NewInt(int64(span)))
		until := time.Now().Add(time.Duration(delay.Int64()))
		name := fmt.Sprintf("killed%d", i)
		c.killed(name, func() bool { return time.Now().After(until) })
		if orders := c.goesOn(name); orders != 1 {
			t.Errorf("%s: %d orders", name, orders)
		}
	}
	if left := c.left(); len(left) > 0 {
		t.Errorf("%q are left", left)
	}
	c.sound(nil)
}
