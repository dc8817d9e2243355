package evidence

import (
	"cmp"
	"context"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/miekg/dns"
)

// Place is where a name leads, for somebody who goes there.
type Place struct {
	Addresses []netip.Addr
	Missing   bool // there is no such name
	Bogus     bool // DNSSEC says that what is there is forged or broken
	Silent    bool // its name servers do not answer
}

// Place says where a name leads.
func (r *Resolver) Place(ctx context.Context, name string) Place {
	p := r.place(ctx, name)
	return Place{Addresses: p.addresses, Missing: p.missing, Bogus: p.bogus, Silent: p.silent && len(p.addresses) == 0}
}

// Exchangers are the hosts that take a domain's mail, the first choice first; none says that there is no MX. A domain
// whose only MX is the root takes no mail, and says so (RFC 7505).
func (r *Resolver) Exchangers(ctx context.Context, domain string) (hosts []string, refuses bool) {
	set := records[*dns.MX](r.ask(ctx, domain, dns.TypeMX))
	if len(set) == 1 && host(set[0].Mx) == "" {
		return nil, true
	}
	set = slices.Clone(set)
	slices.SortFunc(set, func(a, b *dns.MX) int {
		return cmp.Or(cmp.Compare(a.Preference, b.Preference), strings.Compare(a.Mx, b.Mx))
	})
	for _, record := range set {
		hosts = append(hosts, host(record.Mx))
	}
	return hosts, false
}

// Target is a host and a port that a domain names for a service.
type Target struct{ Host, Port string }

// Targets are those of a service such as "_autodiscover", the first choice first (RFC 2782).
func (r *Resolver) Targets(ctx context.Context, service, domain string) (list []Target) {
	set := slices.Clone(records[*dns.SRV](r.ask(ctx, service+"._tcp."+domain, dns.TypeSRV)))
	slices.SortFunc(set, func(a, b *dns.SRV) int {
		return cmp.Or(cmp.Compare(a.Priority, b.Priority), cmp.Compare(b.Weight, a.Weight),
			strings.Compare(a.Target, b.Target))
	})
	for _, record := range set {
		if name := host(record.Target); name != "" {
			list = append(list, Target{name, strconv.Itoa(int(record.Port))})
		}
	}
	return list
}

// STS is what a domain wants of those who send to it (RFC 8461), as far as a host is concerned.
type STS struct {
	Mode string // enforce, testing, none; "" where there is no policy
	mx   []string
}

// Allows says whether mail may be brought to a host.
func (p STS) Allows(host string) bool { return policy{mx: p.mx}.allows(host) }

// STS is the policy of a domain; without one it has no mode.
func (f *Finder) STS(ctx context.Context, domain string) (STS, error) {
	s := &search{Finder: f, ctx: ctx}
	if !slices.ContainsFunc(s.texts("_mta-sts."+domain), func(text string) bool {
		return strings.HasPrefix(text, "v=STSv1;")
	}) {
		return STS{}, nil
	}
	p, err := s.policy(domain)
	return STS{p.mode, p.mx}, err
}
