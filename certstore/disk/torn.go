package disk

import (
	"bytes"

	"certdesk/certstore/ledger"
)

// endsBefore says whether the journal ends before a line: it is the last and cannot be read, or one of the lines of the
// last write cannot be, whose pages may have reached the disk in any order. Nobody was told that what follows it
// stands.
func (s *scan) endsBefore(l *line) (bool, error) {
	switch {
	case !l.unreadable():
		return false, nil
	case s.pos.offset+int64(l.len) == s.size:
		return true, nil
	}
	if s.end == nil {
		began, err := s.lastWrite(s.pos.offset)
		if err != nil {
			return false, err
		}
		s.end = &began
	}
	return *s.end <= s.pos.offset, nil
}

// lastWrite is where the write began whose line is the last that can be read, if it wrote others before that one; else
// the end of the journal. It looks no further back than a line can be long.
func (s *scan) lastWrite(from int64) (int64, error) {
	from = max(from, s.size-maxWhole)
	buf := make([]byte, s.size-from)
	if err := s.readFull(buf, from); err != nil {
		return 0, err
	}
	began := s.size
	c := &chunk{at: from, data: buf[:lastNewline(buf)]}
	c.each(func(at int64, l line) {
		if !l.unreadable() {
			began = s.size
		}
		if !l.unreadable() && l.rec.At > 0 {
			began = beginOf(&l.rec, at)
		}
	})
	return began, nil
}

func lastNewline(b []byte) int { return bytes.LastIndexByte(b, '\n') + 1 }

// beginOf is where the write began that put a record where it is.
func beginOf(r *ledger.Record, at int64) int64 { return min(at, max(0, at-r.At)) }

// each hands on the lines of a chunk with where they begin.
func (c *chunk) each(do func(at int64, l line)) {
	at := c.at
	for _, l := range c.parse() {
		do(at, l)
		at += int64(l.len)
	}
}

// standsAlone says whether a chunk behind the end of the journal has a record that another write put there.
func (c *chunk) standsAlone(end int64) (alone bool) {
	c.each(func(at int64, l line) {
		alone = alone || !l.unreadable() && (l.rec.At == 0 || beginOf(&l.rec, at) > end)
	})
	return alone
}
