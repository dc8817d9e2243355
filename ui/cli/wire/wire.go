// Package wire is what scripts are told: the JSON of every command, and how an entry, a plan, an outcome, a port or an
// error becomes it. Pure functions of their input.
//
// It promises: fields are added, never renamed; lists that a script may loop over are never null; times are RFC 3339 in
// UTC; what a terminal would obey is escaped.
package wire

import (
	"bytes"
	"encoding/json"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/domains"
	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

// Text is the one place where output becomes JSON. Nothing in it is escaped for HTML: "&" stays "&"; what a
// terminal would obey is, whatever room it came from.
func Text(v any, indent string) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", indent)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return printable.JSON(b.Bytes()), nil
}

// each is what f makes of every one of a list; it is never null.
func each[A, B any](list []A, f func(A) B) []B {
	out := make([]B, len(list))
	for i, a := range list {
		out[i] = f(a)
	}
	return out
}

// timeOf is RFC 3339 in UTC, or null for a time that is not there.
func timeOf(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	s := t.UTC().Format(time.RFC3339)
	return &s
}

// Error is an error as scripts know it.
type Error struct {
	Code    fail.Code `json:"code"`
	Message string    `json:"message"`
	Hint    string    `json:"hint"`
}

// ErrorOf is what a script is told of an error.
func ErrorOf(err error) Error {
	e := fail.Of(err)
	return Error{e.Code, printable.Text(e.Text), printable.Text(e.Hint)}
}

// Remark is what a source of accepted domains could not give.
type Remark struct {
	Source string `json:"source"`
	Error
}

// RemarksOf are those of a listing.
func RemarksOf(list []domains.Remark) []Remark {
	return each(list, func(r domains.Remark) Remark { return Remark{printable.Text(r.Source), ErrorOf(r.Err)} })
}

// refusalOf is the error, or null where there is none.
func refusalOf(err error) *Error {
	if err == nil {
		return nil
	}
	e := ErrorOf(err)
	return &e
}

// Results is what a verb over several entries did.
type Results struct {
	Done    []Entry   `json:"done"`
	Refused []Refusal `json:"refused"`
	Copies  []string  `json:"copies,omitempty"` // purge: the directories of deployed copies of the keys
	Notes   []string  `json:"notes,omitempty"`  // what could not be looked at, or is still to be done elsewhere
}

// Refusal is an entry that was left as it was, and why.
type Refusal struct {
	Thumbprint string   `json:"thumbprint"`
	Error      Error    `json:"error"`
	Files      []string `json:"files,omitempty"` // import: what it came from
}

// ResultsOf is what became of several entries.
func ResultsOf(r certstore.Results) Results {
	refused := each(r.Refused, func(x certstore.Refusal) Refusal {
		return Refusal{Thumbprint: x.Entry.Thumbprint, Error: ErrorOf(x.Err)}
	})
	return Results{Done: EntriesOf(r.Done), Refused: refused, Notes: printable.Texts(r.Notes)}
}

// Verified is what history verify found.
type Verified struct {
	OK    bool   `json:"ok"`
	Head  string `json:"head"`
	Lines int64  `json:"lines"`
}
