package disk

import (
	"crypto/sha256"
	"io"

	"certdesk/certstore/ledger"
)

// Position is how far a reader has read. The zero value is the beginning. Compare with ==.
type Position struct {
	file   ident
	offset int64  // where the next line begins
	last   int64  // where the last line read begins
	wrote  int64  // where the write that put it there began
	sum    string // of the bytes of the last line read, with its newline
	chain  chain
}

// Seq is the sequence number of the last line read, 0 at the beginning.
func (p Position) Seq() int64 { return p.chain.seq }

// holds says whether the journal still holds what was read up to here: the same file, not shorter, and the last line
// read, which vouches for all before it, where it was.
func (p Position) holds(j File, info Info) error {
	if p.offset == 0 {
		return nil
	}
	if p.file != info.ident() || info.Size < p.offset {
		return ledger.ErrRewritten
	}
	hash := sha256.New()
	err := inPieces(j, p.last, p.offset, func(piece []byte, _ int64) error {
		hash.Write(piece)
		return nil
	})
	if err == nil && hexOf(hash) != p.sum {
		return ledger.ErrRewritten
	}
	return err
}

// inPieces hands on a part of a file, however long, without holding it all: one piece for any line that is written
// here and is not long.
func inPieces(f io.ReaderAt, from, to int64, do func(piece []byte, at int64) error) error {
	buf := make([]byte, min(chunkSize, to-from))
	for at := from; at < to; at += int64(len(buf)) {
		buf = buf[:min(int64(len(buf)), to-at)]
		if n, err := f.ReadAt(buf, at); n < len(buf) {
			return err
		}
		if err := do(buf, at); err != nil {
			return err
		}
	}
	return nil
}

// chain ties each line to the one before it.
//
// A line whose checksum is wrong is unreadable: it counts as one line, and the next readable one may follow it with
// any higher number, since what it was tied to cannot be known. A readable line that does not follow the one before
// is bad too. If its number is higher, lines were taken out before it and the chain goes on from it, so that one
// missing line spoils one other; if not, it was put in and the chain goes on as if it were not there.
type chain struct {
	line  int
	seq   int64  // of the last line, unreadable ones counted
	known int64  // of the last readable line
	sum   string // what the next record's Prev must be; "" at the beginning
	loose bool   // the last line was unreadable: Prev of the next one proves nothing
}

// prev is what the next record's Prev is.
func (c *chain) prev() string {
	if c.sum == "" {
		return ledger.NoSum
	}
	return c.sum
}

// follow takes the next line and marks it if it is bad.
func (c *chain) follow(l *line) {
	c.line++
	l.rec.Line = c.line
	if l.unreadable() {
		c.seq, c.sum, c.loose = c.seq+1, l.sum, true
		return
	}
	l.why = c.fits(&l.rec)
	if l.why == "" || l.rec.Seq > c.seq {
		c.seq, c.known, c.sum, c.loose = l.rec.Seq, l.rec.Seq, l.rec.Sum, false
	}
}

func (c *chain) fits(r *ledger.Record) string {
	switch {
	case c.loose && r.Seq > c.known:
		return ""
	case c.loose, r.Seq != c.seq+1:
		return "its number is not the next one"
	case r.Prev != c.prev():
		return "it does not follow the line before it"
	}
	return ""
}
