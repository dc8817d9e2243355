package words_test

import (
	"strings"
	"testing"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/trust"
	"certdesk/ui/uitest"
	"certdesk/ui/words"
)

// Hours are hours: no certificate that works has "0 days", none that has just expired lost a day.
func TestTheLastTwoDaysAreToldInHours(t *testing.T) {
	for left, want := range map[time.Duration]string{
		72 * time.Hour: "3 d|3 days", 47 * time.Hour: "47 h|47 hours", 23*time.Hour + time.Minute: "23 h|23 hours",
		90 * time.Minute: "1 h|90 minutes", time.Minute: "<1 h|1 minute",
		-time.Minute: "-<1 h|1 minute ago", -30 * time.Hour: "-30 h|30 hours ago", -72 * time.Hour: "-3 d|3 days ago",
	} {
		e := uitest.Certificate(1, "web", "expiring", trust.Expiring, 1, 90, "a.example.org")
		e.NotAfter = uitest.Noon.Add(left)
		e = uitest.Judged(e)
		column, texts, _ := strings.Cut(want, "|")
		if got := words.LeftCell(e, uitest.Noon); got != column {
			t.Errorf("%v: the table says %q, want %q", left, got, column)
		}
		if what, _ := words.Sentence(e, uitest.Noon, true); !strings.Contains(what, " "+texts) {
			t.Errorf("%v: %s", left, what)
		}
	}
}

// What is wrong with a certificate does not take the place of how long it works.
func TestARemarkKeepsTheDays(t *testing.T) {
	e := uitest.Certificate(1, "web", "valid", trust.Valid, 300, 365, "a.example.org")
	e.Names = nil
	e.Verdict = trust.Judge(trust.Facts{SelfSigned: true, NotBefore: e.NotBefore, NotAfter: e.NotAfter}, uitest.Noon)
	if what, _ := words.Sentence(e, uitest.Noon, true); what != "web is self-signed; valid until 19 Sep 2027; but no subject "+
		"alternative names: current clients do not look at the common name." {
		t.Error(what)
	}
	e.SelfSigned = true
	e = uitest.Judged(e)
	if what, _ := words.Sentence(e, uitest.Noon, true); !strings.Contains(what, "self-signed") {
		t.Error(what)
	}
}

// What begins later has a next step as well as what it will take the place of.
func TestWhatBeginsLaterSaysWhenToEnableIt(t *testing.T) {
	next := uitest.Certificate(2, "web 2027", "not yet valid", trust.DateInvalid, 99, 90, "a.example.org")
	old := uitest.Certificate(1, "web", "expiring", trust.Expiring, 16, 90, "a.example.org")
	old.Successor = &certstore.Successor{ID: 2, Name: next.FriendlyName, Thumbprint: next.Thumbprint, From: next.NotBefore}
	keyless := next
	keyless.HasKey = false
	day := words.Day(next.NotBefore, uitest.Noon)
	for want, e := range map[string]certstore.Entry{
		"Next: enable it from " + day + " on (e); or":        next,
		"Next: wait until then; or":                          keyless,
		"Next: e on web 2027 enables it from " + day + " on": old,
	} {
		if _, got := words.Sentence(e, uitest.Noon, true); !strings.HasPrefix(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
