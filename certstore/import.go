package certstore

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"slices"

	"certdesk/certstore/fail"
	"certdesk/certstore/formats"
	"certdesk/certstore/judging"
	"certdesk/certstore/ledger"
	"certdesk/certstore/names"
)

// Source is one file of an import, or text that was pasted or read from standard input.
type Source struct {
	Label string // its path, or "standard input"
	Data  []byte
	Err   error // why it could not be read; Data is empty then
}

// ImportRequest is an import to carry out. The sources belong together: keys and certificates among them are
// matched by public key.
type ImportRequest struct {
	Sources      []Source
	Passwords    [][]byte         // tried in turn on each source that wants one
	FriendlyName string           // "" keeps the request's, else the file's, else the CN
	Exportable   bool             // counts only for a key the sources bring, and not for one that was made here
	Wanted       *ledger.Services // nil keeps the request's
	Attach       bool             // for Exists: add what is new instead of refusing

	decoded  *formats.Bundle // of a Group: what its sources held, in place of them
	paired   string          // of a Group: the public key of the one in decoded that has made a test signature already
	linkOnly bool            // complete a chain, and do nothing else
}

// Action says what an import does.
type Action string

// What an import can do.
const (
	Completes Action = "completes" // a pending request; the entry keeps its id and friendly name
	Reissue   Action = "reissue"   // a new entry on a key the store has
	Adds      Action = "adds"      // a new entry with the key the sources bring
	Exists    Action = "exists"    // the certificate is here; Attachable says what is new
)

// Found is what Inspect saw in an import, and what Import does with it.
type Found struct {
	Action     Action
	Leaf       ledger.Entry  // the certificate as it would be listed, verdict included
	Existing   ledger.Entry  // the request it completes, or the entry that is already there
	BringsKey  bool          // a private key is in the sources
	Raises     bool          // it is here as not exportable, and importing it again with Exportable lets it leave
	Gaps       []judging.Gap // what is missing in the chain
	Completed  []string      // of Import: the other entries whose chains lacked what it brought
	Attachable []string      // for Exists, what is new: "a chain of 2", "the friendly name"
	Notes      []string      // sentences: the format, and what was repaired to read it
}

// Inspect says what the sources hold and what Import would do with them. Nothing is stored.
// Errors: WrongPassword, PasswordNeeded, UnsupportedFormat, Damaged, LimitExceeded, NoMatchingRequest, KeyMismatch,
// and AlreadyExists or NoMatchingRequest with restore in the hint for what was removed.
func (s *Store) Inspect(ctx context.Context, r ImportRequest) (Found, error) {
	in, err := s.receive(ctx, r)
	if err != nil {
		return Found{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.plan(in, r)
}

// Import stores what the sources hold: key first, then the certificates, then one line of the journal.
// Errors beside Inspect's: AlreadyExists (unless Attach is set and something is new), Locked, InDoubt.
func (s *Store) Import(ctx context.Context, r ImportRequest) (ledger.Entry, Found, error) {
	got := s.ImportAll(ctx, []ImportRequest{r}, nil)[0]
	return got.Entry, got.Found, got.Err
}

// bringsNewCA says whether an import has a CA that no row has yet: only that can be missing elsewhere, since whoever
// lacked the others was given them when they came. The caller holds s.mu.
func (s *Store) bringsNewCA(in *incoming) bool {
	return slices.ContainsFunc(in.authorities(), func(c *x509.Certificate) bool {
		known := s.state.Index.CAs[names.FromDER(c.RawSubject)]
		return !slices.ContainsFunc(known, func(ca ledger.CARef) bool { return ca.Sum == judging.Sum(c.Raw) })
	})
}

// completeOthers gives the CAs of an import to the next entry whose chain lacks one, which gives them to the next, and
// names these. That there is none is no error of this import.
func (s *Store) completeOthers(ctx context.Context, in *incoming, r ImportRequest) []string {
	cas := in.authorities()
	if in.link {
		all, err := r.bundle(ctx)
		if err != nil {
			return nil
		}
		cas = all.Certs
	}
	if len(cas) == 0 {
		return nil
	}
	e, found, err := s.Import(ctx, ImportRequest{Attach: true, decoded: &formats.Bundle{Certs: cas}, linkOnly: true})
	if err != nil {
		return nil
	}
	return append([]string{ledger.Label(&e)}, found.Completed...)
}

// maxLine is more than any certificate of a mail server needs, and less than a line of the journal may hold.
const maxLine = 4 << 20

// fits refuses, before anything is stored, a certificate whose names alone would not fit into a line of the journal.
func fits(e ledger.Entry) error {
	text, err := json.Marshal(e)
	if err == nil && len(text) > maxLine {
		err = fail.New(fail.LimitExceeded, "ask the CA for a certificate with fewer names",
			"the names of this certificate take %d bytes, more than a line of the journal can hold", len(text))
	}
	return err
}

// CompletedWords say which other chains an import completed, the first few by name.
func (f Found) CompletedWords() (list []string) {
	for i, other := range f.Completed {
		if i == 5 && len(f.Completed) > 6 {
			return append(list, fmt.Sprintf("the chains of %d more are complete now, too", len(f.Completed)-i))
		}
		list = append(list, "the chain of "+other+" is complete now, too")
	}
	return list
}

// authorities are the CAs among what an import brought, which may be missing elsewhere.
func (in *incoming) authorities() (list []*x509.Certificate) {
	for _, c := range in.others {
		if c.IsCA {
			list = append(list, c)
		}
	}
	return list
}
