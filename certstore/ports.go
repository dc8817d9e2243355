package certstore

import (
	"cmp"
	"context"
	"crypto/x509"
	"slices"
	"strings"
	"time"

	"certdesk/certstore/formats"
	"certdesk/certstore/ledger"
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

	Mismatch bool   // the configured files hold a certificate and a key that do not belong together
	Lost     string // a configured file that is not there

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

// Right says whether clients are served well and will be: what they should get, nothing that clients mind is wrong with
// it, and the daemon could start again with its files. Good is less: that a service was put back to a certificate that
// has expired must be provable. Every verdict and exit status on clients is by Right, whichever command gives it.
func (p Port) Right() bool { return p.Good() && p.Flaw() == "" }

// Flaw is what is wrong at a port that serves what it should, in a sentence; "" for nothing.
func (p Port) Flaw() string {
	return cmp.Or(p.Report.DateFault, p.Report.NameFault, p.Report.StapleFault, p.Report.UsageFault, p.DiskFault())
}

// Lapses says whether clients are served well, and a restart would end that.
func (p Port) Lapses() bool { return p.Good() && p.Flaw() != "" && p.Flaw() == p.DiskFault() }

// Lapse says whether that is all that is wrong at ports that are not right.
func (v Survey) Lapse() bool {
	return !slices.ContainsFunc(v.Ports, func(p Port) bool { return !p.Right() && !p.Lapses() })
}

// DiskFault says why the daemon would fail to start again with the files that its configuration names; "" for nothing.
func (p Port) DiskFault() string {
	cert, key := printable.Text(p.Files.Cert), printable.Text(p.Files.Key)
	switch {
	case p.Lost != "":
		return printable.Text(p.Lost) + ", which its configuration names, is not there: a restart would end TLS there"
	case p.Mismatch:
		return "the key in " + key + " and the certificate in " + cert +
			" do not belong together: a reload or a restart would end TLS there"
	}
	return ""
}

// Word is the result for people: "served", "old one served", "another served", "out of date", "key mismatch", "no answer".
func (p Port) Word() string {
	switch r := p.Report; {
	case p.Good() && r.DateFault != "":
		return "out of date"
	case p.Good() && r.NameFault != "" && p.Name != "":
		return "wrong name"
	case p.Good() && r.StapleFault != "":
		return "no staple"
	case p.Good() && r.UsageFault != "":
		return "wrong usage"
	case p.Good() && p.Lost != "":
		return "file missing"
	case p.Good() && p.Mismatch:
		return "key mismatch"
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

	about map[string][]int64 // by trouble, the entries that are bound where it is; none for all
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
func (v Survey) Of(e ledger.Entry) (list []Port) {
	for _, p := range v.Ports {
		if p.Bound == e.ID && e.ID != 0 || p.Report.SHA256 == e.SHA256 || p.Expected == e.SHA256 {
			list = append(list, p)
		}
	}
	return list
}

// TroublesOf gives the troubles that may keep clients from an entry: of services it is bound to, or of all.
func (v Survey) TroublesOf(e ledger.Entry) (list []string) {
	for _, text := range v.Troubles {
		if bound, partial := v.about[text]; !partial || slices.Contains(bound, e.ID) {
			list = append(list, text)
		}
	}
	return list
}

// trouble adds a sentence about some entries, or about all.
func (v *Survey) trouble(text string, entries ...int64) {
	v.Troubles = once(v.Troubles, text)
	if len(entries) > 0 {
		v.about[text] = append(v.about[text], entries...)
	}
}

// Survey looks at every service of the configuration, or that is found here, and at what was bound to others, and asks
// each port what it serves. It changes nothing and takes about as long as the slowest port, a deadline at most.
func (s *Store) Survey(ctx context.Context) (Survey, error) {
	s.looks.Forget()
	return s.SurveyAgain(ctx)
}

// SurveyAgain is Survey for somebody who asks every minute: a configuration is read again where something has changed,
// and after ten minutes. The ports are asked each time.
func (s *Store) SurveyAgain(ctx context.Context) (Survey, error) {
	if err := s.current(ctx); err != nil {
		return Survey{}, err
	}
	v := Survey{At: s.o.Now(), about: map[string][]int64{}}
	looks, errs := s.lookAtAll(ctx)
	for _, err := range errs {
		v.trouble(sentenceOf(err), 0)
	}
	for _, l := range looks {
		s.tellOf(&v, l)
	}
	if problem := s.roots.Problem(); problem != "" {
		v.trouble(problem)
	}
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

// instances are the services of the configuration; where it names none, and Discover is set, those found on this host.
func (s *Store) instances(ctx context.Context) (all []*services.Service, errs []error) {
	return s.instancesOn(ctx, s.o.Host)
}

func (s *Store) instancesOn(ctx context.Context, host services.Host) (all []*services.Service, errs []error) {
	list := s.o.Services
	if len(list) == 0 && s.o.Discover {
		list, errs = services.Discover(ctx, host)
	}
	for _, in := range list {
		svc, err := services.New(host, in)
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
	bound := s.state.BoundBy(l.Instance())
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
func portsAt(blank Port, pairs []services.Installed, bound []ledger.Binding) (ports []Port) {
	for _, pair := range pairs {
		p := blank
		p.Files = pair
		if leaf, err := pair.Leaf(); err == nil {
			p.OnDisk, p.Key, p.onDisk = formats.SHA256(leaf.Raw), probe.KeyOf(leaf), leaf
			p.Expected, p.Mismatch = p.OnDisk, pair.Mismatch()
		}
		if p.Service.Driver != "command" || p.OnDisk != "" { // whose daemon may not read these files yet
			p.Lost = pair.Lost()
		}
		ports = append(ports, p)
	}
	for _, b := range bound {
		if !isFor(b, blank) {
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

// isFor says whether a binding is for a port: by its handshakes, or where none is known by its slot.
func isFor(b ledger.Binding, p Port) bool {
	if len(b.Prove) == 0 {
		return b.Slot == "" || b.Slot == p.Slot
	}
	return slices.Contains(b.Prove, services.Proof{URL: p.Listen, Name: p.Name})
}

// elsewhere are the ports of bindings whose service is no longer configured or found, or could not be looked at, or
// whose slot is among those that cannot be listed: they are still to be proven.
func (s *Store) elsewhere(looks []look) (ports []Port) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, b := range s.state.Bindings {
		known := slices.ContainsFunc(looks, func(l look) bool {
			return len(l.places) > 0 && b.Service.Same(l.Instance()) && (l.has(b) || len(l.unasked) == 0)
		})
		if known {
			continue
		}
		several := len(s.state.BoundAt(b.Service, b.Slot)) > 1
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
