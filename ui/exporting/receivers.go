package exporting

import (
	"path/filepath"
	"strings"

	"certdesk/certstore"
	"certdesk/certstore/exporting"
	"certdesk/ui/kit"
	"certdesk/ui/kit/form"
	"certdesk/ui/screen"
	"certdesk/ui/words"
)

const (
	onlyYou    = "Only you can read what is written (mode 0600)."
	mayBeGiven = "There is nothing secret in it. It has mode 0600: chmod 644 lets others on this computer read it."
)

// after is what there is to say once a reader's files are written.
func after(d *screen.Desk, r exporting.Reader, f exporting.Form) string {
	var said []string
	switch {
	case f.Format.OfRequest() && d.ReadOnly:
		said = append(said, "Send it to your CA.", mayBeGiven)
	case f.Format.OfRequest():
		said = append(said, "Send it to your CA. When the answer comes, press i in the table.", mayBeGiven)
	case f.Format.BringsKey():
		said = append(said, adviceAfter(r), onlyYou)
	default:
		said = append(said, adviceAfter(r), mayBeGiven)
	}
	if d.ReadOnly {
		said = append(said, words.NotRecorded)
	}
	return strings.Join(words.NotEmpty(said...), " ")
}

// adviceAfter is what a reader's person does with the files; how to choose between its forms is said before.
func adviceAfter(r exporting.Reader) string {
	if len(r.Forms) > 1 {
		return ""
	}
	return r.Advice
}

// hasChain says whether the chain may be left out of what is made.
func hasChain(f exporting.Format) bool {
	return f.BringsKey() || f == exporting.PEM || f == exporting.PKCS7
}

// ending is what a file for the reader best ends in.
func ending(r exporting.Reader) string { return r.Forms[0].Endings[0] }

// renamed is a path with the ending that fits.
func renamed(r exporting.Reader, path string) string {
	name := filepath.Base(path)
	return strings.TrimSuffix(name, filepath.Ext(name)) + ending(r)
}

func readerOf(value string) exporting.Reader {
	if r, ok := exporting.ReaderOf(value); ok {
		return r
	}
	return exporting.Readers()[0]
}

// serves says whether an entry can be exported for a reader here: no key leaves a store that is only read.
func serves(d *screen.Desk, e certstore.Entry, r exporting.Reader) bool {
	return r.Serves(e) && !(d.ReadOnly && r.Forms[0].Format.BringsKey())
}

// readerOptions are the readers an entry can serve: nothing with a key that may not leave.
func readerOptions(d *screen.Desk, e certstore.Entry) []form.Option {
	var out []form.Option
	for _, r := range exporting.Readers() {
		if serves(d, e, r) {
			out = append(out, form.Option{Value: r.Values[0], Text: r.Name, Note: r.Makes})
		}
	}
	return out
}

// writes names the files that are made for a reader: at a path if that fits, else at the one proposed.
func writes(e certstore.Entry, r exporting.Reader, path string) string {
	made, fits := r.Form(path)
	if !fits {
		path, made = words.FileName(e)+ending(r), r.Forms[0]
	}
	var list []string
	for _, f := range (exporting.Request{Path: path, Format: made.Format}).Files(e) {
		list = append(list, kit.Printable(f.Path))
	}
	return strings.TrimSpace("Writes " + strings.Join(list, " and ") + ". " + r.Advice)
}
