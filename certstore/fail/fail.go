// Package fail is the one kind of error certdesk shows a person: a stable code, one sentence, one hint.
//
// Rooms below return *Error values (wrapping their cause); the command line prints code, sentence and hint,
// the desk prints sentence and hint. A code never changes its meaning; a sentence may. No sentence holds a
// password or key bytes, and every piece of foreign text in it has gone through package printable.
package fail

import (
	"errors"
	"fmt"
)

// Code is a stable word that a script may rely on.
type Code string

// The codes. The exit status each leads to is said by Code.Exit.
const (
	Failed             Code = "failed"              // an operation failed for a reason outside certdesk
	Usage              Code = "usage"               // the command's words are wrong
	InvalidName        Code = "invalid-name"        // a subject alternative name, or a friendly name
	InvalidSubject     Code = "invalid-subject"     // a distinguished name
	InvalidConfig      Code = "invalid-config"      // the configuration file
	WrongPassword      Code = "wrong-password"      // or a damaged file: the format cannot tell them apart
	PasswordNeeded     Code = "password-needed"     // the file is encrypted and no password was given
	UnsupportedFormat  Code = "unsupported-format"  // readable by somebody, not by certdesk
	Damaged            Code = "damaged"             // a file, or a line or object of the store
	LimitExceeded      Code = "limit-exceeded"      // size, count or KDF iterations
	NoMatchingRequest  Code = "no-matching-request" // a certificate whose key nobody here has
	AlreadyExists      Code = "already-exists"      // a certificate, or the target file
	KeyMismatch        Code = "key-mismatch"        // a key that is not the certificate's
	Unfit              Code = "unfit"               // a certificate no port should be given: dates, chain, use, names
	InUse              Code = "in-use"              // what is bound to a service
	NotExportable      Code = "not-exportable"      // the key may not leave
	NotFound           Code = "not-found"           // no entry has that thumbprint
	Ambiguous          Code = "ambiguous"           // several have
	ReadOnly           Code = "read-only"           // this store cannot be written by this person
	NotPermitted       Code = "not-permitted"       // this store cannot be read by this person
	UnsafeStore        Code = "unsafe-store"        // owner or mode of the store lets others write it
	UnsafeConfig       Code = "unsafe-config"       // somebody else may write the configuration, or what it names
	ConfirmationNeeded Code = "confirmation-needed" // a question nobody was there to answer
	Canceled           Code = "canceled"            // the person said no
	RenewalPending     Code = "renewal-pending"     // a renewal of this certificate waits already
	Locked             Code = "locked"              // another writer holds the store
	InDoubt            Code = "in-doubt"            // the journal's last write may or may not have happened
	KeptPending        Code = "kept-pending"        // the request is safe in the store, its file was not written
	Unfinished         Code = "unfinished"          // a change of a service died half-way and waits to be settled
)

// Exit is the process status for a code: 1 failed, 2 wrong usage, 3 refused, 4 not found.
// After 2, 3 and 4 every byte of store and target is as it was.
func (c Code) Exit() int {
	switch c {
	case Usage, InvalidName, InvalidSubject, InvalidConfig:
		return 2
	case NotFound, Ambiguous:
		return 4
	case Failed, Locked, InDoubt, KeptPending:
		return 1
	}
	return 3
}

// Error is a failure a person can act on.
type Error struct {
	Code Code
	Text string // what failed and why: one sentence, no final stop
	Hint string // what to do; may be empty
	Err  error  // the cause, for errors.Is; may be nil
}

func (e *Error) Error() string { return e.Text }

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// New makes an Error whose sentence is formatted; a %w in the format becomes its cause.
func New(code Code, hint, format string, args ...any) *Error {
	err := fmt.Errorf(format, args...)
	return &Error{Code: code, Text: Plain(err.Error()), Hint: hint, Err: errors.Unwrap(err)}
}

// Denied is the hint for what the system refuses to somebody at a place ("" for one that is not known). Root is refused
// it by an attribute of the file or by how the file system is mounted, never for want of being root: for anybody else
// it is others.
func Denied(uid int, place, others string) string {
	if uid != 0 {
		return others
	}
	if place != "" {
		place = " " + place
	}
	return fmt.Sprintf("find out why root may not: `lsattr -d%[1]s` and `lsattr%[1]s` show what chattr made unchangeable "+
		"(chattr -i undoes it), `findmnt -T%[1]s` how it is mounted", place)
}

// Is says whether err carries the code.
func Is(err error, code Code) bool { return err != nil && Of(err).Code == code }

// Sentence is what Of says of an error.
func Sentence(err error) string { return Of(err).Text }

// Of gives the Error that err is or wraps. The sentence is that of the whole chain, so that what wrapped it
// (operation and object) is not lost; a foreign error becomes Failed.
func Of(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return &Error{Code: e.Code, Text: Plain(err.Error()), Hint: e.Hint, Err: err}
	}
	return &Error{Code: Failed, Text: Plain(err.Error()), Err: err}
}
