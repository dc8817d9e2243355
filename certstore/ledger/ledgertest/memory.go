// Package ledgertest has a journal in memory, and what every ledger.Journal has to hold to. Tests alone import it.
package ledgertest

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"

	"certdesk/certstore/ledger"
)

// Memory is a journal that ends with the process. Its zero value is an empty one.
type Memory struct {
	Actor ledger.Actor // who writes

	writer  sync.Mutex // held in an Update
	mu      sync.Mutex // of what follows
	records []ledger.Record
	waiting []chan struct{}
}

// position is how many records were read.
type position int64

// Seq is the number of the last of them.
func (p position) Seq() int64 { return int64(p) }

// Read is ledger.Journal's.
func (m *Memory) Read(from ledger.Position, each func([]ledger.Record) error,
	progress func(done, total int64)) (ledger.Position, []ledger.BadLine, error) {
	m.mu.Lock()
	all := slices.Clip(m.records)
	m.mu.Unlock()
	at, err := readIn(all, from, each)
	if err == nil && progress != nil {
		progress(int64(len(all)), int64(len(all)))
	}
	return at, nil, err
}

func readIn(all []ledger.Record, from ledger.Position, each func([]ledger.Record) error) (ledger.Position, error) {
	at, _ := from.(position)
	if int(at) > len(all) {
		return from, ledger.ErrRewritten
	}
	if fresh := all[at:]; len(fresh) > 0 && each != nil {
		if err := each(slices.Clone(fresh)); err != nil {
			return from, err
		}
	}
	return position(len(all)), nil
}

// Update is ledger.Journal's.
func (m *Memory) Update(ctx context.Context, fn func(ledger.Tx) error) error {
	m.writer.Lock()
	defer m.writer.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	tx := &tx{m: m, all: slices.Clip(m.records)}
	if err := fn(tx); err != nil {
		return err
	}
	m.mu.Lock()
	m.records = tx.all
	for _, c := range m.waiting {
		select {
		case c <- struct{}{}:
		default:
		}
	}
	m.mu.Unlock()
	for _, do := range tx.after {
		if err := do(); err != nil {
			return err
		}
	}
	return nil
}

// Changes is ledger.Journal's.
func (m *Memory) Changes(ctx context.Context) <-chan struct{} {
	c := make(chan struct{}, 1)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.waiting = append(m.waiting, c)
	context.AfterFunc(ctx, func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.waiting = slices.DeleteFunc(m.waiting, func(other chan struct{}) bool { return other == c })
		close(c)
	})
	return c
}

// tx is one Update: the records there were, and those it adds.
type tx struct {
	m     *Memory
	all   []ledger.Record
	added int
	after []func() error
}

// CatchUp is ledger.Tx's.
func (t *tx) CatchUp(from ledger.Position, each func([]ledger.Record) error) (ledger.Position, error) {
	return readIn(t.all[:len(t.all)-t.added], from, each)
}

// Append is ledger.Tx's.
func (t *tx) Append(op string, data any) (int64, error) {
	if t.added > 0 {
		return 0, fmt.Errorf("an update is one record, and it has %q already", t.all[len(t.all)-1].Op)
	}
	rec, err := t.Add(op, data)
	return rec.Seq, err
}

// Add is ledger.Tx's.
func (t *tx) Add(op string, data any) (ledger.Record, error) {
	raw, err := json.Marshal(data)
	if err != nil {
		return ledger.Record{}, err
	}
	n := len(t.all)
	rec := ledger.Record{Seq: int64(n + 1), Line: n + 1, Prev: ledger.NoSum, Actor: t.m.Actor, Op: op, Data: raw,
		Time: time.Now().UTC().Truncate(time.Millisecond)}
	if n > 0 {
		rec.Prev = t.all[n-1].Sum
	}
	if _, err := rec.Encode(); err != nil { // which sets its sum
		return ledger.Record{}, err
	}
	t.all, t.added = append(t.all, rec), t.added+1
	return rec, nil
}

// Full is ledger.Tx's: memory has room.
func (t *tx) Full() bool { return false }

// After is ledger.Tx's.
func (t *tx) After(do func() error) { t.after = append(t.after, do) }

// End is ledger.Tx's.
func (t *tx) End() ledger.Position { return position(len(t.all)) }

// MovedTail is ledger.Tx's: nothing is torn here.
func (t *tx) MovedTail() bool { return false }
