package cli

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"certdesk/ui/cli/wire"
)

// ownFields are those of a journal that differ between two runs: times, keys and what is made of them.
var ownFields = regexp.MustCompile(`"(time|prev|sha256|spki|request|thumbprint|serial|created|notBefore|notAfter)":"[^"]*"`)

// journal is the store's journal without them, and without the sums in front of its lines.
func (o *office) journal() (lines []string) {
	o.t.Helper()
	for line := range strings.Lines(o.snapshot()[filepath.Join(o.store(), "journal")]) {
		lines = append(lines, ownFields.ReplaceAllString(strings.ReplaceAll(line[65:], o.dir, "DIR"), `"$1":""`))
	}
	return lines
}

// TestWhatIfShowsTheCommandThatDoesIt runs what --what-if shows, and what it was asked about, in two offices.
func TestWhatIfShowsTheCommandThatDoesIt(t *testing.T) {
	t.Parallel()
	for _, line := range [][]string{
		{"new", "--generate-request", "--domain-name", "a.example.org,b.example.org", "--include-autodiscover", "--services", "IIS,POP", "--friendly-name", "it's", "--path", "DIR/a b.req"},
		{"new", "--subject-name", `C=BE, O="Sunshine, Inc.", CN=mail.example.org`, "--key-algorithm", "ecdsa-p256", "--private-key-exportable", "--valid-days", "30"},
		{"new", "--generate-request", "--renews", "OLD", "--reuse-key", "--domain-name", "old.example.org,more.example.org"},
	} {
		done, shown := newOffice(t), newOffice(t)
		done.must(done.here(line)...)
		var plan wire.Draft
		shown.decode(shown.must(append(shown.here(line), "--what-if", "--json")...).out, &plan)
		words := shellWords(t, plan.Command)
		place := slices.Index(words, "--store") // the office names its own
		shown.must(words[1:place]...)
		if want, got := done.journal(), shown.journal(); !slices.Equal(got, want) {
			t.Errorf("%s\ngives\n%s\nwant\n%s", plan.Command, strings.Join(got, ""), strings.Join(want, ""))
		}
	}
}

// here puts the office's own directory and certificate into a command line.
func (o *office) here(line []string) (args []string) {
	o.t.Helper()
	for _, word := range line {
		if word == "OLD" {
			word = o.valid("old.example.org").Thumbprint
		}
		args = append(args, strings.Replace(word, "DIR", o.dir, 1))
	}
	return args
}

// TestPrintNamesEveryFileThatEnableWrites compares --print with what the same enable then does to the service's files.
func TestPrintNamesEveryFileThatEnableWrites(t *testing.T) {
	o := newOffice(t)
	v := o.newVoice("IMAP", "imaps")
	e := o.valid("mail.example.org")
	var plan wire.EnablePlan
	o.decode(o.must("enable", e.Thumbprint, "--services", "IMAP", "--print", "--json").out, &plan)
	var promised []string
	for _, f := range plan.Services[0].Files {
		promised = append(promised, f.Path+" "+f.Mode)
	}
	before := o.regularFiles(v.dir)
	o.must("enable", e.Thumbprint, "--services", "IMAP")
	written := slices.DeleteFunc(o.regularFiles(v.dir), func(path string) bool { return slices.Contains(before, path) })
	slices.Sort(promised)
	if !slices.Equal(written, promised) {
		t.Errorf("promised\n%s\nwritten\n%s", strings.Join(promised, "\n"), strings.Join(written, "\n"))
	}
}

// regularFiles are the files below a directory with their modes, sorted.
func (o *office) regularFiles(dir string) (list []string) {
	o.t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			list = append(list, fmt.Sprintf("%s %04o", path, info.Mode().Perm()))
		}
		return err
	})
	if err != nil {
		o.t.Fatal(err)
	}
	slices.Sort(list)
	return list
}
