package certstore

import (
	"errors"
	"fmt"
	"io/fs"

	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
)

// The journal may be older than the objects: a backup of it was put back, or its end was damaged and cut. So what a
// key is needed for is read from the objects themselves (issue 9), and what no line names is told until it is listed
// again.

// holders says, by SPKI, which object outside of doomed has the public half of a key that is in it. The own objects
// of entries that stay need not be read: the journal says that they need their key, so it is not in doomed.
func (s *Store) holders(doomed []ledger.Object, going map[int64]bool) (map[string]ledger.Object, error) {
	except, keys := map[ledger.Object]bool{}, map[string]bool{}
	for _, o := range doomed {
		except[o] = true
		keys[o.Name] = keys[o.Name] || o.Kind == ledger.Keys
	}
	for _, r := range s.state.Rows {
		if !going[r.ID] {
			except[ledger.Object{Kind: ledger.Certs, Name: r.SHA256}],
				except[ledger.Object{Kind: ledger.Requests, Name: r.Request}] = true, true
		}
	}
	list, err := s.objects.Public(func(o ledger.Object) bool { return except[o] })
	if err != nil {
		return nil, err
	}
	held := map[string]ledger.Object{}
	for _, o := range list {
		spki, err := s.objects.SPKI(o)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, s.unknownHolder(o, err)
		}
		if keys[spki] {
			held[spki] = o
		}
	}
	return held, nil
}

// unknownHolder refuses to destroy keys while it cannot be told which key an object has.
func (s *Store) unknownHolder(o ledger.Object, err error) error {
	return fail.New(fail.Damaged, "bring the file back from a backup under the same name, or move it out of the store",
		"no key is destroyed while %s, which may need it, cannot be read: %w", printablePath(s.dir.Path(o.Kind, o.Name)), err)
}

// spare takes back from a purge the entries whose key has another object: one that no line names (it may wait at a
// CA), or a CA's certificate in somebody's chain. What is taken back may need other keys in turn.
func (s *Store) spare(res *Results) error {
	for {
		doomed, going := s.doomed(res.Done), map[int64]bool{}
		for _, e := range res.Done {
			going[e.ID] = true
		}
		held, err := s.holders(doomed, going)
		if err != nil || len(held) == 0 {
			return err
		}
		var left []ledger.Entry
		for _, e := range res.Done {
			if o, needed := held[e.SPKI]; needed {
				res.Refused = append(res.Refused, Refusal{e, s.stillHeld(e, o)})
				continue
			}
			left = append(left, e)
		}
		res.Done = left
	}
}

func (s *Store) stillHeld(e ledger.Entry, o ledger.Object) error {
	where := printablePath(s.dir.Path(o.Kind, o.Name))
	if s.state.Refers(nil)[o] {
		return fail.New(fail.InUse, "first purge the entries whose chain it is in",
			"the key of %s is also the key of %s, which is in another entry's chain", e.FriendlyName, where)
	}
	return fail.New(fail.InUse, "run `certdesk doctor --repair`, which lists it again, then decide",
		"the key of %s is also the key of %s, which no line of the journal names", e.FriendlyName, where)
}

// maxSought is how many objects without a line a writer opens to see whether their key is here.
const maxSought = 20

// lookForUnlisted notes what a writer must tell of: once for each reading of the journal from its beginning, since it
// costs a listing of two folders. A change that somebody else is about to name may be among it. The caller holds
// s.mu.
func (s *Store) lookForUnlisted() {
	if s.sought {
		return
	}
	s.sought, s.unnamed = true, 0
	list, err := s.objects.Unlisted(s.state)
	if err != nil {
		return // doctor says why
	}
	for _, o := range list[:min(len(list), maxSought)] {
		if s.hasKeyHere(o) {
			s.unnamed = len(list)
			return
		}
	}
}

func (s *Store) hasKeyHere(o ledger.Object) bool {
	spki, err := s.objects.SPKI(o)
	if err != nil {
		return false
	}
	here, err := s.dir.Has(ledger.Keys, spki)
	return err == nil && here
}

// unnamedBanner says what lookForUnlisted found, or "".
func (s *Store) unnamedBanner() string {
	switch s.unnamed {
	case 0:
		return ""
	case 1:
		return "a certificate or request is in the store that no line of the journal names: run `certdesk doctor`"
	}
	return fmt.Sprintf("%d certificates and requests are in the store that no line of the journal names: run certdesk "+
		"doctor", s.unnamed)
}
