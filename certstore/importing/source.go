package importing

import (
	"cmp"
	"context"
	"fmt"

	"certdesk/certstore/fail"
	"certdesk/certstore/formats"
	"certdesk/certstore/ledger"
	"certdesk/certstore/printable"
)

// Source is one file of an import, or text that was pasted or read from standard input.
type Source struct {
	Label string // its path, or "standard input"
	Data  []byte
	Err   error // why it could not be read; Data is empty then
}

// Request is what to import.
type Request struct {
	Sources   []Source
	Passwords [][]byte // tried in turn on each source that wants one
	Options
}

// Options are what a person may say of an import.
type Options struct {
	FriendlyName string           // "" keeps the request's, else the file's, else the CN
	Exportable   bool             // counts only for a key the sources bring, and not for one that was made here
	Wanted       *ledger.Services // nil keeps the request's
	Attach       bool             // for Exists: add what is new instead of refusing
}

// Part is what one source holds, or several that belong together.
type Part struct {
	formats.Bundle
	spki    []string  // of the keys
	sources []int     // their numbers, ascending
	holds   []Holding // what each of them holds
	err     error     // why the source could not be read
}

// Holding is what a source was found to hold, in words.
type Holding struct{ From, Words string }

// Read decodes every source by itself. One that cannot be read is a part with the reason.
func Read(ctx context.Context, r Request) []Part {
	parts := make([]Part, len(r.Sources))
	for i := range r.Sources {
		parts[i] = r.read(ctx, i)
	}
	return parts
}

// Together is all the sources as one group, which is not matched yet.
func Together(ctx context.Context, r Request) Group {
	var parts []Part
	for i := range r.Sources {
		p := r.read(ctx, i)
		if p.err != nil {
			return Group{Options: r.Options, Err: p.err}
		}
		parts = append(parts, p)
	}
	return groupOf(merged(parts), r.Options)
}

// read decodes one source, its notes naming it.
func (r Request) read(ctx context.Context, i int) Part {
	src := r.Sources[i]
	p := Part{sources: []int{i}, holds: []Holding{{From: src.Label}}, err: src.Err}
	if p.err != nil {
		return p
	}
	if p.Bundle, p.err = r.open(ctx, src.Data); p.err != nil {
		p.err = fmt.Errorf("read %s: %w", printable.Text(src.Label), p.err)
		return p
	}
	for i, note := range p.Notes {
		p.Notes[i] = printable.Text(src.Label) + ": " + note
	}
	for _, key := range p.Keys {
		spki, err := formats.SPKI(key.Public())
		if err != nil {
			p.err = err
		}
		p.spki = append(p.spki, spki)
	}
	p.holds[0].Words = p.Words()
	return p
}

// open tries the passwords first, since each try derives a key; what wants none, or an empty one, opens without. Of
// several passwords the first that opens it counts.
func (r Request) open(ctx context.Context, data []byte) (formats.Bundle, error) {
	locked := func(err error) bool { return fail.Is(err, fail.PasswordNeeded) || fail.Is(err, fail.WrongPassword) }
	var wrong error
	for _, password := range r.Passwords {
		b, err := formats.DecodeContext(ctx, data, password)
		if !locked(err) {
			return b, err
		}
		wrong = err
	}
	b, err := formats.DecodeContext(ctx, data, nil)
	if wrong != nil && locked(err) {
		err = wrong
	}
	return b, err
}

// merged is several parts as one.
func merged(parts []Part) (all Part) {
	for _, p := range parts {
		all.sources = append(all.sources, p.sources...)
		all.holds = append(all.holds, p.holds...)
		all.spki = append(all.spki, p.spki...)
		all.Certs = append(all.Certs, p.Certs...)
		all.Keys = append(all.Keys, p.Keys...)
		all.OddKeys = append(all.OddKeys, p.OddKeys...)
		all.Requests = append(all.Requests, p.Requests...)
		all.FriendlyName = cmp.Or(all.FriendlyName, p.FriendlyName)
		all.Notes = append(all.Notes, p.Notes...)
	}
	return all
}
