package monitoring

import (
	"strings"
	"testing"
	"time"

	"certdesk/certstore/enabling"
	"certdesk/certstore/ledger"
	"certdesk/certstore/probe"
	"certdesk/certstore/renewing"
	"certdesk/certstore/services"
	"certdesk/certstore/trust"
)

var now = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

const day = 24 * time.Hour

// Times for people are local ones; here that is UTC.
func init() { time.Local = time.UTC }

// lasting is a certificate of a life in days, of which some are left, judged as the table judges it.
func lasting(life, left float64) ledger.Entry {
	end := now.Add(time.Duration(left * float64(day)))
	e := ledger.Entry{ID: 1, Kind: ledger.Certificate, FriendlyName: "mail", Thumbprint: "9A3F51B2C4D5", SHA256: "aa",
		Names: []string{"mail.example.org", "*.example.net"}, NotAfter: end, NotBefore: end.Add(-time.Duration(life * float64(day))),
		SelfSigned: true, HasKey: true, KeyAlgorithm: "ECDSA", Services: ledger.SMTP}
	e.Verdict = trust.Judge(trust.Facts{SelfSigned: true, NotBefore: e.NotBefore, NotAfter: e.NotAfter, Names: e.Names,
		KeyAlgorithm: "ECDSA"}, now)
	e.DaysLeft = int(left)
	return e
}

func with(e ledger.Entry, change func(*ledger.Entry)) ledger.Entry {
	change(&e)
	return e
}

// Without limits of its own a check cries where the table does: days alone mean nothing to a life of six days.
func TestTheTimeThatIsLeft(t *testing.T) {
	for _, c := range []struct {
		life, left        float64
		warning, critical string
		want              State
	}{
		{365, 31, "", "", OK}, {365, 29, "", "", Warning}, {365, 6.9, "", "", Critical}, {365, -1, "", "", Critical},
		{90, 31, "", "", OK}, {90, 29, "", "", Warning}, {6, 2.1, "", "", OK}, {6, 1.9, "", "", Warning}, {6, 0.5, "", "", Critical},
		{365, 29, "10d", "", OK}, {365, 29, "10d", "30d", Critical}, {365, 90, "25%", "10%", Warning}, {365, 92, "25%", "10%", OK},
		{6, 0.5, "0", "0", OK}, {6, -0.1, "0", "0", Critical}, {6, 1.4, "36h", "12h", Warning}, {6, 0.4, "36h", "12h", Critical},
		{365, 13, "2w", "0d", Warning}, {365, 100, "100%", "0%", Warning},
	} {
		q := Question{Now: now, Warning: limitOf(t, c.warning), Critical: limitOf(t, c.critical)}
		if r := q.Judge([]ledger.Entry{lasting(c.life, c.left)}, Sight{}); r.State != c.want {
			t.Errorf("%v of %v days left, --warning %s --critical %s: %v, want %v", c.left, c.life, c.warning, c.critical, r.State, c.want)
		}
	}
}

func limitOf(t *testing.T, text string) *Limit {
	t.Helper()
	if text == "" {
		return nil
	}
	l, err := ParseLimit(text)
	if err != nil {
		t.Fatal(err)
	}
	return &l
}

func TestWhatIsNoLimit(t *testing.T) {
	for _, text := range []string{"", "d", "-1d", "101%", "1.5d", "30 days", "30dd", "%", "d30", "99999999999d", "1e3"} {
		if l, err := ParseLimit(text); err == nil {
			t.Errorf("%q is %+v", text, l)
		}
	}
}

func TestTheStateOfAnEntry(t *testing.T) {
	status := func(s trust.Status, fault string) ledger.Entry {
		return with(lasting(365, 200), func(e *ledger.Entry) { e.Verdict = trust.Verdict{Status: s, Word: "w", Reason: "r", Fault: fault} })
	}
	remarked := func(s trust.Severity) ledger.Entry {
		return with(lasting(365, 200), func(e *ledger.Entry) { e.Verdict.Findings = []trust.Finding{{Code: "c", Severity: s, Text: "t"}} })
	}
	settled := with(lasting(365, -5), func(e *ledger.Entry) {
		e.Services, e.DaysLeft, e.Successor = 0, -5, &ledger.Successor{ID: 2}
	})
	for name, c := range map[string]struct {
		e    ledger.Entry
		want State
	}{
		"valid": {status(trust.Valid, ""), OK}, "invalid": {status(trust.Invalid, ""), Critical},
		"not served": {status(trust.NotServed, ""), Critical}, "unknown": {status(trust.Unknown, ""), Unknown},
		"revoked": {status(trust.Revoked, ""), Critical}, "unchecked": {status(trust.RevocationCheckFailure, ""), Warning},
		"no root here": {status(trust.Untrusted, ""), Warning}, "chain refused": {status(trust.Untrusted, "x"), Critical},
		"a status of later": {status("Revoked", ""), Critical}, "settled": {settled, OK},
		"refused by some clients": {remarked(trust.Error), Warning}, "to be looked at": {remarked(trust.Warning), OK},
		"settled but served": {with(settled, func(e *ledger.Entry) { e.Served = true }), Critical},
	} {
		if r := (Question{Now: now}).Judge([]ledger.Entry{c.e}, Sight{}); r.State != c.want {
			t.Errorf("%s: %v, want %v: %+v", name, r.State, c.want, r.Items)
		}
	}
}

// A check that looks at nothing is not well, and the worst state is the one that is told.
func TestNothingAndTheWorst(t *testing.T) {
	q := Question{Now: now}
	if r := q.Judge(nil, Sight{}); r.State != Unknown {
		t.Errorf("an empty store: %+v", r)
	}
	request := ledger.Entry{Kind: ledger.PendingReq, Wanted: ledger.IMAP}
	if r := q.Judge([]ledger.Entry{request}, Sight{}); r.State != Unknown || r.Counts.Pending != 1 {
		t.Errorf("a request alone: %+v", r)
	}
	imap := Question{Now: now, Services: ledger.IMAP}
	if r := imap.Judge([]ledger.Entry{lasting(365, 200)}, Sight{}); r.State != Unknown || r.Items[0].Text != "no certificate is enabled for IMAP" {
		t.Errorf("%+v", r)
	}
	all := []ledger.Entry{lasting(365, 200), lasting(365, 20), with(lasting(365, 3), func(e *ledger.Entry) { e.FriendlyName = "worst" })}
	r := q.Judge(all, Sight{Survey: enabling.Survey{Troubles: []string{"postfix cannot be read"}}, Store: []string{"torn"}, Silent: []string{"tls://a:1"}})
	if r.State != Critical || r.Items[0].Entry.FriendlyName != "worst" || r.Counts.Expiring != 2 || r.Next.Entry.FriendlyName != "worst" {
		t.Errorf("%+v", r)
	}
	if last := r.Items[len(r.Items)-1]; last.State != OK || r.Items[len(r.Items)-2].State != Unknown {
		t.Errorf("what could not be looked at stands behind alarms and before what is well: %+v", r.Items)
	}
}

func TestExpectedNames(t *testing.T) {
	for name, want := range map[string]State{"mail.example.org": OK, "imap.example.net": OK, "a.b.example.net": Critical, "example.net": Critical,
		"other.example.org": Critical} {
		q := Question{Now: now, Names: []string{name}}
		if r := q.Judge([]ledger.Entry{lasting(365, 200)}, Sight{}); r.State != want {
			t.Errorf("%s: %+v", name, r)
		}
	}
	q := Question{Now: now, Names: []string{"mail.example.org"}, Services: ledger.IMAP | ledger.POP}
	other := with(lasting(365, 200), func(e *ledger.Entry) { e.Services, e.Names = ledger.IMAP, []string{"imap.example.org"} })
	r := q.Judge([]ledger.Entry{lasting(365, 200), other}, Sight{})
	if r.State != Critical || !strings.Contains(r.Items[0].Text, "no valid certificate that is enabled for POP or IMAP covers mail.example.org") &&
		!strings.Contains(r.Items[0].Text, "no valid certificate that is enabled for IMAP or POP covers mail.example.org") {
		t.Errorf("it counts where it is enabled alone: %+v", r.Items)
	}
}

// A port that is wrong is told once, by its entry where that says so; a restart that would end TLS is a warning.
func TestPorts(t *testing.T) {
	smtp := services.Instance{Use: "SMTP", Driver: "postfix"}
	good := enabling.Port{Service: smtp, Listen: "smtp://127.0.0.1:25", Bound: 1, Expected: "aa", Report: probe.Report{Result: probe.Matches, SHA256: "aa"}}
	wrong, stranger, lapses := good, good, good
	wrong.Listen, wrong.Report = "smtp://127.0.0.1:26", probe.Report{Result: probe.NoAnswer, Text: "refused"}
	stranger.Bound, stranger.Expected, stranger.Report = 0, "", probe.Report{Result: probe.NoAnswer, Text: "refused"}
	lapses.Lost = "/etc/key.pem"
	other := good
	other.Service.Use, other.Report = "IMAP", probe.Report{Result: probe.NoAnswer}
	for name, c := range map[string]struct {
		ports        []enabling.Port
		want         State
		others, down int
	}{
		"well": {[]enabling.Port{good, good}, OK, 0, 0}, "told by its entry": {[]enabling.Port{good, wrong}, Critical, 0, 1},
		"nobody's": {[]enabling.Port{stranger, stranger}, Critical, 1, 1}, "lapses": {[]enabling.Port{lapses}, Warning, 1, 1},
		"another service": {[]enabling.Port{good, other}, OK, 0, 0},
	} {
		q := Question{Now: now, Services: ledger.SMTP}
		seen := Sight{Survey: q.About(enabling.Survey{At: now, Ports: c.ports})}
		e := lasting(365, 200)
		seen.Survey.Judge(&e)
		r := q.Judge([]ledger.Entry{e}, seen)
		others := 0
		for _, it := range r.Items {
			if it.Entry == nil {
				others++
			}
		}
		if r.State != c.want || others != c.others || r.Counts.PortsWrong != c.down {
			t.Errorf("%s: %v, %+v", name, r.State, r)
		}
	}
}

// What renews itself is told where that fails, where nobody sees to it, and loudly once a sixth of its life is left.
func TestRenewals(t *testing.T) {
	failed := func(n int) func(*renewing.Task) {
		return func(task *renewing.Task) {
			for range n {
				task.Failures = append(task.Failures, ledger.Failure{Why: "le takes no more of this for now"})
			}
			task.Until = now.Add(9 * time.Hour)
		}
	}
	due := func(ago time.Duration) func(*renewing.Task) {
		return func(task *renewing.Task) { task.Moment.At = now.Add(-ago) }
	}
	prepared := func(task *renewing.Task) { task.Deed = renewing.Prepare }
	for name, c := range map[string]struct {
		life, left float64
		change     func(*renewing.Task)
		warning    string
		want       State
		text       string
	}{
		"not due":                    {90, 40, due(-day), "", OK, ""},
		"due just now":               {90, 29, due(time.Hour), "", OK, ""},
		"due, and nobody does it":    {90, 28, due(25 * time.Hour), "", Warning, "; due since 22 Nov 2026 08:00 UTC and not renewed: does `certdesk renew --due` run on this host?"},
		"a short life, nobody":       {6, 2.6, due(9 * time.Hour), "", Warning, "; due since "},
		"a short life, in time":      {6, 2.9, due(3 * time.Hour), "", OK, ""},
		"failed once":                {90, 29, failed(1), "", Warning, "; renewal failed once: le takes no more of this for now; next try 23 Nov 2026 18:00 UTC"},
		"failed twice":               {90, 29, failed(2), "", Warning, "; renewal failed twice: "},
		"failed often, a sixth left": {90, 14.9, failed(7), "", Critical, "; renewal failed 7 times: "},
		"a sixth left, in silence":   {90, 14.9, due(-day), "", Critical, ""},
		"limits that were asked for": {90, 29, due(-day), "30d", Warning, ""},
		"of another CA":              {90, 29, prepared, "", Warning, ""},
	} {
		e := lasting(c.life, c.left)
		task := renewing.Task{Deed: renewing.Order, Old: e}
		task.Moment.At = now
		c.change(&task)
		r := Question{Now: now, Warning: limitOf(t, c.warning)}.Judge([]ledger.Entry{e}, Sight{Renewals: []renewing.Task{task}})
		if got := r.Items[0]; got.State != c.want || !strings.Contains(got.Text, c.text) || c.text == "" && strings.Contains(got.Text, ";") && !strings.Contains(got.Text, "self-signed") {
			t.Errorf("%s: %v %q, want %v %q", name, got.State, got.Text, c.want, c.text)
		}
	}
	first := ledger.Entry{ID: 3, Kind: ledger.PendingReq}
	task := renewing.Task{Deed: renewing.Continue, Old: first}
	failed(1)(&task)
	if r := (Question{Now: now}).Judge([]ledger.Entry{lasting(90, 80), first}, Sight{Renewals: []renewing.Task{task}}); r.State != Warning || r.Items[0].Entry.ID != 3 {
		t.Errorf("a first order that fails: %+v", r)
	}
}
