package certstore

import (
	"context"
	"slices"

	"certdesk/certstore/formats"
	"certdesk/certstore/ledger"
	"certdesk/certstore/printable"
	"certdesk/certstore/probe"
	"certdesk/certstore/services"
)

// EnableStep is something that Enable does to a service.
type EnableStep struct {
	Service services.Instance
	Step    Step
	Done    bool   // it ended; else it begins
	Err     error  // why it failed
	Ports   []Port // of Proof and ProofBack: what the ports serve so far
}

// Step names what is done to a service.
type Step string

// The steps, in their order. The last two follow a failure.
const (
	StepRecord    Step = "record it in the journal"
	StepApply     Step = "put the files and point the configuration at them"
	StepCheck     Step = "the daemon's own check"
	StepReload    Step = "reload"
	StepProof     Step = "ask every port"
	StepSettle    Step = "record how it was left"
	StepRollback  Step = "put back what was there"
	StepProofBack Step = "ask every port for the old certificate"
)

// State says how a service was left.
type State string

// The states.
const (
	Enabled    State = "enabled"     // proven by handshakes on every port
	Unchanged  State = "unchanged"   // it was so already, proven
	Unproven   State = "unproven"    // switched; nobody asked the ports, or nothing listens yet
	PassedOver State = "passed over" // the certificate is for another service of its use
	LeftAlone  State = "left alone"  // refused before anything was touched
	RolledBack State = "rolled back" // the proof or a step failed; the old certificate is back, proven where it was served
	Doubtful   State = "doubtful"    // it could not be put back whole: a person has to look
)

// Outcome is what became of one service.
type Outcome struct {
	Missed    []MissedSlot    // slots that bear its names and serve another one all the same
	NotProven string          // why nobody could prove it; "" where it is proven, or nobody wanted it proven
	Left      []services.Site // slots and ports that were not changed, each with its reason in Fixed
	Aside     []string        // sentences: parts of the configuration that cannot be followed

	Service services.Instance
	State   State
	Err     error    // why it is not enabled, or why the proof could not be recorded
	Ports   []Port   // the proof; where it was rolled back, what is served again
	Failed  []Port   // where it was rolled back, what the ports had served instead
	Trouble []string // what the daemon's log said meanwhile
	Kept    string   // why older files were not removed; "" where they were, or there were none
}

// Fine says whether the service was enabled as it was meant to be; Whole, whether that is all clients need.
func (o Outcome) Fine() bool {
	return o.Err == nil && (o.State == Enabled || o.State == Unchanged || o.State == Unproven || o.State == PassedOver)
}

// Whole says whether every client that asks for a name of the certificate gets it, proven as far as that was wanted, and
// finds nothing wrong with it: what a survey says of the same ports.
func (o Outcome) Whole() bool {
	return o.Fine() && len(o.Missed) == 0 && o.NotProven == "" && len(o.Flaws()) == 0
}

// Flaws say what clients mind at ports that serve what was bound to them.
func (o Outcome) Flaws() (list []string) {
	if !o.Fine() {
		return nil
	}
	for _, p := range o.Ports {
		if p.Bound != 0 && p.Good() && !p.Right() {
			list = once(list, printable.Text(p.Listen)+" "+p.flawed())
		}
	}
	return list
}

// MissedSlot is a slot that bears a name of the certificate, and that goes on serving another one.
type MissedSlot struct {
	Site  services.Site
	Ports []Port // those that were asked; none where nobody could ask
}

// Text says who gets the old one where, and why.
func (m MissedSlot) Text() string {
	var who, where []string
	for _, p := range m.Ports {
		name := p.Name
		if name == "" {
			name = "who asks for no name"
		}
		who, where = once(who, name), once(where, p.Listen)
	}
	if len(m.Ports) == 0 {
		who, where = once(nil, m.Site.Slot()), once(nil, m.Site.Where)
	}
	return printable.Text(ledger.Listed(who) + " still gets the old one at " + ledger.Listed(where) + ": " + m.Site.Fixed)
}

func once(list []string, text string) []string {
	if slices.Contains(list, text) {
		return list
	}
	return append(list, text)
}

// addLeft adds to an outcome what a service does not serve though it was enabled: slots that certdesk cannot change,
// and why nothing could be proven.
func (s *Store) addLeft(ctx context.Context, e ledger.Entry, sp ServicePlan, o EnableOptions, out Outcome) Outcome {
	if !out.Fine() || out.State == PassedOver {
		return out
	}
	out.Left, out.Aside = sp.Plan.Left, sp.Plan.Aside
	switch {
	case out.State != Unproven || o.NoProve:
	case !sp.Plan.Running:
		out.NotProven = sp.Service.Driver + " is not running: start it, then `certdesk test` asks its ports"
	default:
		out.NotProven = "no port of it is known: name its ports under listen in the configuration"
	}
	if shut := sp.Shut(); len(shut) > 0 && sp.Plan.Running && !o.NoProve {
		out.NotProven = "reached only through the proxy: name the proxy's port under listen (" + ledger.Listed(shut) + ")"
	}
	if out.State == Enabled || out.State == Unchanged {
		out.Err = s.bindShared(ctx, e, ofEntry(out.Ports, e))
	}
	for _, m := range sp.Plan.Missed {
		if missed, still := s.missed(ctx, e, sp, o, m); still {
			out.Missed = append(out.Missed, missed)
		}
	}
	return out
}

// Shut are the ports of slots that nobody here can ask at any port: they answer their proxy alone.
func (sp *ServicePlan) Shut() (urls []string) {
	for _, t := range sp.Plan.Slots {
		for _, url := range t.Shut {
			if len(t.Prove) == 0 {
				urls = once(urls, printable.Text(url))
			}
		}
	}
	return urls
}

// ofEntry are the ports of a proof that showed an entry itself.
func ofEntry(ports []Port, e ledger.Entry) (list []Port) {
	for _, p := range ports {
		if p.Bound == e.ID {
			list = append(list, p)
		}
	}
	return list
}

// missed asks a slot that was not changed what it serves; where nobody may be asked its file tells.
func (s *Store) missed(ctx context.Context, e ledger.Entry, sp ServicePlan, o EnableOptions, m services.Missed) (MissedSlot, bool) {
	if o.NoProve || !sp.Plan.Running {
		return MissedSlot{Site: m.Site}, namesAnother(m.Site, e)
	}
	var ports []Port
	for _, proof := range m.Prove {
		ports = append(ports, Port{Service: sp.Service, Slot: m.Slot(), Listen: proof.URL, Name: proof.Name,
			Expected: e.SHA256, Proxy: sp.Plan.AsProxy(proof.URL)})
	}
	bad := func(p Port) bool { return !p.Good() && p.Report.Served() }
	ports = slices.DeleteFunc(s.ask(ctx, ports), func(p Port) bool { return !bad(p) })
	for _, p := range s.ask(ctx, ofKind(ports, keyOf(e))) { // it may be there beside one of another kind
		ports = slices.DeleteFunc(ports, func(q Port) bool { return p.Good() && q.Listen == p.Listen && q.Name == p.Name })
	}
	return MissedSlot{m.Site, ports}, len(ports) > 0
}

// ofKind are the same questions for one kind of key.
func ofKind(ports []Port, key probe.Key) []Port {
	ports = slices.Clone(ports)
	for i := range ports {
		ports[i].Key = key
	}
	return ports
}

// namesAnother says whether the files of a site hold other certificates than this one.
func namesAnother(site services.Site, e ledger.Entry) (another bool) {
	for _, pair := range site.Pairs {
		leaf, err := pair.Leaf()
		if err == nil && formats.SHA256(leaf.Raw) == e.SHA256 {
			return false
		}
		another = another || err == nil
	}
	return another
}
