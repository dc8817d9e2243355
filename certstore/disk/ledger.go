package disk

import (
	"context"

	"certdesk/certstore/ledger"
)

// Journal is the store's journal as the ledger knows one. A position of another one is taken for the beginning.
func (d *Dir) Journal() ledger.Journal { return journalOf{d} }

type journalOf struct{ d *Dir }

func (j journalOf) Read(from ledger.Position, each func([]ledger.Record) error,
	progress func(done, total int64)) (ledger.Position, []ledger.BadLine, error) {
	return j.d.Read(ownPosition(from), each, progress)
}

func (j journalOf) Update(ctx context.Context, fn func(ledger.Tx) error) error {
	return j.d.Update(ctx, func(tx *Tx) error { return fn(txOf{tx}) })
}

func (j journalOf) Changes(ctx context.Context) <-chan struct{} { return j.d.Changes(ctx) }

type txOf struct{ *Tx }

func (t txOf) CatchUp(from ledger.Position, each func([]ledger.Record) error) (ledger.Position, error) {
	return t.Tx.CatchUp(ownPosition(from), each)
}

func (t txOf) End() ledger.Position { return t.Tx.End() }

func ownPosition(p ledger.Position) Position {
	own, _ := p.(Position)
	return own
}
