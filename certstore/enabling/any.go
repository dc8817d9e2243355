package enabling

import (
	"cmp"
	"context"
	"net"
	"net/netip"
	"slices"
	"strings"
	"time"

	"certdesk/certstore/ledger"
	"certdesk/certstore/names"
	"certdesk/certstore/probe"
	"certdesk/certstore/services"
)

// Answer is what any port, of this host or another, answered to a client of one kind, and what is known of it here.
type Answer struct {
	Port               // of the service of this host that has it; elsewhere its Service is none and nothing is expected
	Entry ledger.Entry // what is served: as listed where it is ours, else as it would be, with the id 0
	Meant ledger.Entry // what the service should serve; its id is 0 where no entry is that
	Raw   probe.Report // held against nothing
	Fit   ledger.Entry // of our own for the name that was asked for, the one that lasts longest; its id is 0 for none
}

// Here says whether a service of this host has the port.
func (a Answer) Here() bool { return a.Service.Use != "" }

// Ours says whether what is served is an entry of the store.
func (a Answer) Ours() bool { return a.Entry.ID != 0 }

// AskAny asks any ports as clients do, RSA and ECDSA apart, and says of each certificate whether it is ours and whether
// it is what should be there. It changes nothing, and takes no longer than the two questions.
func (ds *Daemons) AskAny(ctx context.Context, requests []probe.Request) ([][]Answer, error) {
	if err := ds.store.Read(ctx, func(View) {}); err != nil {
		return nil, err
	}
	looked := make(chan []Port, 1)
	go func() { looked <- ds.known(ctx) }()
	requests = slices.Clone(requests)
	for i := range requests {
		requests[i].Roots, requests[i].Now = ds.host.Roots, ds.host.Now()
	}
	told := probe.All(ctx, requests, portsAtOnce, probe.KindsBy(ds.host.Ask))
	known := <-looked
	answers := make([][]Answer, len(told))
	for i, kinds := range told {
		for _, r := range kinds {
			answers[i] = append(answers[i], ds.answer(ctx, r, known))
		}
	}
	return answers, ctx.Err()
}

// lookPatience is how long the services of this host may take to be read: an answer is not worth more waiting.
const lookPatience = 5 * time.Second

// known are the ports of this host's services, with what each should serve. None of them is asked.
func (ds *Daemons) known(ctx context.Context) (ports []Port) {
	ctx, stop := context.WithTimeout(ctx, lookPatience)
	defer stop()
	looks, _ := ds.lookAtAll(ctx)
	for _, l := range looks {
		ports = append(ports, ds.expected(l)...)
	}
	return append(ports, ds.elsewhere(looks)...)
}

func (ds *Daemons) answer(ctx context.Context, r probe.Report, known []Port) Answer {
	name := r.Name
	if _, err := netip.ParseAddr(name); err == nil {
		name = ""
	}
	a := Answer{Port: Port{Listen: r.Target.String(), Name: name, Key: r.Key}, Raw: r}
	if p, found := slotOf(at(r, known), name, r); found {
		p.Listen, p.Name, a.Port = a.Listen, name, p
	}
	a.Served = ds.entryOf(r.SHA256)
	a.Report = ds.aged(unnamed(r.Against(probe.Expect{Wanted: a.Expected}), a.Port), a.Port)
	switch {
	case a.Served != 0:
		a.Entry, _ = ds.store.Entry(ctx, a.Served)
	case r.Served():
		a.Entry, _ = ds.store.Describe(r)
	}
	if meant := cmp.Or(a.Bound, ds.entryOf(a.Expected)); meant != 0 {
		a.Meant, _ = ds.store.Entry(ctx, meant)
	}
	a.Fit = ds.fitting(name)
	return a
}

// slotOf is that of several slots at a port which a client that asks for a name gets.
func slotOf(ports []Port, name string, r probe.Report) (Port, bool) {
	if r.Served() {
		ports = slices.DeleteFunc(ports, func(p Port) bool { return p.Key != probe.Any && p.Key != probe.KeyOf(r.Leaf) })
	}
	for _, fits := range []func(p Port) bool{
		func(p Port) bool { return p.Name == name },
		func(p Port) bool {
			return slices.ContainsFunc(strings.Split(p.Slot, ","), func(n string) bool { return names.Covers(n, name) })
		},
		func(p Port) bool { return p.Slot == services.DefaultSlot },
		func(Port) bool { return true },
	} {
		if i := slices.IndexFunc(ports, fits); i >= 0 {
			return ports[i], true
		}
	}
	return Port{}, false
}

// at are the ports of this host that a question reached. Where a service listens on every address it is known by that
// of loopback, and any address of this host means it.
func at(r probe.Report, known []Port) (same []Port) {
	ip, number, here := reached(r)
	if !here {
		return nil
	}
	var loopback []Port
	for _, p := range known {
		t, err := probe.ParseTarget(p.Listen)
		if err != nil || t.Port != number {
			continue
		}
		switch own, err := netip.ParseAddr(t.Host); {
		case err == nil && own.Unmap() == ip:
			same = append(same, p)
		case err != nil, own.IsLoopback():
			loopback = append(loopback, p)
		}
	}
	if len(same) > 0 {
		return same
	}
	return loopback
}

// reached is the address that answered, or refused to, and whether it is one of this host.
func reached(r probe.Report) (ip netip.Addr, number string, here bool) {
	host, number, err := net.SplitHostPort(cmp.Or(r.Address, r.Refuser, r.Target.Address()))
	if err == nil {
		ip, err = netip.ParseAddr(host)
	}
	ip = ip.Unmap().WithZone("")
	return ip, number, err == nil && (ip.IsLoopback() || isOwn(ip))
}

// isOwn says whether an address is one of this host's.
func isOwn(ip netip.Addr) bool {
	list, _ := net.InterfaceAddrs()
	return slices.ContainsFunc(list, func(a net.Addr) bool {
		n, ok := a.(*net.IPNet)
		if !ok {
			return false
		}
		own, ok := netip.AddrFromSlice(n.IP)
		return ok && own.Unmap() == ip
	})
}

// fitting is the entry for a name that could be served with its key, and lasts longest.
func (ds *Daemons) fitting(name string) (best ledger.Entry) {
	if name == "" {
		return best
	}
	ds.store.Peek(func(v View) {
		for _, row := range v.Rows {
			has := slices.ContainsFunc(row.Names, func(n string) bool { return names.Covers(n, name) })
			if !has || !row.Removed.IsZero() || row.Kind != ledger.Certificate {
				continue
			}
			e, err := v.Entry(row.ID)
			if err == nil && e.Verdict.Status.Works() && e.HasKey && e.NotAfter.After(best.NotAfter) {
				best = e
			}
		}
	})
	return best
}
