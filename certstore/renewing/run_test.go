package renewing

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"certdesk/certstore/enabling"
	"certdesk/certstore/ledger"
)

// pretended is a store in which orders and switches go as a test says.
type pretended struct {
	entries []ledger.Entry
	said    []string
	refuses map[Deed]error
	next    int64
}

func (p *pretended) Renewals(context.Context) ([]Task, error) {
	renewed := map[int64]bool{}
	for _, e := range p.entries {
		renewed[e.RenewalOf] = renewed[e.RenewalOf] || e.Kind == ledger.Certificate
	}
	return Plan(Facts{Entries: p.entries, Renewed: renewed, Now: now}), nil
}

func (p *pretended) note(t Task) error {
	p.said = append(p.said, fmt.Sprintf("%s %d", t.Deed, t.Old.ID))
	return p.refuses[t.Deed]
}

func (p *pretended) Order(_ context.Context, t Task) (ledger.Entry, error) {
	if err := p.note(t); err != nil {
		return ledger.Entry{}, err
	}
	p.next++
	e := cert(p.next, 90, acme, renews(t.Old.ID))
	p.entries = append(p.entries, e)
	return e, nil
}

func (p *pretended) EnableRenewal(_ context.Context, t Task) ([]enabling.Outcome, error) {
	if err := p.note(t); err != nil {
		return nil, err
	}
	for i, e := range p.entries {
		switch e.ID {
		case t.Old.ID:
			p.entries[i].Services = 0
		case t.New.ID:
			p.entries[i].Services = t.Old.Services
		}
	}
	return nil, nil
}

func (p *pretended) PrepareRenewal(_ context.Context, t Task) (ledger.Entry, error) {
	err := p.note(t)
	p.next++
	p.entries = append(p.entries, request(p.next, t.Old.ID))
	for i := range p.entries {
		if p.entries[i].ID == t.Old.ID {
			replacedBy(p.next, true)(&p.entries[i])
		}
	}
	return ledger.Entry{}, err
}

func (p *pretended) run(t *testing.T) (failed int) {
	t.Helper()
	err := Run(t.Context(), p, func() time.Time { return now }, func(r Result) {
		if r.Err != nil {
			failed++
		}
	})
	if err != nil {
		t.Error(err)
	}
	return failed
}

func TestARunOrdersThenEnables(t *testing.T) {
	p := &pretended{entries: []ledger.Entry{cert(1, 20, acme, bound), cert(2, 80, acme, bound), cert(3, 20, bound)}, next: 10}
	if failed := p.run(t); failed != 0 || fmt.Sprint(p.said) != "[order 1 enable 1 prepare 3]" {
		t.Errorf("%d failed: %v", failed, p.said)
	}
	if p.said = nil; p.run(t) != 0 || len(p.said) != 0 {
		t.Errorf("a second run does %v", p.said)
	}
}

// What fails is not tried again within a run, and keeps no other from its turn.
func TestWhatFailsIsTriedOnceInARun(t *testing.T) {
	for deed, want := range map[Deed]string{Order: "[order 2 order 1 prepare 3]", Enable: "[order 2 enable 2 order 1 enable 1 prepare 3]", Prepare: "[order 2 enable 2 order 1 enable 1 prepare 3]"} {
		p := &pretended{entries: []ledger.Entry{cert(1, 20, acme, bound), cert(2, 10, acme, bound), cert(3, 20, bound)}, next: 10,
			refuses: map[Deed]error{deed: errors.New("no")}}
		if failed := p.run(t); failed == 0 || fmt.Sprint(p.said) != want {
			t.Errorf("%s fails: %d, %v; want %s", deed, failed, p.said, want)
		}
	}
}

func TestARunEndsWhenItIsAskedTo(t *testing.T) {
	p := &pretended{entries: []ledger.Entry{cert(1, 20, acme, bound), cert(2, 10, acme, bound)}, next: 10}
	ctx, stop := context.WithCancel(t.Context())
	err := Run(ctx, p, func() time.Time { return now }, func(Result) { stop() })
	if !errors.Is(err, context.Canceled) || len(p.said) != 1 {
		t.Errorf("%v, %v", err, p.said)
	}
}
