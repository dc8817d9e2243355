//go:build linux

package e2e

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// Root sees no permission, so these tests run the binary as somebody else: nobody (65534), who is in no group but
// that which a test gives.
const nobody = 65534

// asUser runs the binary as an unprivileged user with one group.
func (s *site) asUser(uid, gid int, args ...string) result {
	s.Helper()
	cmd := exec.Command(binary(s), s.args(args...)...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
	return s.finish(cmd)
}

// openSite is a site whose home others may walk through, as /var/lib is.
func openSite(t *testing.T, extra string) *site {
	t.Helper()
	if os.Geteuid() != 0 {
		skipOrFail(t, "running as another user needs root")
	}
	s := newSite(t)
	for dir := s.home; dir != os.TempDir() && dir != "/"; dir = filepath.Dir(dir) {
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	s.write(s.config, extra+s.read(s.config))
	if err := os.Chmod(s.config, 0o644); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSomebodyElseIsToldWhichStoreAndWhichGroup(t *testing.T) {
	s := openSite(t, "readers = \"games\"\n")
	s.ok("new", "--domain-name", "mail.example.org")
	r := s.asUser(nobody, nobody, "list")
	if r.code != 3 || !strings.Contains(r.err, s.store) || !strings.Contains(r.err, "games") {
		t.Errorf("exit %d: %s", r.code, r.err)
	}
	if r := s.asUser(nobody, nobody, "--json", "list"); !strings.Contains(r.err, `"code":"not-permitted"`) {
		t.Errorf("code: %s", r.err)
	}
	if r := s.asUser(nobody, nobody, "check"); r.code != 3 || !strings.HasPrefix(r.out, "CERTDESK UNKNOWN - open the store ") ||
		!strings.Contains(r.out, "games") || strings.Count(r.out, "\n") != 1 || r.err != "" {
		t.Errorf("monitoring is told: exit %d, %s%s", r.code, r.out, r.err)
	}
}

func TestAReaderReadsAllButKeysAndWritesNothing(t *testing.T) {
	s := openSite(t, "readers = \"games\"\n")
	s.ok("new", "--domain-name", "mail.example.org", "--private-key-exportable")
	thumb := s.rows()[0].Thumbprint
	const games = 60
	for _, args := range [][]string{{"list"}, {"show", thumb}, {"history"}, {"domains"}, {"history", "verify"},
		{"check"}, {"list", "--format", "prometheus"}, {"list", "--format", "ics"}} {
		if r := s.asUser(nobody, games, args...); r.code != 0 {
			t.Errorf("%v: exit %d: %s", args, r.code, r.err)
		}
	}
	before := s.snapshot()
	for _, args := range [][]string{
		{"new", "--domain-name", "x.example.org"}, {"remove", thumb, "--yes"}, {"doctor", "--repair"},
		{"export", thumb, "--path", "/tmp/certdesk-stolen.pem", "--with-key"},
		{"export", thumb, "--path", "/tmp/certdesk-stolen.pem", "--for", "nginx"},
	} {
		if r := s.asUser(nobody, games, args...); r.code != 3 || !strings.Contains(r.err, "read-only") && !strings.Contains(r.err, "may not") {
			t.Errorf("%v: exit %d: %s", args, r.code, r.err)
		}
	}
	if s.snapshot() != before {
		t.Error("a reader changed the store")
	}
	own := t.TempDir()
	if err := errors.Join(os.Chmod(filepath.Dir(own), 0o755), os.Chown(own, nobody, games)); err != nil {
		t.Fatal(err)
	}
	s.ok("new", "--generate-request", "--domain-name", "next.example.org", "--path", filepath.Join(s.home, "next.req"))
	for _, row := range s.rows() {
		file := filepath.Join(own, row.Thumbprint+".pem")
		r := s.asUser(nobody, games, "export", row.Thumbprint, "--path", file)
		if r.code != 0 || !strings.Contains(r.err, "history does not name") || s.read(file) == "" {
			t.Errorf("a reader cannot export what is public: exit %d: %s", r.code, r.err)
		}
	}
	keys, _ := filepath.Glob(filepath.Join(s.store, "keys", "*.key"))
	cat := exec.Command("cat", keys...)
	cat.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: games}}
	if out, err := cat.Output(); err == nil || len(out) > 0 {
		t.Error("a reader read a key")
	}
}

func TestAStoreOthersMayWriteIsRefused(t *testing.T) {
	s := openSite(t, "")
	s.ok("new", "--domain-name", "mail.example.org")
	if err := os.Chmod(s.store, 0o777); err != nil {
		t.Fatal(err)
	}
	r := s.run("--json", "new", "--domain-name", "x.example.org")
	if r.code != 3 || !strings.Contains(r.err, "unsafe-store") {
		t.Errorf("exit %d: %s", r.code, r.err)
	}
}

func TestRootDoesNotWriteTheStoreOfAnotherUser(t *testing.T) {
	s := openSite(t, "")
	if err := os.Chown(s.home, nobody, nobody); err != nil {
		t.Fatal(err)
	}
	if r := s.asUser(nobody, nobody, "new", "--domain-name", "mail.example.org"); r.code != 0 {
		t.Fatalf("as its owner: %s", r.err)
	}
	before := s.snapshot()
	s.config = filepath.Join(t.TempDir(), "certdesk.toml") // that of the other user is not obeyed
	if err := os.WriteFile(s.config, []byte("discover = false\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	r := s.run("--json", "new", "--domain-name", "x.example.org")
	if r.code != 3 || !strings.Contains(r.err, `"code":"read-only"`) || !strings.Contains(r.err, "nobody") {
		t.Errorf("exit %d: %s", r.code, r.err)
	}
	if len(s.rows()) != 1 || s.snapshot() != before {
		t.Error("root cannot read it, or changed it")
	}
}

func TestAReadOnlyFileSystem(t *testing.T) {
	s := openSite(t, "")
	s.ok("new", "--domain-name", "mail.example.org")
	for _, args := range [][]string{{"--bind", s.store, s.store}, {"-o", "remount,ro,bind", s.store}} {
		if out, err := exec.Command("mount", args...).CombinedOutput(); err != nil {
			skipOrFail(t, "cannot mount here: "+string(out))
		}
	}
	t.Cleanup(func() { exec.Command("umount", s.store).Run() })
	if r := s.run("--json", "new", "--domain-name", "x.example.org"); r.code != 3 || !strings.Contains(r.err, `"code":"read-only"`) {
		t.Errorf("exit %d: %s", r.code, r.err)
	}
	if len(s.rows()) != 1 {
		t.Error("a read-only store cannot be listed")
	}
}

// snapshot sums names, modes, owners and bytes of the store.
func (s *site) snapshot() string {
	s.Helper()
	h := sha256.New()
	err := filepath.WalkDir(s.store, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		owner := info.Sys().(*syscall.Stat_t)
		fmt.Fprintln(h, path, info.Mode(), owner.Uid, owner.Gid)
		if !d.Type().IsRegular() {
			return nil
		}
		data, err := os.ReadFile(path)
		h.Write(data)
		return err
	})
	if err != nil {
		s.Fatal(err)
	}
	return hex.EncodeToString(h.Sum(nil))
}
