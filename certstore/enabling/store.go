package enabling

import (
	"context"
	"crypto/x509"

	"certdesk/certstore/ledger"
	"certdesk/certstore/probe"
	"certdesk/certstore/services"
)

// Store is what enabling needs of the certificate store.
type Store interface {
	// Lock keeps everybody else from changing daemons. Errors: Locked naming who is at it, ReadOnly, Damaged.
	Lock(ctx context.Context) (release func(), err error)
	// Idle says whether the store can be written and nobody holds Lock.
	Idle() bool

	// Read brings the view up to date and shows it; fn must not wait for anything.
	Read(ctx context.Context, fn func(View)) error
	// Peek shows the view as it was last read.
	Peek(fn func(View))
	// Write appends the line that fn makes from the view, none for an operation "".
	Write(ctx context.Context, fn func(View) (op string, data ledger.Data, err error)) (seq int64, err error)

	// Entry gives one entry, judged now, with its successor. Errors: NotFound.
	Entry(ctx context.Context, id int64) (ledger.Entry, error)
	// Pair reads what a daemon is given: leaf, the chain that holds, key.
	Pair(e ledger.Entry) (services.Pair, *x509.Certificate, error)
	// Certificate reads one certificate by its SHA-256.
	Certificate(sha256 string) (*x509.Certificate, error)
	// Gap says what is missing in the chain of an entry; "" where nothing is known to be.
	Gap(e ledger.Entry) string
	// Describe gives the entry that what a port serves would make.
	Describe(r probe.Report) (ledger.Entry, error)

	// Undo is where it is kept how a change that was begun is finished or undone.
	Undo() Undo
}

// View is the state of the store while nothing changes it, and an entry of it, judged.
type View struct {
	*ledger.State
	Entry func(id int64) (ledger.Entry, error)
}

// Undo keeps objects under the sum of their bytes.
type Undo interface {
	Put(kind ledger.ObjectKind, name string, data []byte) error
	Get(kind ledger.ObjectKind, name string) ([]byte, error)
	Path(kind ledger.ObjectKind, name string) string
	SweepUndo(keep func(name string) bool) error
}
