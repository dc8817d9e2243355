package certstore

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"certdesk/certstore/acme/acmetest"
	"certdesk/certstore/acme/challenge"
	"certdesk/certstore/config"
	"certdesk/certstore/disk"
	"certdesk/certstore/enabling"
	"certdesk/certstore/formats"
	"certdesk/certstore/ledger"
	"certdesk/certstore/ordering"
	"certdesk/certstore/renewing"
	"certdesk/certstore/services"
)

// subscriber is a customer with a daemon that serves what it orders, and a clock to turn.
type subscriber struct {
	customer
	voice *voice
}

// day is a day of the clock; certificates of the profile tlsserver have 45, and are due after 30.
const day = 24 * time.Hour

// TestRenewals has one authority for all cases, each with a store of its own.
func TestRenewals(t *testing.T) {
	t.Parallel()
	p := acmetest.Start(t, acmetest.Options{})
	front, web := acmetest.NewFront(t, p), acmetest.NewWeb(t, p)
	for _, c := range []struct {
		name string
		test func(*subscriber)
		long bool // for the full run
	}{
		{"what is due is ordered, enabled and proven", (*subscriber).renewsWhatIsDue, false},
		{"an answer that is known is no line", (*subscriber).writesWhatIsNew, false},
		{"an authority that wants it now gets it now", (*subscriber).obeysTheWindow, false},
		{"what is not served is put back, and enabled later", (*subscriber).isPutBack, false},
		{"an authority out of order is left alone", (*subscriber).leavesItAlone, true},
		{"a day of an authority that refuses", (*subscriber).hammersNobody, false},
		{"a day on which nothing is due", (*subscriber).asksSeldom, false},
		{"an authority that makes no sense of when", (*subscriber).makesNoSense, false},
		{"an authority that is down for a week", (*subscriber).outlastsAWeek, false},
		{"a clock that goes back and forth by a month", (*subscriber).swings, false},
		{"an interrupted order is gone on with first", (*subscriber).goesOnFirst, false},
		{"of two runs the second does nothing", (*subscriber).meetsAnother, false},
		{"another CA's request is made, once", (*subscriber).preparesOnce, false},
		{"a clock that jumps", (*subscriber).survivesTheClock, false},
		{"a switch whose process died is finished", (*subscriber).finishesASwitch, true},
		{"an authority that is configured no more", (*subscriber).isConfiguredNoMore, false},
		{"a disk that is full", (*subscriber).survivesAFullDisk, true},
	} {
		if c.long && os.Getenv("CERTDESK_ALL") == "" {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			f := newFixture(t)
			front.Heal()
			web.Deaf, web.Wrong = false, nil
			s := &subscriber{customer{f, p, front, web, config.ACME{Name: "pebble", Directory: front.Directory, CAFile: front.RootsFile,
				AcceptTerms: true, Profile: "tlsserver"}}, newVoice(t)}
			s.now = time.Now().Add(time.Hour) // what is issued now is valid by then
			s.reopen()
			c.test(s)
		})
	}
}

// reopen opens the store as another process does, with the voice as its service.
func (s *subscriber) reopen() { s.store = s.reopened() }

// reopenOn is reopen on a file system.
func (s *subscriber) reopenOn(fsys disk.FS) { s.store = s.openedOn(fsys) }

// reopened is the store as another process has it.
func (s *subscriber) reopened() *Store { return s.openedOn(nil) }

func (s *subscriber) openedOn(fsys disk.FS) *Store {
	s.Helper()
	root, err := formats.DecodeContext(s.Context(), s.pebble.Root(s.T), nil)
	s.must(err)
	return s.openWith(Options{Dir: s.store.Dir(), FS: fsys, Roots: rootsOf(nil, append(root.Certs, s.fixture.ca.root)...),
		Services: []services.Instance{s.service()}, Authorities: []config.ACME{s.customer.ca}, Solver: func(challenge.Options) (challenge.Solver, error) { return s.web, nil }})
}

// service is the voice, whose check refuses every change while its directory says so.
func (s *subscriber) service() services.Instance {
	in := s.voice.as("UM")
	in.Check = []string{"/usr/bin/test", "!", "-e", filepath.Join(s.voice.dir, "refuse")}
	return in
}

func (s *subscriber) refuse(is bool) {
	s.Helper()
	path := filepath.Join(s.voice.dir, "refuse")
	if is {
		s.must(os.WriteFile(path, nil, 0o644))
		return
	}
	s.must(os.Remove(path))
}

// subscribed is a certificate of the authority that the voice serves.
func (s *subscriber) subscribed(names ...string) ledger.Entry {
	s.Helper()
	e := s.order(names...)
	s.states(s.enable(e, ledger.UM, enabling.Options{}), enabling.Enabled)
	s.front.Heal()
	return s.entry(e.ID)
}

// alone is subscribed, with everything else removed.
func (s *subscriber) alone(name string) ledger.Entry {
	s.Helper()
	e := s.subscribed(name)
	for _, other := range s.list(false) {
		if other.ID != e.ID {
			s.remove(other.ID)
		}
	}
	return e
}

// due is a run; it gives what was done, a word a task.
func (s *subscriber) due(want string) []renewing.Result {
	s.Helper()
	return s.dueOf(want)
}

// dueOf is due where it may go one way or the other.
func (s *subscriber) dueOf(wants ...string) (results []renewing.Result) {
	s.Helper()
	other, err := s.store.RenewDue(s.Context(), DueOptions{Each: func(r renewing.Result) { results = append(results, r) }})
	s.must(err)
	var words []string
	for _, r := range results {
		word := string(r.Task.Deed)
		if r.Err != nil {
			word += " failed"
		}
		words = append(words, word)
	}
	if got := strings.Join(words, ", "); !slices.Contains(wants, got) || other != "" {
		s.Fatalf("a run did %q (%s); want %q: %s", got, other, wants, failuresOf(results))
	}
	return results
}

func failuresOf(results []renewing.Result) (text string) {
	for _, r := range results {
		text += fmt.Sprintf("%s %d %v: %v; ", r.Task.Deed, r.Task.Old.ID, r.Task.Old.Names, r.Err)
	}
	return text
}

// served is the SHA-256 that the voice serves.
func (s *subscriber) served() string {
	s.Helper()
	for _, p := range s.survey().Ports {
		return p.Report.SHA256
	}
	return ""
}

func (s *subscriber) orders() int { return s.front.Asked(http.MethodPost, acmetest.PathOrder) }

func (s *subscriber) renewsWhatIsDue() {
	old := s.subscribed("mail.example.test")
	s.due("")
	if w := s.entry(old.ID).Automatic.Window; w.Chosen.Before(s.now.Add(27*day)) || w.Chosen.After(s.now.Add(33*day)) {
		s.Errorf("the moment is %v", w.Chosen)
	}
	s.now = s.now.Add(33 * day)
	results := s.due("order, enable")
	next := s.entry(results[1].Entry.ID)
	if s.served() != next.SHA256 || next.Services != ledger.UM || s.entry(old.ID).Services != 0 || next.RenewalOf != old.ID || next.SPKI == old.SPKI {
		s.Errorf("%+v", next)
	}
	if !strings.Contains(strings.Join(s.ops(), " "), "new acme-order acme-proofs acme-ready import enable-begin enable-end") {
		s.Errorf("the journal says %v", s.ops())
	}
	if n := s.orders(); n != 1 {
		s.Errorf("%d orders", n)
	}
	s.due("") // the authority's clock has not moved: by its dates the new one is due as well
	if n := s.orders(); n != 1 {
		s.Errorf("%d orders after a second run", n)
	}
}

// asked counts the requests of every kind.
func (s *subscriber) asked() (n int) {
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost} {
		n += s.front.Asked(method, "/")
	}
	return n
}

// suggest has the authority suggest a window.
func (s *subscriber) suggest(e ledger.Entry, start, end time.Time) {
	s.Helper()
	leaf, err := s.store.objects.Certificate(e.SHA256)
	s.must(err)
	text, err := json.Marshal(map[string]any{"suggestedWindow": map[string]time.Time{"start": start, "end": end}, "explanationURL": "https://ca.test/why"})
	s.must(err)
	s.pebble.Suggest(s.T, leaf, string(text))
}

// writesWhatIsNew has a timer run for three days: the authority is asked as often as it wants, and the journal has one
// line for each thing that it said.
func (s *subscriber) writesWhatIsNew() {
	old := s.subscribed("mail.example.test")
	lines := func() (n int) {
		for _, op := range s.ops() {
			if op == ledger.OpWindow {
				n++
			}
		}
		return n
	}
	asked := func() int { return s.front.Asked(http.MethodGet, "/draft-ietf-acme-ari-03/renewalInfo/") }
	for range 3 * 24 {
		s.reopen()
		s.due("")
		s.now = s.now.Add(time.Hour)
	}
	if lines() != 1 || asked() < 9 || asked() > 13 {
		s.Errorf("%d lines, asked %d times", lines(), asked())
	}
	s.suggest(old, s.now.Add(20*day), s.now.Add(21*day))
	for range 24 {
		s.due("")
		s.now = s.now.Add(time.Hour)
	}
	if lines() != 2 {
		s.Errorf("%d lines: %v", lines(), s.ops())
	}
}

func (s *subscriber) obeysTheWindow() {
	old := s.subscribed("mail.example.test")
	s.suggest(old, s.now.Add(-2*time.Hour), s.now.Add(-time.Hour))
	results := s.due("order, enable")
	if got := s.served(); got != results[1].Entry.SHA256 {
		s.Errorf("it serves %s", got)
	}
	if why := results[0].Task.Why(); why != "pebble wants it renewed now (https://ca.test/why)" {
		s.Error(why)
	}
	again := s.entry(results[1].Entry.ID)
	if was := s.named(old.ID); !was.Renewed || was.TimeEnds() || was.Services != 0 || s.named(again.ID).Renewed {
		s.Errorf("it was renewed long before its end: %+v", was)
	}
	s.suggest(again, s.now.Add(-2*time.Hour), s.now.Add(-time.Hour))
	s.due("") // in a hurry twice: not within a day
	s.now = s.now.Add(25 * time.Hour)
	s.due("order, enable")
}

func (s *subscriber) isPutBack() {
	refuse := s.refuse
	if os.Getenv("CERTDESK_ALL") != "" { // 20 s of proof
		refuse = func(is bool) { s.voice.set(is, false) }
	}
	old := s.subscribed("mail.example.test")
	s.now = s.now.Add(31 * day)
	refuse(true)
	results := s.due("order, enable failed")
	next := s.entry(results[0].Entry.ID)
	if s.served() != old.SHA256 || s.entry(old.ID).Services != ledger.UM || next.Services != 0 {
		s.Errorf("%+v", s.survey())
	}
	failure := next.Automatic.Failed()
	if failure == nil || failure.CA != "pebble" || failure.Why == "" || failure.Next.Sub(s.now) != time.Hour {
		s.Errorf("%+v", failure)
	}
	refuse(false)
	s.now = s.now.Add(59 * time.Minute)
	s.due("")
	s.now = s.now.Add(time.Minute)
	s.due("enable")
	if s.served() != next.SHA256 || s.orders() != 1 {
		s.Errorf("%d orders, %s is served", s.orders(), s.served())
	}
}

func (s *subscriber) goesOnFirst() {
	old := s.subscribed("mail.example.test")
	first := s.unanswered("new.example.test", 0)
	s.now = s.now.Add(31 * day)
	results := s.due("continue, order, enable")
	if results[0].Entry.ID != first.ID || results[1].Task.Old.ID != old.ID {
		s.Errorf("%+v", results)
	}
	wanted := s.unanswered("other.example.test", ledger.UM)
	s.now = s.now.Add(2 * time.Hour)
	s.due("continue")
	if got := s.entry(wanted.ID); got.Services != ledger.UM || s.served() != got.SHA256 {
		s.Errorf("it was wanted for the voice: %+v", got)
	}
	wanted = s.unanswered("third.example.test", ledger.SMTP)
	s.now = s.now.Add(2 * time.Hour)
	results = s.due("continue failed")
	if err := results[0].Err; !strings.Contains(err.Error(), "not enabled for all that was wanted: no service for SMTP") || s.entry(wanted.ID).Kind != ledger.Certificate {
		s.Error(err)
	}
	s.due("")
}

// unanswered is a request that was ordered while nobody answered for its name.
func (s *subscriber) unanswered(name string, wanted ledger.Services) ledger.Entry {
	s.Helper()
	s.web.Deaf = true
	r := s.request(name)
	r.Make.Wanted = wanted
	e, err := s.store.Order(s.Context(), r, ordering.Options{})
	if err == nil || e.ID == 0 {
		s.Fatal("a name is proven that nobody answers for", err)
	}
	s.web.Deaf = false
	return e
}

func (s *subscriber) meetsAnother() {
	s.subscribed("mail.example.test")
	s.now = s.now.Add(31 * day)
	release, other, err := s.store.dir.LockRenewals(s.Context())
	s.must(err)
	if other != "" {
		s.Error(other)
	}
	second := s.openWith(Options{Dir: s.store.Dir(), Roots: s.store.roots, Authorities: []config.ACME{s.customer.ca}})
	before := digest(s.T, s.store.Dir())
	other, err = second.RenewDue(s.Context(), DueOptions{Each: func(renewing.Result) { s.Error("it does something") }})
	if err != nil || !strings.HasPrefix(other, "pid ") || digest(s.T, s.store.Dir()) != before {
		s.Errorf("%q, %v", other, err)
	}
	release()
	s.due("order, enable")
}

func (s *subscriber) preparesOnce() {
	e := s.bought(request("mail.example.org"))
	s.states(s.enable(e, ledger.UM, enabling.Options{}), enabling.Enabled)
	s.due("")
	s.now = e.NotAfter.Add(-20 * day)
	results := s.due("prepare")
	made := s.entry(results[0].Entry.ID)
	if made.Kind != ledger.PendingReq || made.RenewalOf != e.ID || made.Ordered() {
		s.Errorf("%+v", made)
	}
	s.due("")
	s.remove(made.ID) // declined
	s.now = s.now.Add(day)
	s.due("")
}
