package enabling_test

import (
	"strings"
	"testing"

	"certdesk/certstore/enabling"
	"certdesk/certstore/services"
	"certdesk/ui/screen"
	"certdesk/ui/uitest"
)

// A port that a restart would end is bad, said once, and nothing else "should be" there; a daemon without TLS is known.
func TestThePortsScreenSaysWhatASurveyDoes(t *testing.T) {
	r := uitest.ArticleDesk(t, 100, 40)
	uitest.SurveyedDesk(r)
	torn := r.Desk.Survey.Ports[0]
	torn.Mismatch, torn.Files = true, services.Installed{Cert: "/c.pem", Key: "/k.pem"}
	r.Desk.Survey = &enabling.Survey{At: uitest.Noon, Ports: []enabling.Port{torn}}
	r.To(screen.ToPorts{})
	page := func() string {
		return strings.Join(strings.Fields(strings.Join(r.App.Top().(screen.Paged).Lines(100), " ")), " ")
	}
	text := page()
	if strings.Count(text, "do not belong together") != 1 || !strings.Contains(text, "key mismatch") || strings.Contains(text, "it should be") ||
		!strings.Contains(text, "puts a pair there") || !strings.Contains(text, "At 1 of 1 port a restart would end what is served.") {
		t.Error(text)
	}
	const none = "IMAP (dovecot): dovecot has no port with TLS for IMAP"
	r.Desk.Survey = &enabling.Survey{At: uitest.Noon, Troubles: []string{none}}
	if text := page(); !strings.Contains(text, none) || strings.Contains(text, "No service is known") {
		t.Error(text)
	}
}

// On the narrowest terminal the way out is in the footer, and the time the ports were asked at is there whole or not.
func TestTheNarrowPortsPageKeepsTheWayOut(t *testing.T) {
	for w := 60; w < 120; w++ {
		r := uitest.ArticleDesk(t, w, 18)
		uitest.SurveyedDesk(r)
		r.Keys("t")
		r.Sees("q leave", "do not serve what they should.")
		if text := r.Screen(); strings.Contains(text, "asked") && !strings.Contains(text, "asked at 12:00:00") {
			t.Errorf("%d cells:\n%s", w, text)
		}
	}
}
