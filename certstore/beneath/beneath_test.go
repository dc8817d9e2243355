//go:build unix

package beneath

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"certdesk/certstore/fail"
)

// The way leads through directories and one's own links, and through no link that somebody else made or could replace.
func TestTheWay(t *testing.T) {
	link := func(target string) func(t *testing.T, dir string) {
		return func(t *testing.T, dir string) { must(t, os.Symlink(target, filepath.Join(dir, "way"))) }
	}
	for _, c := range []struct {
		name string
		root bool // needs root, to give a link away
		do   func(t *testing.T, dir string)
		want string // in the error; "" where it leads to the end
	}{
		{"a directory", false, func(t *testing.T, dir string) { must(t, os.Mkdir(filepath.Join(dir, "way"), 0o755)) }, ""},
		{"a link of one's own", false, link("end"), ""},
		{"a link upwards", false, link("../" + "site/./end"), ""},
		{"links in a circle", false, link("way"), "too many symbolic links"},
		{"nothing", false, func(*testing.T, string) {}, "no such file or directory"},
		{"a file", false, func(t *testing.T, dir string) { must(t, os.WriteFile(filepath.Join(dir, "way"), nil, 0o644)) }, "not a directory"},
		{"another user's link", true, func(t *testing.T, dir string) {
			link("end")(t, dir)
			must(t, os.Lchown(filepath.Join(dir, "way"), 7, 7))
		}, "belongs to another user"},
		{"a link that others could replace", false, func(t *testing.T, dir string) {
			link("end")(t, dir)
			must(t, os.Chmod(dir, 0o777))
		}, "does not write through it"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.root && os.Geteuid() != 0 {
				t.Skip("only root can give a link away")
			}
			dir := filepath.Join(t.TempDir(), "site")
			must(t, os.MkdirAll(filepath.Join(dir, "end"), 0o755))
			c.do(t, dir)
			at, err := Open(filepath.Join(dir, "way"))
			if err == nil {
				at.Close()
			}
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
}

func TestTheWayIsMadeAndJudged(t *testing.T) {
	dir := t.TempDir()
	end := filepath.Join(dir, "a", "b")
	var judged []string
	w := Way{Make: true, Judge: func(path string, _ *os.Root) error {
		judged = append(judged, path)
		return nil
	}}
	at, err := w.Open(end)
	must(t, err)
	at.Close()
	info, err := os.Stat(end)
	must(t, err)
	if info.Mode().Perm() != 0o755 || judged[0] != "/" || judged[len(judged)-1] != end {
		t.Errorf("mode %v, judged %q", info.Mode(), judged)
	}
	no := fail.New(fail.UnsafeStore, "", "no")
	w = Way{Judge: func(path string, _ *os.Root) error {
		if path == end {
			return no
		}
		return nil
	}}
	if _, err := w.Open(end); !errors.Is(err, error(no)) {
		t.Errorf("%v", err)
	}
	if _, err := Open(filepath.Join(dir, "c")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v", err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
