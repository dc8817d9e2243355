package sheet

import (
	"strings"
	"time"

	"certdesk/certstore"
)

// Format is a way to write rows.
type Format struct {
	Name  string // "CSV"
	Ext   string // what its files end in
	Write func(rows []certstore.Entry, now time.Time) ([]byte, error)
}

// Formats are all of them.
var Formats = []Format{
	{"CSV", ".csv", func(rows []certstore.Entry, _ time.Time) ([]byte, error) { return CSV(rows, false) }},
	{"Markdown", ".md", func(rows []certstore.Entry, now time.Time) ([]byte, error) {
		return Markdown(rows, now, false), nil
	}},
	{"JSON", ".json", func(rows []certstore.Entry, _ time.Time) ([]byte, error) { return JSON(rows) }},
}

// Endings are what the files end in, in a sentence.
const Endings = ".csv, .md or .json"

// ByName is the format of a file by the end of its name; false for none.
func ByName(path string) (Format, bool) {
	for _, f := range Formats {
		if strings.HasSuffix(strings.ToLower(path), f.Ext) {
			return f, true
		}
	}
	return Format{}, false
}
