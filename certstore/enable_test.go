package certstore

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"certdesk/certstore/disk"
	"certdesk/certstore/enabling"
	"certdesk/certstore/fail"
	"certdesk/certstore/issuing"
	"certdesk/certstore/ledger"
	"certdesk/certstore/probe"
	"certdesk/certstore/services"
)

// desk is a fixture whose store changes these services.
func (f *fixture) serving(list ...services.Instance) *fixture {
	f.Helper()
	f.store = f.openWith(Options{Dir: f.store.Dir(), Roots: rootsOf(nil, f.ca.root), Services: list})
	return f
}

func (f *fixture) plan(e ledger.Entry, uses ledger.Services) enabling.Plan {
	f.Helper()
	p, err := f.store.PlanEnable(f.Context(), enabling.Request{ID: e.ID, Services: uses})
	f.must(err)
	return p
}

func (f *fixture) enable(e ledger.Entry, uses ledger.Services, o enabling.Options) []enabling.Outcome {
	f.Helper()
	out, err := f.store.Enable(f.Context(), f.plan(e, uses), o)
	f.must(err)
	return out
}

// enabled holds that all services were left in a state.
func (f *fixture) states(out []enabling.Outcome, want ...enabling.State) {
	f.Helper()
	var got []enabling.State
	for _, o := range out {
		got = append(got, o.State)
	}
	if !slices.Equal(got, want) {
		f.Fatalf("got %v, want %v: %+v", got, want, out)
	}
}

func (f *fixture) entry(id int64) ledger.Entry {
	f.Helper()
	e, err := f.store.get(f.Context(), id)
	f.must(err)
	return e
}

func (f *fixture) survey() enabling.Survey {
	f.Helper()
	v, err := f.store.Survey(f.Context())
	f.must(err)
	return v
}

func rsaRequest(cn string) issuing.Request {
	r := request(cn)
	r.Key = issuing.KeySpec{Algorithm: "rsa", Bits: 2048}
	return r
}

func TestEnablingBindsProvesAndIsRepeatable(t *testing.T) {
	t.Parallel()
	f, v := newFixture(t), newVoice(t)
	f.serving(v.as("UM"))
	e := f.bought(request("voice.example.org"))
	out := f.enable(e, ledger.UM, enabling.Options{})
	f.states(out, enabling.Enabled)
	if len(out[0].Ports) != 1 || out[0].Ports[0].Report.SHA256 != e.SHA256 || !out[0].Ports[0].Good() {
		t.Errorf("the proof: %+v", out[0].Ports)
	}
	if got := f.entry(e.ID).Services; got != ledger.UM {
		t.Errorf("services %v", got)
	}
	if got := f.serving(v.as("UM")).entry(e.ID).Services; got != ledger.UM {
		t.Errorf("another process sees services %v", got)
	}
	f.unchanged("a second enable", func() { f.states(f.enable(e, ledger.UM, enabling.Options{}), enabling.Unchanged) })
	v2 := f.survey()
	if len(v2.Ports) != 1 || v2.Right() != 1 || len(v2.Strangers) != 0 || v2.Ports[0].Bound != e.ID {
		t.Errorf("survey %+v", v2)
	}
	renewed := f.bought(request("voice.example.org"))
	f.states(f.enable(renewed, ledger.UM, enabling.Options{}), enabling.Enabled)
	if f.entry(e.ID).Services != 0 || f.entry(renewed.ID).Services != ledger.UM {
		t.Error("the binding did not move")
	}
}

func TestAServiceThatTakesNoNoticeIsPutBackAndThatProven(t *testing.T) {
	t.Parallel()
	f, v := newFixture(t), newVoice(t)
	f.serving(v.as("UM"))
	old := f.bought(request("voice.example.org"))
	f.enable(old, ledger.UM, enabling.Options{})
	v.set(true, false)
	next := f.bought(request("voice.example.org"))
	out := f.enable(next, ledger.UM, quick)
	f.states(out, enabling.RolledBack)
	if out[0].Err == nil || !strings.Contains(out[0].Err.Error(), v.url) || out[0].Failed[0].Report.Result != probe.Old {
		t.Errorf("%v %+v", out[0].Err, out[0].Failed)
	}
	if out[0].Ports[0].Report.SHA256 != old.SHA256 || !out[0].Ports[0].Good() {
		t.Errorf("the old one is not proven: %+v", out[0].Ports)
	}
	if f.entry(old.ID).Services != ledger.UM || f.entry(next.ID).Services != 0 {
		t.Error("the binding moved")
	}
}

// quick gives up on proofs soon.
var quick = enabling.Options{Patience: 700 * time.Millisecond}

func TestRenewedOnDiskAndOldInMemoryIsToldAndMended(t *testing.T) {
	t.Parallel()
	f, v := newFixture(t), newVoice(t)
	f.serving(v.as("UM"))
	old := f.bought(request("voice.example.org"))
	f.enable(old, ledger.UM, enabling.Options{})
	v.set(true, false)
	next := f.bought(request("voice.example.org"))
	f.states(f.enable(next, ledger.UM, enabling.Options{NoProve: true}), enabling.Unproven)
	s := f.survey()
	if s.Right() != 0 || s.Ports[0].Word() != "old one served" || s.Ports[0].OnDisk != next.SHA256 || s.Ports[0].Served != old.ID {
		t.Errorf("%+v", s.Ports[0])
	}
	if of := s.Of(next); len(of) != 1 || len(s.Of(old)) != 1 {
		t.Errorf("the port is told of neither: %+v", of)
	}
	v.set(false, false)
	f.states(f.enable(next, ledger.UM, enabling.Options{}), enabling.Enabled)
	if s := f.survey(); s.Right() != 1 {
		t.Errorf("%+v", s.Ports[0])
	}
}

func TestNothingIsTouchedForACertificateThatIsNotFit(t *testing.T) {
	t.Parallel()
	f, v := newFixture(t), newVoice(t)
	named := v.as("UM")
	named.Name = "voice.example.org"
	f.serving(named)
	sound := f.bought(request("voice.example.org"))
	for _, c := range []struct {
		name string
		make func() ledger.Entry
		code fail.Code
	}{
		{"a request", func() ledger.Entry { return f.make(request("a.example.org")).Entry }, fail.Unfit},
		{"name not covered", func() ledger.Entry { return f.bought(request("other.example.org")) }, fail.Unfit},
		{"expired", func() ledger.Entry {
			made := f.make(request("voice.example.org"))
			return f.importOK(files(f.ca.answer(t, made.DER, f.now.AddDate(0, 0, -1)), f.ca.chain()))
		}, fail.Unfit},
		{"missing intermediate", func() ledger.Entry {
			other := newTestCA(t, f.now)
			made := f.make(request("voice.example.org"))
			return f.importOK(files(other.answer(t, made.DER, f.now.AddDate(0, 0, 50))))
		}, fail.Unfit},
		{"missing key", func() ledger.Entry {
			e := f.bought(request("voice.example.org"))
			f.must(os.Remove(f.inStore("keys", e.SPKI+".key")))
			return e
		}, fail.Damaged},
		{"the key of another", func() ledger.Entry {
			e := f.bought(request("voice.example.org"))
			key, err := os.ReadFile(f.inStore("keys", sound.SPKI+".key"))
			f.must(errors.Join(err, os.WriteFile(f.inStore("keys", e.SPKI+".key"), key, 0o600)))
			return e
		}, fail.Damaged},
		{"missing certificate", func() ledger.Entry {
			e := f.bought(request("voice.example.org"))
			f.must(os.Remove(f.inStore("certs", e.SHA256+".pem")))
			return e
		}, fail.Damaged},
		{"removed", func() ledger.Entry { e := f.bought(request("voice.example.org")); f.remove(e.ID); return e }, fail.NotFound},
	} {
		e := c.make()
		f.unchanged(c.name, func() {
			_, err := f.store.PlanEnable(f.Context(), enabling.Request{ID: e.ID, Services: ledger.UM})
			f.wants(err, c.code)
		})
	}
	if left, _ := os.ReadDir(v.dir); len(left) != 0 {
		t.Errorf("the service's directory holds %v", left)
	}
	_, err := f.store.PlanEnable(f.Context(), enabling.Request{ID: sound.ID, Services: ledger.POP})
	f.wants(err, fail.NotFound)
}

func TestTheDefaultSMTPCertificateIsNotReplacedUnasked(t *testing.T) {
	t.Parallel()
	f, v := newFixture(t), newVoice(t)
	f.serving(v.as("SMTP"))
	first := f.bought(request("mail.example.org", "old.example.org"))
	p := f.plan(first, ledger.SMTP)
	if len(p.Questions()) != 0 {
		t.Errorf("asks about the first one: %+v", p.Questions()[0].Replaces)
	}
	f.enable(first, ledger.SMTP, enabling.Options{})
	second := f.bought(request("mail.example.org"))
	p = f.plan(second, ledger.SMTP)
	if q := p.Questions(); len(q) != 1 || q[0].Replaces.Entry.ID != first.ID || !slices.Equal(q[0].Lost, []string{"old.example.org"}) {
		t.Errorf("the question: %+v", q)
	}
	f.unchanged("no answer", func() {
		_, err := f.store.Enable(f.Context(), p, enabling.Options{})
		f.wants(err, fail.ConfirmationNeeded)
	})
	out, err := f.store.Enable(f.Context(), p, enabling.Options{ReplaceSMTP: true})
	f.must(err)
	f.states(out, enabling.Enabled)
	p.Discard()
}

func TestOneCertificateForHubAndEdgeIsRefused(t *testing.T) {
	t.Parallel()
	f, v, edge := newFixture(t), newVoice(t), newVoice(t)
	f.serving(edge.as("UM"), v.as("SMTP"))
	e := f.bought(request("mail.example.org"))
	f.enable(e, ledger.UM, enabling.Options{}) // what listens at the edge's place shows it
	peer := strings.TrimPrefix(edge.url, "tls://")
	with := func(peers ...string) *Store {
		return f.openWith(Options{Dir: f.store.Dir(), Roots: rootsOf(nil, f.ca.root), Services: []services.Instance{v.as("SMTP")}, Peers: peers})
	}
	_, err := with("tls://"+peer).PlanEnable(f.Context(), enabling.Request{ID: e.ID, Services: ledger.SMTP})
	f.wants(err, fail.Unfit)
	if err == nil || !strings.Contains(err.Error(), peer) {
		t.Errorf("it does not say who: %v", err)
	}
	p, err := with("tls://127.0.0.1:1").PlanEnable(f.Context(), enabling.Request{ID: e.ID, Services: ledger.SMTP})
	f.must(err)
	if !strings.Contains(strings.Join(p.Services[0].Warnings, "\n"), "could not be asked") {
		t.Errorf("a silent peer is no warning: %q", p.Services[0].Warnings)
	}
}

func TestTwoServicesOneOfThemDeafTheGoodOneStays(t *testing.T) {
	t.Parallel()
	f, good, bad := newFixture(t), newVoice(t), newVoice(t)
	f.serving(good.as("IMAP"), bad.as("POP"))
	old := f.bought(request("mail.example.org"))
	f.states(f.enable(old, ledger.IMAP|ledger.POP, enabling.Options{}), enabling.Enabled, enabling.Enabled)
	bad.set(true, false)
	next := f.bought(request("mail.example.org"))
	f.states(f.enable(next, ledger.IMAP|ledger.POP, quick), enabling.Enabled, enabling.RolledBack)
	if f.entry(next.ID).Services != ledger.IMAP || f.entry(old.ID).Services != ledger.POP {
		t.Errorf("next %v, old %v", f.entry(next.ID).Services, f.entry(old.ID).Services)
	}
}

func TestWhatIsBoundOrServedIsNotRemoved(t *testing.T) {
	t.Parallel()
	f, v := newFixture(t), newVoice(t)
	f.serving(v.as("UM"))
	e := f.bought(request("voice.example.org"))
	f.enable(e, ledger.UM, enabling.Options{})
	refused := func(words string) {
		t.Helper()
		f.unchanged("remove", func() {
			res, err := f.store.Remove(f.Context(), []ledger.Entry{e}, false)
			f.must(err)
			if len(res.Refused) != 1 || !fail.Is(res.Refused[0].Err, fail.InUse) || !strings.Contains(res.Refused[0].Err.Error(), words) {
				t.Errorf("%+v", res)
			}
		})
	}
	refused("enabled for UM")
	gone, err := f.store.Disable(f.Context(), e.ID, ledger.UM)
	f.must(err)
	if len(gone) != 1 || f.entry(e.ID).Services != 0 {
		t.Errorf("forgot %+v", gone)
	}
	refused("still serves it at " + v.url)
	if _, err := f.store.Disable(f.Context(), e.ID, ledger.UM); !fail.Is(err, fail.NotFound) {
		t.Error(err)
	}
}

func TestPurgeDestroysDeployedCopiesOfTheKey(t *testing.T) {
	t.Parallel()
	f, v := newFixture(t), newVoice(t)
	f.serving(v.as("UM"))
	first := f.bought(request("voice.example.org"))
	f.enable(first, ledger.UM, enabling.Options{})
	second := f.bought(request("voice.example.org"))
	f.enable(second, ledger.UM, enabling.Options{})
	f.remove(first.ID)
	doom, err := f.store.WouldPurge(f.Context(), []int64{first.ID})
	f.must(err)
	if len(doom.Copies) != 1 || !strings.HasPrefix(doom.Copies[0], v.dir) {
		t.Fatalf("copies %v", doom.Copies)
	}
	_, err = f.store.Purge(f.Context(), []int64{first.ID})
	f.must(err)
	if _, err := os.Stat(doom.Copies[0]); !errors.Is(err, os.ErrNotExist) {
		t.Error("the copy is still there")
	}
	if s := f.survey(); s.Right() != 1 || s.Ports[0].Served != second.ID {
		t.Errorf("%+v", s.Ports)
	}
	f.must(os.Rename(filepath.Join(v.dir, "current"), filepath.Join(v.dir, "moved")))
	_, err = f.store.Disable(f.Context(), second.ID, ledger.UM)
	f.must(err)
}

func TestOnDayOneWhatIsServedIsAdoptedWithItsKey(t *testing.T) {
	t.Parallel()
	f, v := newFixture(t), newVoice(t)
	elsewhere := newFixture(t)
	elsewhere.ca = f.ca
	elsewhere.serving(v.as("UM"))
	e := elsewhere.bought(request("voice.example.org"))
	elsewhere.enable(e, ledger.UM, enabling.Options{})

	f.serving(v.as("UM"))
	s := f.survey()
	if len(s.Strangers) != 1 || s.Strangers[0].Entry.SHA256 != e.SHA256 || s.Strangers[0].Entry.ID != 0 {
		t.Fatalf("strangers %+v", s.Strangers)
	}
	mine, err := f.store.Adopt(f.Context(), s.Strangers[0])
	f.must(err)
	if !mine.HasKey || mine.Services != ledger.UM || len(mine.Chain) == 0 {
		t.Errorf("%+v", mine)
	}
	if s := f.survey(); len(s.Strangers) != 0 || s.Right() != 1 || s.Ports[0].Bound != mine.ID {
		t.Errorf("%+v", s)
	}
	next := f.bought(request("voice.example.org"))
	f.states(f.enable(next, ledger.UM, enabling.Options{}), enabling.Enabled)
}

func TestWhoComesWhileSomebodyEnablesIsToldWhoItIs(t *testing.T) {
	t.Parallel()
	f, v := newFixture(t), newVoice(t)
	f.serving(v.as("UM"))
	e := f.bought(request("voice.example.org"))
	d, err := disk.Open(disk.Options{Dir: f.store.Dir(), Write: true, ReadersGID: -1})
	f.must(err)
	release, err := d.LockEnable(f.Context())
	f.must(err)
	defer release()
	impatient := f.openWith(Options{Dir: f.store.Dir(), Roots: rootsOf(nil, f.ca.root), Services: f.store.o.Services, LockWait: 50 * time.Millisecond})
	p, err := impatient.PlanEnable(f.Context(), enabling.Request{ID: e.ID, Services: ledger.UM})
	f.must(err)
	_, err = impatient.Enable(f.Context(), p, enabling.Options{})
	f.wants(err, fail.Locked)
	if err == nil || !strings.Contains(err.Error(), "by pid ") {
		t.Errorf("it does not say who: %v", err)
	}
}

// Two services of one use with a name each: a certificate goes where it fits, and the other is no failure.
func TestAServiceOfAnotherNameIsPassedOver(t *testing.T) {
	t.Parallel()
	f, a, b := newFixture(t), newVoice(t), newVoice(t)
	named := func(v *voice, name string) services.Instance {
		in := v.as("IMAP")
		in.Name = name
		return in
	}
	f.serving(named(a, "a.example.org"), named(b, "b.example.org"))
	e := f.bought(request("b.example.org"))
	out := f.enable(e, ledger.IMAP, enabling.Options{})
	f.states(out, enabling.PassedOver, enabling.Enabled)
	if !out[0].Whole() || !out[1].Whole() {
		t.Errorf("%+v", out)
	}
	if left, _ := os.ReadDir(a.dir); len(left) != 0 {
		t.Errorf("the other one holds %v", left)
	}
	_, err := f.store.PlanEnable(f.Context(), enabling.Request{ID: f.bought(request("c.example.org")).ID, Services: ledger.IMAP})
	f.wants(err, fail.Unfit)
}

// What was enabled and nobody could prove is said, unless a person wanted no proof.
func TestWhatNobodyCouldProveIsSaid(t *testing.T) {
	t.Parallel()
	f, v := newFixture(t), newVoice(t)
	deaf := v.as("UM")
	deaf.Listen = nil
	f.serving(deaf)
	out := f.enable(f.bought(request("voice.example.org")), ledger.UM, enabling.Options{})
	f.states(out, enabling.Unproven)
	if out[0].Whole() || !strings.Contains(out[0].NotProven, "no port of it is known") {
		t.Errorf("%+v", out[0])
	}
	out = f.enable(f.bought(request("voice.example.org")), ledger.UM, enabling.Options{NoProve: true})
	f.states(out, enabling.Unproven)
	if !out[0].Whole() {
		t.Errorf("%+v", out[0])
	}
}
