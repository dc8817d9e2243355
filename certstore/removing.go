package certstore

import (
	"context"
	"errors"

	"certdesk/certstore/disk"
	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
	"certdesk/certstore/printable"
)

// Refusal is one entry a verb over several did not act on, and why.
type Refusal struct {
	Entry ledger.Entry
	Err   error
}

// Results is what a verb over several entries did.
type Results struct {
	Done    []ledger.Entry
	Refused []Refusal
	Notes   []string // sentences: what is still to be done elsewhere
}

// LoseKey is what a person types to remove a pending request: its key cannot be made again.
const LoseKey = "lose the key"

// Remove moves entries to the trash with one line; no file moves. Pending requests among them are refused
// (ConfirmationNeeded) unless loseKey says that the person knows what goes with them. What is no longer what the
// person saw (a request whose answer came meanwhile) is refused too, and so is what a service is bound to, or still
// serves (InUse): every service is asked before. What was published of them in a directory is taken out of it.
func (s *Store) Remove(ctx context.Context, seen []ledger.Entry, loseKey bool) (Results, error) {
	if err := s.writable("remove"); err != nil {
		return Results{}, err
	}
	res, err := s.remove(ctx, seen, loseKey)
	if err == nil && len(res.Done) > 0 {
		if why := s.Publish(ctx); why != nil {
			res.Notes = append(res.Notes, notYet(why))
		}
	}
	return res, err
}

func (s *Store) remove(ctx context.Context, seen []ledger.Entry, loseKey bool) (Results, error) {
	served := s.daemons.ServedNow(ctx, seen)
	was := map[int64]string{}
	for _, e := range seen {
		was[e.ID] = e.SHA256
	}
	return s.overSeveral(ctx, "remove", s.sorting(idsOf(seen), func(e ledger.Entry) error {
		switch {
		case was[e.ID] != e.SHA256:
			return fail.New(fail.ConfirmationNeeded, "look at it again before you decide", "%s was changed in the meantime",
				e.FriendlyName)
		case !e.Removed.IsZero():
			return fail.New(fail.NotFound, "`certdesk list --removed` shows it", "%s has already been removed", e.FriendlyName)
		case e.Kind == ledger.PendingReq && !loseKey:
			return fail.New(fail.ConfirmationNeeded, "on a terminal type `"+LoseKey+"`; in a script give --force",
				"%s is a pending request: without its key the CA's answer is worthless", e.FriendlyName)
		case refuseBound(s.state, e) != nil:
			return refuseBound(s.state, e)
		}
		return served[e.SHA256]
	}), func(done []ledger.Entry) change {
		return change{op: ledger.OpRemove, data: ledger.Data{IDs: idsOf(done)}}
	})
}

// Restore takes entries out of the trash with one line.
func (s *Store) Restore(ctx context.Context, ids []int64) (Results, error) {
	return s.overSeveral(ctx, "restore", s.sorting(ids, onlyRemoved),
		func(done []ledger.Entry) change {
			return change{op: ledger.OpRestore, data: ledger.Data{IDs: idsOf(done)}}
		})
}

func onlyRemoved(e ledger.Entry) error {
	if e.Removed.IsZero() {
		return fail.New(fail.NotFound, "only what was removed can be restored or purged", "%s was not removed",
			e.FriendlyName)
	}
	return nil
}

// Purge destroys removed entries: one line that forgets them and names the objects no other entry refers to, live
// or removed, keys included; then those are unlinked. If that dies, the next writer finishes it.
func (s *Store) Purge(ctx context.Context, ids []int64) (Results, error) {
	if err := s.knowsAll(ctx); err != nil {
		return Results{}, err
	}
	deployed, err := s.deployedOf(ctx, ids)
	if err != nil {
		return Results{}, err
	}
	res, err := s.overSeveral(ctx, "purge", func() (Results, error) { return s.purgeable(ids) },
		func(done []ledger.Entry) change {
			doomed := s.doomed(done)
			return change{op: ledger.OpPurge, data: ledger.Data{IDs: idsOf(done), Objects: doomed, Copies: deployed.Paths()},
				after: func() error { return s.destroy(doomed) }}
		})
	if err != nil || len(res.Done) == 0 {
		return res, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return res, s.finishPurge(ctx)
}

// Doom is what a purge of some entries would destroy.
type Doom struct {
	Files  []string       // where the objects lie that nothing else refers to
	Key    bool           // a private key is among them
	Copies []string       // directories of deployed copies of that key, destroyed too
	Heirs  []ledger.Entry // the entries, live or removed, that have the same private key, which therefore stays
}

// WouldPurge says what Purge would destroy now, and writes nothing.
func (s *Store) WouldPurge(ctx context.Context, ids []int64) (Doom, error) {
	deployed, err := s.deployedOf(ctx, ids)
	if err != nil {
		return Doom{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.refresh(ctx); err != nil {
		return Doom{}, err
	}
	res, err := s.purgeable(ids)
	if err != nil {
		return Doom{}, err
	}
	if len(res.Refused) > 0 {
		return Doom{}, res.Refused[0].Err
	}
	d := Doom{Copies: printable.Texts(deployed.Paths())}
	for _, o := range s.doomed(res.Done) {
		d.Files = append(d.Files, printablePath(s.dir.Path(o.Kind, o.Name)))
		d.Key = d.Key || o.Kind == ledger.Keys
	}
	d.Heirs = s.heirs(res.Done)
	return d, nil
}

// heirs are the other entries that have the key of one of these.
func (s *Store) heirs(entries []ledger.Entry) (list []ledger.Entry) {
	keys, going := map[string]bool{}, map[int64]bool{}
	for _, e := range entries {
		keys[e.SPKI], going[e.ID] = true, true
	}
	for _, r := range s.state.Rows {
		if keys[r.SPKI] && !going[r.ID] {
			list = append(list, r.Entry)
		}
	}
	return list
}

// knowsAll refuses a purge while some line could not be read: it may name an entry that needs what would go.
func (s *Store) knowsAll(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.refresh(ctx); err != nil || len(s.state.Problems) == 0 {
		return err
	}
	return fail.New(fail.Damaged, "a newer certdesk may know it; nothing is purged until every line is understood", "%s",
		s.state.Problems[0])
}

// doomed lists the objects that only these entries refer to.
func (s *Store) doomed(entries []ledger.Entry) []ledger.Object {
	going := map[int64]bool{}
	for _, e := range entries {
		going[e.ID] = true
	}
	used := s.state.Refers(going)
	var list []ledger.Object
	for _, e := range entries {
		for _, o := range e.Objects() {
			if !used[o] {
				used[o] = true // once each
				list = append(list, o)
			}
		}
	}
	return list
}

func (s *Store) unlink(list []ledger.Object) error {
	for _, o := range list {
		if !disk.ValidObject(o.Kind, o.Name) {
			continue // a line nobody here wrote: there is no such file
		}
		if err := s.dir.Delete(o.Kind, o.Name); err != nil {
			return err
		}
	}
	return nil
}

// finishPurge unlinks what a purge named, unless an entry refers to it again, and says so in the journal. The
// caller holds s.mu.
func (s *Store) finishPurge(ctx context.Context) error {
	if s.dir.Writable() != "" {
		return nil // the write that follows says why
	}
	if err := s.refresh(ctx); err != nil || len(s.state.Unfinished) == 0 {
		return err
	}
	_, err := s.append(ctx, func() (change, error) {
		if len(s.state.Unfinished) == 0 {
			return change{}, nil // another writer was faster
		}
		list, err := s.stillDoomed()
		if err != nil {
			return change{}, &unpurged{err}
		}
		return change{op: ledger.OpPurged, data: ledger.Data{Objects: list}, before: func() error {
			if err := s.destroy(list); err != nil {
				return &unpurged{err}
			}
			return nil
		}}, nil
	})
	if err != nil {
		return err
	}
	s.unpurged = ""
	return s.refresh(ctx)
}

// purgeable sorts out what may be purged, and takes back whose key something else needs.
func (s *Store) purgeable(ids []int64) (Results, error) {
	res := s.sortOut(ids, s.mayPurge)
	err := s.spare(&res)
	return res, err
}

// sorting is sortOut, to be called under the lock.
func (s *Store) sorting(ids []int64, may func(ledger.Entry) error) func() (Results, error) {
	return func() (Results, error) { return s.sortOut(ids, may), nil }
}

// stillDoomed is what an unfinished purge named, but for what an entry refers to again and the keys of other objects.
func (s *Store) stillDoomed() (list []ledger.Object, err error) {
	held, err := s.holders(s.state.Unfinished, nil)
	if err != nil {
		return nil, err
	}
	used := s.state.Refers(nil)
	for _, o := range s.state.Unfinished {
		_, needed := held[o.Name]
		if !used[o] && !(o.Kind == ledger.Keys && needed) {
			list = append(list, o)
		}
	}
	return list, nil
}

// unpurged says why what a purge named cannot be destroyed. It keeps nobody from writing: what cannot be unlinked
// today would otherwise lock the store.
type unpurged struct{ error }

func (u *unpurged) Unwrap() error { return u.error }

// finishOldPurge is finishPurge for a writer who came for something else.
func (s *Store) finishOldPurge(ctx context.Context) error {
	err := s.finishPurge(ctx)
	var left *unpurged
	if !errors.As(err, &left) {
		return err
	}
	s.unpurged = "a purge could not be finished: " + fail.Sentence(left.error)
	return nil
}

// overSeveral decides for each entry under the lock and writes one line for those that may.
func (s *Store) overSeveral(ctx context.Context, verb string, decide func() (Results, error),
	line func([]ledger.Entry) change) (Results, error) {
	if err := s.ready(ctx, verb); err != nil {
		return Results{}, err
	}
	var res Results
	_, err := s.write(ctx, func() (change, error) {
		var err error
		res, err = decide()
		if err != nil || len(res.Done) == 0 {
			return change{}, err
		}
		return line(res.Done), nil
	})
	if err != nil {
		return Results{}, err
	}
	return res, nil
}

func (s *Store) sortOut(ids []int64, may func(ledger.Entry) error) (res Results) {
	seen := map[int64]bool{}
	for _, id := range ids {
		if seen[id] {
			continue
		}
		seen[id] = true
		e, err := s.byID(id)
		if err == nil {
			err = may(e)
		}
		if err != nil {
			res.Refused = append(res.Refused, Refusal{e, err})
			continue
		}
		res.Done = append(res.Done, e)
	}
	return res
}

func idsOf(entries []ledger.Entry) []int64 {
	ids := make([]int64, 0, len(entries))
	for _, e := range entries {
		ids = append(ids, e.ID)
	}
	return ids
}

// refuseBound refuses what would take a certificate from under a service that serves it.
func refuseBound(st *ledger.State, e ledger.Entry) error {
	for _, u := range st.Begun {
		if u.Entry == e.ID {
			return fail.New(fail.InUse, "wait for that to end, or undo it with `certdesk enable --roll-back`",
				"%s is in use: %s", e.FriendlyName, u.Text())
		}
	}
	if list := st.BoundTo(e.ID); len(list) > 0 {
		return fail.New(fail.InUse, "enable another certificate for it first; `certdesk disable` only forgets it",
			"%s is in use: it is enabled for %s", e.FriendlyName, ledger.ServedWords(list))
	}
	return nil
}
