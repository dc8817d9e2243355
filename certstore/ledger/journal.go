package ledger

import (
	"context"
	"errors"
)

// Journal keeps the records, each behind the one before it.
type Journal interface {
	// Read hands on the records behind a position, oldest first and in batches, and gives the position behind them with
	// the lines that are no record. progress, where there is one, is told how much of how much was read.
	// Errors: ErrRewritten; else why nothing can be read.
	Read(from Position, each func([]Record) error, progress func(done, total int64)) (Position, []BadLine, error)
	// Update runs fn while nobody else writes, and then appends, all at once and for good, what fn added. Whoever has
	// caught up in fn knows every record before it. If fn fails nothing is appended, and its error is given.
	Update(ctx context.Context, fn func(Tx) error) error
	// Changes sends whenever there may be more to read; at most one send is pending. It is closed when ctx ends.
	Changes(ctx context.Context) <-chan struct{}
}

// Tx is what may be done in an Update.
type Tx interface {
	// CatchUp is Read, up to the end.
	CatchUp(from Position, each func([]Record) error) (Position, error)
	// Append adds the one record of this Update and gives its number. data is marshalled to JSON.
	Append(op string, data any) (seq int64, err error)
	// Add is Append for several records that share a write: each must be right without those behind it.
	Add(op string, data any) (Record, error)
	// Full says that a record more belongs into another Update.
	Full() bool
	// After runs do once what was added is there for good. Its error is Update's, and the records stand.
	After(do func() error)
	// End is the position behind what was added.
	End() Position
	// MovedTail says that something was cut off the journal's end, and may yet have been meant.
	MovedTail() bool
}

// Position is how far a journal was read; nil is its beginning.
type Position interface {
	Seq() int64 // of the last record that was read
}

// ErrRewritten says that what was read before is no longer in the journal: start over from its beginning.
var ErrRewritten = errors.New("the journal was rewritten")
