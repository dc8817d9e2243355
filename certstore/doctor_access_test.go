package certstore

import (
	"errors"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
)

// commands are those that a text names between backticks.
var commands = regexp.MustCompile("`((?:chmod|chown|setfacl) [^`]+)`")

// follow runs the commands that texts name.
func (f *fixture) follow(texts ...string) {
	f.Helper()
	for _, text := range texts {
		for _, c := range commands.FindAllStringSubmatch(text, -1) {
			if out, err := exec.Command("sh", "-c", c[1]).CombinedOutput(); err != nil {
				f.Errorf("%s: %v: %s", c[1], err, out)
			}
		}
	}
}

// spoiled is a way to open a store to others, or to close it to its owner.
type spoiled struct {
	code string // of doctor's finding; "" where the store is not even opened
	do   func(f *fixture, e ledger.Entry) error
	root bool // root alone can do it
}

func spoils() map[string]spoiled {
	chmod := func(mode os.FileMode, parts ...string) func(f *fixture, e ledger.Entry) error {
		return func(f *fixture, e ledger.Entry) error { return os.Chmod(f.inStore(parts...), mode) }
	}
	chown := func(parts ...string) func(f *fixture, e ledger.Entry) error {
		return func(f *fixture, e ledger.Entry) error { return os.Chown(f.inStore(parts...), 4711, -1) }
	}
	key := func(f *fixture, e ledger.Entry) string { return f.store.dir.Path(ledger.Keys, e.SPKI) }
	return map[string]spoiled{
		"keys can be listed":       {"mode", chmod(0o755, "keys"), false},
		"keys are open to a group": {"mode", chmod(0o750, "keys"), false},
		"the store is open":        {"mode", chmod(0o755), false},
		"certs are open":           {"mode", chmod(0o751, "certs"), false},
		"the journal is open":      {"mode", chmod(0o644, "journal"), false},
		"a key is open":            {"mode", func(f *fixture, e ledger.Entry) error { return os.Chmod(key(f, e), 0o640) }, false},
		"a certificate is writable": {"mode", func(f *fixture, e ledger.Entry) error {
			return os.Chmod(f.store.dir.Path(ledger.Certs, e.SHA256), 0o666)
		}, false},
		"a key is another's":    {"owner", func(f *fixture, e ledger.Entry) error { return os.Chown(key(f, e), 4711, -1) }, true},
		"the lock is another's": {"owner", chown("lock"), true},
		"certs hand down a list": {"acl", func(f *fixture, e ledger.Entry) error {
			return exec.Command("setfacl", "-d", "-m", "u:4711:rwx", f.inStore("certs")).Run()
		}, false},
		"a list lets somebody in": {"mode", func(f *fixture, e ledger.Entry) error {
			return exec.Command("setfacl", "-m", "u:4711:r", key(f, e)).Run()
		}, false},
		"keys are another's":       {"", chown("keys"), true},
		"the journal is another's": {"", chown("journal"), true},
		"requests are writable":    {"", chmod(0o770, "requests"), false},
	}
}

func TestDoctorTellsWhoElseMayAndItsHintHelps(t *testing.T) {
	for name, spoil := range spoils() {
		t.Run(name, func(t *testing.T) {
			if spoil.root && os.Geteuid() != 0 {
				t.Skip("not root")
			}
			f := newFixture(t)
			e := f.bought(request("mail.example.org"))
			if err := spoil.do(f, e); errors.Is(err, exec.ErrNotFound) {
				t.Skip(err)
			} else {
				f.must(err)
			}
			if spoil.code == "" {
				_, err := Open(Options{Dir: f.store.Dir(), Roots: f.store.roots})
				f.wants(err, fail.UnsafeStore)
				f.follow(fail.Of(err).Hint)
			} else {
				ok, found := f.doctor(false)
				if ok || len(found[spoil.code]) == 0 {
					t.Errorf("doctor: %v", found)
				}
				f.follow(found[spoil.code]...)
			}
			if ok, found := f.doctor(false); !ok {
				t.Errorf("after the hint was followed: %v", found)
			}
		})
	}
}

func TestDoctorSaysWhatWouldStopTheNextWriter(t *testing.T) {
	f := newFixture(t)
	f.bought(request("mail.example.org"))
	f.must(os.Remove(f.inStore("lock")))
	f.must(os.Mkdir(f.inStore("lock"), 0o700))
	ok, found := f.doctor(false)
	if ok || !strings.Contains(strings.Join(found["next-change"], " "), "lock") {
		t.Errorf("doctor: %v", found)
	}
}

// TestDoctorLooksAtTheStoreBehindALink: a link's own mode, 0777 on Linux, means nothing.
func TestDoctorLooksAtTheStoreBehindALink(t *testing.T) {
	f := newFixture(t)
	f.make(request("mail.example.org"))
	link := f.inStore() + "-link"
	f.must(os.Symlink(f.inStore(), link))
	report, err := f.open(nil, link, f.ca.root).Doctor(t.Context(), false)
	f.must(err)
	for _, finding := range report.Findings {
		t.Errorf("%s: %s", finding.Code, finding.Text)
	}
}
