package disk

import (
	"context"

	"certdesk/certstore/fail"
)

// Repair appends one record that names every bad line and the hash of its bytes, after which the store can be
// written again. It returns what it named; nothing bad: nothing is written. A torn end is moved away as by any
// writer. Nothing is deleted. Errors as Update's.
func (d *Dir) Repair(ctx context.Context) ([]BadLine, error) {
	var named []BadLine
	err := d.update(ctx, func(tx *Tx) error {
		if err := tx.begin(); err != nil {
			return err
		}
		bad := badLines{open: tx.state.bad.open}
		if named = bad.list(); len(named) == 0 {
			return nil
		}
		_, err := tx.Append(OpRepair, repair{named})
		return err
	})
	if err != nil {
		return nil, err
	}
	d.forgive(named)
	return named, nil
}

// forgive drops from what is known the lines that a repair record now names.
func (d *Dir) forgive(named []BadLine) {
	d.mu.Lock()
	defer d.mu.Unlock()
	left := badLines{open: map[int]BadLine{}, tail: d.state.bad.tail}
	for n, l := range d.state.bad.open {
		left.open[n] = l
	}
	left.close(named)
	d.state.bad = left
}

// Bad gives the bad lines known so far that no repair record names, a torn last line included.
func (d *Dir) Bad() []BadLine {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.state.bad.list()
}

// VerifyChain checks every line's sum and its tie to the line before, and, if head is not "", that some line has
// that sum: a cut tail does not. Damaged lines that a repair record names with the hash of their bytes pass. It
// gives the last line's sum ("" in an empty journal) and the number of readable lines. Error: fail.Damaged.
func (d *Dir) VerifyChain(head string) (last string, n int64, err error) {
	found := head == ""
	pos, bad, err := d.Read(Position{}, func(records []Record) error {
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
	case len(bad) > 0:
		return last, n, fail.New(fail.Damaged, repairHint, "line %d of the journal: %s", bad[0].Line, bad[0].Why)
	case !found:
		return last, n, fail.New(fail.Damaged, "compare with a backup: lines were cut off or rewritten",
			"none of the %d lines of the journal has the sum %s", pos.chain.line, head)
	}
	return last, n, nil
}
