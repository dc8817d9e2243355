package services

import (
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"certdesk/certstore/services/daemontest"
)

func TestADiffIsADiff(t *testing.T) {
	for _, c := range []struct{ name, before, after, want string }{
		{"equal", "a\n", "a\n", ""},
		{"one line of many", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n", "--- /f\n+++ /f\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n"},
		{"no newline", "a", "a\nb", "--- /f\n+++ /f\n@@ -1 +1,2 @@\n-a\n\\ No newline at end of file\n+a\n+b\n\\ No newline at end of file\n"},
		{"two hunks", "a\n1\n2\n3\n4\n5\n6\n7\nb\n", "A\n1\n2\n3\n4\n5\n6\n7\nB\n", "--- /f\n+++ /f\n@@ -1,4 +1,4 @@\n-a\n+A\n 1\n 2\n 3\n@@ -6,4 +6,4 @@\n 5\n 6\n 7\n-b\n+B\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := unified("/f", c.before, c.after, false); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
	if got := unified("/f", "", "a\n", true); got != "--- /dev/null\n+++ /f\n@@ -0,0 +1 @@\n+a\n" {
		t.Errorf("a new file: %s", got)
	}
}

// TestPatchAppliesADiff has the program patch make the new text of the old one.
func TestPatchAppliesADiff(t *testing.T) {
	daemontest.Need(t, "patch")
	r := rand.New(rand.NewPCG(1, 2))
	for range 30 {
		before, after := randomText(r, nil), ""
		after = randomText(r, lines(before))
		d := unified("f", before, after, false)
		if d == "" {
			continue
		}
		path := filepath.Join(t.TempDir(), "f")
		os.WriteFile(path, []byte(before), 0o600)
		cmd := exec.Command("patch", "-s", path)
		cmd.Stdin = strings.NewReader(d)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s\n%s", out, d)
		}
		if got := read(t, path); got != after {
			t.Fatalf("got %q\nwant %q\n%s", got, after, d)
		}
	}
}

// randomText writes lines of few kinds, or changes some of those given.
func randomText(r *rand.Rand, from []string) string {
	if from == nil {
		for range r.IntN(40) + 1 {
			from = append(from, string(rune('a'+r.IntN(5)))+"\n")
		}
		return strings.Join(from, "")
	}
	var b strings.Builder
	for _, l := range from {
		switch r.IntN(12) {
		case 0:
		case 1:
			b.WriteString(l + "new\n")
		default:
			b.WriteString(l)
		}
	}
	return b.String()
}

// FuzzScript holds that both texts can be read from the script, and that it is no longer than to replace all.
func FuzzScript(f *testing.F) {
	f.Add("a\nb\nc\n", "a\nc\nd")
	f.Add("", "x")
	f.Fuzz(func(t *testing.T, before, after string) {
		if len(before)+len(after) > 2000 {
			return
		}
		var old, now strings.Builder
		for _, l := range script(lines(before), lines(after)) {
			if l.sign != '+' {
				old.WriteString(l.text)
			}
			if l.sign != '-' {
				now.WriteString(l.text)
			}
		}
		if old.String() != before || now.String() != after {
			t.Fatalf("%q %q", old.String(), now.String())
		}
	})
}
