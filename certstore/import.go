package certstore

import (
	"cmp"
	"context"

	"certdesk/certstore/fail"
	"certdesk/certstore/importing"
	"certdesk/certstore/ledger"
)

// Inspect says what the sources hold together and what Import would do with them. Nothing is stored.
// Errors: WrongPassword, PasswordNeeded, UnsupportedFormat, Damaged, LimitExceeded, NoMatchingRequest, KeyMismatch,
// and AlreadyExists or NoMatchingRequest with restore in the hint for what was removed.
func (s *Store) Inspect(ctx context.Context, r importing.Request) (importing.Found, error) {
	return s.inspect(ctx, importing.Together(ctx, r))
}

func (s *Store) inspect(ctx context.Context, g importing.Group) (importing.Found, error) {
	if g.Err != nil {
		return importing.Found{}, g.Err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.refresh(ctx); err != nil {
		return importing.Found{}, err
	}
	m, err := s.held().Match(g)
	if err != nil {
		return importing.Found{}, err
	}
	return s.held().Plan(m, g.Options)
}

// InspectAll says what the sources hold where they may be about several certificates, a group for each, as
// importing.Sort gives them. Nothing is stored. Errors: what keeps the store from being read.
func (s *Store) InspectAll(ctx context.Context, r importing.Request) ([]importing.Group, error) {
	s.roots.Expect()
	parts := importing.Read(ctx, r)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.refresh(ctx); err != nil {
		return nil, err
	}
	return importing.Sort(parts, s.held(), r.Options), nil
}

// held is what imports are decided by. The caller holds s.mu and has refreshed.
func (s *Store) held() importing.Held {
	return importing.Held{Judge: s.judge(), HasKey: func(spki string) bool {
		here, err := s.dir.Has(ledger.Keys, spki)
		return here || err != nil
	}}
}

// Import stores what the sources hold together: key first, then the certificates, then one line of the journal.
// Errors beside Inspect's: AlreadyExists (unless Attach is set and something is new), Locked, InDoubt.
func (s *Store) Import(ctx context.Context, r importing.Request) (ledger.Entry, importing.Found, error) {
	got := s.ImportGroup(ctx, importing.Together(ctx, r))
	return got.Entry, got.Found, got.Err
}

// ImportGroup is Import for a group that InspectAll gave, with the options that it has now.
func (s *Store) ImportGroup(ctx context.Context, g importing.Group) Imported {
	return s.ImportAll(ctx, []importing.Group{g}, nil)[0]
}

// Imported is what became of one import.
type Imported struct {
	Entry ledger.Entry
	Found importing.Found
	Err   error
}

// incoming is one import on its way.
type incoming struct {
	group importing.Group
	match *importing.Match
	news  bool // it may complete the chains of others
	Imported
}

// importsAtOnce is how many imports have their files made durable together. What is on the way in memory, and what a
// full disk refuses at once, are bounded by it.
const importsAtOnce = 64

// ImportAll is Import for several groups, in order. What is refused stops no other. each is told of every one as it
// ends; nil for nobody.
func (s *Store) ImportAll(ctx context.Context, groups []importing.Group, each func(i int, done Imported)) []Imported {
	results := make([]Imported, 0, len(groups))
	for len(groups) > 0 {
		n := min(importsAtOnce, len(groups))
		for _, one := range s.importTogether(ctx, groups[:n]) {
			if each != nil {
				each(len(results), one.Imported)
			}
			results = append(results, one.Imported)
		}
		groups = groups[n:]
	}
	return results
}

func (s *Store) importTogether(ctx context.Context, groups []importing.Group) []*incoming {
	list := make([]*incoming, len(groups))
	err := s.ready(ctx, "import")
	for i, g := range groups {
		list[i] = &incoming{Imported: Imported{Err: err}}
		if err == nil {
			list[i] = s.prepareImport(g)
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
			one.Found.Completed = s.completeOthers(ctx, one)
		}
	}
	s.tellEntries(ctx, stillSound(sound))
	return list
}

// stillSound are the imports that nothing has refused so far.
func stillSound(list []*incoming) (sound []*incoming) {
	for _, one := range list {
		if one.Err == nil {
			sound = append(sound, one)
		}
	}
	return sound
}

// refuse gives an error of all to those that have none of their own.
func refuse(list []*incoming, err error) {
	for _, one := range list {
		one.Err = cmp.Or(one.Err, err)
	}
}

// prepareImport decides one import, and writes nothing.
func (s *Store) prepareImport(g importing.Group) *incoming {
	one := &incoming{group: g, Imported: Imported{Err: g.Err}}
	s.mu.Lock()
	defer s.mu.Unlock()
	if one.Err == nil {
		one.match, one.Err = s.held().Match(g)
	}
	if one.Err == nil {
		one.Found, one.Err = s.held().Decide(one.match, g.Options)
	}
	if one.Err == nil {
		one.Err = importing.Fits(one.Found.Leaf)
	}
	return one
}

// commitImports writes the lines of as many imports, from the first, as go into one write, and says how many those are.
// Each is decided again under the lock, since another writer may have imported the same answer meanwhile, and those
// before it count. The error is one of all of them.
func (s *Store) commitImports(ctx context.Context, list []*incoming) (taken int, err error) {
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
func (s *Store) importLine(one *incoming, here map[ledger.Object]bool) (c change, err error) {
	decide := s.held().Decide
	if one.Found.Action == importing.Exists {
		decide = s.held().Plan // what was new has been stored by now: a key that was lost is here again
	}
	if one.Found, err = decide(one.match, one.group.Options); err != nil {
		return change{}, err
	}
	e := one.Found.Leaf
	if err := s.storeAgain(one, here); err != nil {
		return change{}, err
	}
	one.news = one.match.Link || s.held().BringsNewCA(one.match)
	may, known := s.state.Keys[e.SPKI]
	c = change{op: ledger.OpImport, data: ledger.Data{Entry: &e, NewKey: !known, Raised: known && !may && e.KeyExportable}}
	if one.Found.Action == importing.Exists {
		c.op = ledger.OpAttach
	}
	return c, nil
}

// tellEntries gives what was imported as it is in the store now.
func (s *Store) tellEntries(ctx context.Context, list []*incoming) {
	s.mu.Lock()
	defer s.mu.Unlock()
	err := s.refresh(context.WithoutCancel(ctx))
	entries := make([]ledger.Entry, len(list))
	for i, one := range list {
		r := s.state.Certificate(one.match.Entry.SHA256)
		switch {
		case err != nil:
			one.Err = err
		case r == nil:
			one.Err = fail.New(fail.NotFound, "import it again, or see with `certdesk history` who purged it",
				"%s was imported, and is no longer here", one.match.Entry.Subject)
		default:
			entries[i] = s.judge().Row(r)
		}
	}
	s.noteRelatives(entries)
	for i, one := range list {
		one.Entry = entries[i]
	}
}

// completeOthers gives the CAs of an import to the next entry whose chain lacks one, which gives them to the next, and
// names these. That there is none is no error of this import.
func (s *Store) completeOthers(ctx context.Context, one *incoming) []string {
	cas := one.match.Authorities()
	if one.match.Link {
		cas = one.group.Certs()
	}
	if len(cas) == 0 {
		return nil
	}
	got := s.ImportGroup(ctx, importing.Link(cas))
	if got.Err != nil {
		return nil
	}
	return append([]string{ledger.Label(&got.Entry)}, got.Found.Completed...)
}
