package certstore

import (
	"cmp"
	"context"
	"crypto"
	"errors"
	"fmt"

	"certdesk/certstore/disk"
	"certdesk/certstore/fail"
	"certdesk/certstore/issuing"
	"certdesk/certstore/ledger"
	"certdesk/certstore/objects"
)

// New makes a request or a self-signed certificate. The order is the promise: the key is durable, re-read and
// test-signed, then the object that holds its public half is durable, then the journal names both, and only then
// does the request leave. Errors beside Check's: KeptPending (all is safe, Path was not written), Locked, InDoubt.
func (s *Store) New(ctx context.Context, r issuing.Request) (issuing.Made, error) {
	if err := s.Check(ctx, r); err != nil {
		return issuing.Made{}, err
	}
	one, err := s.issue(ctx, r)
	if err != nil {
		return issuing.Made{}, err
	}
	if err := s.keep(one); err != nil {
		return issuing.Made{}, begun(err)
	}
	made, err := s.commitNew(ctx, r, one.Made)
	return made, begun(err)
}

// issued is what was made of a request, and is nowhere but in memory yet.
type issued struct {
	issuing.Made
	request issuing.Request
	key     crypto.Signer
	kind    ledger.ObjectKind
}

// issue makes the key and what it signs.
func (s *Store) issue(ctx context.Context, r issuing.Request) (one issued, err error) {
	if one.key, err = s.keyFor(ctx, r); err != nil {
		return one, err
	}
	if err := ctx.Err(); err != nil {
		return one, fail.New(fail.Canceled, "nothing was made", "new: interrupted: %w", err)
	}
	if one.Made, one.kind, err = issuing.Issue(r, one.key, s.o.Serial, s.o.Now()); err != nil {
		return one, err
	}
	e := &one.Made.Entry
	e.KeyKept, e.KeyExportable = true, r.Exportable
	e.Wanted, e.RenewalOf = r.Wanted, r.RenewalOf
	if e.FriendlyName = r.FriendlyName; r.FriendlyName == "" {
		e.FriendlyName = e.DefaultName()
	}
	one.request = r
	return one, nil
}

// keep makes the key and the object durable. A key that is reused is there; to put it again could bring back what a
// purge took.
func (s *Store) keep(one issued) error {
	if !one.request.ReuseKey {
		if err := s.objects.KeepKey(one.key, one.Entry.SPKI); err != nil {
			return err
		}
	}
	return s.dir.Put(one.kind, one.Entry.SHA256, one.PEM)
}

// keyFor makes the key, outside the lock, or takes that of the entry to renew.
func (s *Store) keyFor(ctx context.Context, r issuing.Request) (crypto.Signer, error) {
	if !r.ReuseKey {
		key, err := s.o.NewKey(r.Key)
		if err != nil {
			return nil, fmt.Errorf("make the key: %w", err)
		}
		return key, nil
	}
	old, err := s.get(ctx, r.RenewalOf)
	if err != nil {
		return nil, err
	}
	return s.objects.Key(old.SPKI)
}

// commitNew names the new entry in the journal, then lets the request leave.
func (s *Store) commitNew(ctx context.Context, r issuing.Request, made issuing.Made) (issuing.Made, error) {
	staged, err := s.stageRequest(r, made)
	if err != nil {
		return issuing.Made{}, err
	}
	if staged != nil {
		defer staged.Cleanup()
	}
	id := int64(0) // stays so for an entry that the line creates
	seq, err := s.write(ctx, func() (change, error) {
		c, err := s.newLine(r, made.Entry)
		if err == nil {
			id = c.data.Entry.ID
		}
		return c, err
	})
	if err != nil {
		return issuing.Made{}, err
	}
	id = cmp.Or(id, seq)
	made.Entry.ID = id
	if staged == nil {
		made.Entry, err = s.get(context.WithoutCancel(ctx), id)
		return made, err
	}
	if err := leave(staged, made.Entry); err != nil {
		return made, err
	}
	made.Path = r.Path
	made.Entry, err = s.get(context.WithoutCancel(ctx), id)
	return made, err
}

// leave lets a request out whose line stands.
func leave(staged *disk.Staged, e ledger.Entry) error {
	err := staged.Commit()
	if errors.Is(err, disk.ErrNotDurable) {
		return fail.New(fail.KeptPending,
			fmt.Sprintf("check the disk, then `certdesk export %s --path FILE --force` writes it again", e.Short()),
			"the request is safe in the store as pending, but its file may not survive a power cut: %w", err)
	}
	if err != nil {
		return fail.New(fail.KeptPending, fmt.Sprintf("`certdesk export %s --path FILE` writes it", e.Short()),
			"the request is safe in the store as pending, but its file was not written: %w", err)
	}
	return nil
}

// newLine decides under the lock. A key that is reused must still be referred to and there, or a purge has taken it. A
// doctor who repaired meanwhile may have listed the new object already: then that row becomes this entry.
func (s *Store) newLine(r issuing.Request, e ledger.Entry) (change, error) {
	if err := mayRenew(s.state, r.RenewalOf); err != nil {
		return change{}, err
	}
	if r.ReuseKey {
		if err := s.stillKept(r.RenewalOf, e.SPKI); err != nil {
			return change{}, err
		}
		e.KeyExportable = s.state.Keys[e.SPKI]
	}
	if err := s.stillThere(e); err != nil {
		return change{}, err
	}
	if adopted := s.state.Index.Sums[e.SHA256]; len(adopted) > 0 {
		e.ID, e.Created = adopted[0].ID, adopted[0].Created
	}
	return change{op: ledger.OpNew, data: ledger.Data{Entry: &e, NewKey: !r.ReuseKey, Order: r.Order}}, nil
}

// stillKept says whether an entry and its key outlived every purge so far. The caller is under the lock.
func (s *Store) stillKept(id int64, spki string) error {
	if _, err := s.byID(id); err != nil {
		return err
	}
	here, err := s.dir.Has(ledger.Keys, spki)
	if err == nil && !here {
		err = fail.New(fail.Damaged, objects.Hint, "the private key of the entry is no longer in the store")
	}
	return err
}

// stillThere says whether the objects of an entry outlived every purge so far: a repair may have listed them before the
// entry's own line came, and somebody purged what it listed. The caller is under the lock.
func (s *Store) stillThere(e ledger.Entry) error {
	for _, o := range e.Objects() {
		here, err := s.dir.Has(o.Kind, o.Name)
		if err != nil {
			return err
		}
		if !here {
			return fail.New(fail.Failed, "make it again", "%s was purged while it was being made", e.FriendlyName)
		}
	}
	return nil
}

// stageRequest writes the request beside its target; nil where no path was given.
func (s *Store) stageRequest(r issuing.Request, made issuing.Made) (*disk.Staged, error) {
	if r.Path == "" || r.SelfSigned {
		return nil, nil
	}
	data := made.PEM
	if r.Binary {
		data = made.DER
	}
	return disk.Stage(s.o.FS, r.Path, data, 0o600, r.Overwrite)
}
