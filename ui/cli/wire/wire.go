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
