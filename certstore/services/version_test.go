package services

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"certdesk/certstore/daemontest"
	"certdesk/certstore/fail"
	"certdesk/certstore/services/daemon"
)

// commandAt makes a service that needs no daemon.
func commandAt(t *testing.T, install string) *Service {
	t.Helper()
	s, err := New(daemon.Host{}, daemon.Instance{Use: "UM", Driver: "command", Install: install, Listen: []string{"tls://127.0.0.1:5061"}})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func install(t *testing.T, s *Service, p daemontest.Pair) Plan {
	t.Helper()
	got := plan(t, s, p)
	if err := errors.Join(s.Apply(got), s.Check(context.Background(), got.Switch), pruned(s, got.Switch)); err != nil {
		t.Fatal(err)
	}
	return got
}

func TestACommandsFilesAreReplacedNotWrittenThrough(t *testing.T) {
	t.Parallel()
	ca, dir := daemontest.NewCA(t), t.TempDir()
	shared := filepath.Join(t.TempDir(), "shared.pem")
	daemontest.Put(t, shared, "of others")
	os.Symlink(shared, dir+"/fullchain.pem")
	daemontest.Put(t, dir+"/key.pem", "the old key")
	os.Chmod(dir+"/key.pem", 0o600)
	s := commandAt(t, dir)
	p := plan(t, s, ca.Issue(t, daemontest.Wish{}))
	if err := s.Apply(p); err != nil {
		t.Fatal(err)
	}
	if daemontest.Read(t, shared) != "of others" || !strings.Contains(daemontest.Read(t, dir+"/fullchain.pem"), "CERTIFICATE") || !strings.HasPrefix(daemontest.Read(t, dir+"/combined.pem"), "-----BEGIN PRIVATE") {
		t.Error("not as it should be")
	}
	if err := undone(s, p.Switch); err != nil {
		t.Fatal(err)
	}
	entries, _ := os.ReadDir(dir)
	info, _ := os.Stat(dir + "/key.pem")
	if target, _ := os.Readlink(dir + "/fullchain.pem"); target != shared || daemontest.Read(t, dir+"/key.pem") != "the old key" || info.Mode().Perm() != 0o600 || len(entries) != 2 {
		t.Errorf("not put back: %v %v", target, entries)
	}
}

func TestASwitchThatWasHalfMadeIsResumed(t *testing.T) {
	ca, s := daemontest.NewCA(t), commandAt(t, t.TempDir())
	p := plan(t, s, ca.Issue(t, daemontest.Wish{}))
	if err := s.publish(p); err != nil {
		t.Fatal(err)
	}
	if err := p.Changes[0].After.put(p.Changes[0].Path); err != nil {
		t.Fatal(err)
	}
	sw := followed(t, s, p)
	if err := errors.Join(s.Resume(sw), s.Check(context.Background(), sw)); err != nil {
		t.Fatal(err)
	}
	os.Remove(p.Changes[1].Path)
	daemontest.Put(t, p.Changes[1].Path, "of somebody else")
	if err := s.Resume(sw); !fail.Is(err, fail.AlreadyExists) {
		t.Error(err)
	}
}

// TestWhereverItDiesAllCanBePutBack has a process die after each of its changes.
func TestWhereverItDiesAllCanBePutBack(t *testing.T) {
	t.Parallel()
	ca, s := daemontest.NewCA(t), commandAt(t, t.TempDir())
	daemontest.Put(t, filepath.Join(s.dir(), "key.pem"), "the old key")
	for made := 0; made <= 4; made++ {
		p := plan(t, s, ca.Issue(t, daemontest.Wish{}))
		if err := s.publish(p); err != nil {
			t.Fatal(err)
		}
		for _, c := range p.Changes[:made] {
			if err := c.After.put(c.Path); err != nil {
				t.Fatal(err)
			}
		}
		next := commandAt(t, s.dir())
		sw := followed(t, next, p)
		if err := undone(next, sw); err != nil {
			t.Fatal(err)
		}
		if entries, _ := os.ReadDir(s.dir()); len(entries) != 1 || daemontest.Read(t, filepath.Join(s.dir(), "key.pem")) != "the old key" {
			t.Errorf("after %d changes: %v", made, entries)
		}
	}
}

func TestTwoVersionsAreKept(t *testing.T) {
	ca, s := daemontest.NewCA(t), commandAt(t, t.TempDir())
	var all []Plan
	for range 4 {
		all = append(all, install(t, s, ca.Issue(t, daemontest.Wish{})))
	}
	os.Mkdir(filepath.Join(s.dir(), newPrefix+"died"), 0o700)
	if err := pruned(s, all[3].Switch); err != nil {
		t.Fatal(err)
	}
	names, err := versions(s.dir())
	if err != nil || len(names) != 2 || names[0] != filepath.Base(all[2].Version) || names[1] != filepath.Base(all[3].Version) {
		t.Error(names, err)
	}
	if left, _ := filepath.Glob(s.dir() + "/.*"); len(left) > 0 {
		t.Error(left)
	}
	for _, name := range []string{"v10-00000000", "v9-00000000", "v999999999-00000000"} {
		os.Mkdir(filepath.Join(s.dir(), name), 0o700)
	}
	if next, err := nextVersion(s.dir(), ca.Root); err != nil || !strings.HasPrefix(filepath.Base(next), "v11-") {
		t.Error(next, err)
	}
}

func TestCopiesOfAKeyAreFoundAndDestroyed(t *testing.T) {
	ca, root := daemontest.NewCA(t), t.TempDir()
	s := commandAt(t, filepath.Join(root, "um-command"))
	first, second := ca.Issue(t, daemontest.Wish{}), ca.Issue(t, daemontest.Wish{})
	install(t, s, first)
	inUse := install(t, s, second)
	der, _ := x509.MarshalPKIXPublicKey(first.Cert.PublicKey)
	copies, err := copiesBelow(root, sha256.Sum256(der))
	if err != nil || len(copies) != 1 || len(copies[0].Files) != 2 || !strings.Contains(filepath.Base(copies[0].Version), "v1-") {
		t.Fatal(copies, err)
	}
	if own, err := copiesBelow(s.dir(), sha256.Sum256(der)); err != nil || len(own) != 1 {
		t.Error(own, err)
	}
	reads, err := ReadsOf(context.Background(), daemon.Host{Root: t.TempDir()}, []daemon.Instance{s.in})
	if err != nil {
		t.Fatal(err)
	}
	if where := reads.Names(inUse.Version); where == "" {
		t.Error("what is read counts as unused")
	}
	if where := reads.Names(copies[0].Version); where != "" {
		t.Errorf("%s is said to be read by %s", copies[0].Version, where)
	}
	if err := (Copy{Version: "/etc"}).Destroy(); !fail.Is(err, fail.NotFound) {
		t.Error(err)
	}
	if err := copies[0].Destroy(); err != nil {
		t.Fatal(err)
	}
	if left, _ := copiesBelow(root, sha256.Sum256(der)); len(left) != 0 {
		t.Error(left)
	}
	if none, err := copiesBelow(root+"/none", sha256.Sum256(der)); err != nil || len(none) != 0 {
		t.Error(none, err)
	}
}

func TestAKeyIsForItsReaderAlone(t *testing.T) {
	daemontest.NeedRoot(t)
	ca := daemontest.NewCA(t)
	for owner, want := range map[string]struct {
		mode     os.FileMode
		uid, gid int
	}{"root:root": {0o600, 0, 0}, "root:daemon": {0o640, 0, 1}, "daemon:daemon": {0o600, 1, 1}, "": {0o600, 0, 0}} {
		s := commandAt(t, t.TempDir())
		s.in.Owner = owner
		p := install(t, s, ca.Issue(t, daemontest.Wish{}))
		for _, name := range []string{"key.pem", "combined.pem"} {
			c, err := contentOf(filepath.Join(p.Version, name))
			if err != nil || c.Mode != want.mode || c.UID != want.uid || c.GID != want.gid {
				t.Errorf("%s for %q: %04o %d:%d %v", name, owner, c.Mode, c.UID, c.GID, err)
			}
		}
		os.Chmod(filepath.Join(p.Version, "key.pem"), 0o644)
		if again := plan(t, s, ca.Issue(t, daemontest.Wish{})); again.Nothing {
			t.Error("a key that others can read is as it should be")
		}
	}
	s := commandAt(t, t.TempDir())
	s.in.Owner = "nobody-here:x"
	if _, err := s.Plan(context.Background(), pairOfTest(ca.Issue(t, daemontest.Wish{}))); !fail.Is(err, fail.InvalidConfig) {
		t.Error(err)
	}
}

func TestADirectoryThatOthersCanWriteIsRefused(t *testing.T) {
	daemontest.NeedRoot(t)
	ca, dir := daemontest.NewCA(t), t.TempDir()
	open := filepath.Join(dir, "open")
	os.Mkdir(open, 0o700)
	os.Chmod(open, 0o777)
	s := commandAt(t, filepath.Join(open, "tls"))
	pair := pairOfTest(ca.Issue(t, daemontest.Wish{}))
	if _, err := s.Plan(context.Background(), pair); !fail.Is(err, fail.UnsafeStore) {
		t.Error(err)
	}
	os.Chmod(open, 0o755)
	p, err := s.Plan(context.Background(), pair)
	if err != nil {
		t.Fatal(err)
	}
	os.Chmod(open, 0o777)
	if err := s.Apply(p); !fail.Is(err, fail.UnsafeStore) {
		t.Error(err)
	}
	if found, _ := filepath.Glob(open + "/tls/v*"); len(found) > 0 {
		t.Error("a key was written there")
	}
	os.Chmod(open, 0o755)
	os.Chown(open, 7, 7)
	if err := s.Apply(p); !fail.Is(err, fail.UnsafeStore) {
		t.Error(err)
	}
}

func TestAFileIsReplacedWithModeAndOwner(t *testing.T) {
	path := filepath.Join(t.TempDir(), "conf")
	daemontest.Put(t, path, "old")
	os.Chmod(path, 0o640)
	if os.Geteuid() == 0 {
		os.Chown(path, 1, 2)
	}
	before, err := contentOf(path)
	if err != nil {
		t.Fatal(err)
	}
	after := before
	after.Data = []byte("new")
	if err := after.put(path); err != nil {
		t.Fatal(err)
	}
	if now, _ := contentOf(path); !now.same(after) {
		t.Errorf("%+v", now)
	}
	entries, _ := os.ReadDir(filepath.Dir(path))
	if len(entries) != 1 {
		t.Errorf("left behind: %v", entries)
	}
	if err := (Content{Kind: Absent}).put(path); err != nil {
		t.Error(err)
	}
	if err := (Content{Kind: Absent}).put(path); err != nil {
		t.Errorf("what is gone is gone: %v", err)
	}
}

func TestALinkedConfigurationStaysALink(t *testing.T) {
	dir := t.TempDir()
	daemontest.Put(t, dir+"/available/site", "old")
	os.Mkdir(dir+"/enabled", 0o755)
	os.Symlink("../available/site", dir+"/enabled/site")
	p := Plan{}
	if err := p.changes(daemon.Edited{Was: map[string]string{dir + "/enabled/site": "old"}, Texts: map[string]string{dir + "/enabled/site": "new"}}); err != nil {
		t.Fatal(err)
	}
	if len(p.Changes) != 1 || !strings.HasSuffix(p.Changes[0].Path, "/available/site") {
		t.Fatalf("%+v", p.Changes)
	}
	if err := (&Plan{}).changes(daemon.Edited{Was: map[string]string{dir + "/enabled/site": "older"}, Texts: map[string]string{dir + "/enabled/site": "new"}}); !fail.Is(err, fail.AlreadyExists) {
		t.Errorf("an edit of a text that is no longer there: %v", err)
	}
	if err := p.Changes[0].After.put(p.Changes[0].Path); err != nil {
		t.Fatal(err)
	}
	if target, _ := os.Readlink(dir + "/enabled/site"); target != "../available/site" || daemontest.Read(t, dir+"/enabled/site") != "new" {
		t.Error(target)
	}
}
