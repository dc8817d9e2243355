package enabling

import (
	"context"
	"slices"
	"time"

	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
	"certdesk/certstore/probe"
	"certdesk/certstore/services"
	"certdesk/certstore/trust"
)

// Host is the machine whose daemons are meant, and how its ports are asked.
type Host struct {
	Services []services.Instance // the daemons of the configuration
	Discover bool                // where it names none: those found on this host
	Machine  services.Host
	Peers    []string // HOST:PORT of servers that must not present the same SMTP certificate
	Server   string   // this server's full name, which clients may ask for
	Ask      func(context.Context, probe.Request) probe.Report
	Now      func() time.Time
	Roots    *trust.Roots

	// what is known of the revocation of what a port serves; nil: nothing
	Revocation func(probe.Report) trust.Revocation
}

// Daemons are the daemons of a host, and the store that says what they should serve.
type Daemons struct {
	host  Host
	store Store
	looks services.Memory // of surveys
}

// New touches nothing.
func New(h Host, s Store) *Daemons { return &Daemons{host: h, store: s} }

// bindings are what services are bound to, as last read.
func (ds *Daemons) bindings() (list []ledger.Binding) {
	ds.store.Peek(func(v View) { list = slices.Clone(v.Bindings) })
	return list
}

// boundAt are the bindings of one slot of a service, as last read.
func (ds *Daemons) boundAt(in services.Instance, slot string) (list []ledger.Binding) {
	ds.store.Peek(func(v View) { list = v.BoundAt(in, slot) })
	return list
}

// boundBy are the bindings of one service, as last read.
func (ds *Daemons) boundBy(in services.Instance) (list []ledger.Binding) {
	ds.store.Peek(func(v View) { list = v.BoundBy(in) })
	return list
}

// instances are the services of the configuration; where it names none, and Discover is set, those found on this host.
func (ds *Daemons) instances(ctx context.Context) (all []*services.Service, errs []error) {
	return ds.instancesOn(ctx, ds.host.Machine)
}

func (ds *Daemons) instancesOn(ctx context.Context, host services.Host) (all []*services.Service, errs []error) {
	list := ds.host.Services
	if len(list) == 0 && ds.host.Discover {
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

// HasServices says whether there may be services to ask: the configuration names some, or they are looked for.
func (ds *Daemons) HasServices() bool { return len(ds.host.Services) > 0 || ds.host.Discover }

// Here lists the services that a certificate can be enabled for, and says of those that cannot be understood why.
func (ds *Daemons) Here(ctx context.Context) (list []services.Instance, troubles []string) {
	all, errs := ds.instances(ctx)
	for _, svc := range all {
		list = append(list, svc.Instance())
	}
	for _, err := range errs {
		troubles = append(troubles, fail.Sentence(err))
	}
	return list, troubles
}
