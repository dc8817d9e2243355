package enabling

import (
	"context"
	"errors"
	"slices"

	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
	"certdesk/certstore/services"
)

// Request is an entry and what it shall be enabled for.
type Request struct {
	ID       int64
	Services ledger.Services
	Slots    []string       // services.DefaultSlot or names of slots, of every service; none: the slots it is for
	Only     []ServiceSlots // what a person ticked, service by service; it counts more than Slots
}

// slotsFor are the slots that are wanted of a service; said is false where the certificate decides.
func (r Request) slotsFor(in services.Instance) (slots []string, said bool) {
	for _, o := range r.Only {
		if o.Service.Same(in) {
			return o.Slots, true
		}
	}
	return r.Slots, len(r.Slots) > 0
}

// Plan is what Enable will do, service by service. It holds the private key until Discard.
type Plan struct {
	Entry    ledger.Entry
	Services []ServicePlan
	Warnings []string // sentences about the certificate, whatever the service
}

// Questions are the services whose default SMTP certificate would be replaced.
func (p Plan) Questions() (list []ServicePlan) {
	for _, sp := range p.Services {
		if sp.Err == nil && sp.Replaces != nil {
			list = append(list, sp)
		}
	}
	return list
}

// Dropping are the services that would not serve a type of key any more.
func (p Plan) Dropping() (list []ServicePlan) {
	for _, sp := range p.Services {
		if sp.Err == nil && len(sp.Drops) > 0 {
			list = append(list, sp)
		}
	}
	return list
}

// Refusal is why nothing at all can be done, or nil.
func (p Plan) Refusal() error {
	for _, sp := range p.Services {
		if sp.Err == nil {
			return nil
		}
	}
	if len(p.Services) == 1 {
		return p.Services[0].Err
	}
	if len(p.Services) > 1 {
		e := fail.Of(p.Services[0].Err)
		return &fail.Error{Code: e.Code, Text: ledger.ServiceTitle(p.Services[0].Service) + ": " + e.Text,
			Hint: e.Hint, Err: e}
	}
	return nil
}

// Discard forgets the private key.
func (p Plan) Discard() {
	for _, sp := range p.Services {
		clear(sp.pair.Key)
		for _, pair := range sp.also {
			clear(pair.Key)
		}
		for _, f := range sp.Plan.Files {
			if f.Secret {
				clear(f.Data)
			}
		}
	}
}

// Plan judges a certificate for some services and says what enabling it would change, and touches nothing.
// What a service alone refuses is in its Err. Errors: NotFound where there is no such service; Unfit, KeyMismatch,
// NotExportable… where the certificate is fit for none.
func (ds *Daemons) Plan(ctx context.Context, r Request) (Plan, error) {
	e, err := ds.store.Entry(ctx, r.ID)
	if err != nil {
		return Plan{}, err
	}
	if err := mayEnable(e); err != nil {
		return Plan{}, err
	}
	targets, err := ds.targets(ctx, r.Services)
	if err != nil {
		return Plan{}, err
	}
	pair, leaf, err := ds.store.Pair(e)
	if err != nil {
		return Plan{}, err
	}
	if err := ds.vet(e, pair); err != nil {
		return Plan{}, err
	}
	p := Plan{Entry: e, Warnings: ds.cautions(e)}
	for _, svc := range targets {
		p.Services = append(p.Services, ds.planService(ctx, r, e, leaf, pair, svc))
	}
	p.sortOut()
	return p, p.Refusal()
}

// sortOut finds the services that the certificate is not for while another of their use takes it: they are passed over.
func (p Plan) sortOut() {
	for i, sp := range p.Services {
		p.Services[i].Unmeant = errors.Is(sp.Err, services.ErrNotMeant) &&
			slices.ContainsFunc(p.Services, func(other ServicePlan) bool {
				return other.Err == nil && ledger.UseOf(other.Service) == ledger.UseOf(sp.Service)
			})
	}
}

// targets are the services of this host for some uses. Errors: NotFound naming those there are none for, InvalidConfig.
func (ds *Daemons) targets(ctx context.Context, uses ledger.Services) ([]*services.Service, error) {
	if uses == 0 {
		return nil, fail.New(fail.Usage, "name the services: IIS, SMTP, POP, IMAP or UM",
			"no service is named to enable it for")
	}
	all, errs := ds.instances(ctx)
	var list []*services.Service
	missing := uses
	for _, svc := range all {
		if use := ledger.UseOf(svc.Instance()); uses.Has(use) {
			list = append(list, svc)
			missing &^= use
		}
	}
	if missing == 0 {
		return list, nil
	}
	if len(errs) > 0 {
		return nil, errs[0]
	}
	return nil, fail.New(fail.NotFound,
		"add a [[service]] for the daemon to the configuration, with its driver and config",
		"no service for %s is configured or was found on this host", missing)
}
