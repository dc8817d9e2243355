package words_test

import (
	"strings"
	"testing"
	"time"

	"certdesk/certstore"
	"certdesk/ui/uitest"
	"certdesk/ui/words"
)

func TestARequestSaysHowLongItHasWaited(t *testing.T) {
	for _, c := range []struct {
		age            time.Duration
		cell, sentence string
	}{
		{0, "-", "web waits for the CA's answer"},
		{20 * time.Minute, "-", "web waits for the CA's answer"},
		{47 * time.Hour, "waiting 1 d", "web waits for the CA's answer since 21 Nov 2026 13:00 UTC, for 47 hours"},
		{12*24*time.Hour + time.Hour, "waiting 12 d", "web waits for the CA's answer since 11 Nov 2026, for 12 days"},
	} {
		e := uitest.Judged(certstore.Entry{Kind: certstore.PendingReq, FriendlyName: "web", Created: noon.Add(-c.age)})
		what, _ := words.Sentence(e, noon, true)
		if cell := words.EndCell(e, noon); cell != c.cell || !strings.HasPrefix(what, c.sentence) {
			t.Errorf("%s: %q; %s", c.age, cell, what)
		}
	}
	unknown := certstore.Entry{Kind: certstore.PendingReq}
	if words.EndCell(unknown, noon) != "-" || words.LifeFacts(unknown, noon) != nil {
		t.Error("an age was made up")
	}
	answered := certstore.Entry{Kind: certstore.Certificate, Created: noon.AddDate(0, 0, -12), NotAfter: noon.AddDate(0, 0, 90)}
	if got := words.EndCell(answered, noon); got != "21 Feb 2027" {
		t.Errorf("a certificate: %s", got)
	}
}
