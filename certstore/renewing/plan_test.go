package renewing

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"certdesk/certstore/ledger"
	"certdesk/certstore/trust"
)

var now = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

const day = 24 * time.Hour

// with is an entry after some changes.
func with(e ledger.Entry, changes ...func(*ledger.Entry)) ledger.Entry {
	for _, change := range changes {
		change(&e)
	}
	return e
}

// cert is a certificate of 90 days of which some are left.
func cert(id int64, left int, changes ...func(*ledger.Entry)) ledger.Entry {
	end := now.Add(time.Duration(left) * day)
	e := ledger.Entry{ID: id, Kind: ledger.Certificate, Names: []string{"mail.example.org"}, NotAfter: end, NotBefore: end.Add(-90 * day), DaysLeft: left}
	e.Verdict.Status = trust.Valid
	if left < 30 {
		e.Verdict.Status = trust.Expiring
	}
	return with(e, changes...)
}

func acme(e *ledger.Entry) { e.Automatic = &ledger.Automatic{Order: ledger.Order{CA: "le", URL: "u"}} }
func revoked(e *ledger.Entry) {
	e.Automatic.Revoked = ledger.Revoked{Reason: "cessationOfOperation", At: now.Add(-day)}
}
func bound(e *ledger.Entry) { e.Services = ledger.SMTP }
func request(id, of int64, changes ...func(*ledger.Entry)) ledger.Entry {
	return with(ledger.Entry{ID: id, Kind: ledger.PendingReq, RenewalOf: of}, changes...)
}
func renews(of int64) func(*ledger.Entry) { return func(e *ledger.Entry) { e.RenewalOf = of } }
func failed(e *ledger.Entry) {
	a := *e.Automatic
	a.Failures = []ledger.Failure{{CA: "le", Why: "no", At: now.Add(-time.Minute), Next: now.Add(59 * time.Minute)}}
	e.Automatic = &a
}
func replacedBy(id int64, waits bool) func(*ledger.Entry) {
	return func(e *ledger.Entry) { e.Successor = &ledger.Successor{ID: id, Waits: waits} }
}

func TestThePlan(t *testing.T) {
	for name, c := range map[string]struct {
		entries           []ledger.Entry
		renewed, declined int64
		want              string // deed old>new when, for each task
	}{
		"nothing is here":                        {},
		"not due yet":                            {entries: []ledger.Entry{cert(1, 60, acme, bound)}, want: "order 1>0 later"},
		"due":                                    {entries: []ledger.Entry{cert(1, 30, acme, bound)}, want: "order 1>0 now"},
		"due, served by nothing":                 {entries: []ledger.Entry{cert(1, 30, acme)}, want: "order 1>0 now"},
		"due, its place was taken":               {entries: []ledger.Entry{cert(1, 20, acme, replacedBy(9, false))}},
		"due, its place was taken, still served": {entries: []ledger.Entry{cert(1, 20, acme, bound, replacedBy(9, false))}, want: "order 1>0 now"},
		"due, its renewal was removed":           {entries: []ledger.Entry{cert(1, 20, acme)}, renewed: 1},
		"revoked, and served":                    {entries: []ledger.Entry{cert(1, 80, acme, bound, revoked)}, want: "order 1>0 now"},
		"revoked, and served by nothing":         {entries: []ledger.Entry{cert(1, 80, acme, revoked)}},
		"an interrupted order":                   {entries: []ledger.Entry{cert(1, 60, acme, bound), request(2, 1, acme)}, want: "continue 1>2 now"},
		"an interrupted first order":             {entries: []ledger.Entry{request(2, 0, acme)}, want: "continue 2>2 now"},
		"a request of somebody":                  {entries: []ledger.Entry{request(2, 0)}},
		"a person asks another CA":               {entries: []ledger.Entry{cert(1, 20, acme, bound, replacedBy(2, true)), request(2, 1)}},
		"an order that failed":                   {entries: []ledger.Entry{cert(1, 20, acme, bound), request(2, 1, acme, failed)}, want: "continue 1>2 later"},
		"issued and not enabled":                 {entries: []ledger.Entry{cert(1, 20, acme, bound), cert(2, 89, acme, renews(1))}, want: "order 2>0 later, enable 1>2 now"},
		"issued and not proven":                  {entries: []ledger.Entry{cert(1, 20, acme, bound), cert(2, 89, acme, failed, renews(1))}, want: "enable 1>2 later, order 2>0 later"},
		"issued and enabled":                     {entries: []ledger.Entry{cert(1, 20, acme, replacedBy(2, false)), cert(2, 89, acme, bound, renews(1))}, renewed: 1, want: "order 2>0 later"},
		"issued, never enabled, renewed": {entries: []ledger.Entry{cert(1, -60, acme, bound), cert(2, 20, acme, renews(1), replacedBy(3, false)), cert(3, 89, acme, renews(2))},
			renewed: 2, want: "enable 1>3 now, order 3>0 later"},
		"renewed by hand, not enabled": {entries: []ledger.Entry{cert(1, 20, acme, bound), cert(2, 89, renews(1))}, renewed: 1},
		"a renewal that has expired":   {entries: []ledger.Entry{cert(1, -60, acme, bound), cert(2, -1, acme, renews(1), func(e *ledger.Entry) { e.Verdict.Status = trust.DateInvalid })}, want: "order 1>0 now, order 2>0 now"},

		"another CA's, in time":               {entries: []ledger.Entry{cert(1, 60, bound)}},
		"another CA's, ending":                {entries: []ledger.Entry{cert(1, 20, bound)}, want: "prepare 1>0 now"},
		"another CA's, served by nothing":     {entries: []ledger.Entry{cert(1, 20)}},
		"another CA's, its request waits":     {entries: []ledger.Entry{cert(1, 20, bound, replacedBy(2, true)), request(2, 1)}},
		"another CA's, its request declined":  {entries: []ledger.Entry{cert(1, 20, bound)}, declined: 1},
		"another CA's, its place was taken":   {entries: []ledger.Entry{cert(1, 20, bound, replacedBy(2, false))}},
		"another CA's, its renewal went away": {entries: []ledger.Entry{cert(1, 20, bound)}, renewed: 1},
		"self-signed":                         {entries: []ledger.Entry{cert(1, 20, bound, func(e *ledger.Entry) { e.SelfSigned = true })}},
		"what was begun first, then what ends first": {entries: []ledger.Entry{cert(1, 20, acme, bound), cert(2, 10, acme, bound), cert(3, 60, acme, bound), request(4, 3, acme), cert(5, 5, bound)},
			want: "continue 3>4 now, order 2>0 now, order 1>0 now, prepare 5>0 now"},
	} {
		f := Facts{Entries: c.entries, Renewed: map[int64]bool{c.renewed: true}, Declined: map[int64]bool{c.declined: true}, Now: now}
		var got []string
		for _, task := range Plan(f) {
			when := "later"
			if task.Ready(now) {
				when = "now"
			}
			got = append(got, fmt.Sprintf("%s %d>%d %s", task.Deed, task.Old.ID, task.New.ID, when))
			if task.Deed != Prepare && task.CA != "le" {
				t.Errorf("%s: the authority is %q", name, task.CA)
			}
		}
		want, have := c.want, strings.Join(got, ", ")
		if !sameTasks(want, have) {
			t.Errorf("%s: %s; want %s", name, have, want)
		}
	}
}

// sameTasks compares plans; the order counts among those that are ready.
func sameTasks(want, have string) bool {
	split := func(text string) (now, later []string) {
		for _, t := range strings.Split(text, ", ") {
			if strings.HasSuffix(t, "now") {
				now = append(now, t)
			} else {
				later = append(later, t)
			}
		}
		return now, later
	}
	a, b := split(want)
	c, d := split(have)
	return fmt.Sprint(a) == fmt.Sprint(c) && len(b) == len(d) && (len(b) < 2 || strings.Contains(have, b[0]) && strings.Contains(have, b[1]))
}

// A failure holds a task up, and no clock that jumped back makes that for ever.
func TestWhatFailedIsTriedAgainInTime(t *testing.T) {
	e, r := cert(1, 20, acme, bound), request(2, 1, acme, failed)
	task := Plan(Facts{Entries: []ledger.Entry{e, r}, Now: now})[0]
	if task.At() != now.Add(59*time.Minute) || task.Failure() == nil || task.Ready(now.Add(58*time.Minute)) || !task.Ready(now.Add(59*time.Minute)) {
		t.Errorf("%+v", task)
	}
	if task := Plan(Facts{Entries: []ledger.Entry{e, r}, Now: now.Add(-400 * day)}); len(task) != 1 || !task[0].Ready(now.Add(-400*day)) {
		t.Errorf("after the clock was put back: %+v", task)
	}
}

// What went wrong when a certificate was enabled, months ago, is no failure of its renewal; what was tried since is.
func TestWhatFailedSinceItIsDue(t *testing.T) {
	e := cert(1, 20, acme, bound)
	a := *e.Automatic
	a.Failures = []ledger.Failure{{Why: "not served", At: now.Add(-69 * day)}, {Why: "out of order", At: now.Add(-time.Minute)}}
	e.Automatic = &a
	task := Plan(Facts{Entries: []ledger.Entry{e}, Now: now})[0]
	if len(task.Failures) != 1 || task.Failure().Why != "out of order" || task.At() != now.Add(59*time.Minute) || task.Often() != "once" {
		t.Errorf("%+v", task)
	}
}

func TestALimitPutsOff(t *testing.T) {
	var asked []ledger.Asked
	for range 3 {
		asked = append(asked, ledger.Asked{At: now.Add(-time.Minute), Op: ledger.OpFailed, Type: "connection"})
	}
	e, r := cert(1, 20, acme, bound), request(3, 0, acme)
	for _, task := range Plan(Facts{Entries: []ledger.Entry{e, r}, Asked: asked, Now: now}) {
		if task.At() != now.Add(59*time.Minute) || !strings.Contains(task.Held, "three validations") {
			t.Errorf("%+v", task)
		}
	}
	enable := []ledger.Entry{e, cert(2, 89, acme, renews(1))}
	if task := Plan(Facts{Entries: enable, Asked: asked, Now: now})[0]; task.Deed != Enable || !task.Ready(now) {
		t.Errorf("no authority is asked for it: %+v", task)
	}
	fresh := with(cert(1, 20, acme, bound), func(e *ledger.Entry) { e.Automatic.Issued = now.Add(-time.Hour) })
	if task := Plan(Facts{Entries: []ledger.Entry{fresh}, Now: now})[0]; task.At() != now.Add(23*time.Hour) {
		t.Errorf("issued an hour ago: %+v", task)
	}
}
