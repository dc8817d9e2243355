package ui

import (
	"strings"
	"testing"

	"certdesk/certstore"
	"certdesk/certstore/services"
)

// A port that a restart would end is bad, said once, and nothing else "should be" there; a daemon without TLS is known.
func TestThePortsScreenSaysWhatASurveyDoes(t *testing.T) {
	r := articleDesk(t, 100, 40)
	surveyedDesk(r)
	torn := r.app.d.survey.Ports[0]
	torn.Mismatch, torn.Files = true, services.Installed{Cert: "/c.pem", Key: "/k.pem"}
	r.app.d.survey = &certstore.Survey{At: noon, Ports: []certstore.Port{torn}}
	page := func() string {
		return strings.Join(strings.Fields(strings.Join(newPorts(r.app.d).lines(100), " ")), " ")
	}
	text := page()
	if strings.Count(text, "do not belong together") != 1 || !strings.Contains(text, "key mismatch") || strings.Contains(text, "it should be") ||
		!strings.Contains(text, "puts a pair there") || !strings.Contains(text, "At 1 of 1 port a restart would end what is served.") {
		t.Error(text)
	}
	const none = "IMAP (dovecot): dovecot has no port with TLS for IMAP"
	r.app.d.survey = &certstore.Survey{At: noon, Troubles: []string{none}}
	if text := page(); !strings.Contains(text, none) || strings.Contains(text, "No service is known") {
		t.Error(text)
	}
}
