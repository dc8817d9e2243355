package services

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"certdesk/certstore/daemontest"
	"certdesk/certstore/fail"
)

// stranger is the account of a daemon, whose directories root writes into.
const stranger = 7

// ofDaemon is a service whose install directory belongs to the daemon's own account, and a directory of root's alone.
func ofDaemon(t *testing.T) (s *Service, rootOnly string) {
	t.Helper()
	daemontest.NeedRoot(t)
	dir := t.TempDir()
	rootOnly = filepath.Join(dir, "rootonly")
	tls := filepath.Join(dir, "tls")
	for path, uid := range map[string]int{rootOnly: 0, tls: stranger} {
		if err := errors.Join(os.Mkdir(path, 0o755), os.Chown(path, uid, uid)); err != nil {
			t.Fatal(err)
		}
	}
	s = commandAt(t, tls)
	s.in.Owner = "lp:lp"
	return s, rootOnly
}

// theirs makes a link as the daemon's account would.
func theirs(t *testing.T, target, path string) {
	t.Helper()
	if err := errors.Join(os.Symlink(target, path), os.Lchown(path, stranger, stranger)); err != nil {
		t.Fatal(err)
	}
}

func empty(t *testing.T, dir string) {
	t.Helper()
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("%s holds %v %v", dir, left, err)
	}
}

func TestNothingIsWrittenThroughALinkOfTheDaemonsAccount(t *testing.T) {
	t.Parallel()
	ca := daemontest.NewCA(t)
	for name, exchange := range map[string]func(t *testing.T, s *Service, rootOnly string){
		"its directory became a link": func(t *testing.T, s *Service, rootOnly string) {
			if err := os.Rename(s.dir(), s.dir()+".gone"); err != nil {
				t.Fatal(err)
			}
			theirs(t, rootOnly, s.dir())
		},
		"a file became a link": func(t *testing.T, s *Service, rootOnly string) {
			for _, name := range []string{"fullchain.pem", "key.pem", "current"} {
				if err := os.Remove(filepath.Join(s.dir(), name)); err != nil {
					t.Fatal(err)
				}
				theirs(t, filepath.Join(rootOnly, name), filepath.Join(s.dir(), name))
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, rootOnly := ofDaemon(t)
			p := plan(t, s, ca.Issue(t, daemontest.Wish{}))
			if err := s.Apply(p); err != nil {
				t.Fatal(err)
			}
			exchange(t, s, rootOnly)
			if err := undone(s, p.Switch); err == nil {
				t.Error("it went through")
			}
			if err := s.Resume(p.Switch); err == nil {
				t.Error("finishing it went through")
			}
			if err := s.Apply(p); err == nil {
				t.Error("beginning anew went through")
			}
			empty(t, rootOnly)
		})
	}
}

func TestAnInstallPathOverALinkIsJudgedAtEachStep(t *testing.T) {
	daemontest.NeedRoot(t)
	ca, dir := daemontest.NewCA(t), t.TempDir()
	home, behind := filepath.Join(dir, "home"), filepath.Join(dir, "real")
	if err := errors.Join(os.Mkdir(home, 0o755), os.Mkdir(behind, 0o755), os.Chown(home, stranger, stranger)); err != nil {
		t.Fatal(err)
	}
	theirs(t, behind, filepath.Join(dir, "theirs"))
	for name, link := range map[string]string{"a symbolic link that belongs to another user": dir + "/theirs", "root's link in another user's directory": home + "/link", "root's link": dir + "/ours"} {
		os.Symlink(behind, link)
		s := commandAt(t, filepath.Join(link, "tls"))
		p, err := s.Plan(context.Background(), pairOfTest(ca.Issue(t, daemontest.Wish{})))
		if err == nil {
			err = s.Apply(p)
		}
		if allowed := name == "root's link"; allowed != (err == nil) || !allowed && !fail.Is(err, fail.UnsafeStore) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAConfigurationBehindALinkOfAnotherUserIsNotChanged(t *testing.T) {
	daemontest.NeedRoot(t)
	dir := t.TempDir()
	daemontest.Put(t, dir+"/root/shadow", "root:x\n")
	theirs(t, dir+"/root/shadow", dir+"/site.conf")
	_, err := textChange(dir+"/site.conf", "root:x\n", "root::\n")
	if !fail.Is(err, fail.UnsafeStore) || !strings.Contains(err.Error(), "link that belongs to another user") {
		t.Error(err)
	}
}

func TestALinkThatAnAccessListLetsOthersReplaceIsNotFollowed(t *testing.T) {
	dir := t.TempDir()
	daemontest.Put(t, dir+"/real.conf", "root:x\n")
	if err := os.Symlink("real.conf", dir+"/site.conf"); err != nil {
		t.Fatal(err)
	}
	setfacl(t, "-m", "u:7:rwx", dir)
	_, err := textChange(dir+"/site.conf", "root:x\n", "root::\n")
	if !fail.Is(err, fail.UnsafeStore) || !strings.Contains(err.Error(), "access control list") {
		t.Error(err)
	}
}

func TestTheOtherNameOfAHardLinkKeepsItsBytes(t *testing.T) {
	t.Parallel()
	ca, s := daemontest.NewCA(t), commandAt(t, t.TempDir())
	other := filepath.Join(t.TempDir(), "other")
	daemontest.Put(t, other, "of others")
	if err := os.Link(other, filepath.Join(s.dir(), "key.pem")); err != nil {
		t.Skip("SKIPPED: two file systems")
	}
	p := plan(t, s, ca.Issue(t, daemontest.Wish{}))
	if err := errors.Join(s.Apply(p), undone(s, p.Switch)); err != nil {
		t.Fatal(err)
	}
	if daemontest.Read(t, other) != "of others" || daemontest.Read(t, filepath.Join(s.dir(), "key.pem")) != "of others" {
		t.Error("it was written")
	}
}

// What an older certdesk left in the version is obeyed where root alone could have written it.
func TestAnOlderUndoIsObeyedWhereItIsRootsAlone(t *testing.T) {
	s, rootOnly := ofDaemon(t)
	version := filepath.Join(s.dir(), "v1-00000000")
	daemontest.Put(t, filepath.Join(version, olderUndo), `{"version":"`+version+`"}`)
	if _, err := OlderUndo(version); !fail.Is(err, fail.UnsafeStore) {
		t.Error(err)
	}
	os.Chown(s.dir(), 0, 0)
	undo, err := OlderUndo(version)
	if err != nil {
		t.Fatal(err)
	}
	if sw, err := SwitchOf(undo, version); err != nil || sw.Version != version {
		t.Error(sw, err)
	}
	if _, err := SwitchOf(undo, filepath.Join(rootOnly, "v2-00000000")); !fail.Is(err, fail.Damaged) {
		t.Error(err)
	}
	os.Chown(filepath.Join(version, olderUndo), stranger, stranger)
	if _, err := OlderUndo(version); !fail.Is(err, fail.UnsafeStore) {
		t.Error(err)
	}
}

func setfacl(t *testing.T, args ...string) {
	t.Helper()
	daemontest.Need(t, "setfacl")
	if out, err := exec.Command("setfacl", args...).CombinedOutput(); err != nil {
		t.Skipf("SKIPPED: %s", out)
	}
}

func TestAnInheritedAccessListOpensNoKey(t *testing.T) {
	daemontest.NeedRoot(t)
	ca, dir := daemontest.NewCA(t), t.TempDir()
	setfacl(t, "-d", "-m", "u:7:rwx", dir)
	s := commandAt(t, filepath.Join(dir, "tls"))
	s.in.Owner = "root:lp" // mode 0640: the list's mask would let in whom it names
	p := install(t, s, ca.Issue(t, daemontest.Wish{}))
	daemontest.Put(t, filepath.Join(dir, "main.cf"), "a = b\n")
	setfacl(t, "-b", filepath.Join(dir, "main.cf"))
	conf, err := contentOf(filepath.Join(dir, "main.cf"))
	if err == nil {
		err = conf.put(filepath.Join(dir, "main.cf"))
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{s.dir(), p.Version, p.Version + "/key.pem", p.Version + "/combined.pem", p.Version + "/fullchain.pem", dir + "/main.cf"} {
		if out, err := exec.Command("getfacl", "-cp", path).Output(); err != nil || strings.Contains(string(out), "user:lp") {
			t.Errorf("%s: %s %v", path, out, err)
		}
	}
	setfacl(t, "-m", "u:7:rwx", s.dir())
	_, err = commandAt(t, s.dir()).Plan(context.Background(), pairOfTest(ca.Issue(t, daemontest.Wish{})))
	if !fail.Is(err, fail.UnsafeStore) || !strings.Contains(err.Error(), "access control list") {
		t.Error(err)
	}
}
