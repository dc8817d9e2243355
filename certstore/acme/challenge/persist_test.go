//go:build unix

package challenge

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"certdesk/certstore/fail"
)

// A standing record lets an account order for a name; what is wrong with the one that is there is said, and the one to
// publish is the hint.
func TestAStandingRecordIsLookedAt(t *testing.T) {
	const account = "https://ca.test/acct/1"
	now := time.Date(2026, 11, 30, 0, 0, 0, 0, time.UTC)
	soon, gone := now.AddDate(0, 0, 10).Unix(), now.AddDate(0, 0, -1).Unix()
	for _, c := range []struct {
		name, value string
		wildcard    bool
		want, warn  string
	}{
		{"right", "ca.test; accounturi=" + account, false, "", ""},
		{"another of its names, other spelling", "ca2.test;AccountURI=" + account + " ; policy=Wildcard", true, "", ""},
		{"none", "", false, "has no such record", ""},
		{"another authority's", "other.test; accounturi=" + account, false, "for other authorities only", ""},
		{"another account's", "ca.test; accounturi=https://ca.test/acct/2", false,
			"the record of another account (https://ca.test/acct/2)", ""},
		{"not for wildcards", "ca.test; accounturi=" + account, true, "does not cover wildcards", ""},
		{"over", fmt.Sprintf("ca.test; accounturi=%s; persistUntil=%d", account, gone), false, "ended on 29 Nov 2026", ""},
		{"over soon", fmt.Sprintf("ca.test; accounturi=%s; persistUntil=%d", account, soon), false, "",
			"until 10 Dec 2026 only"},
		{"no number", "ca.test; accounturi=" + account + "; persistUntil=never", false, "persistUntil is not a number", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			port, servers := newDNSServers(t, "127.0.0.1", "127.0.0.2")
			zoneAt(t, servers["127.0.0.1"], "127.0.0.2")
			if c.value != "" {
				servers["127.0.0.2"].add(t, fmt.Sprintf("_validation-persist.mail.example.test. TXT %q", c.value))
			}
			warned := ""
			s, err := New(Options{Type: DNSPersist01, Resolver: fmt.Sprintf("127.0.0.1:%d", port), DNSPort: port, DNS: DNS{Propagation: 10 * time.Millisecond},
				Clock: func() time.Time { return now }, Warn: func(s string) { warned = s }})
			if err != nil {
				t.Fatal(err)
			}
			p := Proof{Name: "mail.example.test", Wildcard: c.wildcard, Account: account,
				Issuers: []string{"ca.test", "ca2.test"}}
			ctx := context.Background()
			check(t, s.Present(ctx, p), "")
			err = s.Try(ctx, p)
			check(t, err, c.want)
			hint := `_validation-persist.mail.example.test. TXT "ca.test; accounturi=` + account
			if err != nil && !strings.Contains(fail.Of(err).Hint, hint) {
				t.Errorf("hint %q, want %q", fail.Of(err).Hint, hint)
			}
			if c.warn == "" && warned != "" || !strings.Contains(warned, c.warn) {
				t.Errorf("warned of %q, want %q", warned, c.warn)
			}
		})
	}
}
