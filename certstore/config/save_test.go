//go:build unix

package config

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"certdesk/certstore/fail"
	"certdesk/certstore/guard"
)

var toHub = Change{Key: "role", Value: "hub"}

// saved reads a file, changes it and saves it.
func saved(t *testing.T, path string, changes ...Change) error {
	t.Helper()
	f, err := Read(path)
	if err != nil {
		t.Fatal(err)
	}
	d, err := f.With(changes...)
	if err != nil {
		t.Fatal(err)
	}
	return d.Save()
}

func content(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestASavedFileKeepsModeOwnerLinkAndMark(t *testing.T) {
	dir := t.TempDir()
	path, link := filepath.Join(dir, "real.toml"), filepath.Join(dir, "link.toml")
	if err := os.WriteFile(path, []byte("\ufeff# mine\nrole = \"edge\"\r\n"), 0o640); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("real.toml", link); err != nil {
		t.Fatal(err)
	}
	wantUID, wantGID := os.Geteuid(), os.Getegid()
	if wantUID == 0 {
		wantGID = 12
		if err := os.Chown(path, 0, wantGID); err != nil {
			t.Fatal(err)
		}
	}
	if err := saved(t, link, toHub); err != nil {
		t.Fatal(err)
	}
	info, err := os.Lstat(path)
	if err != nil {
		t.Fatal(err)
	}
	if uid, gid := guard.Owners(info); info.Mode() != 0o640 || uid != wantUID || gid != wantGID {
		t.Errorf("%v %d:%d", info.Mode(), uid, gid)
	}
	if got := content(t, path); got != "\ufeff# mine\nrole = \"hub\"\r\n" {
		t.Errorf("%q", got)
	}
	if to, err := os.Readlink(link); to != "real.toml" || err != nil {
		t.Error(to, err)
	}
	if list, _ := os.ReadDir(dir); len(list) != 2 {
		t.Error("something was left behind:", list)
	}
}

// The desk hides what it makes, and yet everybody who reads the store has to read the file.
func TestAFileIsMadeWithItsDirectory(t *testing.T) {
	for _, mask := range []int{0, 0o077} {
		t.Run(fmt.Sprintf("%04o", mask), func(t *testing.T) { madeUnder(t, mask) })
	}
}

func madeUnder(t *testing.T, mask int) {
	path := filepath.Join(t.TempDir(), "etc", "certdesk", "certdesk.toml")
	old := unix.Umask(mask)
	defer unix.Umask(old)
	d, err := File{Path: path}.With(Change{Table: "accepted_domains", Key: "names", Value: []string{"a.test"}})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(d.Diff(), "--- /dev/null\n") || !strings.Contains(d.Diff(), "+names = [\"a.test\"]\n") {
		t.Error(d.Diff())
	}
	if err := d.Save(); err != nil {
		t.Fatal(err)
	}
	for made, mode := range map[string]os.FileMode{path: 0o644, filepath.Dir(path): 0o755, filepath.Dir(filepath.Dir(path)): 0o755} {
		if info, err := os.Stat(made); err != nil || info.Mode().Perm() != mode {
			t.Error(made, info, err)
		}
	}
	if got := content(t, path); got != heading+"[accepted_domains]\nnames = [\"a.test\"]\n" {
		t.Error(got)
	}
	if c, err := Load(path); err != nil || len(c.AcceptedDomains.Names) != 1 {
		t.Error(c, err)
	}
}

func TestWhatSomebodyElseDidMeanwhileStays(t *testing.T) {
	for name, meanwhile := range map[string]func(path string) error{
		"it was changed":  func(path string) error { return os.WriteFile(path, []byte("role = \"both\"\n"), 0o644) },
		"it went":         os.Remove,
		"it is a link":    func(path string) error { os.Remove(path); return os.Symlink("other", path) },
		"it is no file":   func(path string) error { os.Remove(path); return os.Mkdir(path, 0o755) },
		"a comment more":  func(path string) error { return os.WriteFile(path, []byte("role = \"edge\"\n#\n"), 0o644) },
		"it was replaced": func(path string) error { os.Remove(path); return os.WriteFile(path, []byte("#"), 0o644) },
	} {
		t.Run(name, func(t *testing.T) {
			path := write(t, "role = \"edge\"\n")
			f, err := Read(path)
			if err != nil {
				t.Fatal(err)
			}
			d, err := f.With(toHub)
			if err != nil {
				t.Fatal(err)
			}
			if err := meanwhile(path); err != nil {
				t.Fatal(err)
			}
			before, _ := os.ReadFile(path)
			if err := d.Save(); !fail.Is(err, fail.AlreadyExists) || fail.Of(err).Hint == "" {
				t.Error(err)
			}
			if after, _ := os.ReadFile(path); string(after) != string(before) {
				t.Errorf("%q became %q", before, after)
			}
		})
	}
	path := filepath.Join(t.TempDir(), "certdesk.toml")
	d, err := File{Path: path}.With(toHub)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("#\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := d.Save(); !fail.Is(err, fail.AlreadyExists) || content(t, path) != "#\n" {
		t.Error("a file that came meanwhile:", err)
	}
}

func TestAFileThatOthersMayWriteIsNotSaved(t *testing.T) {
	path := write(t, "role = \"edge\"\n")
	f, err := Read(path)
	if err != nil {
		t.Fatal(err)
	}
	d, err := f.With(toHub)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o666); err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{d.Save(), f.Writable()} {
		if !fail.Is(err, fail.UnsafeConfig) || !strings.Contains(fail.Of(err).Hint, "chmod go-w "+path) {
			t.Error(err, fail.Of(err).Hint)
		}
	}
	if got := content(t, path); got != "role = \"edge\"\n" {
		t.Error(got)
	}
}

func TestADraftIsHeldToWhatLoadWants(t *testing.T) {
	f, err := Read(write(t, "# mine\nserver = \"a.test\"\n\n[[filter]]\nname = \"soon\"\nshow = \"days<30\"\n"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		change Change
		want   string
	}{
		{Change{Key: "server", Value: "a b"}, `server "a b" is not a host name`},
		{Change{Key: "role", Value: "x"}, "must be one of hub, edge, both"},
		{Change{Key: "theme", Value: "pink"}, "must be one of auto, light, dark, mono"},
		{Change{Key: "colour", Value: "pink"}, "unknown key colour"},
		{Change{Key: "trust", Value: "/a"}, "trust takes a list"},
		{Change{Table: "accepted_domains", Key: "names", Value: []string{"a.test", "*.b"}}, "entry 2 of accepted_domains.names"},
		{Change{Table: "filter", At: 1, Key: "name", Value: "soon"}, `the filter "soon" does not say what to show`},
		{Change{Table: "service", Key: "use", Value: "FTP"}, "must be one of IIS"},
	} {
		if _, err := f.With(c.change); !fail.Is(err, fail.InvalidConfig) || !strings.Contains(err.Error(), c.want) ||
			strings.Contains(err.Error(), "line ") {
			t.Errorf("%+v: %v", c.change, err)
		}
	}
	if f.Value(Change{Table: "filter", Key: "show"}) != "days<30" || f.Value(Change{Table: "filter", At: 1, Key: "show"}) != nil ||
		f.Value(Change{Table: "accepted_domains", Key: "names"}) != nil || f.Value(Change{Key: "server"}) != "a.test" {
		t.Error("values")
	}
	d, err := f.With(Change{Key: "server", Value: "b.test"}, Change{Table: "filter"}, Change{Key: "role"})
	if err != nil || !d.Changed() {
		t.Fatal(err)
	}
	want := []Told{{"server", `"a.test"`, `"b.test"`}, {"filter 1", `name = "soon", show = "days<30"`, ""}}
	if got := d.Tell(); len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("%+v", got)
	}
	if f.Line(Change{Key: "server"}) != 2 || f.Line(Change{Table: "filter", Key: "show"}) != 6 || f.Line(Change{Table: "filter"}) != 4 || f.Line(Change{Key: "role"}) != 0 {
		t.Error("lines")
	}
}
