package notifying

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"certdesk/certstore/config"
	"certdesk/certstore/enabling"
	"certdesk/certstore/ledger"
	"certdesk/certstore/probe"
	"certdesk/certstore/renewing"
	"certdesk/certstore/services"
	"certdesk/certstore/trust"
)

const day = 24 * time.Hour

var begin = time.Date(2026, 1, 1, 3, 0, 0, 0, time.UTC)

// world is a store at a moment, and what its people were told.
type world struct {
	*testing.T
	now     time.Time
	entries []ledger.Entry
	tasks   []renewing.Task
	ports   []enabling.Port
	blind   bool // the ports cannot be asked
	targets []Target
	state   *ledger.State
	seq     int64
	sent    []Message
}

func newWorld(t *testing.T) *world {
	return &world{T: t, now: begin, state: ledger.NewState(func(int) string { return "root" }),
		targets: []Target{{ID: "t", Name: "anna@b.test by mail", On: config.Events, Digest: "never"}}}
}

// lasting adds a certificate that SMTP is given; it began so long ago and lasts so long.
func (w *world) lasting(name string, age, life time.Duration) *ledger.Entry {
	id := int64(len(w.entries) + 1)
	w.entries = append(w.entries, ledger.Entry{ID: id, Kind: ledger.Certificate, FriendlyName: name, Subject: "CN=" + name, Thumbprint: fmt.Sprintf("%012X", id),
		SHA256: fmt.Sprint("sum", id), Names: []string{name}, NotBefore: w.now.Add(-age), NotAfter: w.now.Add(life - age), SelfSigned: true,
		KeyAlgorithm: "ECDSA", HasKey: true, Services: ledger.SMTP})
	return &w.entries[id-1]
}

func (w *world) facts() Facts {
	f := Facts{Entries: slices.Clone(w.entries), Tasks: w.tasks, Seen: !w.blind, Now: w.now}
	f.Survey = enabling.Survey{At: w.now, Ports: w.ports}
	for i := range f.Entries {
		e := &f.Entries[i]
		if e.Verdict.Status == "" {
			e.Verdict = trust.Judge(trust.Facts{SelfSigned: true, NotBefore: e.NotBefore, NotAfter: e.NotAfter, Names: e.Names, KeyAlgorithm: "ECDSA"}, w.now)
		}
		e.DaysLeft = int(e.NotAfter.Sub(w.now) / day)
		f.Survey.Judge(e)
	}
	return f
}

// run is one of the timer's: it gives the subjects of what was sent.
func (w *world) run() (subjects []string) {
	w.Helper()
	for _, m := range Plan(w.facts(), "mail01.test", w.targets, w.state.Receivers) {
		if m.Tells() {
			subjects = append(subjects, m.Subject())
			w.sent = append(w.sent, m)
			w.lines(m.Told())
		}
		w.lines(m.Ended())
	}
	if len(subjects) > len(w.targets) {
		w.Fatalf("%d messages at once", len(subjects))
	}
	return subjects
}

func (w *world) lines(list []Line) {
	for _, l := range list {
		data, err := json.Marshal(ledger.Data{IDs: l.IDs, Told: &l.Told})
		if err != nil || len(data) > 1<<20 {
			w.Fatal(err, len(data))
		}
		w.seq++
		w.state.Apply(ledger.DecodeLine(ledger.Record{Seq: w.seq, Line: int(w.seq), Time: w.now, Op: ledger.OpTold, Data: data}))
	}
}

// wants is a run that sends these.
func (w *world) wants(subjects ...string) {
	w.Helper()
	got := w.run()
	for i, s := range got {
		got[i] = strings.TrimSuffix(s, " (certdesk, mail01.test)")
	}
	if !slices.Equal(got, subjects) {
		w.Fatalf("%s: told %q, want %q", w.now.Format(time.RFC3339), got, subjects)
	}
}

func (w *world) later(d time.Duration) { w.now = w.now.Add(d) }

// port is one that should serve an entry.
func (w *world) port(e *ledger.Entry, result probe.Result) {
	p := enabling.Port{Service: services.Instance{Use: "SMTP", Driver: "postfix", Config: "/etc/postfix"}, Listen: "smtp://127.0.0.1:25", Bound: e.ID, Expected: e.SHA256,
		Report: probe.Report{Result: result}}
	if result == probe.Matches {
		p.Report.SHA256 = e.SHA256
	}
	w.ports = []enabling.Port{p}
}

// An end is told of four times: a third, a tenth and a day before it, and when it is there; then once a week.
func TestAnEndIsToldOfByLevels(t *testing.T) {
	w := newWorld(t)
	w.lasting("mail", 0, 365*day)
	var told []string
	for range 420 * 4 {
		for _, s := range w.run() {
			told = append(told, fmt.Sprintf("%d %s", int(w.now.Sub(begin)/day), s))
		}
		w.later(6 * time.Hour)
	}
	want := "335 mail expires in 29 days, 358 mail expires in 6 days, 364 mail expires in 18 hours, 365 mail expired less than an hour ago, " +
		"372 still: mail expired 7 days ago, 379 still: mail expired 14 days ago, 386 still: mail expired 21 days ago, 393 still: mail expired 28 days ago, " +
		"400 still: mail expired 35 days ago, 407 still: mail expired 42 days ago, 414 still: mail expired 49 days ago"
	if got := strings.ReplaceAll(strings.Join(told, ", "), " (certdesk, mail01.test)", ""); got != want {
		t.Errorf("told\n%s\nwant\n%s", got, want)
	}
}

// A year of fifty certificates, asked four times a day: forty renew themselves, ten are renewed by hand, one of them too
// late; one renewal fails for ten days, a port is wrong for two and another comes and goes for one.
func TestAYearOfFiftyCertificates(t *testing.T) {
	w := newWorld(t)
	w.targets[0].Digest = "monthly"
	for i := range 40 {
		w.lasting(fmt.Sprint("auto", i), time.Duration(i)*day, 90*day).Automatic = &ledger.Automatic{Order: ledger.Order{CA: "le"}}
	}
	for i := range 10 {
		w.lasting(fmt.Sprint("hand", i), time.Duration(30*i)*day, 365*day)
	}
	kinds := map[string]int{}
	for run := range 365 * 4 {
		at := time.Duration(run) * 6 * time.Hour
		w.tasks = nil
		for i := range w.entries {
			e := &w.entries[i]
			left := e.NotAfter.Sub(w.now)
			t := renewing.Task{Deed: renewing.Order, Old: *e, CA: "le"}
			switch {
			case i == 0 && at >= 60*day && at < 70*day: // it fails
				t.Failures = []ledger.Failure{{CA: "le", Why: "no", At: w.now}}
				w.tasks = append(w.tasks, t)
			case i < 40 && left <= 30*day, i == 45 && left < -3*day, i >= 40 && i != 45 && left <= 12*day:
				life := e.NotAfter.Sub(e.NotBefore)
				e.NotBefore, e.NotAfter = w.now, w.now.Add(life)
			case i < 40:
				w.tasks = append(w.tasks, t)
			}
		}
		right := !(at >= 100*day && at < 102*day || at >= 200*day && at < 201*day && run%2 == 0)
		w.port(&w.entries[3], map[bool]probe.Result{true: probe.Matches, false: probe.NoAnswer}[right])
		for range w.run() {
			for _, i := range w.sent[len(w.sent)-1].Items {
				kinds[kind(i)]++
			}
		}
		w.later(6 * time.Hour)
	}
	// 12 digests; 10 ends that come near, and of the one that is renewed too late 3 more messages; a renewal that fails, with a reminder after a week, and is had;
	// a port that is wrong for two days and well again, and one that comes and goes; one of these falls on the first of a month.
	want := map[string]int{Expiring: 12, "expired": 1, RenewalFailed: 2, NotServed: 2, Recovered: 3}
	if len(w.sent) != 32 || !maps.Equal(kinds, want) {
		t.Errorf("%d messages of 1460 runs: %v", len(w.sent), kinds)
	}
}

// Ten thousand certificates at once are one message, of a size that is taken.
func TestNeverAStorm(t *testing.T) {
	w := newWorld(t)
	for i := range 10000 {
		w.lasting(fmt.Sprint("mail", i), 340*day, 365*day)
	}
	w.wants("certificates: 10000 expire soon")
	text := w.sent[0].Text()
	if len(text) > 60000 || !strings.Contains(text, "... and 9800 more: certdesk check") || len(w.sent[0].Data().Items) != mostLines {
		t.Errorf("%d bytes", len(text))
	}
	for _, wait := range []time.Duration{6 * time.Hour, 18 * day, 6 * day, day} {
		w.later(wait)
		w.run()
	}
	if len(w.sent) != 4 {
		t.Errorf("%d messages until the end, want 4", len(w.sent))
	}
}

func TestWhatIsServedWronglyAndRecovers(t *testing.T) {
	w := newWorld(t)
	e := w.lasting("mail", 0, 365*day)
	w.port(e, probe.Matches)
	w.wants()
	w.port(e, probe.NoAnswer)
	w.later(6 * time.Hour)
	w.wants("mail is not served as it should be")
	w.blind, w.ports = true, nil
	w.wants() // nobody could look: it is neither told again nor over
	w.blind = false
	w.port(e, probe.NoAnswer)
	w.later(7*day - time.Hour)
	w.wants()
	w.later(time.Hour)
	w.wants("still: mail is not served as it should be")
	w.port(e, probe.Matches)
	w.later(6 * time.Hour)
	w.wants("mail is served as it should be")
	w.wants()
	w.port(e, probe.NoAnswer) // it comes back
	w.wants()
	w.later(18 * time.Hour)
	w.wants("mail is not served as it should be")
	w.entries = nil // it was removed
	w.ports = nil
	w.wants()
	if trail := w.state.Receivers["t"].Marks; !trail[ledger.Matter{Event: NotServed, Entry: 1}].Over {
		t.Errorf("%+v", trail)
	}
}

// A port of no entry is told of by itself, and not beside an entry from which it follows.
func TestPorts(t *testing.T) {
	w := newWorld(t)
	stranger := enabling.Port{Service: services.Instance{Use: "IMAP", Driver: "dovecot"}, Listen: "imaps://127.0.0.1:993", Report: probe.Report{Result: probe.Refused}}
	w.ports = []enabling.Port{stranger, stranger}
	w.wants("imaps://127.0.0.1:993 does not serve what it should")
	e := w.lasting("mail", 400*day, 365*day)
	served := stranger
	served.Listen, served.Report = "smtp://127.0.0.1:25", probe.Report{Result: probe.Answers, SHA256: e.SHA256}
	w.ports = append(w.ports, served)
	w.wants("mail expired 35 days ago")
	w.ports = nil
	w.later(time.Hour)
	w.wants()
}

func TestRevokedIsToldOnceAndMendedByAnother(t *testing.T) {
	w := newWorld(t)
	e := w.lasting("mail", 0, 365*day)
	e.Verdict = trust.Verdict{Status: trust.Revoked, Word: "revoked", Reason: "revoked on 1 Jan 2026: key compromise"}
	w.wants("mail is revoked")
	w.later(6 * time.Hour)
	w.wants()
	e.Verdict.Status = trust.RevocationCheckFailure
	w.wants() // it is not known to be over
	e.Verdict.Status, e.Services = trust.Revoked, 0
	e.Successor = &ledger.Successor{ID: 2, Name: "mail 2027", Thumbprint: "AABBCCDDEEFF", Renews: true}
	w.later(6 * time.Hour)
	w.wants("mail has been replaced")
	w.later(30 * day)
	w.wants()
}

// What renews itself is no news while it goes well; that it failed is told at once, and once a week.
func TestARenewalThatFails(t *testing.T) {
	w := newWorld(t)
	e := w.lasting("mail", 62*day, 90*day)
	e.Automatic = &ledger.Automatic{Order: ledger.Order{CA: "le"}}
	w.tasks = []renewing.Task{{Deed: renewing.Order, Old: *e, CA: "le"}}
	w.wants()
	e.Automatic = &ledger.Automatic{Order: ledger.Order{CA: "le"}, Failures: []ledger.Failure{{Why: "too many\ncertificates"}}}
	w.tasks[0].Failures = e.Automatic.Failures
	w.wants("mail is not renewed: it failed once")
	if text := w.sent[0].Text(); !strings.Contains(text, `too many\u{a}certificates`) || !strings.Contains(text, "certdesk renew --due --dry-run") {
		t.Error(text)
	}
	w.later(day)
	w.wants()
	e.Successor, e.Services = &ledger.Successor{ID: 2, Name: "mail 2027", Thumbprint: "AABBCCDDEEFF", Renews: true}, 0
	w.tasks = nil
	w.wants("mail has been renewed")
}

// Each hears what he wants to, and of what is over nobody hears who does not; a new receiver is told what stands.
func TestWhoHearsWhat(t *testing.T) {
	w := newWorld(t)
	w.targets = []Target{{ID: "a", On: []string{Expiring}, Digest: "never"}, {ID: "b", On: []string{Revoked}, Digest: "weekly"}}
	e := w.lasting("mail", 340*day, 365*day)
	w.wants("mail expires in 25 days", "digest of 2026-W01")
	w.targets = append(w.targets, Target{ID: "c", On: config.Events, Digest: "never"})
	w.wants("mail expires in 25 days")
	e.Successor, e.Services = &ledger.Successor{ID: 2, Name: "mail 2027", Thumbprint: "AABBCCDDEEFF"}, 0
	w.wants("mail has been replaced")
	for _, id := range []string{"a", "c"} {
		if !w.state.Receivers[id].Marks[ledger.Matter{Event: Expiring, Entry: 1}].Over {
			t.Errorf("%s: %+v", id, w.state.Receivers[id])
		}
	}
	w.later(7 * day)
	w.wants("digest of 2026-W02")
}

// A clock that was wrong holds nothing up, and what was told by it is told once more.
func TestAWrongClock(t *testing.T) {
	w := newWorld(t)
	w.lasting("mail", 340*day, 365*day)
	w.now = begin.Add(6 * 365 * day)
	w.wants("mail expired 2165 days ago")
	w.now = begin
	w.wants("still: mail expires in 25 days")
	w.later(6 * time.Hour)
	w.wants()
}

// Sent once more, since nobody could write down that it was, a message has the same id; any other has another.
func TestAMessageThatIsSentTwiceIsTheSame(t *testing.T) {
	w := newWorld(t)
	w.lasting("mail", 340*day, 365*day)
	plan := func() string { return Plan(w.facts(), "x", w.targets, w.state.Receivers)[0].ID }
	first := plan()
	if again := plan(); again != first || len(first) != 32 {
		t.Errorf("%s, %s", first, again)
	}
	w.lasting("web", 340*day, 365*day)
	if plan() == first {
		t.Error("it tells more and has the same id")
	}
}
