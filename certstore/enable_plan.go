package certstore

import (
	"context"
	"crypto/x509"
	"errors"
	"net/netip"
	"slices"
	"strings"

	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
	"certdesk/certstore/printable"
	"certdesk/certstore/probe"
	"certdesk/certstore/services"
)

// EnableRequest is an entry and what it shall be enabled for.
type EnableRequest struct {
	ID       int64
	Services ledger.Services
	Slots    []string       // services.DefaultSlot or names of slots, of every service; none: the slots it is for
	Only     []ServiceSlots // what a person ticked, service by service; it counts more than Slots
}

// ServiceSlots are the slots of one service that a person wants.
type ServiceSlots struct {
	Service services.Instance
	Slots   []string
}

// slotsFor are the slots that are wanted of a service; said is false where the certificate decides.
func (r EnableRequest) slotsFor(in services.Instance) (slots []string, said bool) {
	for _, o := range r.Only {
		if o.Service.Same(in) {
			return o.Slots, true
		}
	}
	return r.Slots, len(r.Slots) > 0
}

// EnablePlan is what Enable will do, service by service. It holds the private key until Discard.
type EnablePlan struct {
	Entry    ledger.Entry
	Services []ServicePlan
	Warnings []string // sentences about the certificate, whatever the service
}

// ServicePlan is what Enable will do to one service.
type ServicePlan struct {
	Service  services.Instance
	Plan     services.Plan  // files, configuration difference, commands, handshakes to prove
	Err      error          // why this service is left alone; the others are not
	Unmeant  bool           // Err is no failure: the certificate is for another service of this use
	Serves   []Port         // what its ports serve now
	Replaces *Replaced      // the default SMTP certificate that would go, about which a person is asked
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

// Questions are the services whose default SMTP certificate would be replaced.
func (p EnablePlan) Questions() (list []ServicePlan) {
	for _, sp := range p.Services {
		if sp.Err == nil && sp.Replaces != nil {
			list = append(list, sp)
		}
	}
	return list
}

// Dropping are the services that would not serve a type of key any more.
func (p EnablePlan) Dropping() (list []ServicePlan) {
	for _, sp := range p.Services {
		if sp.Err == nil && len(sp.Drops) > 0 {
			list = append(list, sp)
		}
	}
	return list
}

// Refusal is why nothing at all can be done, or nil.
func (p EnablePlan) Refusal() error {
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
		return &fail.Error{Code: e.Code, Text: ledger.ServiceTitle(p.Services[0].Service) + ": " + e.Text, Hint: e.Hint, Err: e}
	}
	return nil
}

// Discard forgets the private key.
func (p EnablePlan) Discard() {
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

// PlanEnable judges a certificate for some services and says what enabling it would change, and touches nothing.
// What a service alone refuses is in its Err. Errors: NotFound where there is no such service; Unfit, KeyMismatch,
// NotExportable… where the certificate is fit for none.
func (s *Store) PlanEnable(ctx context.Context, r EnableRequest) (EnablePlan, error) {
	e, err := s.get(ctx, r.ID)
	if err != nil {
		return EnablePlan{}, err
	}
	if err := mayEnable(e); err != nil {
		return EnablePlan{}, err
	}
	targets, err := s.targets(ctx, r.Services)
	if err != nil {
		return EnablePlan{}, err
	}
	pair, leaf, err := s.pairOf(e)
	if err != nil {
		return EnablePlan{}, err
	}
	if err := s.vet(e, pair); err != nil {
		return EnablePlan{}, err
	}
	p := EnablePlan{Entry: e, Warnings: s.cautions(e)}
	for _, svc := range targets {
		p.Services = append(p.Services, s.planService(ctx, r, e, leaf, pair, svc))
	}
	p.sortOut()
	return p, p.Refusal()
}

// sortOut finds the services that the certificate is not for while another of their use takes it: they are passed over.
func (p EnablePlan) sortOut() {
	for i, sp := range p.Services {
		p.Services[i].Unmeant = errors.Is(sp.Err, services.ErrNotMeant) && slices.ContainsFunc(p.Services, func(other ServicePlan) bool {
			return other.Err == nil && ledger.UseOf(other.Service) == ledger.UseOf(sp.Service)
		})
	}
}

// targets are the services of this host for some uses. Errors: NotFound naming those there are none for, InvalidConfig.
func (s *Store) targets(ctx context.Context, uses ledger.Services) ([]*services.Service, error) {
	if uses == 0 {
		return nil, fail.New(fail.Usage, "name the services: IIS, SMTP, POP, IMAP or UM", "no service is named to enable it for")
	}
	all, errs := s.instances(ctx)
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
	return nil, fail.New(fail.NotFound, "add a [[service]] for the daemon to the configuration, with its driver and config", "no service for %s is configured or was found on this host", missing)
}

// planService plans one service; why it cannot be is kept with it.
func (s *Store) planService(ctx context.Context, r EnableRequest, e ledger.Entry, leaf *x509.Certificate, pair services.Pair,
	svc *services.Service) ServicePlan {
	sp := ServicePlan{Service: svc.Instance(), svc: svc, pair: pair}
	slots, said := r.slotsFor(sp.Service)
	svc.Want(services.Wish{Slots: slots, Server: s.o.Server})
	if said && len(slots) == 0 {
		sp.Err = &fail.Error{Code: fail.NotFound, Text: "none of its slots was chosen",
			Hint: "choose one, or leave the service out", Err: services.ErrNotMeant}
		return sp
	}
	sp.Err = s.fillPlan(ctx, &sp, e, leaf, said)
	return sp
}

func (s *Store) fillPlan(ctx context.Context, sp *ServicePlan, e ledger.Entry, leaf *x509.Certificate, said bool) error {
	if sp.Service.Name != "" && !said {
		if err := s.vet(e, sp.pair, sp.Service.Name); err != nil {
			f := fail.Of(err)
			return &fail.Error{Code: f.Code, Text: err.Error(), Hint: f.Hint, Err: services.ErrNotMeant}
		}
	}
	if err := s.refusedByPeers(ctx, sp, e); err != nil {
		return err
	}
	if err := s.planWithOthers(ctx, sp, leaf); err != nil {
		return err
	}
	sp.Warnings = append(sp.Warnings, sp.Plan.Warnings...)
	sp.Warnings = append(sp.Warnings, sp.Plan.Aside...)
	s.lookBefore(ctx, sp, e, leaf)
	sp.explain(leaf, s.o.Server)
	return nil
}

// lookBefore asks what is served now: what is to come back if the proof fails, and what clients would lose.
func (s *Store) lookBefore(ctx context.Context, sp *ServicePlan, e ledger.Entry, leaf *x509.Certificate) {
	sp.Serves = s.ask(ctx, sp.ports())
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
	sp.Replaces = s.replaces(ctx, sp, e)
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
func (s *Store) formerPorts(sw services.Switch) (ports []Port) {
	for _, proof := range sw.Prove {
		ports = append(ports, Port{Service: sw.Instance, Listen: proof.URL, Name: proof.Name,
			Wait: sw.Wait, Proxy: sw.AsProxy(proof.URL)})
	}
	return ports
}

// replaces finds the default SMTP certificate of a service: what is served now to who asks for no name, else what is
// bound to it. The same certificate, or one that goes on being served beside, is not replaced.
func (s *Store) replaces(ctx context.Context, sp *ServicePlan, e ledger.Entry) *Replaced {
	takesDefault := slices.ContainsFunc(sp.Plan.Slots, func(t services.Taken) bool { return t.Slot == services.DefaultSlot })
	if ledger.UseOf(sp.Service) != ledger.SMTP || !takesDefault {
		return nil
	}
	for _, p := range sp.Serves {
		stays := p.Report.SHA256 == e.SHA256 || slices.ContainsFunc(sp.Keeps, func(k ledger.Entry) bool { return k.SHA256 == p.Report.SHA256 })
		if !p.Report.Served() || stays || p.Slot != services.DefaultSlot {
			continue
		}
		if had, err := s.get(ctx, p.Served); err == nil {
			return &Replaced{had}
		}
		if had, err := s.strange(p.Report); err == nil {
			return &Replaced{had}
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, b := range s.state.BoundAt(sp.Service, services.DefaultSlot) {
		if had, err := s.byID(b.Entry); err == nil && b.SHA256 != e.SHA256 && !slices.ContainsFunc(sp.Keeps, func(k ledger.Entry) bool { return k.ID == had.ID }) {
			return &Replaced{had}
		}
	}
	return nil
}

// explain adds what surprises people about wildcards and about names.
func (sp *ServicePlan) explain(leaf *x509.Certificate, server string) {
	use := ledger.UseOf(sp.Service)
	wild := slices.ContainsFunc(leaf.DNSNames, func(n string) bool { return strings.HasPrefix(n, "*.") })
	if wild && use&(ledger.POP|ledger.IMAP) != 0 {
		sp.Warnings = append(sp.Warnings, "it has a wildcard name: a "+use.String()+" client must be set up with a whole name below it, and some old ones do not accept it")
	}
	asked := slices.ContainsFunc(sp.Plan.Prove, func(p services.Proof) bool { return p.Name != "" })
	if _, err := netip.ParseAddr(server); !asked && server != "" && err != nil && strings.Contains(server, ".") && leaf.VerifyHostname(server) != nil {
		sp.Warnings = append(sp.Warnings, "it does not have this server's name "+printable.Text(server)+": clients must use one of its names")
	}
	if len(sp.Lost) > 0 {
		sp.Warnings = append(sp.Warnings, "clients lose these names, which are served now: "+strings.Join(sp.Lost, ", "))
	}
	if len(sp.Keeps) == 0 {
		sp.Warnings = append(sp.Warnings, otherKind(sp.Serves, leaf)...)
	}
}

// otherKind says so where the key's type changes.
func otherKind(serves []Port, leaf *x509.Certificate) []string {
	for _, p := range serves {
		if p.Report.Served() && probe.KeyOf(p.Report.Leaf) == probe.RSA && probe.KeyOf(leaf) == probe.ECDSA {
			return []string{"its key is ECDSA and what is served now is RSA: very old clients and mail servers know RSA alone"}
		}
	}
	return nil
}
