//go:build linux || darwin || freebsd

package disk_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"certdesk/certstore/disk"
	"certdesk/certstore/disk/disktest"
	"certdesk/certstore/fail"
)

func inDir(t *testing.T) (dir, path string) {
	t.Helper()
	dir = t.TempDir()
	return dir, filepath.Join(dir, "webmail.req")
}

func wantOnly(t *testing.T, dir string, names ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	must(err)
	if len(entries) != len(names) {
		t.Errorf("in the directory are %v, want %v", entries, names)
	}
}

func wantText(t *testing.T, path, want string) {
	t.Helper()
	if data, err := os.ReadFile(path); string(data) != want {
		t.Errorf("%s holds %q (%v), want %q", path, data, err, want)
	}
}

func TestStage(t *testing.T) {
	dir, path := inDir(t)
	old := syscall.Umask(0o077)
	defer syscall.Umask(old)
	s, err := disk.Stage(nil, path, []byte("request"), 0o644, false)
	must(err)
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Error("it is there before Commit")
	}
	must(s.Commit())
	s.Cleanup()
	wantText(t, path, "request")
	wantMode(t, path, 0o644)
	wantOnly(t, dir, "webmail.req")
}

func TestCleanupLeavesNothing(t *testing.T) {
	dir, path := inDir(t)
	s, err := disk.Stage(nil, path, []byte("request"), 0o600, false)
	must(err)
	s.Cleanup()
	s.Cleanup()
	wantOnly(t, dir)
}

func TestStageNeverOverwritesUnasked(t *testing.T) {
	dir, path := inDir(t)
	s, err := disk.Stage(nil, path, []byte("request"), 0o600, false)
	must(err)
	must(os.WriteFile(path, []byte("precious"), 0o644)) // between Stage and Commit
	wantCode(t, s.Commit(), fail.AlreadyExists)
	s.Cleanup()
	_, err = disk.Stage(nil, path, []byte("request"), 0o600, false)
	wantCode(t, err, fail.AlreadyExists)
	wantText(t, path, "precious")
	wantOnly(t, dir, "webmail.req")
}

func TestStageOverwrites(t *testing.T) {
	dir, path := inDir(t)
	must(os.WriteFile(path, []byte("old"), 0o644))
	s, err := disk.Stage(nil, path, []byte("new"), 0o600, true)
	must(err)
	wantText(t, path, "old")
	must(s.Commit())
	wantText(t, path, "new")
	wantMode(t, path, 0o600)
	wantOnly(t, dir, "webmail.req")
}

// What is not a regular file is never replaced, and nothing is written through a link.
func TestStageRefusesWhatIsNoFile(t *testing.T) {
	for name, make := range map[string]func(path string) error{
		"link":          func(path string) error { return os.Symlink("/dev/null", path) },
		"dangling link": func(path string) error { return os.Symlink("nowhere", path) },
		"directory":     func(path string) error { return os.Mkdir(path, 0o700) },
		"fifo":          func(path string) error { return syscall.Mkfifo(path, 0o600) },
	} {
		dir, path := inDir(t)
		must(make(path))
		for _, overwrite := range []bool{false, true} {
			if _, err := disk.Stage(nil, path, nil, 0o600, overwrite); !fail.Is(err, fail.AlreadyExists) {
				t.Errorf("%s, overwrite %v: %v", name, overwrite, err)
			}
		}
		wantOnly(t, dir, "webmail.req")
	}
}

func TestStageNeedsItsDirectory(t *testing.T) {
	_, err := disk.Stage(nil, filepath.Join(t.TempDir(), "missing", "webmail.req"), nil, 0o600, false)
	wantCode(t, err, fail.Failed)
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}

// A link to the directory is followed, as anywhere.
func TestStageThroughLinkedDirectory(t *testing.T) {
	dir, path := inDir(t)
	link := filepath.Join(t.TempDir(), "link")
	must(os.Symlink(dir, link))
	s, err := disk.Stage(nil, filepath.Join(link, "webmail.req"), []byte("request"), 0o600, false)
	must(err)
	must(s.Commit())
	wantText(t, path, "request")
}

// linkless is a file system without hard links, such as FAT.
type linkless struct{ *disktest.Model }

type linklessDir struct{ disk.Folder }

func (m linkless) OpenDir(path string) (disk.Folder, error) {
	f, err := m.Model.OpenDir(path)
	return linklessDir{f}, err
}

func (linklessDir) Link(string, string) error { return syscall.EPERM }

func TestStageWithoutLinks(t *testing.T) {
	m := linkless{disktest.NewModel("/out")}
	for _, want := range []fail.Code{"", fail.AlreadyExists} {
		s, err := disk.Stage(m, target, []byte("request"), 0o600, false)
		if err == nil {
			err = s.Commit()
		}
		if want == "" && err != nil || want != "" && !fail.Is(err, want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

// An operation that fails leaves at the target what was there, or, overwriting, one whole file or the other.
func TestStageFailsCleanly(t *testing.T) {
	for _, overwrite := range []bool{false, true} {
		prepare := func() *disktest.Model {
			m := disktest.NewModel("/out")
			if overwrite {
				must(stageAll(m, "old", false))
				m.Settle()
			}
			return m
		}
		whole := prepare()
		must(stageAll(whole, "new", overwrite))
		for n, op := range whole.Ops() {
			m := prepare()
			m.FailAt(n, syscall.ENOSPC)
			err := stageAll(m, "new", overwrite)
			data, there := m.ReadFile(target)
			switch {
			case err == nil && string(data) != "new":
				t.Errorf("%s failed, Commit said nothing, there is %q", op, data)
			case err != nil && !overwrite && there:
				t.Errorf("%s failed and left %q", op, data)
			case err != nil && overwrite && string(data) != "old" && string(data) != "new":
				t.Errorf("%s failed and left %q", op, data)
			}
		}
	}
}

func stageAll(m *disktest.Model, text string, overwrite bool) error {
	s, err := disk.Stage(m, target, []byte(text), 0o600, overwrite)
	if err != nil {
		return err
	}
	defer s.Cleanup()
	return s.Commit()
}
