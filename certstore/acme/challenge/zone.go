package challenge

import (
	"context"
	"net"
	"net/netip"
	"strconv"
	"strings"

	"github.com/miekg/dns"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

// place is where a record has to be: its name may be an alias (CNAME) for one in another zone.
type place struct {
	asked string // what the authority asks for
	name  string // where its aliases lead
}

func (p place) String() string {
	if p.asked == p.name {
		return shown(p.name)
	}
	return shown(p.asked) + " (an alias of " + shown(p.name) + ")"
}

// shown is a name as people write it, without the dot at its end.
func shown(name string) string { return printable.Text(strings.TrimSuffix(name, ".")) }

// follow goes from a name to the one that holds its records.
func (a asker) follow(ctx context.Context, name string) (place, error) {
	at := place{dns.Fqdn(name), dns.Fqdn(name)}
	for range maxAliases {
		answer, err := a.lookup(ctx, at.name, dns.TypeCNAME)
		if err != nil {
			return at, err
		}
		next := aliasIn(answer, at.name)
		if next == "" {
			return at, nil
		}
		at.name = next
	}
	return at, fail.New(fail.Failed, "correct the CNAMEs", "%s leads through more than %d CNAMEs",
		shown(at.asked),
		maxAliases)
}

func aliasIn(answer *dns.Msg, name string) string {
	for _, rr := range answer.Answer {
		alias, ok := rr.(*dns.CNAME)
		if ok && strings.EqualFold(alias.Hdr.Name, name) {
			return alias.Target
		}
	}
	return ""
}

// zoneOf is the zone that holds a name, as ask answers for SOA: the name itself, or the nearest above it that has one.
// It is "" where nobody knows one.
func zoneOf(name string, ask func(name string) (*dns.Msg, error)) (string, error) {
	for name != "." {
		answer, err := ask(name)
		if err != nil {
			return "", err
		}
		for _, rr := range append(answer.Answer, answer.Ns...) {
			soa, ok := rr.(*dns.SOA)
			if ok && soa.Hdr.Name != "." && dns.IsSubDomain(soa.Hdr.Name, name) {
				return dns.CanonicalName(soa.Hdr.Name), nil
			}
		}
		name = parent(name)
	}
	return "", nil
}

func parent(name string) string {
	next, end := dns.NextLabel(name, 0)
	if end {
		return "."
	}
	return name[next:]
}

// maxServers is how many addresses of a zone's servers are asked.
const maxServers = 32

// nameServer is one address of one server of a zone.
type nameServer struct {
	name, at  string // at is host:port, "" where the name has no address
	recursive bool   // a resolver, where no zone is known
}

func (s nameServer) String() string {
	host, _, _ := net.SplitHostPort(s.at)
	switch {
	case s.recursive:
		return "the resolver " + printable.Text(host)
	case s.at == "":
		return shown(s.name)
	}
	return shown(s.name) + " (" + printable.Text(host) + ")"
}

// servers are all that answer for the zone of a name; where the DNS knows no zone, the resolvers.
func (a asker) servers(ctx context.Context, name string) (zone string, all []nameServer, err error) {
	zone, err = zoneOf(name, func(name string) (*dns.Msg, error) { return a.lookup(ctx, name, dns.TypeSOA) })
	if err != nil {
		return "", nil, err
	}
	if zone != "" {
		all, err = a.serversOf(ctx, zone)
	}
	if err == nil && len(all) == 0 {
		for _, at := range a.resolvers {
			all = append(all, nameServer{at: at, recursive: true})
		}
	}
	return zone, all[:min(len(all), maxServers)], err
}

func (a asker) serversOf(ctx context.Context, zone string) (all []nameServer, err error) {
	answer, err := a.lookup(ctx, zone, dns.TypeNS)
	if err != nil {
		return nil, err
	}
	for _, rr := range answer.Answer {
		ns, ok := rr.(*dns.NS)
		if !ok {
			continue
		}
		addresses, err := a.addresses(ctx, ns.Ns)
		if ctx.Err() != nil {
			return nil, err
		}
		if len(addresses) == 0 {
			all = append(all, nameServer{name: ns.Ns})
		}
		for _, address := range addresses {
			all = append(all, nameServer{name: ns.Ns, at: a.at(address)})
		}
	}
	return all, nil
}

func (a asker) at(address netip.Addr) string {
	return net.JoinHostPort(address.String(), strconv.Itoa(a.port))
}
