package certstore

import (
	"context"
	"crypto"
	"crypto/x509"

	"certdesk/certstore/acme"
	"certdesk/certstore/acme/challenge"
	"certdesk/certstore/config"
	"certdesk/certstore/formats"
	"certdesk/certstore/importing"
	"certdesk/certstore/issuing"
	"certdesk/certstore/ledger"
	"certdesk/certstore/ordering"
)

// CheckOrder is Orders.Check.
func (s *Store) CheckOrder(ctx context.Context, r ordering.Request) error {
	return s.orders.Check(ctx, r)
}

// Order is Orders.Order.
func (s *Store) Order(ctx context.Context, r ordering.Request, o ordering.Options) (ledger.Entry, error) {
	return s.orders.Order(ctx, r, o)
}

// GoOn is Orders.GoOn.
func (s *Store) GoOn(ctx context.Context, id int64, o ordering.Options) (ledger.Entry, error) {
	return s.orders.GoOn(ctx, id, o)
}

// Revoke is Orders.Revoke.
func (s *Store) Revoke(ctx context.Context, id int64, reason string) (ledger.Entry, error) {
	return s.orders.Revoke(ctx, id, reason)
}

// Authority is Orders.CA.
func (s *Store) Authority(name string) (config.ACME, error) { return s.orders.CA(name) }

// MayRevoke is Orders.MayRevoke.
func (s *Store) MayRevoke(ctx context.Context, id int64, reason string) error {
	return s.orders.MayRevoke(ctx, id, reason)
}

// Accounts is Orders.Accounts.
func (s *Store) Accounts(ctx context.Context) ([]ordering.Authority, error) {
	return s.orders.Accounts(ctx)
}

// DirectoryOf is Orders.Directory.
func (s *Store) DirectoryOf(ctx context.Context, ca config.ACME) (acme.Directory, error) {
	return s.orders.Directory(ctx, ca)
}

// ProofAhead is Orders.Ahead.
func (s *Store) ProofAhead(ctx context.Context, ca config.ACME, name string) (challenge.Outlook, error) {
	return s.orders.Ahead(ctx, ca, name)
}

// Register is Orders.Register.
func (s *Store) Register(ctx context.Context, ca config.ACME) (ledger.Account, error) {
	return s.orders.Register(ctx, ca)
}

// RollKey is Orders.RollKey.
func (s *Store) RollKey(ctx context.Context, name string) error { return s.orders.RollKey(ctx, name) }

// forOrdering is what ordering needs of a store.
type forOrdering struct{ *Store }

var _ ordering.Store = forOrdering{}

func (s *Store) ordersOf() *ordering.Orders {
	return ordering.New(ordering.Host{Authorities: s.o.Authorities, Now: s.o.Now, Solver: s.o.Solver}, forOrdering{s})
}

func (s forOrdering) Lock(ctx context.Context) (release func(), err error) {
	if err := s.ready(ctx, "order"); err != nil {
		return nil, err
	}
	return s.dir.LockACME(ctx)
}

func (s forOrdering) Read(ctx context.Context, fn func(*ledger.State)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	err := s.refresh(ctx)
	if err == nil {
		fn(s.state)
	}
	return err
}

func (s forOrdering) Write(ctx context.Context, op string, data ledger.Data) error {
	_, err := s.write(ctx, func() (change, error) { return change{op: op, data: data}, nil })
	return err
}

func (s forOrdering) Entry(ctx context.Context, id int64) (ledger.Entry, error) {
	return s.get(ctx, id)
}

func (s forOrdering) RequestDER(e ledger.Entry) ([]byte, error) {
	return s.objects.RequestDER(e.Request)
}

func (s forOrdering) Take(ctx context.Context, from string, chain []byte) (ledger.Entry, error) {
	e, _, err := s.Import(ctx, importing.Request{Sources: []importing.Source{{Label: from, Data: chain}}})
	return e, err
}

func (s forOrdering) Certificate(e ledger.Entry) (*x509.Certificate, error) {
	return s.objects.Certificate(e.SHA256)
}

func (s forOrdering) NewKey(ctx context.Context) (string, error) {
	if err := s.ready(ctx, "make a key"); err != nil {
		return "", err
	}
	key, err := s.o.NewKey(issuing.KeySpec{Algorithm: "ecdsa-p256"})
	if err != nil {
		return "", err
	}
	spki, err := formats.SPKI(key.Public())
	if err != nil {
		return "", err
	}
	return spki, s.objects.KeepKey(key, spki)
}

func (s forOrdering) Key(spki string) (crypto.Signer, error) { return s.objects.Key(spki) }
