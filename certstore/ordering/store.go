package ordering

import (
	"context"
	"crypto"
	"crypto/x509"
	"time"

	"certdesk/certstore/acme/challenge"
	"certdesk/certstore/config"
	"certdesk/certstore/issuing"
	"certdesk/certstore/ledger"
)

// Store is what ordering needs of the certificate store.
type Store interface {
	// Lock keeps everybody else from asking authorities. Errors: Locked naming who is at it, ReadOnly, Damaged.
	Lock(ctx context.Context) (release func(), err error)
	// Read shows the state, brought up to date; fn must not wait for anything, nor keep it.
	Read(ctx context.Context, fn func(*ledger.State)) error
	// Write appends a line.
	Write(ctx context.Context, op string, data ledger.Data) error
	// Entry gives one entry, judged now. Errors: NotFound.
	Entry(ctx context.Context, id int64) (ledger.Entry, error)

	// Check says why a request could not be made, and makes nothing; New makes it, durably.
	Check(ctx context.Context, r issuing.Request) error
	New(ctx context.Context, r issuing.Request) (issuing.Made, error)
	// RequestDER reads the request of an entry.
	RequestDER(e ledger.Entry) ([]byte, error)
	// Take imports what an authority has issued, with its chain, as PEM.
	Take(ctx context.Context, from string, chain []byte) (ledger.Entry, error)
	// Certificate reads the certificate of an entry.
	Certificate(e ledger.Entry) (*x509.Certificate, error)

	// NewKey makes a key for an account, durable when it returns; Key reads one.
	NewKey(ctx context.Context) (spki string, err error)
	Key(spki string) (crypto.Signer, error)
}

// Host is where authorities are asked from.
type Host struct {
	Authorities []config.ACME
	Now         func() time.Time
	Solver      func(challenge.Options) (challenge.Solver, error) // nil for challenge.New
}

// Orders are the orders of one store.
type Orders struct {
	Host
	store Store
}

// New gives the orders of a store.
func New(h Host, store Store) *Orders {
	if h.Solver == nil {
		h.Solver = challenge.New
	}
	return &Orders{Host: h, store: store}
}

// CA finds a configured authority by its name. Errors: NotFound.
func (o *Orders) CA(name string) (config.ACME, error) {
	return config.Config{ACME: o.Authorities}.CA(name)
}
