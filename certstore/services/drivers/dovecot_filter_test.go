package drivers

import (
	"context"
	"fmt"
	"math/rand"
	"net/netip"
	"path/filepath"
	"strings"
	"testing"

	"certdesk/certstore/daemontest"
	"certdesk/certstore/services/daemon"
)

// TestDovecotDecidesAsDovecotDoes asks doveconf about clients of made-up configurations: which certificate each gets, and
// which of them Dovecot refuses since two blocks exclude each other.
func TestDovecotDecidesAsDovecotDoes(t *testing.T) {
	daemontest.Need(t, "doveconf")
	t.Parallel()
	seeds := 12
	if !daemontest.Plain("dovecot") {
		seeds = 150
	}
	tried, refused := 0, 0
	for seed := range seeds {
		m := madeUp{rand.New(rand.NewSource(int64(seed))), &strings.Builder{}, 0}
		config := filepath.Join(t.TempDir(), "dovecot.conf")
		daemontest.Put(t, config, "protocols = imap pop3\nssl_cert = </root.pem\n"+m.text())
		if out, err := (daemon.Host{}).Command(context.Background(), []string{"doveconf", "-c", config, "-n"}); err != nil || out.Exit != 0 {
			continue // two of its blocks exclude each other for everybody
		}
		source, err := readDovecot(config, nil)
		if err != nil {
			t.Fatal(err)
		}
		for range 6 {
			c := m.client()
			want, conflict := asDovecot(t, config, c)
			got := source.decide(c)
			if conflict != (len(got.conflict) > 0) || !conflict && "<"+got.by["ssl_cert"].file() != want {
				t.Errorf("seed %d, %+v: got %s %v, want %s %v\n%s", seed, c, got.by["ssl_cert"].file(), got.conflict, want, conflict, daemontest.Read(t, config))
			}
			tried++
			refused += flag(conflict)
		}
	}
	if tried < seeds || refused == 0 {
		t.Errorf("%d clients of %d configurations, %d refused: the test shows little", tried, seeds, refused)
	}
}

// asDovecot is what doveconf says that a client is served, and whether it is refused.
func asDovecot(t *testing.T, config string, c dovecotClient) (cert string, conflict bool) {
	t.Helper()
	argv := []string{"doveconf", "-c", config, "-f", "protocol=" + c.protocol}
	if c.addr.IsValid() {
		argv = append(argv, "-f", "local="+c.addr.String())
	}
	if c.name != "" {
		argv = append(argv, "-f", "lname="+c.name)
	}
	out, err := daemon.Host{}.Command(context.Background(), append(argv, "-h", "ssl_cert"))
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(out.Stdout), strings.Contains(out.Stderr, "Conflict in setting ssl_cert")
}

// madeUp is a configuration at random.
type madeUp struct {
	*rand.Rand
	b *strings.Builder
	n int
}

func (m *madeUp) one(of ...string) string { return of[m.Intn(len(of))] }

var (
	someNames  = []string{"a.test", "b.test", "x.w.test", "*.w.test", "\"a.test c.test\"", "B.TEST"}
	someNets   = []string{"192.0.2.1", "192.0.2.0/24", "192.0.2.128/25", "::1"}
	someSpeech = []string{"imap", "pop3", "!pop3", "!lmtp"}
)

func (m *madeUp) text() string {
	for range 1 + m.Intn(6) {
		switch m.Intn(3) {
		case 0:
			m.block("local", m.one(someNets...), func() {
				if m.Intn(2) == 0 {
					m.block("local_name", m.one(someNames...), m.protocol)
				}
				m.protocol()
			})
		case 1:
			m.block("local_name", m.one(someNames...), m.protocol)
		default:
			m.block("protocol", m.one(someSpeech...), func() {})
		}
	}
	return m.b.String()
}

func (m *madeUp) protocol() {
	if m.Intn(3) == 0 {
		m.block("protocol", m.one(someSpeech...), func() {})
	}
}

func (m *madeUp) block(kind, value string, inside func()) {
	fmt.Fprintf(m.b, "%s %s {\n", kind, value)
	if m.Intn(3) > 0 {
		m.n++
		fmt.Fprintf(m.b, "  ssl_cert = </%d.pem\n", m.n)
	}
	inside()
	m.b.WriteString("}\n")
}

func (m *madeUp) client() dovecotClient {
	c := dovecotClient{protocol: m.one("imap", "pop3", "lmtp"), name: m.one("", "a.test", "b.test", "c.test", "x.w.test", "y.w.test", "d.y.w.test")}
	if address := m.one("", "192.0.2.1", "192.0.2.200", "198.51.100.1", "::1"); address != "" {
		c.addr = netip.MustParseAddr(address)
	}
	return c
}
