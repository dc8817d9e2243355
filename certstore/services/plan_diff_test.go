package services

import (
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"certdesk/certstore/daemontest"
)

func TestADiffIsADiff(t *testing.T) {
	for _, c := range []struct{ name, before, after, want string }{
		{"equal", "a\n", "a\n", ""},
		{"one line of many", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n", "--- /f\n+++ /f\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n"},
		{"no newline", "a", "a\nb", "--- /f\n+++ /f\n@@ -1 +1,2 @@\n-a\n\\ No newline at end of file\n+a\n+b\n\\ No newline at end of file\n"},
		{"two hunks", "a\n1\n2\n3\n4\n5\n6\n7\nb\n", "A\n1\n2\n3\n4\n5\n6\n7\nB\n", "--- /f\n+++ /f\n@@ -1,4 +1,4 @@\n-a\n+A\n 1\n 2\n 3\n@@ -6,4 +6,4 @@\n 5\n 6\n 7\n-b\n+B\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := changed("/f", c.before, c.after); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
	isNew := Change{Path: "/f", Before: Content{Kind: Absent}, After: Content{Kind: Regular, Data: []byte("a\n")}}
	if got := isNew.Diff(); got != "--- /dev/null\n+++ /f\n@@ -0,0 +1 @@\n+a\n" {
		t.Errorf("a new file: %s", got)
	}
}

// changed is the difference of a file that stood there before.
func changed(path, before, after string) string {
	old, now := Content{Kind: Regular, Data: []byte(before)}, Content{Kind: Regular, Data: []byte(after)}
	return Change{Path: path, Before: old, After: now}.Diff()
}

// TestPatchAppliesADiff has the program patch make the new text of the old one.
func TestPatchAppliesADiff(t *testing.T) {
	daemontest.Need(t, "patch")
	r := rand.New(rand.NewPCG(1, 2))
	for range 30 {
		before, after := randomText(r, nil), ""
		after = randomText(r, strings.SplitAfter(before, "\n"))
		d := changed("f", before, after)
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
		if got := daemontest.Read(t, path); got != after {
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
