package plain

import (
	"strings"
	"testing"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/trust"
)

var today = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

func init() { time.Local = time.UTC }

func TestStatusIsNotSaidTwice(t *testing.T) {
	for _, c := range []struct{ word, reason, want string }{
		{"valid", "valid until 1 Jan 2027", "valid until 1 Jan 2027"},
		{"valid", "self-signed; valid until 1 Jan 2027", "self-signed; valid until 1 Jan 2027"},
		{"expired", "expired on 1 Nov 2026, 22 days ago", "expired on 1 Nov 2026, 22 days ago"},
		{"untrusted", "its root expired", "untrusted: its root expired"},
		{"valid", "", "valid"},
	} {
		if got := Status(certstore.Entry{Verdict: trust.Verdict{Word: c.word, Reason: c.reason}}); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

func TestTheChainIsDrawnFromItsRoot(t *testing.T) {
	link := func(cn, issuer string, days int) trust.Link {
		return trust.Link{Subject: "CN=" + cn + ",C=BE", Issuer: "CN=" + issuer + ",C=BE", Signed: true,
			NotAfter: today.AddDate(0, 0, days), NotBefore: today.AddDate(-1, 0, 0), SelfSigned: cn == issuer}
	}
	e := certstore.Entry{Kind: certstore.Certificate, FriendlyName: "mail", Issuer: "CN=Issuing,C=BE",
		NotAfter: today.AddDate(0, 0, 5),
		Chain:    []trust.Link{link("Issuing", "Middle", 10), link("Middle", "Root", -2), link("Root", "Root", 400)}}
	want := `Root  until 28 Dec 2027
   ! neither the system nor the configuration trusts this root
` + "`- Middle  until 21 Nov 2026\n      ! expired 21 Nov 2026\n   `- Issuing  until 3 Dec 2026\n      `- mail  until 28 Nov 2026"
	if got := strings.Join(chainLines(e, today), "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	e.SelfSigned = true
	if got := chainLines(e, today); got != nil {
		t.Errorf("a self-signed certificate has no chain: %q", got)
	}
}
