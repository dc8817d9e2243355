package cli

import (
	"strings"
	"testing"
)

// remarksIn are the lines that warn or note something, without the word in front.
func remarksIn(r result) (list []string) {
	for line := range strings.SplitSeq(r.err+r.out, "\n") {
		for _, word := range []string{"warning: ", "info: ", "note: "} {
			if text, ok := strings.CutPrefix(strings.TrimSpace(line), word); ok {
				list = append(list, text)
			}
		}
	}
	return list
}

// TestJSONTellsWhatPlainTextTells runs each verb both ways in offices of their own: what a person is warned of, a script
// is told too.
func TestJSONTellsWhatPlainTextTells(t *testing.T) {
	t.Parallel()
	for name, line := range map[string][]string{
		"new":         {"new", "--generate-request", "--domain-name", "ex1.corp.local,*.example.org", "--key-size", "1024"},
		"self-signed": {"new", "--domain-name", "a.example.org", "--key-size", "1024"},
		"what-if":     {"new", "--what-if", "--generate-request", "--domain-name", "*.example.org"},
		"import":      {"import", "ANSWER", "--private-key-exportable", "--yes"},
	} {
		t.Run(name, func(t *testing.T) {
			plain, script := remarkOffice(t, line), remarkOffice(t, append(line, "--json"))
			want := remarksIn(plain)
			if len(want) == 0 {
				t.Fatalf("nothing is said of this: %s%s", plain.out, plain.err)
			}
			for _, text := range want {
				if !strings.Contains(script.out, text) {
					t.Errorf("--json does not say %q:\n%s", text, script.out)
				}
			}
			if n := strings.Count(script.out, `"code": "weak-key"`); n > 1 {
				t.Errorf("--json tells of the key %d times:\n%s", n, script.out)
			}
		})
	}
}

// remarkOffice runs a line in an office where a request waits and an answer is there.
func remarkOffice(t *testing.T, line []string) result {
	t.Helper()
	o := newOffice(t)
	_, req := o.request("b.example.org")
	answer := o.write("b.cer", "\n\ntext before\n"+o.ca.sign(t, req, o.now.AddDate(0, 0, -1), 365))
	args := make([]string, len(line))
	for i, word := range line {
		args[i] = strings.Replace(word, "ANSWER", answer, 1)
	}
	return o.run(args...)
}
