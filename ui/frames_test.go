package ui_test

import (
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/certstore/acme/due"
	"certdesk/certstore/ledger"
	"certdesk/certstore/trust"
	"certdesk/ui/details"
	"certdesk/ui/screen"
	"certdesk/ui/theme"
	"certdesk/ui/uitest"
)

// scenes are the screens of the app itself, and of the table.
var scenes = []uitest.Scene{
	{Name: "table", Open: func(*uitest.Driver) {}},
	{Name: "table-filter", Open: func(r *uitest.Driver) { r.Keys("/"); r.Typing("web") }},
	{Name: "table-empty", Open: func(r *uitest.Driver) { r.Relisted() }},
	{Name: "table-renewal-fails", Open: func(r *uitest.Driver) { r.Relisted(failingRenewal()...); r.Onto(1) }},
	{Name: "table-refused", Open: func(r *uitest.Driver) { r.Relisted(failingRenewal()...); r.Onto(3) }},
	{Name: "help", Open: func(r *uitest.Driver) { r.Keys("?") }},
}

// failingRenewal is a certificate in use whose renewal fails, the request that is to renew it, one that a CA refused for
// good, and one where all goes well.
func failingRenewal() []certstore.Entry {
	failure := func(kind, why string) ledger.Failure {
		return ledger.Failure{CA: "letsencrypt", Type: kind, Why: why, At: uitest.Noon.Add(-time.Hour), Next: uitest.Noon.Add(3 * time.Hour)}
	}
	entry := func(id int64, left int, name string, failures ...ledger.Failure) certstore.Entry {
		e := uitest.Certificate(id, name, "valid", trust.Valid, left, 90, name+".proexchange.global")
		e.Issuer, e.Automatic = "CN=E7,O=Let's Encrypt,C=US", &ledger.Automatic{Order: ledger.Order{CA: "letsencrypt",
			Directory: "https://acme-v02.api.letsencrypt.org/directory", Profile: "classic"}, Failures: failures}
		if left == 0 {
			e.Kind, e.Created, e.Verdict.Status, e.Verdict.Word = certstore.PendingReq, uitest.Noon.Add(-5*time.Hour), trust.PendingRequest, "pending"
			e.NotBefore, e.NotAfter, e.Issuer, e.Chain = time.Time{}, time.Time{}, "", nil
		}
		return e
	}
	notSeen := failure("connection", "letsencrypt could not prove mail.proexchange.global by http-01: it could not connect: Timeout during connect")
	old, next := entry(1, 24, "mail"), entry(2, 0, "mail", notSeen)
	old.Services, next.Renewing = certstore.SMTP|certstore.IMAP, &old
	old.Failing = &ledger.Failing{By: &next, Since: uitest.Noon.Add(-76 * time.Hour), Times: 5, Last: notSeen}
	refused := entry(3, 0, "intranet", failure("rejectedIdentifier", "letsencrypt does not certify intranet.proexchange.global: Domain name is on a list"))
	refused.Verdict.Word = due.WordRefused
	well := entry(4, 70, "www")
	well.Services = certstore.IIS
	return []certstore.Entry{old, next, refused, well}
}

func TestScenes(t *testing.T) { uitest.Check(t, scenes) }

// The table is exact at every pair of sizes when CERTDESK_ALL is set.
func TestTheTableIsExactAtEverySize(t *testing.T) {
	uitest.ArticleDesk(t, 80, 24).ExactEverywhere(true)
}

// The table once with its colours, once as NO_COLOR shows it, once with the signs of a UTF-8 locale.
func TestGoldenThemes(t *testing.T) {
	for _, test := range []struct {
		name  string
		theme string
		env   map[string]string
	}{
		{"table-dark", "dark", nil},
		{"table-light", "light", nil},
		{"table-256", "dark", map[string]string{"TERM": "xterm-256color", "LANG": "en_GB.UTF-8"}},
		{"table-nocolor", "dark", map[string]string{"NO_COLOR": "1"}},
		{"table-utf8", "dark", map[string]string{"LANG": "en_GB.UTF-8"}},
	} {
		for _, size := range []struct {
			name string
			w, h int
		}{{"80x24", 80, 24}, {"140x45", 140, 45}} {
			r := uitest.ArticleDesk(t, size.w, size.h)
			r.Desk.Styles = theme.New(test.theme, func(name string) string { return test.env[name] })
			r.Golden(test.name+"-"+size.name, true)
		}
	}
}

// No byte of a hostile certificate reaches the terminal raw, on any screen that shows it.
func TestHostileTextIsShownNotObeyed(t *testing.T) {
	e := uitest.Certificate(1, uitest.Hostile, "untrusted", trust.Untrusted, 10, 90, uitest.Hostile, uitest.Hostile)
	e.Subject, e.Issuer, e.Serial, e.KeyAlgorithm, e.SignatureAlgorithm = "CN="+uitest.Hostile, "CN="+uitest.Hostile, uitest.Hostile, uitest.Hostile, uitest.Hostile
	e.Verdict.Reason, e.Verdict.Findings = uitest.Hostile, []trust.Finding{{Severity: trust.Warning, Text: uitest.Hostile}}
	for i := range e.Chain {
		e.Chain[i].Subject = "CN=" + uitest.Hostile
	}
	c := screen.Config{Server: uitest.Hostile, Role: uitest.Hostile, StoreNote: uitest.Hostile}
	for _, way := range [][]string{{}, {"enter"}, {"D"}, {"enter", "?"}, {"y"}, {"y", "n"}} {
		r := uitest.Drive(t, c, 140, 45, e)
		r.Desk.Banner = ""
		r.Keys(way...)
		if len(way) == 1 && way[0] == "enter" {
			r.Send(details.ShownMsg{Details: certstore.Details{Entry: e, Files: []string{uitest.Hostile},
				History: []certstore.Event{{Text: uitest.Hostile, Who: uitest.Hostile}}}})
		}
		r.Harmless()
		r.ExactEverywhere(false)
	}
}

// everyScene is the way to each screen of a desk on the demo's store; points says that a cursor must be seen on it.
var everyScene = []struct {
	name   string
	says   string
	points bool
	open   func(r *uitest.Driver)
}{
	{"table", "1 of 12", true, func(*uitest.Driver) {}},
	{"filter", "/ web", true, func(r *uitest.Driver) { r.Keys("/"); r.Typing("web") }},
	{"filter that finds nothing", "No row passes this filter", false, func(r *uitest.Driver) { r.Keys("/"); r.Typing("nowhere"); r.Keys("enter") }},
	{"details", "Valid until", false, func(r *uitest.Driver) { r.OnName("voice"); r.Keys("enter") }},
	{"help", "The table", false, func(r *uitest.Driver) { r.Keys("?") }},
	{"palette", "What can be done here", true, func(r *uitest.Driver) { r.Keys(":") }},
	{"ports", "POP (of the demo)", false, func(r *uitest.Driver) { r.Keys("t") }},
	{"ask a port", "Which port is to be asked?", true, func(r *uitest.Driver) { r.OnName("webmail 2026"); r.Keys("p") }},
	{"answer", "It is what should be there", false, func(r *uitest.Driver) { r.Keys("t", "p", "enter") }},
	{"plan", "SMTP (of the demo)", false, func(r *uitest.Driver) { r.OnName("Microsoft Exchange"); r.Keys("e", "ctrl+n", "enter") }},
	{"remove", "Remove voice?", true, func(r *uitest.Driver) { r.OnName("voice"); r.Keys("D"); r.Wait() }},
	{"remove a request", "that is not", true, func(r *uitest.Driver) {
		r.OnName("secure_client")
		r.Keys("D")
		r.Wait()
		r.Typing("lose")
		r.Keys("enter")
	}},
	{"purpose", "1 of 7", true, func(r *uitest.Driver) { r.Keys("n") }},
	{"names", "2 of 7", true, func(r *uitest.Driver) { toNames(r) }},
	{"subject", "3 of 7", true, func(r *uitest.Driver) { toNames(r); r.Keys("ctrl+n") }},
	{"key", "4 of 7", true, func(r *uitest.Driver) { toNames(r); r.Keys("ctrl+n", "ctrl+n") }},
	{"services", "5 of 7", true, func(r *uitest.Driver) { toNames(r); r.Keys("ctrl+n", "ctrl+n", "ctrl+n") }},
	{"file", "6 of 7", true, func(r *uitest.Driver) { toNames(r); r.Keys("ctrl+n", "ctrl+n", "ctrl+n", "ctrl+n") }},
	{"review", "7 of 7", false, func(r *uitest.Driver) { toNames(r); toReview(r) }},
	{"create", "Makes the key", true, func(r *uitest.Driver) { toNames(r); toReview(r); r.Keys("tab") }},
	{"resume", "Resume the unfinished form?", true, func(r *uitest.Driver) { toNames(r); r.Keys("esc", "esc", "n") }},
	{"quit", "Quit with an unfinished form?", true, func(r *uitest.Driver) { toNames(r); r.Keys("esc", "esc", "q") }},
	{"renew", "Renew secure_smtp", false, func(r *uitest.Driver) { r.OnName("secure_smtp"); r.Keys("R") }},
	{"import", "What do you want to import?", true, func(r *uitest.Driver) { r.Keys("i") }},
	{"import found", "The answer to your request", true, importsAnswer},
	{"imported", "is in the store", false, func(r *uitest.Driver) { importsAnswer(r); r.Keys("enter") }},
	{"export", "Who will open this?", true, func(r *uitest.Driver) { r.OnName("secure_smtp"); r.Keys("x") }},
	{"export refused", "Who will open this?", true, func(r *uitest.Driver) { r.OnName("secure_smtp"); r.Keys("x", "ctrl+n") }},
}

// Every screen looks as it should in every look.
func TestEveryScreenInEveryLook(t *testing.T) {
	for _, scene := range everyScene {
		t.Run(scene.name, func(t *testing.T) {
			r := demoDesk(t, 80, 24, "dark")
			scene.open(r)
			r.Sees(scene.says)
			r.InEveryLook(scene.points)
		})
	}
}

// At 200 columns a third pane tells the history of the row under the cursor, once the cursor rests there, until the ports
// have something to tell.
func TestAThirdPane(t *testing.T) {
	r := demoDesk(t, 200, 50, "dark")
	r.OnName("voice")
	r.SeesNot("imported")
	r.Wait()
	r.Sees("Certificates", "voice", "History", "imported", "The next 90 days")
	r.ExactEverywhere(false)
	r.Relisted(r.Desk.Entries...)
	r.Send(tea.WindowSizeMsg{Width: 140, Height: 45})
	r.SeesNot("History")
}
