package config

import (
	"strings"

	"github.com/aymanbagabas/go-udiff"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

// Draft is a file with changes that are not written yet.
type Draft struct {
	Config  Config // what the file would say
	Changes []Change

	file File   // as it was read
	text string // as it would be
}

// heading begins a file that is made.
const heading = "# The settings of certdesk on this server. Its README tells of every key, under Configuration.\n" +
	"# The desk changes values here; comments and their order stay.\n\n"

// With gives the file with changes, none of which is written yet. Errors: InvalidConfig for a value that is none,
// UnsupportedFormat for what is written in a form that is not edited, UnsafeConfig.
func (f File) With(changes ...Change) (Draft, error) {
	d := Draft{file: f, Changes: changes}
	before := f.text
	if !f.Exists {
		before = heading
	}
	after, err := changed(before, changes)
	if err != nil {
		return d, err
	}
	d.text = after
	if d.Config, err = decode(after); err != nil {
		return d, fail.New(fail.InvalidConfig, "", "%s", sentence(plain(err, after)))
	}
	return d, d.Config.obeyed()
}

// sentence leaves out the line of a text that nobody has seen.
func sentence(problem string) string {
	if rest, ok := strings.CutPrefix(problem, "line "); ok {
		_, problem, _ = strings.Cut(rest, ": ")
	}
	return problem
}

// Changed says whether anything would be written.
func (d Draft) Changed() bool { return d.text != d.file.text }

// Path is the file's.
func (d Draft) Path() string { return d.file.Path }

// Diff is what would be written as a unified diff, for people; what is secret is not in it.
func (d Draft) Diff() string {
	old := d.file.Path
	if !d.file.Exists {
		old = "/dev/null"
	}
	before, after := withoutSecrets(d.file.text), withoutSecrets(d.text)
	edits := udiff.Lines(before, after)
	text, err := udiff.ToUnified(old, d.file.Path, before, edits, 1)
	if err != nil {
		return "" // the edits are of this very text
	}
	return text
}

// Told is a change for whoever asks later.
type Told struct {
	Key      string // "accepted_domains.names", "service 2"
	Old, New string // as the file says it, on one line; "": nothing
}

// Tell tells of the changes.
func (d Draft) Tell() (list []Told) {
	after := File{text: d.text, list: statements(d.text)}
	for _, c := range d.Changes {
		t := Told{Key: c.Name(), Old: oneLine(d.file.written(c))}
		if c.Key != "" {
			t.New = oneLine(after.written(c))
		}
		if t.Old != t.New {
			list = append(list, t)
		}
	}
	return list
}

// oneLine is a value of several lines on one, without what is between them.
func oneLine(value string) string {
	return printable.Text(strings.Join(strings.Fields(value), " "))
}
