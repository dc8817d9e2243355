package challenge

import (
	"context"
	"fmt"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"

	"certdesk/certstore/fail"
)

// none changes no zone: the servers of the test have what they have.
type none struct{}

func (none) put(context.Context, record) error  { return nil }
func (none) take(context.Context, record) error { return nil }
func (none) ahead(context.Context, record) (Outlook, error) {
	return Outlook{}, nil
}

var mail = Proof{Type: DNS01, Name: "mail.example.test", Token: "tok", KeyAuthorization: "tok.thumb"}

// txt is the record of a proof.
func txt(p Proof, at string) string { return fmt.Sprintf("%s 60 TXT %q", at, p.value()) }

// A record is waited for at every server of the zone; each that lacks it, or does not answer for the zone, is named.
func TestTheRecordIsLookedForAtEveryServer(t *testing.T) {
	const ns1, ns2, resolver = "127.0.0.2", "127.0.0.3", "127.0.0.1"
	at := "_acme-challenge.mail.example.test."
	cases := []struct {
		name string
		do   func(t *testing.T, s map[string]*fakeDNS, right string)
		want string // in the error; "" where it is seen
		warn string
	}{
		{"both have it", func(t *testing.T, s map[string]*fakeDNS, right string) {
			s[ns1].add(t, right)
			s[ns2].add(t, right)
		}, "", ""},
		{"beside the wildcard's", func(t *testing.T, s map[string]*fakeDNS, right string) {
			s[ns1].add(t, at+` TXT "another"`, right)
			s[ns2].add(t, right, at+` TXT "another"`)
		}, "", ""},
		{"one has it a little later", func(t *testing.T, s map[string]*fakeDNS, right string) {
			s[ns1].add(t, right)
			time.AfterFunc(150*time.Millisecond, func() { s[ns2].add(t, right) })
		}, "", ""},
		{"one is slow", func(t *testing.T, s map[string]*fakeDNS, right string) {
			s[ns1].add(t, right)
			s[ns2].add(t, right)
			s[ns2].does(late(100 * time.Millisecond))
		}, "", ""},
		{"one does not have it", func(t *testing.T, s map[string]*fakeDNS, right string) {
			s[ns1].add(t, right)
		}, "of the zone example.test: ns2.example.test (127.0.0.3) has no such record", ""},
		{"one has an older value", func(t *testing.T, s map[string]*fakeDNS, right string) {
			s[ns1].add(t, right)
			s[ns2].add(t, at+` TXT "older"`)
		}, "ns2.example.test (127.0.0.3) has only other values", ""},
		{"one is lame", func(t *testing.T, s map[string]*fakeDNS, right string) {
			s[ns1].add(t, right)
			s[ns2].does(code(dns.RcodeSuccess))
		}, "", "ns2.example.test (127.0.0.3), a server of the zone example.test, does not know the zone (lame)"},
		{"one refuses", func(t *testing.T, s map[string]*fakeDNS, right string) {
			s[ns1].add(t, right)
			s[ns2].does(code(dns.RcodeRefused))
		}, "", "answers REFUSED"},
		{"one is silent", func(t *testing.T, s map[string]*fakeDNS, right string) {
			s[ns1].add(t, right)
			s[ns2].does(silent)
		}, "", "does not answer (nothing came in time)"},
		{"one fails and the other lacks it", func(t *testing.T, s map[string]*fakeDNS, right string) {
			s[ns2].does(code(dns.RcodeServerFailure))
		}, "ns1.example.test (127.0.0.2) has no such record; ns2.example.test (127.0.0.3) answers SERVFAIL", ""},
		{"all refuse", func(t *testing.T, s map[string]*fakeDNS, right string) {
			s[ns1].does(code(dns.RcodeRefused))
			s[ns2].does(code(dns.RcodeRefused))
		}, "ns1.example.test (127.0.0.2) answers REFUSED; ns2", ""},
		{"what UDP cannot carry", func(t *testing.T, s map[string]*fakeDNS, right string) {
			s[ns1].add(t, right)
			s[ns2].add(t, right)
			s[ns1].does(cut)
			s[ns2].does(cut)
		}, "", ""},
		{"an alias", func(t *testing.T, s map[string]*fakeDNS, right string) {
			s[resolver].add(t, at+" CNAME mail.proofs.test.", "proofs.test. SOA ns.proofs.test. h.proofs.test. 1 1 1 1 1",
				"proofs.test. NS ns.proofs.test.", "ns.proofs.test. A "+ns2)
			s[ns2].add(t, strings.Replace(right, at, "mail.proofs.test.", 1))
		}, "", ""},
		{"aliases in a circle", func(t *testing.T, s map[string]*fakeDNS, right string) {
			s[resolver].add(t, at+" CNAME b.example.test.", "b.example.test. CNAME "+at)
		}, "leads through more than 10 CNAMEs", ""},
		{"a resolver that fails", func(t *testing.T, s map[string]*fakeDNS, right string) {
			s[resolver].does(code(dns.RcodeServerFailure))
		}, "the resolver 127.0.0.1:PORT answers SERVFAIL to _acme-challenge.mail.example.test CNAME", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			port, servers := newDNSServers(t, resolver, ns1, ns2)
			zoneAt(t, servers[resolver], ns1, ns2)
			c.do(t, servers, txt(mail, at))
			var warned []string
			s := &byDNS{
				asker: asker{resolvers: []string{net.JoinHostPort(resolver, strconv.Itoa(port))}, port: port,
					patience: 250 * time.Millisecond},
				keeper: none{}, limit: 500 * time.Millisecond, warn: func(s string) { warned = append(warned, s) }}
			check(t, s.Try(context.Background(), mail), strings.Replace(c.want, "PORT", strconv.Itoa(port), 1))
			if got := strings.Join(warned, "\n"); c.warn == "" && got != "" || !strings.Contains(got, c.warn) {
				t.Errorf("warned of %q, want %q", got, c.warn)
			}
		})
	}
}

// Where the DNS knows no zone of a name, the resolver is asked for the record itself.
func TestARecordWithoutAZoneIsAskedOfTheResolver(t *testing.T) {
	port, servers := newDNSServers(t, "127.0.0.1")
	servers["127.0.0.1"].add(t, txt(mail, "_acme-challenge.mail.example.test."))
	s := &byDNS{asker: newAsker(Options{Resolver: fmt.Sprintf("127.0.0.1:%d", port)}), keeper: none{}, limit: time.Second}
	check(t, s.Try(context.Background(), mail), "")
	other := mail
	other.KeyAuthorization = "other"
	s.limit = 100 * time.Millisecond
	check(t, s.Try(context.Background(), other), "the resolver 127.0.0.1 has only other values")
}

// Whoever stops a proof waits for nothing more, at whatever step it is.
func TestWaitingStopsAtOnce(t *testing.T) {
	for name, behave := range map[string]func(*dns.Msg, bool) *dns.Msg{"a silent server": silent,
		"a server that lacks it": nil} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			port, servers := newDNSServers(t, "127.0.0.1", "127.0.0.2")
			zoneAt(t, servers["127.0.0.1"], "127.0.0.2")
			servers["127.0.0.2"].does(behave)
			a := newAsker(Options{Resolver: fmt.Sprintf("127.0.0.1:%d", port), DNSPort: port})
			s := &byDNS{asker: a, keeper: none{}, limit: time.Minute}
			ctx, cancel := context.WithCancel(context.Background())
			time.AfterFunc(150*time.Millisecond, cancel)
			begun := time.Now()
			err := s.Try(ctx, mail)
			if took := time.Since(begun); !fail.Is(err, fail.Canceled) || took > time.Second {
				t.Errorf("%v after %s", err, took)
			}
		})
	}
}
