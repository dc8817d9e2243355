package wire

import (
	"certdesk/certstore"
	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

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
	Notes   []string  `json:"notes,omitempty"`  // import --served: what could not be looked at
}

// Refusal is an entry that was left as it was, and why.
type Refusal struct {
	Thumbprint string   `json:"thumbprint"`
	Error      Error    `json:"error"`
	Files      []string `json:"files,omitempty"` // import: what it came from
}

// ResultsOf is what became of several entries.
func ResultsOf(r certstore.Results) Results {
	return Results{Done: EntriesOf(r.Done), Refused: each(r.Refused, func(x certstore.Refusal) Refusal {
		return Refusal{Thumbprint: x.Entry.Thumbprint, Error: ErrorOf(x.Err)}
	})}
}

// Verified is what history verify found.
type Verified struct {
	OK    bool   `json:"ok"`
	Head  string `json:"head"`
	Lines int64  `json:"lines"`
}
