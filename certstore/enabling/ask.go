package enabling

import (
	"context"
	"net/netip"

	"certdesk/certstore/fail"
	"certdesk/certstore/probe"
)

// portsAtOnce bounds how many ports are asked together: as many as there are, within a process's file descriptors.
const portsAtOnce = probe.AtOnce

// ask asks every port, and says which entries are served. What cannot be asked says why.
func (ds *Daemons) ask(ctx context.Context, ports []Port) []Port {
	var requests []probe.Request
	var asked []int
	for i, p := range ports {
		if _, err := probe.ParseTarget(p.Listen); err != nil {
			ports[i].Report = probe.Report{Name: p.Name, Key: p.Key, Result: probe.NoAnswer, Text: "it was not asked: " +
				fail.Sentence(err)}
			continue
		}
		requests, asked = append(requests, ds.question(p)), append(asked, i)
	}
	reports := probe.All(ctx, requests, portsAtOnce, ds.host.Ask)
	for n, i := range asked {
		ds.recall(&reports[n])
		ports[i].Served = ds.entryOf(reports[n].SHA256)
		ports[i].Report = ds.aged(unnamed(reports[n], ports[i]), ports[i])
	}
	return ports
}

// recall puts into a report what is known of the revocation of what was served.
func (ds *Daemons) recall(r *probe.Report) {
	if ds.host.Revocation != nil && r.Served() {
		r.Revocation = ds.host.Revocation(*r)
	}
}

func (ds *Daemons) question(p Port) probe.Request {
	target, err := probe.ParseTarget(p.Listen)
	if err != nil {
		return probe.Request{}
	}
	return probe.Request{Target: target, Name: p.Name, Key: p.Key, Proxy: p.Proxy || p.Report.Proxied, Wait: p.Wait,
		Roots: ds.host.Roots, Now: ds.host.Now(), Expect: probe.Expect{Wanted: p.Expected}}
}

// unnamed takes back what is held against the address by which a port is reached here, where no name is asked for.
func unnamed(r probe.Report, p Port) probe.Report {
	if _, err := netip.ParseAddr(r.Name); p.Name == "" && err == nil {
		r.NameFault = ""
	}
	return r
}

// aged calls what is served the old one where it was issued, or came to the store, before the one that is expected.
func (ds *Daemons) aged(r probe.Report, p Port) probe.Report {
	wanted := p.onDisk
	if p.Bound != 0 {
		wanted, _ = ds.store.Certificate(p.Expected)
	}
	if r.Result != probe.Another || wanted == nil {
		return r
	}
	came := ds.entryOf(p.Expected)
	if r.Leaf.NotBefore.Before(wanted.NotBefore) || p.Served != 0 && p.Served < came {
		r.Result, r.Text = probe.Old, "the old certificate is still served"
	}
	return r
}

// entryOf is the live entry of a certificate, 0 for none.
func (ds *Daemons) entryOf(sha256 string) (id int64) {
	ds.store.Peek(func(v View) { id = v.EntryOf(sha256) })
	return id
}
