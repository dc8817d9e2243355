package challenge

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strings"
	"syscall"
	"testing"

	"certdesk/certstore/fail"
)

// What this host cannot reach is told of, and the other addresses decide; nothing is said against an address that a
// router translates.
func TestAnAddressThatCannotBeAskedFromHere(t *testing.T) {
	port, servers := newDNSServers(t, "127.0.0.1")
	servers["127.0.0.1"].add(t, "mail.example.test. A 192.0.2.1", "mail.example.test. AAAA 2001:db8::1")
	no := os.NewSyscallError("connect", syscall.ENETUNREACH)
	for _, c := range []struct {
		name       string
		four, six  error
		want, warn string
	}{
		{"both answer", nil, nil, "", ""},
		{"no IPv6 here", nil, no, "", "was not tried at 2001:db8::1: it"},
		{"neither here", no, no, "this host has no way to mail.example.test (192.0.2.1, 2001:db8::1)", ""},
		{"translated", errNAT, nil, "", "was not tried at 192.0.2.1: it"},
		{"translated, and no IPv6 here", errNAT, no, "", "was not tried at 192.0.2.1, 2001:db8::1: it"},
		{"translated, and IPv6 is wrong", errNAT, fail.New(fail.Failed, "", "another host"), "another host", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			warned := ""
			tr := trial{web: web{warn: func(s string) { warned = s }, asker: newAsker(Options{Resolver: fmt.Sprintf("127.0.0.1:%d", port)})}}
			err := tr.everywhere(context.Background(), "mail.example.test", func(a netip.Addr) error {
				if a.Is6() {
					return c.six
				}
				return c.four
			})
			check(t, err, c.want)
			if c.warn == "" && warned != "" || !strings.Contains(warned, c.warn) {
				t.Errorf("warned of %q, want %q", warned, c.warn)
			}
		})
	}
}

func TestAnAddressIsTranslatedWhereTheHostHasNone(t *testing.T) {
	for _, c := range []struct {
		address string
		own     string
		want    bool
	}{
		{"203.0.113.5", "127.0.0.1 192.168.1.10 fe80::1", true},
		{"203.0.113.5", "127.0.0.1 100.64.3.4 2001:db8::5", true},
		{"203.0.113.5", "127.0.0.1 203.0.113.5", false},
		{"203.0.113.5", "192.168.1.10 198.51.100.7", false}, // another server's, which must answer
		{"192.168.1.10", "127.0.0.1 192.168.1.11", false},
		{"127.0.0.2", "127.0.0.1", false},
		{"2001:db8::1", "127.0.0.1 192.168.1.10", false},
	} {
		var own []netip.Addr
		for _, text := range strings.Fields(c.own) {
			own = append(own, netip.MustParseAddr(text))
		}
		if got := translated(netip.MustParseAddr(c.address), own); got != c.want {
			t.Errorf("%s at a host of %s: %v", c.address, c.own, got)
		}
	}
	told := fail.New(fail.Failed, "", "told")
	if err := unanswered(netip.MustParseAddr("127.0.0.9"), &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}, told); err != error(told) {
		t.Error(err)
	}
}
