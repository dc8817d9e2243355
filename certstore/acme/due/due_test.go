package due

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"testing"
	"time"

	"certdesk/certstore/ledger"
	"certdesk/certstore/trust"
)

var start = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)

const day = 24 * time.Hour

// lived is a certificate of an authority whose life began so many days ago.
func lived(now time.Time, age, life float64, a ledger.Automatic) *ledger.Entry {
	from := now.Add(-time.Duration(age * float64(day)))
	return &ledger.Entry{Kind: ledger.Certificate, NotBefore: from, NotAfter: from.Add(time.Duration(life * float64(day))), Automatic: &a}
}

func TestWhenACertificateIsRenewed(t *testing.T) {
	now := start
	in := func(days float64) time.Time { return now.Add(time.Duration(days * float64(day))) }
	window := func(start, end, chosen float64) ledger.Automatic {
		return ledger.Automatic{Window: ledger.Window{CA: "le", Start: in(start), End: in(end), Chosen: in(chosen)}}
	}
	revoked := ledger.Automatic{Revoked: ledger.Revoked{Reason: "superseded", At: in(-1)}}
	for name, c := range map[string]struct {
		e      *ledger.Entry
		want   float64 // days from now
		reason Reason
	}{
		"90 days, nothing suggested":         {lived(now, 0, 90, ledger.Automatic{}), 60, Age},
		"47 days":                            {lived(now, 0, 47, ledger.Automatic{}), 47 * 2 / 3., Age},
		"6 days: half of it":                 {lived(now, 0, 6, ledger.Automatic{}), 3, Age},
		"10 days: half of it":                {lived(now, 0, 10, ledger.Automatic{}), 5, Age},
		"11 days: a third":                   {lived(now, 0, 11, ledger.Automatic{}), 22 / 3., Age},
		"a window that comes sooner":         {lived(now, 0, 90, window(10, 12, 11)), 11, Suggested},
		"a window that comes too late":       {lived(now, 0, 90, window(80, 82, 81)), 60, Age},
		"a window that is over":              {lived(now, 0, 90, window(-2, -1, -1.5)), -1, AtOnce},
		"a window that is open, chosen past": {lived(now, 0, 90, window(-2, 1, -1)), -1, Suggested},
		"a window that is open, chosen next": {lived(now, 0, 90, window(-2, 1, 0.5)), 0.5, Suggested},
		"revoked by us":                      {lived(now, 0, 90, revoked), -1, Withdrawn},
		"past its age long ago":              {lived(now, 100, 90, ledger.Automatic{}), -40, Age},
	} {
		m := Renewal(c.e, now)
		if got := m.At.Sub(now).Hours() / 24; m.Reason != c.reason || got-c.want > 0.001 || c.want-got > 0.001 {
			t.Errorf("%s: in %.2f days, %s; want %.2f, %s", name, got, m.Reason, c.want, c.reason)
		}
		if m.Why(c.e) == "" {
			t.Errorf("%s: nobody is told why", name)
		}
	}
	listed := lived(now, 0, 90, ledger.Automatic{})
	listed.Verdict.Status = trust.Status("Revoked")
	if m := Renewal(listed, now); m.Reason != Withdrawn || m.At.After(now) {
		t.Errorf("revoked as a list says: %+v", m)
	}
}

// The moment is chosen once for a window: chosen anew at each run it would always lie ahead.
func TestTheMomentIsChosenOnceForAWindow(t *testing.T) {
	said := ledger.Window{CA: "le", Start: start, End: start.Add(2 * day), RetryAfter: start.Add(time.Hour)}
	first, err := Choose(ledger.Window{}, said, rand.Reader)
	if err != nil || first.Same || first.Chosen.Before(said.Start) || !first.Chosen.Before(said.End) {
		t.Fatal(first, err)
	}
	again, err := Choose(first, said, bytes.NewReader(nil)) // no randomness is needed
	if err != nil || !again.Same || !again.Chosen.Equal(first.Chosen) || !again.RetryAfter.Equal(said.RetryAfter) {
		t.Error(again, err)
	}
	moved := said
	moved.End, moved.Explanation = start.Add(time.Minute), "https://ca/why"
	other, err := Choose(first, moved, rand.Reader)
	if err != nil || other.Same || other.Chosen.After(moved.End) || other.Explanation == "" {
		t.Error(other, err)
	}
	if _, err := Choose(first, moved, bytes.NewReader(nil)); err == nil {
		t.Error("without randomness a moment is chosen")
	}
	second := ledger.Window{Start: start, End: start.Add(time.Second)} // as Pebble answers a revoked certificate
	if w, err := Choose(ledger.Window{}, second, rand.Reader); err != nil || !w.Chosen.Equal(start) {
		t.Error(w, err)
	}
	spread := map[time.Time]bool{}
	for range 50 {
		w, _ := Choose(ledger.Window{}, said, rand.Reader)
		spread[w.Chosen] = true
	}
	if len(spread) < 40 {
		t.Errorf("50 choices gave %d moments", len(spread))
	}
	kept := Unanswered(first, "")
	if !kept.Chosen.Equal(first.Chosen) || !kept.Same || !kept.RetryAfter.IsZero() {
		t.Error(kept)
	}
	silent := Unanswered(first, "it is down")
	if again := Unanswered(silent, "it is down"); silent.Same || silent.Why != "it is down" || !again.Same {
		t.Errorf("%+v, then %+v", silent, again)
	}
	if w, err := Choose(silent, said, bytes.NewReader(nil)); err != nil || w.Same || w.Why != "" || !w.Chosen.Equal(first.Chosen) {
		t.Errorf("it is there again: %+v, %v", w, err)
	}
}

func TestHowOftenAnAuthorityIsAskedForItsWindow(t *testing.T) {
	for name, c := range map[string]struct {
		after time.Duration // of Retry-After
		want  time.Duration
	}{
		"it says nothing": {0, 6 * time.Hour}, "as it says": {8 * time.Hour, 8 * time.Hour}, "in a second": {time.Second, time.Hour}, "in a year": {365 * day, day},
	} {
		w := ledger.Window{At: start, Start: start.Add(30 * day), End: start.Add(31 * day)}
		if c.after > 0 {
			w.RetryAfter = start.Add(c.after)
		}
		if Asks(w, start.Add(c.want-time.Second)) || !Asks(w, start.Add(c.want)) {
			t.Errorf("%s: it is not asked again after %v", name, c.want)
		}
	}
	if !Asks(ledger.Window{}, start) || !Asks(ledger.Window{At: start.Add(365 * day)}, start) {
		t.Error("never asked, or by a clock that ran ahead: it is to be asked")
	}
}

func failures(n int, at time.Time, change func(*ledger.Failure)) (list []ledger.Failure) {
	for range n {
		list = append(list, ledger.Failure{Why: "no", At: at})
	}
	if change != nil {
		change(&list[n-1])
	}
	return list
}

func TestBackOff(t *testing.T) {
	for n, want := range map[int]time.Duration{1: time.Hour, 2: 4 * time.Hour, 3: day, 4: day, 20: day} {
		a := failures(n, start, nil)
		if got := Retry(a, start.Add(time.Minute)); !got.Equal(start.Add(want)) {
			t.Errorf("after %d failures: %v, want %v", n, got.Sub(start), want)
		}
		if got := Retry(a, start.Add(want)); !got.IsZero() {
			t.Errorf("after %d failures and the wait: %v", n, got)
		}
	}
	if got := Retry(nil, start); !got.IsZero() {
		t.Error("nothing failed", got)
	}
	for name, c := range map[string]struct {
		change func(*ledger.Failure)
		want   time.Duration
	}{
		"the CA's own time":           {func(f *ledger.Failure) { f.RetryAfter = start.Add(9 * time.Hour) }, 9 * time.Hour},
		"a shorter one than ours":     {func(f *ledger.Failure) { f.RetryAfter = start.Add(time.Second) }, time.Hour},
		"a year":                      {func(f *ledger.Failure) { f.RetryAfter = start.Add(365 * day) }, 7 * day},
		"what was written down":       {func(f *ledger.Failure) { f.Next = start.Add(3 * time.Hour) }, 3 * time.Hour},
		"a forged time":               {func(f *ledger.Failure) { f.Next = start.Add(3000 * day) }, 7 * day},
		"a time that is over already": {func(f *ledger.Failure) { f.Next = start.Add(-day) }, time.Hour},
	} {
		if got := Retry(failures(1, start, c.change), start); !got.Equal(start.Add(c.want)) {
			t.Errorf("%s: %v, want %v", name, got.Sub(start), c.want)
		}
	}
	ahead := failures(3, start.Add(400*day), func(f *ledger.Failure) { f.Next = start.Add(401 * day) })
	if got := Retry(ahead, start); !got.IsZero() {
		t.Errorf("a clock that ran ahead holds it up until %v", got)
	}
}

const public = "https://acme-v02.api.letsencrypt.org/directory"

func TestLimits(t *testing.T) {
	at := func(ago time.Duration, op, typ string, names ...string) ledger.Asked {
		return ledger.Asked{At: start.Add(-ago), Directory: public, Op: op, Type: typ, Names: names}
	}
	times := func(n int, a ledger.Asked) (list []ledger.Asked) {
		for i := range n {
			one := a
			one.At = a.At.Add(time.Duration(i) * time.Second)
			list = append(list, one)
		}
		return list
	}
	var domain []ledger.Asked
	for i := range 50 {
		domain = append(domain, at(day, ledger.OpReady, "", fmt.Sprintf("a%d.example.org", i)))
	}
	mail := Want{Directory: public, Names: []string{"Mail.example.org", "*.example.org"}}
	renewal, house, other := mail, mail, mail
	renewal.Renewal, house.Directory, other.Names = true, "https://ca.corp.test:9000/dir", []string{"mail.example.net"}
	same := at(day, ledger.OpReady, "", "*.EXAMPLE.org", "mail.example.org")
	atHouse := times(9, same)
	for i := range atHouse {
		atHouse[i].Directory = house.Directory
	}
	exempt := same
	exempt.Renewal = true
	for name, c := range map[string]struct {
		asked []ledger.Asked
		want  Want
		until time.Duration // from now; 0 for not held
	}{
		"two failed validations":            {times(2, at(50*time.Minute, ledger.OpFailed, "connection")), mail, 0},
		"three of any name":                 {times(3, at(50*time.Minute, ledger.OpFailed, "connection", "x.test")), mail, 10 * time.Minute},
		"three, a renewal":                  {times(3, at(50*time.Minute, ledger.OpFailed, "dns")), renewal, 10 * time.Minute},
		"three an hour ago":                 {times(3, at(61*time.Minute, ledger.OpFailed, "connection")), mail, 0},
		"three at a house's CA":             {times(3, at(50*time.Minute, ledger.OpFailed, "connection")), house, 0}, // asked of the other one
		"the CA out of order is none":       {times(30, at(50*time.Minute, ledger.OpFailed, "serverInternal")), mail, 0},
		"four duplicates":                   {times(4, same), mail, 0},
		"five duplicates":                   {times(5, same), mail, 6 * day},
		"six duplicates: the fifth of last": {append(times(1, at(3*day, ledger.OpReady, "", mail.Names...)), times(5, same)...), mail, 6 * day},
		"five duplicates, a renewal":        {times(5, same), renewal, 0},
		"five that were renewals":           {times(5, exempt), mail, 0},
		"five of other names":               {times(5, same), other, 0},
		"a house's CA":                      {atHouse, house, 0},
		"fifty of a domain":                 {domain, mail, 6 * day},
		"fifty of another domain":           {domain, other, 0},
		"300 orders":                        {times(300, at(2*time.Hour, ledger.OpOrder, "")), mail, time.Hour},
		"by a clock that ran ahead":         {times(9, at(-day, ledger.OpReady, "", mail.Names...)), mail, 0},
	} {
		until, why := Held(c.asked, c.want, start)
		got := time.Duration(0)
		if !until.IsZero() {
			got = until.Sub(start)
		}
		if got.Round(time.Minute) != c.until || (why == "") != (c.until == 0) {
			t.Errorf("%s: held for %v (%s), want %v", name, got, why, c.until)
		}
	}
}

// A day of an authority that refuses everything, looked at each minute: the bound is three tries for each certificate
// on the first day, and one on each that follows; where validations fail, three an hour for the whole account.
func TestADayOfAnAuthorityThatRefuses(t *testing.T) {
	const certificates = 12
	for name, c := range map[string]struct {
		typ        string
		retryAfter time.Duration
		first, day int // tries on the first day, and on the seventh, at most
		anHour     int
	}{
		"out of order, for a week":        {"serverInternal", 0, 3 * certificates, certificates, certificates},
		"rate limited, an hour each":      {"rateLimited", time.Hour, 3 * certificates, certificates, certificates},
		"rate limited, a week each":       {"rateLimited", 7 * day, certificates, 0, certificates},
		"validations fail, three an hour": {"connection", 0, 3 * 24, 3 * 24, 3},
	} {
		var asked []ledger.Asked
		entries := make([]ledger.Automatic, certificates)
		tries := map[int]int{}
		for minute := range 7 * 24 * 60 {
			now := start.Add(time.Duration(minute) * time.Minute)
			for i := range entries {
				until, _ := Held(asked, Want{Directory: public, Names: []string{fmt.Sprint(i)}, Renewal: true}, now)
				if !Retry(entries[i].Failures, now).IsZero() || !until.IsZero() {
					continue
				}
				tries[minute]++
				f := ledger.Failure{Type: c.typ, Why: "no", At: now}
				if c.retryAfter > 0 {
					f.RetryAfter = now.Add(c.retryAfter)
				}
				f.Next = Next(len(entries[i].Failures)+1, now, f.RetryAfter)
				entries[i].Failures = append(entries[i].Failures, f)
				asked = append(asked, ledger.Asked{At: now, Directory: public, Op: ledger.OpFailed, Type: c.typ})
			}
		}
		count := func(from, to time.Duration) (n int) {
			for minute, k := range tries {
				if at := time.Duration(minute) * time.Minute; at >= from && at < to {
					n += k
				}
			}
			return n
		}
		most := 0
		for hour := range 7 * 24 {
			most = max(most, count(time.Duration(hour)*time.Hour, time.Duration(hour+1)*time.Hour))
		}
		first, seventh := count(0, day), count(6*day, 7*day)
		t.Logf("%s: %d certificates, %d tries on the first day, %d on the seventh, %d in one hour", name, certificates, first, seventh, most)
		if first > c.first || seventh > c.day || most > c.anHour || first == 0 {
			t.Errorf("%s: %d on the first day, %d on the seventh, %d in an hour; at most %d, %d, %d", name, first, seventh, most, c.first, c.day, c.anHour)
		}
	}
}

// A clock that is two months ahead finds each new certificate due, and so does an authority that always hurries: neither
// makes more than one order a day, and a second thought is obeyed at once.
func TestACertificateThatWasOnlyJustIssuedIsLeftAlone(t *testing.T) {
	for name, c := range map[string]struct {
		ahead  time.Duration
		window func(issued time.Time) ledger.Window
		most   int // orders in ten days
	}{
		"the clock is right":     {0, func(time.Time) ledger.Window { return ledger.Window{} }, 1},
		"it is two months ahead": {61 * day, func(time.Time) ledger.Window { return ledger.Window{} }, 11},
		"two months ahead, window": {61 * day, func(at time.Time) ledger.Window {
			return ledger.Window{Start: at.Add(59 * day), End: at.Add(60 * day), Chosen: at.Add(59 * day)}
		}, 11},
		"the authority hurries once": {0, nil, 2},
		"it always hurries": {0, func(at time.Time) ledger.Window {
			return ledger.Window{Start: at.Add(-2), End: at.Add(-1), Chosen: at.Add(-2)}
		}, 12},
	} {
		var parent *ledger.Entry
		old := lived(start, 61, 90, ledger.Automatic{Issued: start.Add(-61 * day)})
		orders := 0
		for minute := 0; minute < 10*24*60; minute += 10 {
			now := start.Add(time.Duration(minute) * time.Minute)
			m := Renewal(old, now)
			if m.At.After(now) || Floor(old, parent, m, now).After(now) {
				continue
			}
			orders++
			w := ledger.Window{}
			if c.window != nil {
				w = c.window(now.Add(-c.ahead))
			} else if orders == 1 {
				w = ledger.Window{Start: now.Add(-2), End: now.Add(-1), Chosen: now.Add(-2)}
			}
			parent, old = old, lived(now.Add(-c.ahead), 0, 90, ledger.Automatic{Issued: now, Window: w})
		}
		if orders == 0 || orders > c.most || c.window == nil && orders != 2 {
			t.Errorf("%s: %d orders in ten days, at most %d", name, orders, c.most)
		}
	}
	late := lived(start, 61, 90, ledger.Automatic{Issued: start.Add(300 * day)})
	if got := Floor(late, nil, Renewal(late, start), start); !got.IsZero() {
		t.Errorf("a clock that ran ahead when it was issued holds it up until %v", got)
	}
}
