package importing_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"certdesk/ui/importing"
	"certdesk/ui/kit/form"
	"certdesk/ui/uitest"
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
	r := uitest.ArticleDesk(t, 80, 24)
	r.Keys("i")
	r.Typing("/secret/")
	s := r.App.Top().(*importing.ImportScreen)
	s.Path().Update(form.PathListed{For: s.Path(), Dir: "/secret/", Problem: "you may not read this directory; a name in it can still be typed"})
	r.Sees("you may not read this directory")
	r.Typing("answer.cer")
	if s.Path().Value() != "/secret/answer.cer" {
		t.Errorf("%q", s.Path().Value())
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
			r := uitest.ArticleDesk(t, 80, 24)
			r.Keys("i")
			r.Typing(dir + "/")
			r.Keys("down", "enter")
			if inner != "" {
				r.Keys("enter")
			}
			s := r.App.Top().(*importing.ImportScreen)
			if !slices.Equal(s.Keep().Paths(), []string{path}) {
				t.Errorf("%q: chosen %q", path, s.Keep().Paths())
			}
			if frame := r.App.View(); strings.Contains(frame, "\u202e") || strings.Contains(frame, "\x1b]") || strings.Contains(frame, "\x1b[31m.cer") {
				t.Errorf("%q reaches the terminal raw", name)
			}
		}
	}
}

func TestTildeIsHome(t *testing.T) {
	home := folder(t, "answer.cer")
	t.Setenv("HOME", home)
	for _, typed := range []string{"~/answer.cer", "~/ans\t"} {
		r := uitest.ArticleDesk(t, 80, 24)
		r.Keys("i")
		for _, c := range typed {
			r.Keys(map[rune]string{'\t': "tab"}[c] + strings.Trim(string(c), "\t"))
		}
		r.Keys("enter")
		if s := r.App.Top().(*importing.ImportScreen); !slices.Equal(s.Keep().Paths(), []string{filepath.Join(home, "answer.cer")}) {
			t.Errorf("%q: %q", typed, s.Keep().Paths())
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
	r := uitest.ArticleDesk(t, 120, 40)
	r.Keys("i")
	r.Typing(dir + "/")
	r.Sees("answer-00000.CER")
	var took []time.Duration
	for _, name := range []string{"a", "n", "s", "down", "down", "up", "up", "w", "e", "r", "-", "0", "9", "9", "9"} {
		start := time.Now()
		r.Keys(name)
		r.App.View()
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	t.Logf("key to frame: median %v, worst %v", took[len(took)/2], took[len(took)-1])
	r.Typing("9")
	r.Keys("tab")
	s := r.App.Top().(*importing.ImportScreen)
	if s.Path().Value() != filepath.Join(dir, "answer-09999.CER") {
		t.Fatalf("%q", s.Path().Value())
	}
	r.Keys("enter")
	r.Sees("Chosen (1 of 1 on)")
}

// BenchmarkKeyAmongFiles is a key press and its frame in such a directory.
func BenchmarkKeyAmongFiles(b *testing.B) {
	r := uitest.ArticleDesk(b, 120, 40)
	r.Keys("i")
	r.Typing(crowd(b, 50_000) + "/answer-")
	for b.Loop() {
		r.Keys("4")
		r.App.View()
		r.Keys("backspace")
		r.App.View()
	}
}
