package certstore

import (
	"context"
	"crypto/x509"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"certdesk/certstore/disk"
	"certdesk/certstore/exporting"
	"certdesk/certstore/fail"
	"certdesk/certstore/formats"
	"certdesk/certstore/importing"
	"certdesk/certstore/ledger"
)

func TestNothingIsWrittenIntoTheStoreByPath(t *testing.T) {
	f := newFixture(t)
	e := f.bought(request("mail.example.org"))
	link := filepath.Join(t.TempDir(), "link")
	f.must(os.Symlink(f.store.Dir(), link))
	for name, path := range map[string]string{
		"a key":                f.store.dir.Path(ledger.Keys, e.SPKI),
		"the journal":          f.inStore("journal"),
		"a new file in keys/":  f.inStore("keys", "new.req"),
		"a new file":           f.inStore("new.req"),
		"a key, through dots":  f.inStore("certs", "..", "keys", e.SPKI+".key"),
		"a key, through links": filepath.Join(link, "keys", e.SPKI+".key"),
	} {
		f.unchanged(name, func() {
			r := request("new.example.org")
			r.Path, r.Overwrite = path, true
			f.wants(f.store.Check(t.Context(), r), fail.Usage)
			_, err := f.store.New(t.Context(), r)
			f.wants(err, fail.Usage)
			f.wants(f.store.Export(t.Context(), exporting.Request{ID: e.ID, Path: path, Overwrite: true, Format: exporting.PEM}), fail.Usage)
		})
	}
}

func TestACertificateTooLargeForTheJournalIsRefused(t *testing.T) {
	f := newFixture(t)
	made := f.make(request("mail.example.org"))
	r, err := x509.ParseCertificateRequest(made.DER)
	f.must(err)
	c := sign(t, &x509.Certificate{RawSubject: r.RawSubject, DNSNames: []string{"mail.example.org", strings.Repeat("\x01", 1<<20)},
		NotBefore: f.now, NotAfter: f.now.AddDate(0, 0, 90), BasicConstraintsValid: true}, f.ca.middle, r.PublicKey, f.ca.key)
	f.unchanged("a certificate whose names take 6 MB", func() {
		_, _, err := f.store.Import(t.Context(), files(formats.CertPEM(c.Raw)))
		f.wants(err, fail.LimitExceeded)
	})
}

func TestAFriendlyNameIsCheckedAlsoWhenItIsAdded(t *testing.T) {
	f := newFixture(t)
	made := f.make(request("mail.example.org"))
	answer := f.ca.answer(t, made.DER, f.now.AddDate(0, 0, 90))
	try := func(what, name string) {
		in := files(answer, f.ca.chain())
		in.Attach, in.FriendlyName = true, name
		f.unchanged(what, func() {
			_, _, err := f.store.Import(t.Context(), in)
			f.wants(err, fail.InvalidName)
		})
	}
	try("escapes, completing", "evil\x1b]0;x\a\n")
	f.importOK(files(answer))
	try("escapes, attaching", "evil\x1b]0;x\a\n")
	try("65 characters, attaching", strings.Repeat("y", 65))
}

// given is a store with a certificate, a removed one, a pending request and an answer to it.
type given struct {
	*fixture
	have, trash, waits ledger.Entry
	answer             importing.Request
	target             string
}

func newGiven(t *testing.T) given {
	g := given{fixture: newFixture(t), target: filepath.Join(t.TempDir(), "out")}
	g.have, g.trash = g.bought(request("have.example.org")), g.bought(request("trash.example.org"))
	g.remove(g.trash.ID)
	made := g.make(request("waits.example.org"))
	g.waits = made.Entry
	g.answer = files(g.ca.answer(t, made.DER, g.now.AddDate(0, 0, 90)), g.ca.chain())
	return g
}

// writers are the verbs that write; exit is what an interruption while they wait for the lock leads to: 1 for those that
// have made an object durable by then, 3 for those that have written nothing.
var writers = map[string]struct {
	do   func(context.Context, *Store, given) error
	exit int
}{
	"new": {func(ctx context.Context, s *Store, g given) error {
		r := request("new.example.org")
		r.Path = g.target
		_, err := s.New(ctx, r)
		return err
	}, 1},
	"import": {func(ctx context.Context, s *Store, g given) error { _, _, err := s.Import(ctx, g.answer); return err }, 1},
	"export": {func(ctx context.Context, s *Store, g given) error {
		return s.Export(ctx, exporting.Request{ID: g.have.ID, Path: g.target, Format: exporting.PEM})
	}, 3},
	"remove": {func(ctx context.Context, s *Store, g given) error {
		_, err := s.Remove(ctx, []ledger.Entry{g.have}, false)
		return err
	}, 3},
	"restore": {func(ctx context.Context, s *Store, g given) error {
		_, err := s.Restore(ctx, []int64{g.trash.ID})
		return err
	}, 3},
	"rename": {func(ctx context.Context, s *Store, g given) error {
		_, err := s.Rename(ctx, g.have.ID, "another")
		return err
	}, 3},
	"purge": {func(ctx context.Context, s *Store, g given) error {
		_, err := s.Purge(ctx, []int64{g.trash.ID})
		return err
	}, 3},
	"repair": {func(ctx context.Context, s *Store, g given) error { _, err := s.Doctor(ctx, true); return err }, 3},
}

func TestAnInterruptWhileWaitingForTheLock(t *testing.T) {
	for name, verb := range writers {
		g := newGiven(t)
		ctx, cancel := context.WithCancel(t.Context())
		s := g.interrupted("lock", g.inStore("lock"), func() error { cancel(); return disk.ErrBusy })
		journal, err := os.ReadFile(g.inStore("journal"))
		g.must(err)
		before := digest(t, g.store.Dir())
		err = verb.do(ctx, s, g)
		if err == nil || fail.Of(err).Code.Exit() != verb.exit {
			t.Errorf("%s: %v, exit %d, want %d", name, err, fail.Of(err).Code.Exit(), verb.exit)
		}
		if after := digest(t, g.store.Dir()); verb.exit != 1 && after != before {
			t.Errorf("%s: refused, and the store changed", name)
		}
		if now, err := os.ReadFile(g.inStore("journal")); err != nil || string(now) != string(journal) {
			t.Errorf("%s: the journal changed: %v", name, err)
		}
		if _, err := os.Stat(g.target); err == nil {
			t.Errorf("%s: the target is there", name)
		}
	}
}

func TestAnInterruptBeforeAnythingWasMadeIsARefusal(t *testing.T) {
	f := newFixture(t)
	f.make(request("mail.example.org"))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	f.unchanged("an interrupted new", func() {
		_, err := f.store.New(ctx, request("new.example.org"))
		f.wants(err, fail.Canceled)
	})
}

func TestAnInterruptAfterTheLineStandsStopsNothing(t *testing.T) {
	f := newFixture(t)
	ctx, cancel := context.WithCancel(t.Context())
	s := f.interrupted("write", f.inStore("journal"), func() error { cancel(); return nil })
	r := request("mail.example.org")
	r.Path = filepath.Join(t.TempDir(), "mail.req")
	made, err := s.New(ctx, r)
	f.must(err)
	if _, err := os.Stat(r.Path); err != nil || made.Path != r.Path || len(f.list(false)) != 1 {
		t.Errorf("%v, made %+v", err, made)
	}
}

func TestAfterAWriteInDoubtNothingIsWrittenAndNothingIsLost(t *testing.T) {
	for name, verb := range writers {
		g := newGiven(t)
		s := g.interrupted("sync", g.inStore("journal"), func() error { return syscall.EIO })
		if name != "repair" { // which has nothing to write here
			g.wants(verb.do(t.Context(), s, g), fail.InDoubt)
		} else {
			g.wants(writers["remove"].do(t.Context(), s, g), fail.InDoubt)
		}
		if s.ReadOnly() == "" || s.Banner() == "" {
			t.Errorf("%s: read-only %q, banner %q", name, s.ReadOnly(), s.Banner())
		}
		g.unchanged(name+" after a write in doubt", func() {
			for next, verb := range writers {
				if err := verb.do(t.Context(), s, g); !fail.Is(err, fail.InDoubt) {
					t.Errorf("%s, then %s: %v", name, next, err)
				}
			}
		})
		if ok, found := g.doctor(false); ok != (len(found["unlisted"]) == 0) {
			t.Errorf("%s: doctor: %v", name, found)
		}
	}
}
