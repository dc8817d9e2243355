package cli

import (
	"math"
	"strings"
	"testing"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/trust"
	"certdesk/ui/words"
)

// Near the end hours are told: nobody may read "0 days" as nothing to do.
func TestTimeLeft(t *testing.T) {
	for _, c := range []struct {
		left       time.Duration
		cell, text string
	}{
		{345*24*time.Hour + time.Hour, "345 d", "345 days left"},
		{48 * time.Hour, "2 d", "2 days left"},
		{48*time.Hour - time.Second, "47 h", "47 hours left"},
		{23*time.Hour + 59*time.Minute, "23 h", "23 hours left"},
		{time.Hour, "1 h", "1 hour left"},
		{59 * time.Minute, "<1 h", "less than an hour left"},
		{0, "<1 h", "less than an hour left"},
		{-time.Minute, "-<1 h", "less than an hour ago"},
		{-90 * time.Minute, "-1 h", "1 hour ago"},
		{-47*time.Hour + time.Minute, "-46 h", "46 hours ago"},
		{-22*24*time.Hour - time.Hour, "-22 d", "22 days ago"},
	} {
		e := certstore.Entry{NotAfter: today.Add(c.left), DaysLeft: int(math.Floor(c.left.Hours() / 24))}
		if cell, text := words.LeftCell(e, today), words.Left(e, today); cell != c.cell || text != c.text {
			t.Errorf("%v: %q and %q, want %q and %q", c.left, cell, text, c.cell, c.text)
		}
	}
	for days, want := range map[int]string{3: "3 days", -3: "expired 3 days ago"} {
		if got := words.TimeLeft(certstore.Entry{NotAfter: today.AddDate(0, 0, days)}, today); got != want {
			t.Errorf("%d days: %q, want %q", days, got, want)
		}
	}
	far := certstore.Entry{NotAfter: time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)}
	if text := words.LeftCell(far, today); text != "2912116 d" {
		t.Errorf("the year 9999: %s", text)
	}
	if text := words.LeftCell(certstore.Entry{}, today); text != "-" {
		t.Errorf("a request: %s", text)
	}
}

func TestStatusIsNotSaidTwice(t *testing.T) {
	for _, c := range []struct{ word, reason, want string }{
		{"valid", "valid until 1 Jan 2027", "valid until 1 Jan 2027"},
		{"valid", "self-signed; valid until 1 Jan 2027", "self-signed; valid until 1 Jan 2027"},
		{"expired", "expired on 1 Nov 2026, 22 days ago", "expired on 1 Nov 2026, 22 days ago"},
		{"untrusted", "its root expired", "untrusted: its root expired"},
		{"valid", "", "valid"},
	} {
		if got := statusText(certstore.Entry{Verdict: trust.Verdict{Word: c.word, Reason: c.reason}}); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

func TestTheChainIsDrawnFromItsRoot(t *testing.T) {
	link := func(cn, issuer string, days int) trust.Link {
		return trust.Link{Subject: "CN=" + cn + ",C=BE", Issuer: "CN=" + issuer + ",C=BE", Signed: true,
			NotAfter: today.AddDate(0, 0, days), NotBefore: today.AddDate(-1, 0, 0), SelfSigned: cn == issuer}
	}
	e := certstore.Entry{Kind: certstore.Certificate, FriendlyName: "mail", Issuer: "CN=Issuing,C=BE", NotAfter: today.AddDate(0, 0, 5),
		Chain: []trust.Link{link("Issuing", "Middle", 10), link("Middle", "Root", -2), link("Root", "Root", 400)}}
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
