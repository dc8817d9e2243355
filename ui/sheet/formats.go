package sheet

import (
	"io/fs"
	"slices"
	"strings"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/enabling"
	"certdesk/certstore/renewing"
)

// Rows are what is written.
type Rows struct {
	Entries []certstore.Entry // in the order in which they are written
	Removed bool              // they are of the trash
	Now     time.Time
	Beside  Beside
}

// Beside is what a monitoring system is told beside the entries.
type Beside struct {
	Survey   enabling.Survey // with the ports that had no time to answer
	Renewals []renewing.Task
	Troubles int    // with the store itself
	Version  string // of certdesk
}

// Format is a way to write rows.
type Format struct {
	Name  string      // as --format takes it
	Title string      // for people
	Ext   string      // what its files end in
	Mode  fs.FileMode // of such a file: who reads it is another user for some
	Desk  bool        // a person may want the rows before him so
	Write func(Rows) ([]byte, error)
}

// Formats are all of them.
var Formats = []Format{
	{"json", "JSON", ".json", 0o600, true, func(r Rows) ([]byte, error) { return JSON(r.Entries) }},
	{"csv", "CSV", ".csv", 0o600, true, func(r Rows) ([]byte, error) { return CSV(r.Entries, r.Removed) }},
	{"markdown", "Markdown", ".md", 0o600, true, func(r Rows) ([]byte, error) {
		return Markdown(r.Entries, r.Now, r.Removed), nil
	}},
	{"ics", "calendar", ".ics", 0o644, true, func(r Rows) ([]byte, error) { return Calendar(r), nil }},
	{"prometheus", "metrics", ".prom", 0o644, false, func(r Rows) ([]byte, error) { return Prometheus(r), nil }},
}

// Endings are what the files end in that the desk writes, in a sentence.
const Endings = ".csv, .md, .json or .ics"

// ByPath is the format that the desk writes to a file, by the end of its name; false for none.
func ByPath(path string) (Format, bool) {
	return find(func(f Format) bool { return f.Desk && strings.HasSuffix(strings.ToLower(path), f.Ext) })
}

// ByName is a format as --format calls it; false for none.
func ByName(name string) (Format, bool) { return find(func(f Format) bool { return f.Name == name }) }

func find(is func(Format) bool) (Format, bool) {
	at := slices.IndexFunc(Formats, is)
	if at < 0 {
		return Format{}, false
	}
	return Formats[at], true
}

// Names are what --format takes.
func Names() (list []string) {
	for _, f := range Formats {
		list = append(list, f.Name)
	}
	return list
}
