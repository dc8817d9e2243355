package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"certdesk/ui/uitest"
)

// TestEveryTextAPersonCanBeShownIsListed keeps the sentences of all errors, hints, findings and notices in one file, so
// that a changed one shows in a diff and all can be read at once.
func TestEveryTextAPersonCanBeShownIsListed(t *testing.T) {
	t.Parallel()
	src, err := readSource(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	got := src.texts()
	file := filepath.Join("..", "..", "testdata", "texts.txt")
	if *uitest.Update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the sentences are not those of %s:\n%sread the changed ones aloud, then accept them: "+
			"go test ./ui/cli -run Listed -update", file, changes(string(want), got))
	}
}

// changes are the lines that only one of two texts has.
func changes(want, got string) string {
	var b strings.Builder
	only := func(sign, in, other string) {
		there := map[string]bool{}
		for line := range strings.SplitSeq(other, "\n") {
			there[line] = true
		}
		for line := range strings.SplitSeq(in, "\n") {
			if !there[line] {
				b.WriteString(sign + line + "\n")
			}
		}
	}
	only("- ", want, got)
	only("+ ", got, want)
	return b.String()
}

// TestWrappedSentencesAreFoundToo pins what the list must be able to see: a function that hands its words on to
// another, a constant, two ways of one sentence, and the words around those that are handed on.
func TestWrappedSentencesAreFoundToo(t *testing.T) {
	src := newSource()
	for path, text := range map[string]string{
		"certstore/fail/a.go": "package fail\nfunc New(code, hint, format string, args ...any) error { return nil }",
		"a/a.go": `package a
import ("certdesk/certstore/fail"; "fmt")
const look = "look again"
func bad(hint, format string) error { return fail.New("x", hint, "the subject "+format) }
func worse(what string) error { return bad(look, "holds "+what+" twice") }
func do(n int) error {
	word := "one"
	if n > 1 { word = fmt.Sprintf("%d things", n) }
	if n > 2 { return worse("a comma") }
	return fail.New("y", "try "+word, "it failed")
}`,
	} {
		if err := src.add(filepath.Dir(path), path, text); err != nil {
			t.Fatal(err)
		}
	}
	const want = "# a\n\nit failed\n    hint: try %d things\n    hint: try one\nthe subject holds a comma twice\n    hint: look again\n"
	if got := src.texts(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
