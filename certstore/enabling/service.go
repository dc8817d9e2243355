package enabling

import (
	"context"
	"crypto/x509"
	"slices"
	"strings"

	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
	"certdesk/certstore/printable"
	"certdesk/certstore/services"
)

// ServiceSlots are the slots of one service that a person wants.
type ServiceSlots struct {
	Service services.Instance
	Slots   []string
}

// ServicePlan is what Enable will do to one service.
type ServicePlan struct {
	Service  services.Instance
	Plan     services.Plan  // files, configuration difference, commands, handshakes to prove
	Err      error          // why this service is left alone; the others are not
	Unmeant  bool           // Err is no failure: the certificate is for another service of this use
	Serves   []Port         // what its ports serve now
	Replaces *Replaced      // the default SMTP certificate that would go, about which a person is asked
	Others   []ledger.Entry // what its ports serve now in place of the certificate
	Lost     []string       // names that are served now and the new certificate does not have
	Keeps    []ledger.Entry // served beside it, with a key of another type
	Drops    []string       // sentences: keys of another type that are not served any more, about which a person is asked
	Warnings []string       // sentences

	svc  *services.Service
	pair services.Pair
	also []services.Pair

	wasBound bool             // it served the certificate, and was bound to it, before the enable began
	bound    []ledger.Binding // of a change that another process began; else they come from the plan
}

// Replaced is the default SMTP certificate of a service.
type Replaced struct {
	Entry ledger.Entry // as listed, or as served where the store does not have it
}

// planService plans one service; why it cannot be is kept with it.
func (ds *Daemons) planService(ctx context.Context, r Request, e ledger.Entry, leaf *x509.Certificate,
	pair services.Pair,
	svc *services.Service) ServicePlan {
	sp := ServicePlan{Service: svc.Instance(), svc: svc, pair: pair}
	slots, said := r.slotsFor(sp.Service)
	svc.Want(services.Wish{Slots: slots, Server: ds.host.Server})
	if said && len(slots) == 0 {
		sp.Err = &fail.Error{Code: fail.NotFound, Text: "none of its slots was chosen",
			Hint: "choose one, or leave the service out", Err: services.ErrNotMeant}
		return sp
	}
	sp.Err = ds.fillPlan(ctx, &sp, e, leaf, said)
	return sp
}

func (ds *Daemons) fillPlan(ctx context.Context, sp *ServicePlan, e ledger.Entry, leaf *x509.Certificate,
	said bool) error {
	if sp.Service.Name != "" && !said {
		if err := ds.vet(e, sp.pair, sp.Service.Name); err != nil {
			f := fail.Of(err)
			return &fail.Error{Code: f.Code, Text: err.Error(), Hint: f.Hint, Err: services.ErrNotMeant}
		}
	}
	if err := ds.refusedByPeers(ctx, sp, e); err != nil {
		return err
	}
	if err := ds.planWithOthers(ctx, sp, leaf); err != nil {
		return err
	}
	sp.Warnings = append(sp.Warnings, sp.Plan.Warnings...)
	sp.Warnings = append(sp.Warnings, sp.Plan.Aside...)
	ds.lookBefore(ctx, sp, e, leaf)
	sp.explain(leaf, ds.host.Server)
	return nil
}

// lookBefore asks what is served now: what is to come back if the proof fails, and what clients would lose.
func (ds *Daemons) lookBefore(ctx context.Context, sp *ServicePlan, e ledger.Entry, leaf *x509.Certificate) {
	sp.Serves = ds.ask(ctx, sp.ports())
	for _, p := range sp.Serves {
		if !p.Report.Served() {
			continue
		}
		for _, name := range services.LostNames(p.Report.Leaf, leaf) {
			name = printable.Text(name)
			if sp.asksFor(p, name) && !slices.Contains(sp.Lost, name) {
				sp.Lost = append(sp.Lost, name)
			}
		}
	}
	sp.Others = ds.others(ctx, sp, e)
	sp.Replaces = ds.replaces(ctx, sp, e)
}

// asksFor says whether clients of a port's slot can ask for a name: any of the default's, its own of another's.
func (sp *ServicePlan) asksFor(p Port, name string) bool {
	return p.Slot == services.DefaultSlot || slices.Contains(strings.Split(p.Slot, ","), name)
}

// ports are the handshakes of a plan, nothing expected, for a client's choice alone.
func (sp *ServicePlan) ports() (ports []Port) {
	for _, taken := range sp.Plan.Slots {
		for _, proof := range taken.Prove {
			ports = append(ports, Port{Service: sp.Service, Slot: taken.Slot, Listen: proof.URL, Name: proof.Name,
				Wait: sp.Plan.Wait, Proxy: sp.Plan.AsProxy(proof.URL)})
		}
	}
	return ports
}

// formerPorts are the handshakes of a switch, nothing expected, for a client's choice alone.
func (ds *Daemons) formerPorts(sw services.Switch) (ports []Port) {
	for _, proof := range sw.Prove {
		ports = append(ports, Port{Service: sw.Instance, Listen: proof.URL, Name: proof.Name,
			Wait: sw.Wait, Proxy: sw.AsProxy(proof.URL)})
	}
	return ports
}

// replaces finds the default SMTP certificate of a service: what is served now to who asks for no name, else what is
// bound to it. The same certificate, or one that goes on being served beside, is not replaced.
func (ds *Daemons) replaces(ctx context.Context, sp *ServicePlan, e ledger.Entry) *Replaced {
	takesDefault := slices.ContainsFunc(sp.Plan.Slots,
		func(t services.Taken) bool { return t.Slot == services.DefaultSlot })
	if ledger.UseOf(sp.Service) != ledger.SMTP || !takesDefault {
		return nil
	}
	for _, p := range sp.Serves {
		if had, other := ds.other(ctx, sp, p, e); other && p.Slot == services.DefaultSlot {
			return &Replaced{had}
		}
	}
	return ds.replacesBound(sp, e)
}

// other is what a port serves in place of a certificate, as listed, or as served where the store does not have it.
func (ds *Daemons) other(ctx context.Context, sp *ServicePlan, p Port, e ledger.Entry) (had ledger.Entry, other bool) {
	stays := p.Report.SHA256 == e.SHA256 ||
		slices.ContainsFunc(sp.Keeps, func(k ledger.Entry) bool { return k.SHA256 == p.Report.SHA256 })
	if !p.Report.Served() || stays {
		return had, false
	}
	had, err := ds.store.Entry(ctx, p.Served)
	if err != nil {
		had, err = ds.store.Describe(p.Report)
	}
	return had, err == nil
}

// others are what the ports of a service serve in place of a certificate, each once.
func (ds *Daemons) others(ctx context.Context, sp *ServicePlan, e ledger.Entry) (list []ledger.Entry) {
	for _, p := range sp.Serves {
		had, other := ds.other(ctx, sp, p, e)
		if other && !slices.ContainsFunc(list, func(x ledger.Entry) bool { return x.SHA256 == had.SHA256 }) {
			list = append(list, had)
		}
	}
	return list
}

// replacesBound is the default SMTP certificate by the journal, where no port tells.
func (ds *Daemons) replacesBound(sp *ServicePlan, e ledger.Entry) (r *Replaced) {
	ds.store.Peek(func(v View) {
		for _, b := range v.BoundAt(sp.Service, services.DefaultSlot) {
			had, err := v.Entry(b.Entry)
			stays := slices.ContainsFunc(sp.Keeps, func(k ledger.Entry) bool { return k.ID == had.ID })
			if err == nil && b.SHA256 != e.SHA256 && !stays {
				r = &Replaced{had}
				return
			}
		}
	})
	return r
}
