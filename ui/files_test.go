package ui

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"certdesk/ui/kit"
)

// folder is a directory of the test with these names in it; one that ends in a slash is a directory.
func folder(t testing.TB, names ...string) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range names {
		var err error
		if dirName, ok := strings.CutSuffix(name, "/"); ok {
			err = os.Mkdir(filepath.Join(dir, dirName), 0o700)
		} else {
			err = os.WriteFile(filepath.Join(dir, name), nil, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestAnUnreadableFolderSaysSoAndStaysUsable(t *testing.T) {
	r := articleDesk(t, 80, 24)
	r.keys("i")
	r.typing("/secret/")
	s := r.app.top().(*importScreen)
	s.path.Update(kit.PathListed{For: s.path, Dir: "/secret/", Problem: "you may not read this directory; a name in it can still be typed"})
	r.sees("you may not read this directory")
	r.typing("answer.cer")
	if s.path.Value() != "/secret/answer.cer" {
		t.Errorf("%q", s.path.Value())
	}
}

// Every name that a disk can hold is taken as it is, and none is shown raw.
func TestAFileOfAnyNameIsChosen(t *testing.T) {
	for _, name := range []string{"two words.cer", " blank.cer", "tail.cer ", "line\nbreak.cer", "tab\there.cer", "esc\x1b[31m.cer", "bidi\u202e.cer", "quo'te\".cer", "bad\xffutf8.cer", "-rf.cer", "ünï.cer", "日本.cer"} {
		for _, inner := range []string{"", "folder \x1b]0;x\a\n", "plain"} {
			dir := t.TempDir()
			path := filepath.Join(dir, inner, name)
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, nil, 0o600); err != nil {
				t.Fatal(err)
			}
			r := articleDesk(t, 80, 24)
			r.keys("i")
			r.typing(dir + "/")
			r.keys("down", "enter")
			if inner != "" {
				r.keys("enter")
			}
			s := r.app.top().(*importScreen)
			if !slices.Equal(s.keep.paths, []string{path}) {
				t.Errorf("%q: chosen %q", path, s.keep.paths)
			}
			if frame := r.app.View(); strings.Contains(frame, "\u202e") || strings.Contains(frame, "\x1b]") || strings.Contains(frame, "\x1b[31m.cer") {
				t.Errorf("%q reaches the terminal raw", name)
			}
		}
	}
}

func TestTildeIsHome(t *testing.T) {
	home := folder(t, "answer.cer")
	t.Setenv("HOME", home)
	for _, typed := range []string{"~/answer.cer", "~/ans\t"} {
		r := articleDesk(t, 80, 24)
		r.keys("i")
		for _, c := range typed {
			r.keys(map[rune]string{'\t': "tab"}[c] + strings.Trim(string(c), "\t"))
		}
		r.keys("enter")
		if s := r.app.top().(*importScreen); !slices.Equal(s.keep.paths, []string{filepath.Join(home, "answer.cer")}) {
			t.Errorf("%q: %q", typed, s.keep.paths)
		}
	}
}

// crowd is a directory of n files.
func crowd(t testing.TB, n int) string {
	t.Helper()
	dir := t.TempDir()
	for i := range n {
		f, err := os.Create(filepath.Join(dir, fmt.Sprintf("answer-%05d.CER", i)))
		if err != nil {
			t.Fatal(err)
		}
		f.Close()
	}
	return dir
}

// In a directory of 10,000 files a key press is answered within a frame, and the last file is completed and found.
func TestTenThousandFiles(t *testing.T) {
	dir := crowd(t, 10_000)
	r := articleDesk(t, 120, 40)
	r.keys("i")
	r.typing(dir + "/")
	r.sees("answer-00000.CER")
	var took []time.Duration
	for _, name := range []string{"a", "n", "s", "down", "down", "up", "up", "w", "e", "r", "-", "0", "9", "9", "9"} {
		start := time.Now()
		r.keys(name)
		r.app.View()
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	t.Logf("key to frame: median %v, worst %v", took[len(took)/2], took[len(took)-1])
	r.typing("9")
	r.keys("tab")
	s := r.app.top().(*importScreen)
	if s.path.Value() != filepath.Join(dir, "answer-09999.CER") {
		t.Fatalf("%q", s.path.Value())
	}
	r.keys("enter")
	r.sees("Chosen (1 of 1 on)")
}

// BenchmarkKeyAmongFiles is a key press and its frame in such a directory.
func BenchmarkKeyAmongFiles(b *testing.B) {
	r := articleDesk(b, 120, 40)
	r.keys("i")
	r.typing(crowd(b, 50_000) + "/answer-")
	for b.Loop() {
		r.keys("4")
		r.app.View()
		r.keys("backspace")
		r.app.View()
	}
}
