//go:build unix

package guard

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"certdesk/certstore/fail"
)

// TestOnlyWhatIsSafeIsObeyed changes one thing at a time of a file that is obeyed.
func TestOnlyWhatIsSafeIsObeyed(t *testing.T) {
	cases := []struct {
		name string
		root bool // needs root, to give a file away
		do   func(t *testing.T, dir, file string)
		mend string // what the hint has to hold; "" where the file stays obeyed
	}{
		{"as it should be", false, func(*testing.T, string, string) {}, ""},
		{"a file that everybody may write", false, chmod(0o666, false), "chmod go-w {file}"},
		{"a file that its group may write", true, chgrp(0o664, false), "chmod go-w {file}"},
		{"a directory that everybody may write", false, chmod(0o777, true), "chmod go-w {dir}"},
		{"a directory that its group may write", true, chgrp(0o775, true), "chmod go-w {dir}"},
		{"a directory with the sticky bit", false, chmod(0o777|os.ModeSticky, true), ""},
		{"a file of another user", true, func(t *testing.T, _, file string) { must(t, os.Chown(file, 65534, 0)) }, "chown root {file}"},
		{"a directory of another user", true, func(t *testing.T, dir, _ string) { must(t, os.Chown(dir, 65534, 0)) }, "chown root {dir}"},
		{"an access control list", false, func(t *testing.T, _, file string) { setfacl(t, "u:65534:rw", file) }, "chmod go-w {file}"},
		{"a list that lets root write", false, func(t *testing.T, _, file string) { setfacl(t, "u:0:rw", file) }, ""},
		{"a link over another link's parent", false, func(t *testing.T, dir, file string) {
			open := filepath.Join(filepath.Dir(dir), "open")
			must(t, os.MkdirAll(filepath.Join(open, "sub"), 0o700))
			must(t, os.Rename(file, filepath.Join(open, "f")))
			must(t, os.Symlink(filepath.Join(open, "sub"), filepath.Join(dir, "over")))
			must(t, os.Symlink("over/../f", file)) // open/f to the system, dir/f to who reads the text alone
			must(t, os.Chmod(open, 0o777))
		}, "chmod go-w {open}"},
		{"a link into a directory that others may write", false, func(t *testing.T, dir, file string) {
			open := filepath.Join(filepath.Dir(dir), "open")
			must(t, os.Mkdir(open, 0o700))
			must(t, os.Rename(file, filepath.Join(open, "f")))
			must(t, os.Symlink(filepath.Join("..", "open", "f"), file))
			must(t, os.Chmod(open, 0o777))
		}, "chmod go-w {open}"},
		{"another user's link", true, func(t *testing.T, dir, file string) {
			must(t, os.Rename(file, file+".real"))
			must(t, os.Symlink(file+".real", file))
			must(t, os.Lchown(file, 65534, 0))
		}, "chown -h root {file}"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if c.root && os.Geteuid() != 0 {
				t.Skip("only root can give a file away")
			}
			dir := filepath.Join(t.TempDir(), "etc")
			file := filepath.Join(dir, "file")
			must(t, os.Mkdir(dir, 0o755))
			must(t, os.WriteFile(file, nil, 0o644))
			c.do(t, dir, file)
			err := File("the configuration", file)
			if c.mend == "" {
				must(t, err)
				return
			}
			want := strings.NewReplacer("{file}", file, "{dir}", dir, "{open}", filepath.Join(filepath.Dir(dir), "open")).Replace(c.mend)
			if !fail.Is(err, fail.UnsafeConfig) || !strings.Contains(fail.Of(err).Hint, want) {
				t.Fatalf("error %v, hint %q; want the hint %q", err, fail.Of(err).Hint, want)
			}
			follow(t, fail.Of(err).Hint)
			must(t, File("the configuration", file))
		})
	}
}

// follow does what a hint says.
func follow(t *testing.T, hint string) {
	t.Helper()
	if out, err := exec.Command("sh", "-c", hint).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v: %s", hint, err, out)
	}
}

func chmod(mode os.FileMode, ofDir bool) func(*testing.T, string, string) {
	return func(t *testing.T, dir, file string) {
		if ofDir {
			file = dir
		}
		must(t, os.Chmod(file, mode))
	}
}

func chgrp(mode os.FileMode, ofDir bool) func(*testing.T, string, string) {
	return func(t *testing.T, dir, file string) {
		if ofDir {
			file = dir
		}
		must(t, os.Chown(file, 0, 65534))
		must(t, os.Chmod(file, mode))
	}
}

func setfacl(t *testing.T, entry, path string) {
	t.Helper()
	if _, err := exec.LookPath("setfacl"); err != nil {
		t.Skip("setfacl is not installed")
	}
	if out, err := exec.Command("setfacl", "-m", entry, path).CombinedOutput(); err != nil {
		t.Skipf("this file system has no access control lists: %s", out)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
