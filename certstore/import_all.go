package certstore

import (
	"cmp"
	"context"
	"crypto/x509"
	"maps"
	"slices"

	"certdesk/certstore/fail"
	"certdesk/certstore/formats"
	"certdesk/certstore/judging"
	"certdesk/certstore/ledger"
)

// Imported is what became of one import.
type Imported struct {
	Entry ledger.Entry
	Found Found
	Err   error
}

// importing is one import on its way.
type importing struct {
	request ImportRequest
	in      *incoming
	news    bool // it may complete the chains of others
	Imported
}

// importsAtOnce is how many imports have their files made durable together. What is on the way in memory, and what a
// full disk refuses at once, are bounded by it.
const importsAtOnce = 64

// ImportAll is Import for several, in order. What is refused stops no other. each is told of every one as it ends; nil
// for nobody.
func (s *Store) ImportAll(ctx context.Context, requests []ImportRequest, each func(i int, done Imported)) []Imported {
	results := make([]Imported, 0, len(requests))
	for len(requests) > 0 {
		n := min(importsAtOnce, len(requests))
		for _, one := range s.importTogether(ctx, requests[:n]) {
			if each != nil {
				each(len(results), one.Imported)
			}
			results = append(results, one.Imported)
		}
		requests = requests[n:]
	}
	return results
}

func (s *Store) importTogether(ctx context.Context, requests []ImportRequest) []*importing {
	list := make([]*importing, len(requests))
	err := s.ready(ctx, "import")
	for i, r := range requests {
		list[i] = &importing{Imported: Imported{Err: err}}
		if err == nil {
			list[i] = s.prepareImport(ctx, r)
		}
	}
	s.mu.Lock()
	s.lookForUnlisted() // before the files of these, which have no line yet, are there
	s.mu.Unlock()
	sound := stillSound(list)
	refuse(sound, s.storeObjects(sound))
	sound = stillSound(sound)
	for rest := sound; len(rest) > 0; {
		taken, err := s.commitImports(ctx, rest)
		refuse(rest[:taken], begun(err))
		rest = rest[taken:]
	}
	for _, one := range stillSound(sound) {
		if one.news {
			one.Found.Completed = s.completeOthers(ctx, one.in, one.request)
		}
	}
	s.tellEntries(ctx, stillSound(sound))
	return list
}

// stillSound are the imports that nothing has refused so far.
func stillSound(list []*importing) (sound []*importing) {
	for _, one := range list {
		if one.Err == nil {
			sound = append(sound, one)
		}
	}
	return sound
}

// refuse gives an error of all to those that have none of their own.
func refuse(list []*importing, err error) {
	for _, one := range list {
		one.Err = cmp.Or(one.Err, err)
	}
}

// prepareImport reads and decides one import, and writes nothing.
func (s *Store) prepareImport(ctx context.Context, r ImportRequest) *importing {
	one := &importing{request: r}
	all, err := r.bundle(ctx)
	if err != nil {
		one.Err = err
		return one
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if one.in, one.Err = s.matchSources(all, r); one.Err == nil {
		one.Found, one.Err = s.decide(one.in, r)
	}
	if one.Err == nil {
		one.Err = fits(one.Found.Leaf)
	}
	return one
}

// storeObjects publishes the keys, or proves that the store has them, then the certificates. A link alone is taken also
// for an entry that lost its key, which would otherwise stand in the way of all that come after it. What one import
// alone is refused for is its own; the error is one of all.
func (s *Store) storeObjects(list []*importing) error {
	keys, err := s.gather(list)
	defer func() {
		for _, text := range keys {
			clear(text)
		}
	}()
	if err != nil {
		return err
	}
	if err := s.dir.PutAll(ledger.Keys, keys); err != nil {
		return begun(err)
	}
	certs := map[string][]byte{}
	for _, one := range list {
		if one.Err == nil && one.in.key != nil {
			one.Err = begun(s.provenKey(one.in.key, one.in.entry.SPKI))
		}
		if one.Err == nil {
			for _, c := range append([]*x509.Certificate{one.in.leaf}, one.in.others...) {
				certs[judging.Sum(c.Raw)] = formats.CertPEM(c.Raw)
			}
		}
	}
	return begun(s.dir.PutAll(ledger.Certs, certs))
}

// gather gives the keys that have to be written, and proves of the others that they are here.
func (s *Store) gather(list []*importing) (keys map[string][]byte, err error) {
	keys = map[string][]byte{}
	for _, one := range list {
		switch in := one.in; {
		case in.link:
		case in.key == nil:
			one.Err = s.checkKey(in.entry.SPKI, in.leaf.PublicKey)
		case keys[in.entry.SPKI] == nil:
			text, err := formats.KeyPEM(in.key)
			if err != nil {
				one.Err = err
				continue
			}
			keys[in.entry.SPKI] = text
		}
	}
	missing, err := s.dir.Missing(ledger.Keys, slices.Collect(maps.Keys(keys))...)
	if err != nil {
		return keys, err
	}
	for _, one := range list {
		text := keys[one.in.entry.SPKI]
		if text != nil && !slices.Contains(missing, one.in.entry.SPKI) {
			one.Err = begun(s.putKey(one.in.entry.SPKI, text))
			clear(text)
			delete(keys, one.in.entry.SPKI)
		}
	}
	return keys, nil
}

// commitImports writes the lines of as many imports, from the first, as go into one write, and says how many those are.
// Each is decided again under the lock, since another writer may have imported the same answer meanwhile, and those
// before it count. The error is one of all of them.
func (s *Store) commitImports(ctx context.Context, list []*importing) (taken int, err error) {
	var here map[ledger.Object]bool
	err = s.writeSeveral(ctx, func() (change, bool) {
		if here == nil {
			here = s.present(list)
		}
		for taken < len(list) {
			one := list[taken]
			taken++
			c, err := s.importLine(one, here)
			if err == nil {
				return c, true
			}
			one.Err = begun(err)
		}
		return change{}, false
	})
	if taken == 0 {
		taken = len(list) // none was asked for: what was wrong is so for all
	}
	return taken, err
}

// importLine decides an import under the lock and makes its line.
func (s *Store) importLine(one *importing, here map[ledger.Object]bool) (c change, err error) {
	decide := s.decide
	if one.Found.Action == Exists {
		decide = s.plan // what was new has been stored by now: a key that was lost is here again
	}
	if one.Found, err = decide(one.in, one.request); err != nil {
		return change{}, err
	}
	e := one.Found.Leaf
	if err := s.storeAgain(one.in, e, here); err != nil {
		return change{}, err
	}
	one.news = one.in.link || s.bringsNewCA(one.in)
	may, known := s.state.Keys[e.SPKI]
	c = change{op: ledger.OpImport, data: ledger.Data{Entry: &e, NewKey: !known, Raised: known && !may && e.KeyExportable}}
	if one.Found.Action == Exists {
		c.op = ledger.OpAttach
	}
	return c, nil
}

// present says which objects of some imports are here. Under the lock they stay: no purge is there. One that could not
// be looked for is asked for again by its own import.
func (s *Store) present(list []*importing) map[ledger.Object]bool {
	names := map[ledger.ObjectKind][]string{}
	here := map[ledger.Object]bool{}
	for _, one := range list {
		for _, o := range one.Found.Leaf.Objects() {
			if !here[o] {
				here[o], names[o.Kind] = true, append(names[o.Kind], o.Name)
			}
		}
	}
	for kind, wanted := range names {
		missing, err := s.dir.Missing(kind, wanted...)
		if err != nil {
			missing = wanted
		}
		for _, name := range missing {
			delete(here, ledger.Object{Kind: kind, Name: name})
		}
	}
	return here
}

// storeAgain publishes again what a purge unlinked since the first time. It runs under the lock, where no purge is.
func (s *Store) storeAgain(in *incoming, e ledger.Entry, here map[ledger.Object]bool) error {
	for _, o := range e.Objects() {
		if here[o] {
			continue
		}
		known, err := s.dir.Has(o.Kind, o.Name)
		if err != nil {
			return err
		}
		if !known {
			one := &importing{in: in}
			return cmp.Or(s.storeObjects([]*importing{one}), one.Err)
		}
	}
	return nil
}

// tellEntries gives what was imported as it is in the store now.
func (s *Store) tellEntries(ctx context.Context, list []*importing) {
	s.mu.Lock()
	defer s.mu.Unlock()
	err := s.refresh(context.WithoutCancel(ctx))
	entries := make([]ledger.Entry, len(list))
	for i, one := range list {
		r := s.state.Certificate(one.in.entry.SHA256)
		switch {
		case err != nil:
			one.Err = err
		case r == nil:
			one.Err = fail.New(fail.NotFound, "import it again, or see with `certdesk history` who purged it", "%s was imported, and is here no more", one.in.entry.Subject)
		default:
			entries[i] = s.judge().Row(r)
		}
	}
	s.judge().NoteSuccessors(entries)
	for i, one := range list {
		one.Entry = entries[i]
	}
}
