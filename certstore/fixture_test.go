package certstore

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"certdesk/certstore/config"
	"certdesk/certstore/disk"
	"certdesk/certstore/fail"
	"certdesk/certstore/importing"
	"certdesk/certstore/issuing"
	"certdesk/certstore/ledger"
	"certdesk/certstore/names"
	"certdesk/certstore/trust"
)

// fixture is a store, a clock to turn, and a CA with root and intermediate that the store trusts.
type fixture struct {
	*testing.T
	store *Store
	now   time.Time
	ca    testCA
	acme  []config.ACME // that the store is opened with
}

func newFixture(t *testing.T) *fixture {
	return newFixtureOn(t, nil, filepath.Join(t.TempDir(), "store"))
}

func newFixtureOn(t *testing.T, fsys disk.FS, dir string) *fixture {
	t.Helper()
	f := &fixture{T: t, now: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)}
	f.ca = newTestCA(t, f.now)
	f.store = f.open(fsys, dir, f.ca.root)
	return f
}

func (f *fixture) open(fsys disk.FS, dir string, trusted ...*x509.Certificate) *Store {
	f.Helper()
	return f.openWith(Options{Dir: dir, FS: fsys, Roots: rootsOf(nil, trusted...)})
}

// openWith fills in the fixture's clock and this user.
func (f *fixture) openWith(o Options) *Store {
	f.Helper()
	o.Now, o.Actor = func() time.Time { return f.now }, &ledger.Actor{UID: os.Geteuid()}
	o.Authorities = append(o.Authorities, f.acme...)
	s, err := Open(o)
	f.must(err)
	return s
}

// rootsOf trusts these as the system does, and the files of the configuration.
func rootsOf(configured []string, system ...*x509.Certificate) *trust.Roots {
	pool := x509.NewCertPool()
	for _, c := range system {
		pool.AddCert(c)
	}
	return trust.NewRoots(trust.Sources{Trust: configured, LocalDir: "/nonexistent", System: func() (*x509.CertPool, error) { return pool, nil }})
}

// again opens the fixture's store once more, as another process does.
func (f *fixture) again() *Store {
	f.Helper()
	return f.open(nil, f.store.Dir(), f.ca.root)
}

// inStore is a path within the fixture's store.
func (f *fixture) inStore(parts ...string) string {
	return filepath.Join(append([]string{f.store.Dir()}, parts...)...)
}

func (f *fixture) must(err error) {
	f.Helper()
	if err != nil {
		f.Fatalf("%v (%s)", err, fail.Of(err).Hint)
	}
}

// wants checks a refusal's code, and that it has a hint.
func (f *fixture) wants(err error, code fail.Code) {
	f.Helper()
	if !fail.Is(err, code) {
		f.Errorf("got %v, want code %s", err, code)
	}
	if err != nil && fail.Of(err).Hint == "" {
		f.Errorf("no hint in %v", err)
	}
}

// failed checks what is said when something was written before the refusal: a failure, with the refusal's words and hint.
func (f *fixture) failed(err error, words string) {
	f.Helper()
	f.wants(err, fail.Failed)
	if err != nil && (fail.Of(err).Code.Exit() != 1 || !strings.Contains(err.Error(), words)) {
		f.Errorf("exit %d, %q does not say %q", fail.Of(err).Code.Exit(), err, words)
	}
}

// unchanged does something that must leave every byte of the store as it is.
func (f *fixture) unchanged(what string, do func()) {
	f.Helper()
	before := digest(f.T, f.store.Dir())
	do()
	if digest(f.T, f.store.Dir()) != before {
		f.Errorf("%s: the store changed", what)
	}
}

func request(cn string, more ...string) issuing.Request {
	r := issuing.Request{
		Subject: names.Subject{{Type: "C", Value: "BE"}, {Type: "O", Value: "Sunshine, Inc."}, {Type: "CN", Value: cn}},
		Key:     issuing.KeySpec{Algorithm: "ecdsa-p256"},
		Wanted:  ledger.SMTP,
	}
	for _, n := range append([]string{cn}, more...) {
		r.Names = append(r.Names, names.Name{Kind: names.DNS, Value: n})
	}
	return r
}

func (f *fixture) make(r issuing.Request) issuing.Made {
	f.Helper()
	made, err := f.store.New(f.Context(), r)
	f.must(err)
	return made
}

func files(data ...[]byte) importing.Request {
	var r importing.Request
	for _, d := range data {
		r.Sources = append(r.Sources, importing.Source{Label: "a file", Data: d})
	}
	return r
}

func (f *fixture) importOK(r importing.Request) ledger.Entry {
	f.Helper()
	e, _, err := f.store.Import(f.Context(), r)
	f.must(err)
	return e
}

// importGroup imports what was looked at before.
func (f *fixture) importGroup(g importing.Group) ledger.Entry {
	f.Helper()
	got := f.store.ImportGroup(f.Context(), g)
	f.must(got.Err)
	return got.Entry
}

// groupsOf makes a group of each, whatever it holds.
func groupsOf(requests ...importing.Request) (groups []importing.Group) {
	for _, r := range requests {
		groups = append(groups, importing.Together(context.Background(), r))
	}
	return groups
}

// bought makes a request and imports the CA's answer with its chain.
func (f *fixture) bought(r issuing.Request) ledger.Entry {
	f.Helper()
	made := f.make(r)
	return f.importOK(files(f.ca.answer(f.T, made.DER, f.now.AddDate(0, 0, 90)), f.ca.chain()))
}

// renewal makes a request that renews an entry with the same key.
func (f *fixture) renewal(id int64) issuing.Made {
	f.Helper()
	r, err := f.store.RenewalRequest(f.Context(), id)
	f.must(err)
	r.ReuseKey = true
	return f.make(r)
}

func (f *fixture) list(removed bool) []ledger.Entry {
	f.Helper()
	l, err := f.store.List(f.Context(), removed)
	f.must(err)
	return l
}

// remove and purge act on entries as they are now; purge removes first.
func (f *fixture) remove(ids ...int64) {
	f.Helper()
	var seen []ledger.Entry
	for _, id := range ids {
		e, err := f.store.get(f.Context(), id)
		f.must(err)
		seen = append(seen, e)
	}
	res, err := f.store.Remove(f.Context(), seen, true)
	f.must(err)
	if len(res.Done) != len(ids) {
		f.Fatalf("removed %d of %d: %+v", len(res.Done), len(ids), res.Refused)
	}
}

func (f *fixture) purge(ids ...int64) {
	f.Helper()
	f.remove(ids...)
	res, err := f.store.Purge(f.Context(), ids)
	f.must(err)
	if len(res.Done) != len(ids) {
		f.Fatalf("purged %d of %d: %+v", len(res.Done), len(ids), res.Refused)
	}
}

// wontPurge wants a removed entry's purge refused, with nothing changed.
func (f *fixture) wontPurge(id int64, code fail.Code) {
	f.Helper()
	f.unchanged("a refused purge", func() {
		_, err := f.store.WouldPurge(f.Context(), []int64{id})
		f.wants(err, code)
		res, err := f.store.Purge(f.Context(), []int64{id})
		f.must(err)
		if len(res.Done) != 0 || len(res.Refused) != 1 {
			f.Fatalf("purged: %+v", res)
		}
		f.wants(res.Refused[0].Err, code)
	})
}

// doctor examines with a fresh process, and gives the texts found under each code.
func (f *fixture) doctor(repair bool) (ok bool, found map[string][]string) {
	f.Helper()
	report, err := f.again().Doctor(f.Context(), repair)
	f.must(err)
	found = map[string][]string{}
	for _, x := range report.Findings {
		found[x.Code] = append(found[x.Code], x.Text)
	}
	return report.OK, found
}

// lose deletes a file of the store, as a bad disk or a bad admin does.
func (f *fixture) lose(kind ledger.ObjectKind, name string) {
	f.Helper()
	f.must(os.Remove(f.store.dir.Path(kind, name)))
}

// gone says whether a private key is no longer in the store.
func (f *fixture) gone(spki string) bool {
	f.Helper()
	here, err := f.again().dir.Has(ledger.Keys, spki)
	f.must(err)
	return !here
}

// damage changes a text in one line of the journal, counted from 1.
func (f *fixture) damage(line int, old, other string) {
	f.Helper()
	text, err := os.ReadFile(f.inStore("journal"))
	f.must(err)
	lines := strings.SplitAfter(string(text), "\n")
	changed := strings.Replace(lines[line-1], old, other, 1)
	if changed == lines[line-1] {
		f.Fatalf("line %d has no %q", line, old)
	}
	lines[line-1] = changed
	f.must(os.WriteFile(f.inStore("journal"), []byte(strings.Join(lines, "")), 0o600))
}

// tear leaves half a line at the journal's end, as a writer that died.
func (f *fixture) tear() {
	f.Helper()
	j, err := os.OpenFile(f.inStore("journal"), os.O_APPEND|os.O_WRONLY, 0)
	f.must(err)
	_, err = j.WriteString("half a line\n")
	f.must(err)
	f.must(j.Close())
}

// write appends a line to the journal by another hand: right in its sum, whatever it says.
func (f *fixture) write(op, data string) {
	f.Helper()
	d, err := disk.Open(disk.Options{Dir: f.store.Dir(), Write: true, ReadersGID: -1})
	f.must(err)
	f.must(d.Update(f.Context(), func(tx *disk.Tx) error {
		_, err := tx.Append(op, json.RawMessage(data))
		return err
	}))
}

// digest sums every byte, name and mode of a folder.
func digest(t *testing.T, dir string) string {
	t.Helper()
	h := sha256.New()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		h.Write([]byte(path + info.Mode().String()))
		if d.Type().IsRegular() {
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			h.Write(data)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return hex.EncodeToString(h.Sum(nil))
}
