package certstore

import (
	"context"
	"crypto/x509"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"certdesk/certstore/fail"
	"certdesk/certstore/formats"
	"certdesk/certstore/printable"
	"certdesk/certstore/probe"
	"certdesk/certstore/services"
)

// Port is one handshake with a service: what it should serve, and what it does.
type Port struct {
	Service services.Instance
	Slot    string    // services.DefaultSlot, or the names of one; "" where that is not known
	Listen  string    // scheme://host:port
	Name    string    // what a client asks for (SNI); "" for none
	Key     probe.Key // the kind that was asked for; Any where a client's own choice was

	Bound    int64  // the entry that is bound to it; 0 for none
	Expected string // SHA-256 of the bound certificate, or else of the one in the configured file; "" where neither is known
	OnDisk   string // SHA-256 of the certificate in the configured file; "" where that is not known
	Files    services.Installed
	Outage   services.Outage
	Activate string        // what has to be run, besides a reload, before clients see a changed file; "" for nothing
	Wait     time.Duration // how long the daemon lets a client wait for its greeting, on purpose
	Proxy    bool          // it is asked as a proxy asks, with a PROXY protocol header first

	Mismatch bool // the configured files hold a certificate and a key that do not belong together

	Report probe.Report
	Served int64 // the entry of the certificate that is served; 0 where the store has none

	onDisk *x509.Certificate
	sent   []string // the sums of what came with it before a switch that leaves it as it is
}

// Good says whether a client gets what it should: the expected certificate, or where none is, one it can accept. Where
// no name is asked for, no name can be wrong.
func (p Port) Good() bool {
	if p.Expected != "" {
		return p.Report.Result == probe.Matches && !p.lostChain()
	}
	r := p.Report
	return r.Served() && r.Result != probe.Unknown && r.DateFault == "" && r.Chain.Verdict != probe.Broken &&
		(r.NameFault == "" || p.Name == "")
}

// Right says whether clients are served well: what they should get, and it is in date and for the name they ask for.
// Good is less: that a service was put back to a certificate that has expired must be provable.
func (p Port) Right() bool {
	return p.Good() && p.Report.DateFault == "" && p.Report.NameFault == "" && p.Report.StapleFault == ""
}

// Word is the result for people: "served", "old one served", "another served", "out of date", "plaintext", "no answer".
func (p Port) Word() string {
	switch r := p.Report; {
	case p.Good() && r.DateFault != "":
		return "out of date"
	case p.Good() && r.NameFault != "" && p.Name != "":
		return "wrong name"
	}
	switch p.Report.Result {
	case probe.Matches, probe.Answers:
		return "served"
	case probe.Old:
		return "old one served"
	case probe.Another:
		return "another served"
	}
	return strings.ReplaceAll(string(p.Report.Result), "-", " ")
}

// Survey is what all services of this host serve at a moment.
type Survey struct {
	At        time.Time
	Ports     []Port
	Strangers []Stranger
	Troubles  []string // sentences: services that could not be looked at
	Notes     []string // sentences: services that do not run, or that this user may not look at; no fault of theirs
}

// Right counts the ports at which clients are served well.
func (v Survey) Right() (n int) {
	for _, p := range v.Ports {
		if p.Right() {
			n++
		}
	}
	return n
}

// Of gives the ports that an entry is bound to, or that serve it.
func (v Survey) Of(e Entry) (list []Port) {
	for _, p := range v.Ports {
		if p.Bound == e.ID && e.ID != 0 || p.Report.SHA256 == e.SHA256 || p.Expected == e.SHA256 {
			list = append(list, p)
		}
	}
	return list
}

// Survey looks at every service of the configuration, or that is found here, and at what was bound to others, and asks
// each port what it serves. It changes nothing and takes about as long as the slowest port, a deadline at most.
func (s *Store) Survey(ctx context.Context) (Survey, error) {
	if _, err := s.List(ctx, false); err != nil {
		return Survey{}, err
	}
	v := Survey{At: s.o.Now()}
	looks, troubles, notes := s.lookAtAll(ctx)
	v.Troubles, v.Notes = append(troubles, s.lostSlots(looks)...), notes
	var ports []Port
	for _, l := range looks {
		ports = append(ports, s.expected(l)...)
	}
	v.Ports = s.ask(ctx, append(ports, s.elsewhere(looks)...))
	v.Strangers = s.strangers(v.Ports)
	return v, ctx.Err()
}

// HasServices says whether there may be services to ask: the configuration names some, or they are looked for.
func (s *Store) HasServices() bool { return len(s.o.Services) > 0 || s.o.Discover }

// look is a service and what was found out about it.
type look struct {
	*services.Service
	places []services.Place
}

// lookAtAll reads the configuration of every service, all at once: they are waited for most of the time.
func (s *Store) lookAtAll(ctx context.Context) (found []look, troubles, notes []string) {
	all, errs := s.instances(ctx)
	for _, err := range errs {
		troubles = append(troubles, sentenceOf(err))
	}
	results, failures := make([][]services.Place, len(all)), make([]error, len(all))
	var wait sync.WaitGroup
	for i, svc := range all {
		wait.Go(func() { results[i], failures[i] = s.placesOf(ctx, svc) })
	}
	wait.Wait()
	for i, svc := range all {
		title := ServiceTitle(svc.Instance()) + ": "
		for _, place := range results[i] {
			if place.Shut {
				notes = once(notes, title+services.OnlyByProxy(place.URL))
			}
		}
		err := failures[i]
		switch {
		case err == nil:
		case errors.Is(err, errStopped), errors.Is(err, errHidden):
			notes = append(notes, title+sentenceOf(err))
		case fail.Is(err, fail.NotPermitted):
			troubles = append(troubles, title+sentenceOf(err)+": "+fail.Of(err).Hint)
		default:
			troubles = append(troubles, title+sentenceOf(err))
		}
		found = append(found, look{svc, results[i]})
	}
	return found, troubles, notes
}

var (
	errStopped = errors.New("it is installed here but not running")
	errHidden  = errors.New("this user may not see whether it is running: run certdesk as root")
)

// placesOf gives what clients can ask of a service. One that was only found here, does not run and is bound to nothing
// is no port that fails: a package may be installed and not used. Where this user cannot see whether it runs, its
// ports tell.
func (s *Store) placesOf(ctx context.Context, svc *services.Service) ([]services.Place, error) {
	state, err := svc.Look(ctx)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	meant := len(s.o.Services) > 0 || len(s.state.boundBy(svc.Instance())) > 0
	s.mu.Unlock()
	if !state.Running && !state.Hidden && !meant {
		return nil, errStopped
	}
	places, err := svc.Instance().Places(state.Sites)
	if err == nil && state.Hidden {
		err = errHidden
	}
	return places, err
}

// lostSlots names bindings to slots that the configuration does not have any more: nobody is served by them.
func (s *Store) lostSlots(looks []look) (list []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, l := range looks {
		for _, b := range s.state.boundBy(l.Instance()) {
			here := slices.ContainsFunc(l.places, func(p services.Place) bool {
				return p.Slot == b.Slot || slices.Contains(b.Prove, p.Proof)
			})
			if e, err := s.byID(b.Entry); err == nil && !here && len(l.places) > 0 && b.Slot != "" && b.Slot != services.DefaultSlot {
				list = append(list,
					b.Title()+": its configuration has no such slot any more; `certdesk disable "+e.Thumbprint[:12]+" --services "+
						b.Service.Use+" --slot "+printable.Text(b.Slot)+"` forgets it")
			}
		}
	}
	return list
}

// instances are the services of the configuration; where it names none, and Discover is set, those found on this host.
func (s *Store) instances(ctx context.Context) (all []*services.Service, errs []error) {
	list := s.o.Services
	if len(list) == 0 && s.o.Discover {
		list, errs = services.Discover(ctx, s.o.Host)
	}
	for _, in := range list {
		svc, err := services.New(s.o.Host, in)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		all = append(all, svc)
	}
	return all, errs
}

// expected gives what each place of a service should serve: what is bound to it, else what its files hold.
func (s *Store) expected(l look) (ports []Port) {
	s.mu.Lock()
	bound := s.state.boundBy(l.Instance())
	s.mu.Unlock()
	for _, place := range l.places {
		if place.Shut {
			continue
		}
		blank := Port{Service: l.Instance(), Slot: place.Slot, Listen: place.URL, Name: place.Name,
			Outage: place.Outage, Activate: place.Activate, Wait: place.Wait, Proxy: place.Proxy}
		ports = append(ports, portsAt(blank, place.Pairs, bound)...)
	}
	return ports
}

// portsAt makes a port of each certificate that is expected at a place; where one alone is, a client chooses freely.
func portsAt(blank Port, pairs []services.Installed, bound []Binding) (ports []Port) {
	for _, pair := range pairs {
		p := blank
		p.Files = pair
		if leaf, err := pair.Leaf(); err == nil {
			p.OnDisk, p.Key, p.onDisk = formats.SHA256(leaf.Raw), probe.KeyOf(leaf), leaf
			p.Expected, p.Mismatch = p.OnDisk, pair.Mismatch()
		}
		ports = append(ports, p)
	}
	for _, b := range bound {
		if !b.meets(blank) {
			continue
		}
		i := slices.IndexFunc(ports, func(p Port) bool { return p.Key == b.Key || p.Key == probe.Any })
		if i < 0 {
			ports, i = append(ports, blank), len(ports)
		}
		ports[i].Bound, ports[i].Expected, ports[i].Key = b.Entry, b.SHA256, b.Key
	}
	if len(ports) == 0 {
		ports = []Port{blank}
	}
	if len(ports) == 1 {
		ports[0].Key = probe.Any
	}
	return ports
}

// meets says whether a binding is for a port: by its handshakes, or where none is known by its slot.
func (b Binding) meets(p Port) bool {
	if len(b.Prove) == 0 {
		return b.Slot == "" || b.Slot == p.Slot
	}
	return slices.Contains(b.Prove, services.Proof{URL: p.Listen, Name: p.Name})
}

// elsewhere are the ports of bindings whose service is no longer configured or found, or could not be looked at: they
// are still to be proven.
func (s *Store) elsewhere(looks []look) (ports []Port) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, b := range s.state.bindings {
		known := slices.ContainsFunc(looks, func(l look) bool { return len(l.places) > 0 && b.Service.Same(l.Instance()) })
		if known {
			continue
		}
		several := len(s.state.boundAt(b.Service, b.Slot)) > 1
		for _, proof := range b.Prove {
			p := Port{Service: b.Service, Slot: b.Slot, Listen: proof.URL, Name: proof.Name, Bound: b.Entry, Expected: b.SHA256}
			if several {
				p.Key = b.Key
			}
			ports = append(ports, p)
		}
	}
	return ports
}

// ServicesHere lists the services that a certificate can be enabled for, and says of those that cannot be understood why.
func (s *Store) ServicesHere(ctx context.Context) (list []services.Instance, troubles []string) {
	all, errs := s.instances(ctx)
	for _, svc := range all {
		list = append(list, svc.Instance())
	}
	for _, err := range errs {
		troubles = append(troubles, sentenceOf(err))
	}
	return list, troubles
}
