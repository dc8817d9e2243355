package certstore

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"certdesk/certstore/acme/acmetest"
	"certdesk/certstore/disk"
	"certdesk/certstore/ledger"
	"certdesk/certstore/renewing"
)

func (s *subscriber) leavesItAlone() {
	old := s.subscribed("mail.example.test")
	s.now = s.now.Add(31 * day)
	s.front.Fail("/", acmetest.Says(503, nil, "text/plain", "maintenance"))
	s.due("order failed")
	s.tellsOnce(old, "renewal failing since ", "pebble is out of order just now", "")
	asked := s.asked()
	s.now = s.now.Add(59 * time.Minute)
	s.due("")
	if n := s.asked(); n != asked {
		s.Errorf("while it is out of order it is asked %d times", n-asked)
	}
	s.front.Heal()
	s.front.Fail(acmetest.PathOrder, acmetest.Says(429, http.Header{"Retry-After": {"50000"}}, "application/problem+json",
		`{"type":"urn:ietf:params:acme:error:rateLimited","detail":"too many certificates"}`))
	s.now = s.now.Add(time.Minute)
	results := s.due("order failed")
	s.tellsOnce(old, "too many certificates; next try ", "too many certificates", ledger.PendingReq)
	until := s.now.Add(50000 * time.Second)
	asked = s.asked()
	for range 13 {
		s.now = s.now.Add(time.Hour)
		s.due("")
	}
	if n := s.asked(); n != asked {
		s.Errorf("while it wants to be left alone it is asked %d times", n-asked)
	}
	if f := s.entry(results[0].Entry.ID).Automatic.Failed(); f == nil || f.Type != "rateLimited" || f.Next.Sub(until).Abs() > time.Second {
		s.Errorf("%+v", f)
	}
	s.front.Heal()
	s.now = s.now.Add(time.Hour)
	s.due("continue, enable")
	if s.served() == old.SHA256 || s.entry(old.ID).Failing != nil {
		s.Errorf("the old one is served, or told of: %+v", s.entry(old.ID).Failing)
	}
}

// tellsOnce wants the old certificate to tell, in its reason and in a finding, that its renewal fails, and the health
// report once; kind is that of what is to take its place, "" for nothing yet.
func (s *subscriber) tellsOnce(old ledger.Entry, reason, why string, kind ledger.Kind) {
	s.Helper()
	e := s.entry(old.ID)
	if f := e.Failing; f == nil || (f.By == nil) != (kind == "") || f.By != nil && f.By.Kind != kind ||
		!strings.Contains(f.Last.Why, why) || !strings.Contains(e.Verdict.Reason, reason) {
		s.Errorf("%+v, %s", f, e.Verdict.Reason)
	}
	if kind == ledger.PendingReq {
		if r := s.entry(e.Failing.By.ID); r.Renewing == nil || r.Renewing.ID != old.ID {
			s.Errorf("the request renews %+v", r.Renewing)
		}
	}
	report, err := s.store.Doctor(s.Context(), false)
	s.must(err)
	var told []string
	for _, f := range report.Findings {
		if f.Code == "renewal-failed" {
			told = append(told, f.Text)
		}
	}
	if len(told) != 1 || !strings.HasPrefix(told[0], ledger.Label(&old)) {
		s.Errorf("told as %q", told)
	}
}

// Two timers at once, every ten minutes for a day and a half, while every order is refused: three tries on the first day,
// one on the next, five requests each at most (directory, nonce, the account's orders, the order), and none between them.
func (s *subscriber) hammersNobody() {
	s.subscribed("mail.example.test")
	s.now = s.now.Add(31 * day)
	s.front.Fail(acmetest.PathOrder, acmetest.Says(429, nil, "application/problem+json",
		`{"type":"urn:ietf:params:acme:error:rateLimited","detail":"too many new orders recently"}`))
	first, second := s.store, s.reopened()
	var tries atomic.Int32
	for range 36 * 6 {
		var timers sync.WaitGroup
		for _, timer := range []*Store{first, second} {
			timers.Go(func() {
				_, err := timer.RenewDue(s.Context(), DueOptions{Each: func(renewing.Result) { tries.Add(1) }})
				if err != nil {
					s.Error(err)
				}
			})
		}
		timers.Wait()
		s.now = s.now.Add(10 * time.Minute)
	}
	orders, all := s.orders(), s.asked()
	s.Logf("two timers, 216 runs each in 36 hours: %d tries, %d orders, %d requests in all", tries.Load(), orders, all)
	if tries.Load() != 4 || orders > 4 || all > 5*4 {
		s.Errorf("%d tries, %d orders, %d requests", tries.Load(), orders, all)
	}
}

// A day on which nothing is due: every ten minutes a run, and the authority is asked for its window every six hours, as
// it wants to be, with two requests each time.
func (s *subscriber) asksSeldom() {
	s.subscribed("mail.example.test")
	for range 24 * 6 {
		s.due("")
		s.now = s.now.Add(10 * time.Minute)
	}
	s.Logf("144 runs in 24 hours: %d requests", s.asked())
	if n := s.asked(); n == 0 || n > 5*2 {
		s.Errorf("%d requests on a day on which nothing is due", n)
	}
}

// makesNoSense has the authority answer nonsense when it is asked when to renew: the age decides, and that is told.
func (s *subscriber) makesNoSense() {
	old := s.subscribed("mail.example.test")
	leaf, err := s.store.objects.Certificate(old.SHA256)
	s.must(err)
	s.pebble.Suggest(s.T, leaf, "soon")
	s.due("")
	events, err := s.store.History(s.Context())
	s.must(err)
	said := "what pebble says of when to renew makes no sense"
	if got := events[len(events)-1].Text + events[0].Text; !strings.Contains(got, said+"; its age decides") {
		s.Errorf("the history says %s", got)
	}
	s.now = s.now.Add(29 * day)
	s.due("")
	s.now = s.now.Add(day + time.Hour)
	results := s.due("order, enable")
	if why := results[0].Task.Why(); why != "two thirds of its life are over; "+said {
		s.Error(why)
	}
	s.pebble.Suggest(s.T, leaf, "")
}

// outlastsAWeek has the authority down for a week, at which a timer looks every hour: it is tried nine times, with one
// request each, every place says so, and the certificate is renewed when it is there again.
func (s *subscriber) outlastsAWeek() {
	old := s.subscribed("mail.example.test")
	s.now = s.now.Add(31 * day)
	s.front.Fail("/", acmetest.Says(503, http.Header{"Retry-After": {"3600"}}, "text/html", "<h1>down</h1>"))
	tries := 0
	for range 7 * 24 {
		_, err := s.store.RenewDue(s.Context(), DueOptions{Each: func(renewing.Result) { tries++ }})
		s.must(err)
		s.now = s.now.Add(time.Hour)
	}
	s.Logf("168 runs in a week: %d tries, %d requests", tries, s.asked())
	if tries != 9 || s.asked() != tries {
		s.Errorf("%d tries, %d requests", tries, s.asked())
	}
	const why = "pebble is out of order just now: it answers 503 Service Unavailable"
	if f := s.entry(old.ID).Automatic.Failed(); f == nil || f.Why != why || !f.Next.After(s.now) {
		s.Errorf("the row says %+v", f)
	}
	if _, found := s.doctor(false); len(found["renewal-failed"]) != 1 || !strings.Contains(found["renewal-failed"][0], why) {
		s.Errorf("doctor says %+v", found)
	}
	s.front.Heal()
	s.now = s.now.Add(day)
	s.due("order, enable")
	if s.served() == old.SHA256 || s.orders() != 1 {
		s.Errorf("%d orders", s.orders())
	}
}

// swings has the clock jump a month ahead and back twenty times within hours: what is due by a clock that is ahead is
// renewed once, nothing is lost, and what is served holds by either clock.
func (s *subscriber) swings() {
	old := s.subscribed("mail.example.test")
	right := s.now
	for range 20 {
		for _, at := range []time.Duration{31 * day, 0, -31 * day, 0} {
			s.now = right.Add(at)
			_, err := s.store.RenewDue(s.Context(), DueOptions{Each: func(r renewing.Result) { s.must(r.Err) }})
			s.must(err)
		}
		right = right.Add(10 * time.Minute)
	}
	s.now = right
	list := s.list(false)
	s.Logf("80 runs on a clock that swings: %d orders, %d requests", s.orders(), s.asked())
	if s.orders() != 1 || len(list) != 2 || s.served() != list[1].SHA256 || s.entry(old.ID).Services != 0 {
		s.Errorf("%d orders, %d entries, %s is served", s.orders(), len(list), s.served())
	}
	if n := s.asked(); n > 80*2 {
		s.Errorf("%d requests in 80 runs", n)
	}
}

func (s *subscriber) survivesTheClock() {
	old := s.subscribed("mail.example.test")
	right := s.now
	s.now = right.Add(-6 * 365 * day)
	s.due("")
	s.now = right.Add(31 * day)
	s.front.Fail("/", acmetest.Says(429, http.Header{"Retry-After": {"86400"}}, "text/plain", ""))
	s.due("order failed")
	s.front.Heal()
	s.now = right.Add(time.Hour) // the clock was wrong: nothing is due, and what it wrote down holds nothing up
	s.due("")
	s.now = right.Add(30*day + time.Hour)
	s.due("order, enable")
	if s.served() == old.SHA256 {
		s.Error("the old one is served")
	}
	s.now = right.Add(10 * 365 * day)
	results := s.due("order") // it is long over, by this clock, and so is the new one
	if n := s.orders(); n > 3 {
		s.Errorf("%d orders: %+v", n, results)
	}
}

// What a run that was killed has left is finished by the next, at whatever step it died; the journal says how.
func (s *subscriber) finishesASwitch() {
	roots := filepath.Join(s.TempDir(), "roots.pem")
	s.must(os.WriteFile(roots, s.pebble.Root(s.T), 0o644))
	begin := s.now
	for step := 1; ; step++ {
		s.now = begin
		if os.Getenv("CERTDESK_ALL") == "" && step != afterApply && step != afterReload && step < 40 {
			continue
		}
		old := s.alone(fmt.Sprintf("mail%d.example.test", step))
		s.now = s.now.Add(31 * day)
		s.refuse(true)
		next := s.due("order, enable failed")[0].Entry
		s.tellsOnce(old, "was issued, and takes its place", "", ledger.Certificate)
		s.refuse(false)
		died := errand{Store: s.store.Dir(), Roots: roots, Now: s.now, Service: s.service(), ID: next.ID, KillAt: step}.send(s.T)
		if !died {
			if step <= afterReload {
				s.Fatalf("it came to its end after %d steps", step)
			}
			return
		}
		s.now = s.now.Add(time.Hour)
		s.reopen()
		s.dueOf("", "enable")
		if s.served() != next.SHA256 || s.entry(old.ID).Services != 0 || s.entry(next.ID).Services != ledger.UM || len(s.mustUnfinished()) > 0 {
			s.Errorf("killed at step %d: %s is served, %v", step, s.served(), s.ops())
		}
	}
}

// A disk that fills up at any write of a run loses nothing: the next run with room goes on with the same order.
func (s *subscriber) survivesAFullDisk() {
	step := 6
	if os.Getenv("CERTDESK_ALL") != "" {
		step = 1
	}
	begin := s.now
	for room := 0; ; room += step {
		s.now = begin
		old := s.alone(fmt.Sprintf("full%d.example.test", room))
		s.now = s.now.Add(31 * day)
		writes := 0
		s.reopenOn(&faultFS{disk.OS(), func(op, path string) error {
			if op != "write" && op != "create" || strings.HasPrefix(filepath.Base(path), "lock") {
				return nil
			}
			if writes++; writes > room {
				return syscall.ENOSPC
			}
			return nil
		}})
		keys, failed := s.keys(), false
		_, err := s.store.RenewDue(s.Context(), DueOptions{Each: func(r renewing.Result) { failed = failed || r.Err != nil }})
		s.reopen()
		if err == nil && !failed {
			if room == 0 {
				s.Fatal("a full disk is no failure")
			}
			return
		}
		s.now = s.now.Add(2 * time.Hour)
		s.dueOf("", "order, enable", "continue, enable", "enable")
		list, err := s.store.Renewals(s.Context())
		s.must(err)
		if s.served() == old.SHA256 || s.entry(old.ID).Services != 0 || s.orders() > 2 || s.keys() > keys+2 || list[0].Ready(s.now) {
			s.Errorf("room for %d writes: %d orders, %d new keys, %v", room, s.orders(), s.keys()-keys, s.ops())
		}
	}
}

func (s *subscriber) mustUnfinished() []ledger.Unfinished {
	s.Helper()
	list, err := s.store.Unfinished(s.Context())
	s.must(err)
	return list
}

// An authority that was taken out of the configuration is told of at each try, and tries are as far apart as others.
func (s *subscriber) isConfiguredNoMore() {
	s.subscribed("mail.example.test")
	waits := s.unanswered("new.example.test", 0)
	s.now = s.now.Add(31 * day)
	s.customer.ca.Name = "another"
	s.reopen()
	for _, r := range s.due("continue failed, order failed") {
		if !strings.Contains(r.Err.Error(), `called "pebble" is configured`) {
			s.Error(r.Err)
		}
	}
	s.now = s.now.Add(59 * time.Minute)
	s.due("")
	s.customer.ca.Name = "pebble"
	s.reopen()
	s.now = s.now.Add(4 * time.Hour)
	s.due("continue, order, enable")
	if s.entry(waits.ID).Kind != ledger.Certificate {
		s.Error("the order was not gone on with")
	}
}
