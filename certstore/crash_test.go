package certstore

import (
	"bytes"
	"cmp"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"

	"certdesk/certstore/disk"
	"certdesk/certstore/disk/disktest"
	"certdesk/certstore/exporting"
	"certdesk/certstore/fail"
	"certdesk/certstore/formats"
	"certdesk/certstore/issuing"
	"certdesk/certstore/judging"
	"certdesk/certstore/ledger"
	"certdesk/certstore/trust"
)

// These tests run the verbs themselves on a file system that can lose what was not synced: a power cut at any
// moment, and any operation failing once. disk's own tests show that each single fsync is needed.

const (
	crashStore  = "/srv/store"
	crashTarget = "/out/mail.req"
	crashExport = "/out/mail.pem"
)

// deed is a verb on a model file system, after what prepare did.
type deed struct {
	name    string
	prepare func(f *fixture)
	do      func(f *fixture) error
}

// standing is a fixture that keeps its entry and the CA's answer between prepare and do.
func deeds(t *testing.T, answers map[string][]byte) []deed {
	waiting := func(f *fixture) {
		answers["mail"] = f.ca.answer(t, f.make(crashRequest(false)).DER, f.now.AddDate(0, 0, 90))
	}
	complete := func(f *fixture) { waiting(f); f.importOK(files(answers["mail"], f.ca.chain())) }
	exportable := func(f *fixture) {
		in := files(answers["own"], answers["own key"], f.ca.chain())
		in.Exportable = true
		f.importOK(in)
	}
	removed := func(f *fixture) {
		complete(f)
		_, err := f.store.Remove(t.Context(), f.list(false), false)
		f.must(err)
	}
	return []deed{
		{"new", func(*fixture) {}, func(f *fixture) error { _, err := f.store.New(t.Context(), crashRequest(true)); return err }},
		{"import", waiting, func(f *fixture) error {
			_, _, err := f.store.Import(t.Context(), files(answers["mail"], f.ca.chain()))
			return err
		}},
		{"import with its key", func(*fixture) {}, func(f *fixture) error {
			_, _, err := f.store.Import(t.Context(), files(answers["own"], answers["own key"], f.ca.chain()))
			return err
		}},
		{"import of several at once", waiting, func(f *fixture) (err error) {
			for _, got := range f.store.ImportAll(t.Context(), groupsOf(
				files(answers["mail"], f.ca.chain()), files(answers["own"], answers["own key"], f.ca.chain())), nil) {
				err = cmp.Or(err, got.Err)
			}
			return err
		}},
		{"export with its key", exportable, func(f *fixture) error {
			return f.store.Export(t.Context(), exporting.Request{ID: 1, Path: crashExport, Format: exporting.KeyPEM})
		}},
		{"export over a file", func(f *fixture) {
			exportable(f)
			f.must(f.store.Export(t.Context(), exporting.Request{ID: 1, Path: crashExport, Format: exporting.PEM}))
		},
			func(f *fixture) error {
				return f.store.Export(t.Context(), exporting.Request{ID: 1, Path: crashExport, Format: exporting.KeyPEM, Overwrite: true})
			}},
		{"remove", complete, func(f *fixture) error {
			list, err := f.store.List(t.Context(), false)
			if err == nil {
				_, err = f.store.Remove(t.Context(), list, false)
			}
			return err
		}},
		{"restore", removed, func(f *fixture) error { _, err := f.store.Restore(t.Context(), []int64{1}); return err }},
		{"rename", complete, func(f *fixture) error { _, err := f.store.Rename(t.Context(), 1, "another name"); return err }},
		{"purge", removed, func(f *fixture) error { _, err := f.store.Purge(t.Context(), []int64{1}); return err }},
		{"renew with the same key", complete, func(f *fixture) error {
			r, err := f.store.RenewalRequest(t.Context(), 1)
			if err != nil {
				return err
			}
			r.ReuseKey, r.Path = true, crashTarget
			_, err = f.store.New(t.Context(), r)
			return err
		}},
	}
}

func crashRequest(withPath bool) issuing.Request {
	r := request("mail.example.org")
	if withPath {
		r.Path = crashTarget
	}
	return r
}

// play prepares a model and does the deed on it; what was committed before is in before.
func (d deed) play(t *testing.T, answers map[string][]byte, ca testCA, arrange func(*disktest.Model)) (f *fixture, m *disktest.Model, before map[string]string, err error) {
	t.Helper()
	m = disktest.NewModel("/srv", "/out")
	f = newFixtureOn(t, m, crashStore)
	f.ca = ca
	f.store = f.open(m, crashStore, ca.root)
	d.prepare(f)
	m.Settle()
	before = keyFiles(m)
	arrange(m)
	return f, m, before, d.do(f)
}

func keyFiles(m *disktest.Model) map[string]string {
	all := map[string]string{}
	m.Walk(func(name string, info disk.Info) {
		if data, ok := m.ReadFile(name); ok && strings.HasSuffix(name, ".key") {
			all[name] = string(data)
		}
	})
	return all
}

// sound checks a file system after a crash or a failure: the store opens, doctor finds nothing worse than what a
// dead writer may leave, no key that was committed changed (but for a purge), no request is outside without its key.
func sound(f *fixture, m *disktest.Model, before map[string]string, purging bool) error {
	s := f.open(m, crashStore, f.ca.root)
	list, err := s.List(f.Context(), false)
	if err != nil {
		return err
	}
	report, err := s.Doctor(f.Context(), false)
	if err != nil {
		return err
	}
	for _, finding := range report.Findings {
		if finding.Severity == trust.Error {
			return fmt.Errorf("doctor: %s", finding.Text)
		}
	}
	for name, text := range before {
		if data, ok := m.ReadFile(name); (!ok || string(data) != text) && !purging {
			return fmt.Errorf("the committed %s is lost or changed", name)
		}
	}
	if err := noCopyLeft(f, s, m); err != nil {
		return err
	}
	if text, outside := m.ReadFile(crashTarget); outside {
		return requestHasKey(s, list, text)
	}
	return nil
}

// noCopyLeft wants a whole file where an export was to go, or none, and after the next writer nothing beside it. Of a
// request that was to leave a piece may stay: it holds no key.
func noCopyLeft(f *fixture, s *Store, m *disktest.Model) error {
	if text, outside := m.ReadFile(crashExport); outside && !bytes.HasSuffix(text, []byte("-----END CERTIFICATE-----\n")) {
		return errors.New("half an export is at its target")
	}
	if _, found := keysOutside(m); !found {
		return nil
	}
	after := m.Snapshot() // what is outside must not depend on what the next writer does to m
	next := f.open(after, crashStore, f.ca.root)
	if _, err := next.New(f.Context(), request("next.example.org")); err != nil {
		return fmt.Errorf("the next writer: %w", err)
	}
	if name, found := keysOutside(after); found {
		return fmt.Errorf("a copy of the key is left at %s", name)
	}
	return nil
}

// keysOutside finds a temporary outside that holds a part of a key.
func keysOutside(m *disktest.Model) (name string, found bool) {
	m.Walk(func(path string, _ disk.Info) {
		if text, ok := m.ReadFile(path); ok && strings.HasPrefix(path, "/out/.tmp-") && bytes.Contains(text, []byte("PRIVATE KEY")) {
			name, found = path, true
		}
	})
	return name, found
}

func requestHasKey(s *Store, list []ledger.Entry, text []byte) error {
	block, _ := pem.Decode(text)
	if block == nil {
		return errors.New("half a request is outside")
	}
	for _, e := range list {
		if e.SHA256 == judging.Sum(block.Bytes) {
			_, err := s.objects.Key(e.SPKI)
			return err
		}
	}
	return errors.New("a request is outside that no row knows")
}

// own is a certificate with its key, as another server exported them.
func ownCertificate(t *testing.T, ca testCA, answers map[string][]byte) {
	t.Helper()
	f := newFixture(t)
	f.ca = ca
	made := f.make(request("own.example.org"))
	key, err := f.store.objects.Key(made.Entry.SPKI)
	f.must(err)
	answers["own key"], err = formats.KeyPEM(key)
	f.must(err)
	answers["own"] = ca.answer(t, made.DER, f.now.AddDate(0, 0, 90))
}

func TestAPowerCutDuringAnyVerbLosesNothing(t *testing.T) {
	t.Parallel()
	answers := map[string][]byte{}
	ca := newTestCA(t, newFixture(t).now)
	ownCertificate(t, ca, answers)
	for _, d := range deeds(t, answers) {
		t.Run(d.name, func(t *testing.T) {
			f, m, before, err := d.play(t, answers, ca, func(*disktest.Model) {})
			f.must(err)
			images := 0
			for prefix := range len(m.Ops()) + 1 {
				for image := range m.CrashImages(prefix) {
					images++
					if err := sound(f, image, before, d.name == "purge"); err != nil {
						t.Fatalf("after %d operations, %s: %v", prefix, image.Label, err)
					}
				}
			}
			t.Logf("%d operations, %d fsyncs, %d images", len(m.Ops()), len(m.Syncs()), images)
		})
	}
}

func TestAnyOperationMayFailOnce(t *testing.T) {
	t.Parallel()
	answers := map[string][]byte{}
	ca := newTestCA(t, newFixture(t).now)
	ownCertificate(t, ca, answers)
	for _, d := range deeds(t, answers) {
		f, m, _, err := d.play(t, answers, ca, func(*disktest.Model) {})
		f.must(err)
		for n := range m.Ops() {
			if n%4 != 0 && os.Getenv("CERTDESK_ALL") == "" { // the full run takes every one
				continue
			}
			for _, errno := range []error{syscall.EIO, syscall.ENOSPC} {
				f, m, before, err := d.play(t, answers, ca, func(m *disktest.Model) { m.FailAt(n, errno) })
				what := fmt.Sprintf("%s, operation %d fails with %v", d.name, n, errno)
				if err != nil && fail.Of(err).Code.Exit() > 1 && !fail.Is(err, fail.ReadOnly) {
					t.Errorf("%s: a failing disk is answered as a refusal: %v", what, err)
				}
				if err := sound(f, m, before, d.name == "purge"); err != nil {
					t.Errorf("%s: %v", what, err)
				}
				if err := sound(f, m.Snapshot(), before, d.name == "purge"); err != nil {
					t.Errorf("%s, then a restart: %v", what, err)
				}
			}
		}
		t.Logf("%s: %d operations failed twice", d.name, len(m.Ops()))
	}
}
