package certstore

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"certdesk/certstore/acme/acmetest"
	"certdesk/certstore/acme/challenge"
	"certdesk/certstore/config"
	"certdesk/certstore/daemontest"
	"certdesk/certstore/ledger"
	"certdesk/certstore/ordering"
	"certdesk/certstore/renewing"
)

// provenByDNS is a store whose authority asks BIND, which certdesk changes by RFC 2136.
type provenByDNS struct {
	Store, Root string
	CA          config.ACME
	At          string // BIND's host:port
	DNSPort     int

	front *acmetest.Front
}

const dnsErrandVariable = "CERTDESK_TEST_ORDER_BY_DNS"

// TestOrdersByBIND orders a wildcard and the name above it, which are proven by two values of one record.
func TestOrdersByBIND(t *testing.T) {
	if os.Getenv("CERTDESK_ALL") == "" {
		t.Skip("SKIPPED without CERTDESK_ALL: it runs BIND and Pebble")
	}
	t.Parallel()
	d := newProvenByDNS(t)
	s, err := d.open()
	if err != nil {
		t.Fatal(err)
	}
	e, err := s.Order(t.Context(), ordering.Request{CA: "pebble", Make: request("mail.example.test", "*.mail.example.test")},
		ordering.Options{})
	if err != nil || e.Kind != ledger.Certificate || !slices.Equal(e.Names, []string{"mail.example.test", "*.mail.example.test"}) {
		t.Fatalf("%v %+v", err, e)
	}
	d.has(t, 0)

	d.killed(t)
	d.has(t, 2)
	if s, err = d.open(); err != nil {
		t.Fatal(err)
	}
	var did []renewing.Result
	_, err = s.RenewDue(t.Context(), DueOptions{Each: func(r renewing.Result) { did = append(did, r) }})
	if err != nil || len(did) == 0 || did[0].Task.Deed != renewing.Continue {
		t.Fatalf("%v %+v", err, did)
	}
	list, err := s.List(t.Context(), false)
	if err != nil || len(list) != 2 || list[1].Kind != ledger.Certificate || len(list[1].Automatic.Order.Proofs) != 0 {
		t.Errorf("%v %+v", err, list)
	}
	d.has(t, 0)
	keys, err := filepath.Glob(filepath.Join(d.Store, "keys", "*.key"))
	if n := d.front.Asked(http.MethodPost, acmetest.PathOrder); err != nil || n != 2 || len(keys) != 3 {
		t.Errorf("%d orders and %d keys for two certificates and an account", n, len(keys))
	}
}

func newProvenByDNS(t *testing.T) provenByDNS {
	t.Helper()
	bind := daemontest.Named(t)
	at := strings.TrimPrefix(bind.URLs[0], "dns://")
	p := acmetest.Start(t, acmetest.Options{DNS: at, Env: []string{"PEBBLE_AUTHZREUSE=0"}})
	front, dir := acmetest.NewFront(t, p), t.TempDir()
	d := provenByDNS{front: front, Store: filepath.Join(dir, "store"), Root: filepath.Join(dir, "root.pem"), At: at,
		CA: config.ACME{Name: "pebble", Directory: front.Directory, CAFile: front.RootsFile, AcceptTerms: true,
			Profile: "tlsserver", Challenge: challenge.DNS01, Resolver: at,
			DNS: config.ACMEDNS{Server: at, TSIGName: "certdesk", TSIGFile: bind.File}}}
	_, port, _ := net.SplitHostPort(at)
	fmt.Sscan(port, &d.DNSPort)
	if err := os.WriteFile(d.Root, p.Root(t), 0o600); err != nil {
		t.Fatal(err)
	}
	return d
}

// open opens the store, for which the servers of a zone are at BIND's port.
func (d provenByDNS) open() (*Store, error) {
	return Open(Options{Dir: d.Store, Trust: []string{d.Root}, Actor: &ledger.Actor{UID: os.Geteuid()},
		Authorities: []config.ACME{d.CA}, Solver: func(o challenge.Options) (challenge.Solver, error) {
			o.DNSPort = d.DNSPort
			return challenge.New(o)
		}})
}

// has waits for BIND to serve so many values to prove the name: a signed zone follows a moment after the update.
func (d provenByDNS) has(t *testing.T, want int) {
	t.Helper()
	resolver := net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", d.At)
	}}
	var got []string
	var err error
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		got, err = resolver.LookupTXT(t.Context(), "_acme-challenge.mail.example.test.")
		var no *net.DNSError
		if len(got) == want && (err == nil || errors.As(err, &no) && no.IsNotFound) {
			return
		}
	}
	t.Errorf("%v, %q, want %d values", err, got, want)
}

// killed orders in a process of its own that is killed once both values are put out.
func (d provenByDNS) killed(t *testing.T) {
	t.Helper()
	text, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), dnsErrandVariable+"="+string(text))
	said, err := cmd.CombinedOutput()
	if state, _ := cmd.ProcessState.Sys().(syscall.WaitStatus); state.Signal() != syscall.SIGKILL {
		t.Fatalf("%v: %s", err, said)
	}
}

func orderAndDie(text string) int {
	var d provenByDNS
	err := json.Unmarshal([]byte(text), &d)
	if err == nil {
		var s *Store
		if s, err = d.open(); err == nil {
			_, err = s.Order(context.Background(), ordering.Request{CA: "pebble",
				Make: request("mail.example.test", "*.mail.example.test")}, ordering.Options{Watch: dieOncePresented})
		}
	}
	fmt.Fprintln(os.Stderr, "it was not killed:", err)
	return 1
}

func dieOncePresented(p ordering.Progress) {
	if p.Step == ordering.StepPresent && p.Done {
		syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {}
	}
}
