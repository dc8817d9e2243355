package disk

import (
	"context"
	"errors"
	"io/fs"
	"slices"

	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
	"certdesk/certstore/printable"
)

// Repair appends one record that names every bad line and the hash of its bytes, after which the store can be
// written again. It returns the lines; a lost journal is started anew, and is line 0 of them. The record also names the
// ends that were moved away (see Tx.MovedTail). Nothing of all that: nothing is written. A torn end is moved away as by
// any writer. Nothing is deleted. Errors as Update's.
func (d *Dir) Repair(ctx context.Context) ([]ledger.BadLine, error) {
	var named repair
	lost := false
	start := func(root Folder, a access) (err error) {
		lost, err = d.restart(root, a)
		return err
	}
	err := d.update(ctx, start, func(tx *Tx) (err error) {
		if named, err = tx.repairs(lost); err != nil || len(named.Lines)+len(named.Torn) == 0 {
			return err
		}
		_, err = tx.Append(ledger.OpRepair, named)
		return err
	})
	if err != nil {
		return nil, err
	}
	d.forgive(named)
	return named.Lines, nil
}

func (tx *Tx) repairs(lost bool) (r repair, err error) {
	if err := tx.begin(); err != nil {
		return r, err
	}
	bad := badLines{open: tx.state.bad.open}
	r.Lines = bad.list()
	if lost {
		r.Lines = append([]ledger.BadLine{lostLine()}, r.Lines...)
	}
	r.Torn, err = tx.unnamedTorn()
	return r, err
}

// MovedTail says whether an end of the journal was moved away, now or earlier and by whichever process, that no Repair
// has named since. It may have been a committed line, damaged afterwards, so that what seems to be referred to by
// nobody may well be: destroy nothing before Repair, and before what it leaves unlisted is listed again.
func (tx *Tx) MovedTail() bool {
	torn, err := tx.unnamedTorn()
	return err != nil || len(torn) > 0
}

func (tx *Tx) unnamedTorn() ([]string, error) { return tx.d.tornBeside(tx.root, tx.state.bad.torn) }

// tornBeside are the moved ends in the store's directory but those named.
func (d *Dir) tornBeside(root Folder, named []string) ([]string, error) {
	names, err := root.Names()
	if err != nil {
		return nil, failed("list "+d.o.Dir, err)
	}
	names = slices.DeleteFunc(names, func(name string) bool { return !isTorn(name) || slices.Contains(named, name) })
	slices.Sort(names)
	return names, nil
}

// Loose is what a reader passes over and the next writer must deal with.
type Loose struct {
	Tail int64    // bytes behind the journal's last good line: a writer moves them aside
	Torn []string // ends that were moved aside and that no Repair has named
}

// Loose looks for loose ends of the journal, as it was read last. For doctor.
func (d *Dir) Loose() (l Loose, err error) {
	root, _, err := d.root()
	if errors.Is(err, fs.ErrNotExist) {
		return l, nil
	}
	if err != nil {
		return l, unreadable("open the store "+d.o.Dir, err)
	}
	defer root.Close()
	d.mu.Lock()
	pos, named := d.state.pos, d.state.bad.torn
	d.mu.Unlock()
	info, err := root.Stat(journal)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return l, unreadable("look at the journal of "+d.o.Dir, err)
	case info.ident() == pos.file:
		l.Tail = max(0, info.Size-pos.offset)
	}
	l.Torn, err = d.tornBeside(root, named)
	return l, err
}

// restart makes a journal where there is none, whatever else is there.
func (d *Dir) restart(root Folder, a access) (lost bool, err error) {
	missing, lost, err := d.missingJournal(root)
	if err != nil {
		return lost, failed("look for the journal of "+d.o.Dir, err)
	}
	if missing {
		err = d.startJournal(root, a)
	}
	return lost, err
}

// lostLine stands for a whole journal that is missing.
func lostLine() ledger.BadLine { return ledger.BadLine{Why: lostWhy} }

// forgive drops from what is known the lines that a repair record now names.
func (d *Dir) forgive(named repair) {
	d.mu.Lock()
	defer d.mu.Unlock()
	left := badLines{open: map[int]ledger.BadLine{}, tail: d.state.bad.tail,
		torn: slices.Concat(d.state.bad.torn, named.Torn)}
	for n, l := range d.state.bad.open {
		left.open[n] = l
	}
	left.close(named.Lines)
	if len(named.Torn) > 0 {
		d.torn = "" // it has been told, and now stands in the journal
	}
	d.state.bad = left
}

// Bad gives the bad lines known so far that no repair record names, a torn last line included. Line 0 stands for a
// journal that was lost: missing, while objects are here.
func (d *Dir) Bad() []ledger.BadLine {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.lost {
		return []ledger.BadLine{lostLine()}
	}
	return d.state.bad.list()
}

// VerifyChain checks every line's sum and its tie to the line before, and, if head is not "", that some line has
// that sum: a cut tail does not. Damaged lines that a repair record names with the hash of their bytes pass. It
// gives the last line's sum ("" in an empty journal) and the number of readable lines. Error: fail.Damaged.
func (d *Dir) VerifyChain(head string) (last string, n int64, err error) {
	found := head == ""
	pos, bad, err := d.Read(Position{}, func(records []ledger.Record) error {
		for i := range records {
			found = found || records[i].Sum == head
			last = records[i].Sum
		}
		n += int64(len(records))
		return nil
	}, nil)
	switch {
	case err != nil:
		return "", 0, err
	case d.isLost():
		return "", 0, fail.New(fail.Damaged, lostHint, "%s", lostWhy)
	case len(bad) > 0:
		return last, n, fail.New(fail.Damaged, repairHint, "line %d of the journal: %s", bad[0].Line, bad[0].Why)
	case !found:
		return last, n, fail.New(fail.Damaged, "compare with a backup: lines were cut off or rewritten",
			"the journal has %s, and none with the sum %s", printable.Count(pos.chain.line, "line"), head)
	}
	return last, n, nil
}
