package disk

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"certdesk/certstore/ledger"
)

// repair is the data of a repair record.
type repair struct {
	Lines []ledger.BadLine `json:"lines"`
	Torn  []string         `json:"torn,omitempty"` // files that hold moved ends of the journal
}

// badLines are the bad lines that no repair record names so far, by line.
type badLines struct {
	open  map[int]ledger.BadLine
	tail  *ledger.BadLine
	fixed []ledger.BadLine // what repair records named, for lines found in an earlier pass
	torn  []string         // the moved ends that repair records named
}

// add takes a bad line with the sum of its bytes.
func (b *badLines) add(l *line) {
	if b.open == nil {
		b.open = map[int]ledger.BadLine{}
	}
	b.open[l.rec.Line] = ledger.BadLine{Line: l.rec.Line, SHA256: l.sum, Why: l.why}
}

func (b *badLines) repairedBy(r *ledger.Record) {
	if r.Op != ledger.OpRepair {
		return
	}
	var data repair
	if json.Unmarshal(r.Data, &data) != nil {
		return
	}
	b.fixed = append(b.fixed, data.Lines...)
	b.torn = append(b.torn, data.Torn...)
	b.close(data.Lines)
}

// close forgets lines whose bytes are still those that were repaired; other bytes are new damage.
func (b *badLines) close(lines []ledger.BadLine) {
	for _, l := range lines {
		if b.open[l.Line].SHA256 == l.SHA256 {
			delete(b.open, l.Line)
		}
	}
}

func (b *badLines) list() []ledger.BadLine {
	var all []ledger.BadLine
	for _, n := range slices.Sorted(maps.Keys(b.open)) {
		all = append(all, b.open[n])
	}
	if b.tail != nil {
		all = append(all, *b.tail)
	}
	return all
}

// state is what this process knows of the journal: how far it was read, and what was bad there.
type state struct {
	pos     Position
	bad     badLines
	durable int64 // up to here this process, or one that it waited for, has synced the journal
}

// learn adds what a pass from a position found; a pass from elsewhere than where the state ends teaches nothing new.
func (s *state) learn(from Position, pass *scan) {
	switch {
	case from == (Position{}):
		s.bad = badLines{open: maps.Clone(pass.bad.open), torn: pass.bad.torn}
	case from == s.pos:
		open := map[int]ledger.BadLine{} // a new one: a transaction may hold the old
		maps.Copy(open, s.bad.open)
		maps.Copy(open, pass.bad.open)
		s.bad.open, s.bad.torn = open, slices.Concat(s.bad.torn, pass.bad.torn)
		s.bad.close(pass.bad.fixed)
	default:
		return
	}
	if s.pos.file != pass.pos.file {
		s.durable = 0
	}
	s.pos, s.bad.tail = pass.pos, pass.bad.tail
}

// damage says in half a sentence what keeps the store from being written, or "".
func (s *state) damage() string {
	lines := slices.Sorted(maps.Keys(s.bad.open))
	switch len(lines) {
	case 0:
		return ""
	case 1:
		return fmt.Sprintf("line %d of its journal is damaged", lines[0])
	}
	return fmt.Sprintf("%d lines of its journal are damaged, the first is line %d", len(lines), lines[0])
}
