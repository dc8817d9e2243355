package words_test

import (
	"strings"
	"testing"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/trust"
	"certdesk/ui/theme"
	"certdesk/ui/uitest"
	"certdesk/ui/words"
)

// The time that is left has its colour by urgency alone, whatever the verdict; what waits, has not begun or is renewed
// has none.
func TestTheColourOfTheTimeLeft(t *testing.T) {
	s := theme.New("dark", uitest.ASCIIEnv)
	renewed := uitest.Certificate(1, "old", "expired", trust.DateInvalid, -3, 365, "a.example.org")
	renewed.Successor = &certstore.Successor{Renews: true, Name: "new"}
	pending := uitest.Certificate(1, "asked", "pending", trust.PendingRequest, 0, 0, "a.example.org")
	pending.Kind, pending.NotBefore, pending.NotAfter = certstore.PendingReq, time.Time{}, time.Time{}
	for name, c := range map[string]struct {
		e    certstore.Entry
		want *theme.Style
	}{
		"long":                    {uitest.Certificate(1, "a", "valid", trust.Valid, 200, 365, "a"), &s.Good},
		"long, though invalid":    {uitest.Certificate(1, "a", "invalid", trust.Invalid, 200, 365, "a"), &s.Good},
		"29 days of a year":       {uitest.Certificate(1, "a", "expiring", trust.Expiring, 29, 365, "a"), &s.Warn},
		"29 days of 47":           {uitest.Certificate(1, "a", "valid", trust.Valid, 29, 47, "a"), &s.Good},
		"14 days of 47":           {uitest.Certificate(1, "a", "expiring", trust.Expiring, 14, 47, "a"), &s.Warn},
		"6 days":                  {uitest.Certificate(1, "a", "expiring", trust.Expiring, 6, 365, "a"), &s.Bad},
		"6 days, though no trust": {uitest.Certificate(1, "a", "untrusted", trust.Untrusted, 6, 365, "a"), &s.Bad},
		"over":                    {uitest.Certificate(1, "a", "expired", trust.DateInvalid, -3, 365, "a"), &s.Bad},
		"not begun":               {uitest.Certificate(1, "a", "not yet valid", trust.DateInvalid, 400, 365, "a"), &s.Muted},
		"renewed":                 {renewed, &s.Muted},
		"pending":                 {pending, &s.Muted},
	} {
		if words.LeftStyle(&s, &c.e, uitest.Noon) != c.want {
			t.Errorf("%s has another colour", name)
		}
	}
}

// Before its begin a certificate counts no days, which would be read as those until its end, and no column is too narrow for what it says.
func TestTheTimeLeftFitsItsColumn(t *testing.T) {
	for _, c := range []struct {
		left, life int
		want       string
	}{{400, 365, "not yet"}, {374, 365, "not yet"}, {366, 365, "not yet"}, {365, 365, "not yet"}, {345, 365, "345 d"}} {
		e := uitest.Certificate(1, "a", "valid", trust.Valid, c.left, c.life, "a")
		if strings.HasPrefix(c.want, "not") {
			e.Verdict.Status = trust.DateInvalid
		}
		if got := words.LeftCell(e, uitest.Noon); got != c.want || len(got) > words.LeftWidth(&e) {
			t.Errorf("%d days of %d: %q, want %q in %d cells", c.left, c.life, got, c.want, words.LeftWidth(&e))
		}
	}
}

// The services of a row are those in use, and in brackets those that are only wanted.
func TestServiceNames(t *testing.T) {
	dim := func(text string) string { return "<" + text + ">" }
	for _, c := range []struct {
		used, wanted certstore.Services
		want         string
	}{
		{0, 0, "-"},
		{certstore.IIS | certstore.SMTP, certstore.SMTP, "IIS SMTP"},
		{0, certstore.IIS | certstore.IMAP, "<(IMAP IIS)>"},
		{certstore.IMAP, certstore.IMAP | certstore.POP, "IMAP <(POP)>"},
	} {
		if got := words.ServiceNames(&certstore.Entry{Services: c.used, Wanted: c.wanted}, dim); got != c.want {
			t.Errorf("%v, %v: %q, want %q", c.used, c.wanted, got, c.want)
		}
	}
}
