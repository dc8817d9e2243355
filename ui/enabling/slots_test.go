package enabling_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/daemontest"
	"certdesk/certstore/enabling"
	"certdesk/certstore/issuing"
	"certdesk/certstore/names"
	"certdesk/certstore/services"
	desk "certdesk/ui/enabling"
	"certdesk/ui/screen"
	"certdesk/ui/uitest"
)

// hosted is a desk on a store beside an nginx with two hosts, and a certificate for both names.
func hosted(t *testing.T) (r *uitest.Driver, d *daemontest.Daemon, e certstore.Entry) {
	t.Helper()
	d = daemontest.Nginx(t, daemontest.NewCA(t).Issue(t, daemontest.Wish{}))
	store, err := certstore.Open(certstore.Options{Dir: t.TempDir() + "/store", NewKey: uitest.SmallKeys,
		Services: []services.Instance{{Use: "IIS", Driver: "nginx", Config: d.Config}}, Host: services.Host{Install: filepath.Join(d.Dir, "installed")}})
	if err != nil {
		t.Fatal(err)
	}
	list := []names.Name{{Kind: names.DNS, Value: daemontest.Name}, {Kind: names.DNS, Value: "www.example.org"}}
	made, err := store.New(context.Background(), issuing.Request{SelfSigned: true, Subject: names.Subject{{Type: "CN", Value: daemontest.Name}}, Names: list,
		Key: issuing.KeySpec{Algorithm: "ecdsa-p256"}})
	if err != nil {
		t.Fatal(err)
	}
	r = uitest.Drive(t, screen.Config{Store: store, Env: uitest.ArticleEnv(), Server: "mail01.proexchange.global", Now: time.Now}, 100, 44)
	r.Onto(made.Entry.ID)
	return r, d, made.Entry
}

// A slot is a tick on the plan's page: what is ticked otherwise is planned anew before it can be enabled.
func TestASlotIsTickedInThePlan(t *testing.T) {
	r, d, e := hosted(t)
	r.Keys("e", "tab", "enter")
	r.Wait()
	r.Sees("What will be done, and nothing else", "[x] "+daemontest.Name+"  now "+daemontest.Name, "[x] www.example.org", "[ Enable it ]")
	r.Keys("tab", "tab", " ")
	r.Sees("[ ] www.example.org", "[ Show the plan for these slots ]")
	if strings.Contains(r.Screen(), "[ Enable it ]") {
		t.Error("what is not shown can be enabled")
	}
	r.Keys("tab", "enter")
	r.Wait()
	r.Sees("left     www.example.org ("+d.Config+":16) is not changed", "[ Enable it ]", "[ ] www.example.org")
	r.Keys("tab", "tab", "tab", "enter")
	r.Sees("is enabled for IIS")
	if last, ok := daemontest.Await(d.URLs[0], daemontest.Name, e.SHA256, 10*time.Second); !ok {
		t.Errorf("the slot that was ticked serves %s", last)
	}
	if daemontest.Served(d.URLs[0], "www.example.org") == e.SHA256 {
		t.Error("the other slot changed")
	}
}

// What is enabled and not everywhere is no plain success on the last page.
func TestTheOutcomeNamesWhatIsMissed(t *testing.T) {
	r := uitest.ArticleDesk(t, 80, 24)
	uitest.SurveyedDesk(r)
	uitest.PlanScene(r)
	missed := enabling.MissedSlot{Site: services.Site{Names: []string{"mail.b.test"}, Where: "hash:/etc/postfix/sni", Fixed: "its table is not written by certdesk"},
		Ports: []enabling.Port{{Listen: "smtp://127.0.0.1:25", Name: "mail.b.test"}}}
	r.Send(desk.MakeOutcomesMsg([]enabling.Outcome{
		{Service: uitest.Postfix, State: enabling.Enabled, Ports: uitest.Mixed().Ports[:1], Missed: []enabling.MissedSlot{missed}, Aside: []string{"the stream block of nginx is left alone"}},
		{Service: services.Instance{Use: "IMAP", Driver: "dovecot"}, State: enabling.Unproven, NotProven: "dovecot is not running: start it"},
		{Service: services.Instance{Use: "POP", Driver: "dovecot"}, State: enabling.PassedOver},
	}))
	r.Sees("is enabled, but not all clients are proven to get it", "But mail.b.test still gets the old one at smtp://127.0.0.1:25", "Not looked into: the stream block",
		"not proven: dovecot is not running", "passed over: ")
	unstapled := uitest.Mixed().Ports[0]
	unstapled.Report.StapleFault = "it demands an OCSP staple in each handshake, and none was sent"
	r.Send(desk.MakeOutcomesMsg([]enabling.Outcome{{Service: uitest.Postfix, State: enabling.Enabled, Ports: []enabling.Port{unstapled}}}))
	r.Sees("is enabled, but something is wrong with what is served", "serves what it should, but it demands an OCSP staple")
}
