package names

import (
	"strings"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

// SubjectFromDER reads the subject of a certificate back, for a renewal. Attributes that a request of ours does
// not hold (e-mail address, domain component, serial number) are left out, and of a type that is there twice
// but for OU the last, which is the most specific, stays. Errors: InvalidSubject.
func SubjectFromDER(raw []byte) (Subject, error) {
	rdns, ok := parseName(raw)
	if !ok {
		return nil, fail.New(fail.InvalidSubject, "make a new request and type the subject",
			"the old certificate's subject cannot be reused")
	}
	var s Subject
	for _, rdn := range rdns {
		for _, a := range rdn {
			s = s.takeOver(a)
		}
	}
	return s.ordered(), nil
}

// takeOver adds what a request of ours may hold; a country is written in capitals.
func (s Subject) takeOver(a foreign) Subject {
	typ := shortNames[a.oid]
	value, isText := decodeString(a.value)
	switch {
	case !isText || rank(typ) < 0 || value == "":
		return s
	case typ == "OU":
		return append(s, Attribute{typ, printable.Text(value)})
	case typ == "C":
		value = strings.ToUpper(value)
	}
	return s.With(typ, printable.Text(value))
}
