package certstore

import (
	"context"
	"crypto/x509"

	"certdesk/certstore/enabling"
	"certdesk/certstore/formats"
	"certdesk/certstore/judging"
	"certdesk/certstore/ledger"
	"certdesk/certstore/printable"
	"certdesk/certstore/probe"
	"certdesk/certstore/services"
)

// PlanEnable is Daemons.Plan, once its CA was asked whether it has revoked the certificate.
func (s *Store) PlanEnable(ctx context.Context, r enabling.Request) (enabling.Plan, error) {
	s.learnBefore(ctx, r.ID)
	return s.daemons.Plan(ctx, r)
}

// Enable is Daemons.Enable; what is served then is published, where the configuration says so.
func (s *Store) Enable(ctx context.Context, p enabling.Plan, o enabling.Options) ([]enabling.Outcome, error) {
	list, err := s.daemons.Enable(ctx, p, o)
	s.publishEnabled(ctx, list)
	return list, err
}

// Unfinished is Daemons.Unfinished.
func (s *Store) Unfinished(ctx context.Context) ([]ledger.Unfinished, error) {
	return s.daemons.Unfinished(ctx)
}

// Settle is Daemons.Settle.
func (s *Store) Settle(ctx context.Context, u ledger.Unfinished, finish bool,
	o enabling.Options) (enabling.Outcome, error) {
	out, err := s.daemons.Settle(ctx, u, finish, o)
	s.publishEnabled(ctx, []enabling.Outcome{out})
	return out, err
}

// Survey is Daemons.Survey.
func (s *Store) Survey(ctx context.Context) (enabling.Survey, error) { return s.daemons.Survey(ctx) }

// SurveyAgain is Daemons.SurveyAgain.
func (s *Store) SurveyAgain(ctx context.Context) (enabling.Survey, error) {
	return s.daemons.SurveyAgain(ctx)
}

// AskAny is Daemons.AskAny, and the CAs are asked whether they revoked what is served.
func (s *Store) AskAny(ctx context.Context, requests []probe.Request) ([][]enabling.Answer, error) {
	answers, err := s.daemons.AskAny(ctx, requests)
	s.recallServed(ctx, answers)
	return answers, err
}

// HasServices is Daemons.HasServices.
func (s *Store) HasServices() bool { return s.daemons.HasServices() }

// ServicesHere is Daemons.Here.
func (s *Store) ServicesHere(ctx context.Context) (list []services.Instance, troubles []string) {
	return s.daemons.Here(ctx)
}

// forEnabling is what enabling needs of a store.
type forEnabling struct{ *Store }

var _ enabling.Store = forEnabling{}

func (s *Store) daemonsOf() *enabling.Daemons {
	o := s.o
	return enabling.New(enabling.Host{Services: o.Services, Discover: o.Discover, Machine: o.Host,
		Peers: o.Peers, Server: o.Server, Ask: o.Ask, Now: o.Now, Roots: o.Roots,
		Revocation: s.recall}, forEnabling{s})
}

func (s forEnabling) Lock(ctx context.Context) (release func(), err error) {
	if err := s.ready(ctx, "enable"); err != nil {
		return nil, err
	}
	return s.dir.LockEnable(ctx)
}

func (s forEnabling) Idle() bool { return s.dir.Writable() == "" && s.dir.EnableHolder() == "" }

func (s forEnabling) Read(ctx context.Context, fn func(enabling.View)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	err := s.refresh(ctx)
	if err == nil {
		fn(enabling.View{State: s.state, Entry: s.byID})
	}
	return err
}

func (s forEnabling) Peek(fn func(enabling.View)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fn(enabling.View{State: s.state, Entry: s.byID})
}

func (s forEnabling) Write(ctx context.Context, fn func(enabling.View) (string, ledger.Data, error)) (int64, error) {
	return s.write(ctx, func() (change, error) {
		op, data, err := fn(enabling.View{State: s.state, Entry: s.byID})
		return change{op: op, data: data}, err
	})
}

func (s forEnabling) Entry(ctx context.Context, id int64) (ledger.Entry, error) {
	return s.get(ctx, id)
}

func (s forEnabling) Certificate(sha256 string) (*x509.Certificate, error) {
	return s.objects.Certificate(sha256)
}

func (s forEnabling) Pair(e ledger.Entry) (services.Pair, *x509.Certificate, error) {
	leaf, chain, err := s.chainOf(e, false)
	if err != nil {
		return services.Pair{}, nil, err
	}
	p := services.Pair{Chain: pemChain(leaf, chain)}
	key, err := s.objects.Key(e.SPKI)
	if err != nil {
		return services.Pair{}, nil, err
	}
	p.Key, err = formats.KeyPEM(key)
	return p, leaf, err
}

func (s forEnabling) Gap(e ledger.Entry) string {
	if list := s.chains().Gaps(e); len(list) > 0 {
		return list[0].String()
	}
	return ""
}

func (s forEnabling) Describe(r probe.Report) (ledger.Entry, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	sent := s.chains().BestPath(r.Leaf, r.Sent[1:])
	e, err := judging.Describe(r.Leaf, sent)
	if err != nil {
		return ledger.Entry{}, err
	}
	e.FriendlyName = printable.Text(e.CommonName())
	s.chains().Preview(&e, append([]*x509.Certificate{r.Leaf}, sent...)...)
	e.HasKey, e.Exportable = false, false
	return e, nil
}

func (s forEnabling) Undo() enabling.Undo { return s.dir }
