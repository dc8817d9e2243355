package disk

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
	"certdesk/certstore/printable"
)

// CatchUp is Dir.Read under the lock: after it the caller knows every committed record.
func (tx *Tx) CatchUp(from Position, each func([]ledger.Record) error) (Position, error) {
	info, err := tx.j.Info()
	if err != nil {
		return from, tx.d.unread(err)
	}
	s, err := tx.d.scanFile(tx.j, info, from, each, nil)
	if err != nil {
		return from, err
	}
	return s.pos, nil
}

// Append adds the record, which commit writes once Update's function has returned; data is marshalled to JSON, 8 MiB at
// most. seq is the record's sequence number. A transaction is one line, since only that is atomic: a second Append is
// an error.
func (tx *Tx) Append(op string, data any) (seq int64, err error) {
	if tx.rec != nil {
		return 0, fail.New(fail.Failed, "", "a transaction is one record, and it has %q already", tx.rec.Op)
	}
	rec, err := tx.Add(op, data)
	return rec.Seq, err
}

// maxTogether is how many bytes of lines take one more into the same write.
const maxTogether = 256 << 10

// Full says that a record more belongs into another transaction.
func (tx *Tx) Full() bool { return len(tx.text) >= maxTogether }

// Add is Append for several independent records, which share one write and one fsync. After a crash all of them stand,
// or some first ones: each must be right without those that follow it. It gives the record as a reader will find it.
func (tx *Tx) Add(op string, data any) (ledger.Record, error) {
	raw, err := json.Marshal(data)
	if err != nil {
		return ledger.Record{}, failed("make the record "+op, err)
	}
	end := tx.End()
	rec := &ledger.Record{Seq: end.chain.seq + 1, Prev: end.chain.prev(), Actor: tx.d.o.Actor, Op: op, Data: raw,
		Time: tx.d.o.Now().UTC().Truncate(time.Millisecond), At: int64(len(tx.text))}
	text, err := rec.Encode()
	if err != nil {
		return ledger.Record{}, failed("make the record "+op, err)
	}
	tx.end = end.plus(rec, text)
	rec.Line = tx.end.chain.line
	tx.rec, tx.text = rec, append(tx.text, text...)
	return *rec, nil
}

// End is the position behind what was added.
func (tx *Tx) End() Position {
	if tx.rec == nil {
		return tx.state.pos
	}
	return tx.end
}

// After runs do under the lock, after the record is durable: what may only happen once it is, such as Delete.
// Its error is Update's, but the record stands. Several run in order until one fails.
func (tx *Tx) After(do func() error) { tx.after = append(tx.after, do) }

// begin makes durable what is in the journal before anybody acts on it, and moves a torn end away: a writer that
// died may have left either.
func (tx *Tx) begin() error {
	if err := tx.moveTail(); err != nil {
		return tx.d.failed("move the torn end of the journal away", err)
	}
	if tx.state.durable >= tx.state.pos.offset {
		return nil
	}
	if err := tx.rewriteLast(); err != nil {
		return failed("write the last line of the journal again", err)
	}
	return tx.sync()
}

// rewriteLast writes what the last write put there once more, the same bytes. If its writer's fsync failed, the kernel
// takes its pages for written though they are not, and only a new write makes the next fsync mean something. Each
// writer does so for the one before, so it is never more than one write.
func (tx *Tx) rewriteLast() error {
	from, to := tx.state.pos.wrote, tx.state.pos.offset
	return inPieces(tx.j, from, to, func(piece []byte, at int64) error {
		_, err := tx.j.WriteAt(piece, at)
		return err
	})
}

func (tx *Tx) moveTail() error {
	info, err := tx.j.Info()
	end := tx.state.pos.offset
	if err != nil || info.Size == end {
		return err
	}
	torn := io.NewSectionReader(tx.j, end, info.Size-end)
	name, err := tx.tornName(torn)
	if err != nil {
		return err
	}
	if err := publishFrom(tx.root, name, torn, tx.a); err != nil {
		return err
	}
	if err := tx.j.Truncate(end); err != nil {
		return err
	}
	tx.state.durable = -1
	tx.moved(name, torn.Size())
	return nil
}

// tornName is a name for a torn end, and refuses what holds a whole record: that end is not torn, whatever led here.
func (tx *Tx) tornName(torn *io.SectionReader) (string, error) {
	hash, lines := sha256.New(), &scan{file: tx.j, size: tx.state.pos.offset + torn.Size()}
	err := inPieces(torn, 0, torn.Size(), func(piece []byte, _ int64) error {
		hash.Write(piece)
		return nil
	})
	if err != nil {
		return "", err
	}
	for at := tx.state.pos.offset; ; {
		c := lines.next(at)
		switch {
		case c == nil:
			return fmt.Sprintf("torn-%s-%s", tx.d.o.Now().UTC().Format("20060102T150405Z"), hexOf(hash)[:8]), nil
		case c.err != nil:
			return "", c.err
		case c.standsAlone(tx.state.pos.offset):
			return "", fail.New(fail.Damaged, "find out what else writes to the journal, stop it, and try again",
				"the end of the journal grew by a whole record while it was being checked")
		}
		at += c.size()
	}
}

// moved tells the people.
func (tx *Tx) moved(name string, n int64) {
	tx.d.mu.Lock()
	defer tx.d.mu.Unlock()
	tx.d.state.bad.tail = nil
	tx.d.torn = fmt.Sprintf("the journal ended in a record that was never finished (%s), which is kept in %s",
		printable.Count(n, "byte"), name)
}

// commit appends the records with one write and one fsync.
func (tx *Tx) commit() error {
	if tx.rec != nil {
		if err := tx.write(); err != nil {
			return err
		}
	}
	for _, do := range tx.after {
		if err := do(); err != nil {
			return failed("finish "+tx.op(), err)
		}
	}
	return nil
}

func (tx *Tx) op() string {
	if tx.rec == nil {
		return "the transaction"
	}
	return tx.rec.Op
}

func (tx *Tx) write() error {
	from := tx.state.pos
	if _, err := tx.j.WriteAt(tx.text, from.offset); err != nil {
		return tx.d.inDoubt("write the journal", err)
	}
	tx.state.pos = tx.end
	if err := tx.sync(); err != nil {
		return err
	}
	tx.d.mu.Lock()
	defer tx.d.mu.Unlock()
	if tx.d.state.pos == from {
		tx.d.state.pos = tx.state.pos
	}
	return nil
}

// sync makes the journal durable up to tx.state.pos.
func (tx *Tx) sync() error {
	if err := tx.j.Sync(); err != nil {
		return tx.d.inDoubt("sync the journal", err)
	}
	tx.state.durable = tx.state.pos.offset
	tx.d.mu.Lock()
	defer tx.d.mu.Unlock()
	tx.d.state.durable = tx.state.durable
	return nil
}

// inDoubt stops all writing: whether the last bytes of the journal are on the disk is not known, and an fsync tried
// again would not tell.
func (d *Dir) inDoubt(what string, err error) error {
	doubt := fail.New(fail.InDoubt, doubtHint, "%s: %w: it is not known whether the last record was kept", what, err)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.doubt = doubt
	return doubt
}

// plus is the position after one more record.
func (p Position) plus(rec *ledger.Record, text []byte) Position {
	p.chain.follow(&line{rec: *rec, len: len(text)})
	p.last, p.wrote = p.offset, beginOf(rec, p.offset)
	p.offset, p.sum = p.offset+int64(len(text)), ledger.SumOf(text)
	return p
}
