package evidence

import (
	"context"
	"net"
	"net/netip"
	"slices"
	"strings"

	"github.com/miekg/dns"

	"certdesk/certstore/names"
	"certdesk/certstore/trust"
)

// place is where a name leads.
type place struct {
	addresses []netip.Addr
	alias     string // what it is a CNAME of, at last; ""
	missing   bool
	bogus     bool
	silent    bool
	secure    bool // addresses, and aliases on the way, are proven
}

// place asks for both kinds of address.
func (s *search) place(name string) place { return s.Resolver.place(s.ctx, name) }

func (r *Resolver) place(ctx context.Context, name string) (p place) {
	p.secure = true
	gone := 0
	for _, kind := range []uint16{dns.TypeA, dns.TypeAAAA} {
		a := r.ask(ctx, name, kind)
		p.bogus = p.bogus || a.bogus
		p.silent = p.silent || a.err != nil
		p.secure = p.secure && a.secure
		if a.missing {
			gone++
		}
		for _, record := range records[*dns.CNAME](a) {
			p.alias = host(record.Target)
		}
		for _, record := range records[*dns.A](a) {
			p.add(record.A)
		}
		for _, record := range records[*dns.AAAA](a) {
			p.add(record.AAAA)
		}
	}
	p.missing = gone == 2
	return p
}

func (p *place) add(ip net.IP) {
	if a, ok := netip.AddrFromSlice(ip); ok {
		p.addresses = append(p.addresses, a.Unmap())
	}
}

// here are the addresses that lead to this host, and the others.
func (s *search) here(p place) (here, elsewhere []netip.Addr) {
	own := s.Own
	interfaces, _ := net.InterfaceAddrs()
	for _, i := range interfaces {
		if n, ok := i.(*net.IPNet); ok {
			a, _ := netip.AddrFromSlice(n.IP)
			own = append(own[:len(own):len(own)], a.Unmap())
		}
	}
	for _, a := range p.addresses {
		if slices.Contains(own, a) {
			here = append(here, a)
		} else {
			elsewhere = append(elsewhere, a)
		}
	}
	return here, elsewhere
}

// leads says where the name leads; false where its servers say nothing that counts.
func (s *search) leads(name string) bool {
	p := s.place(name)
	here, elsewhere := s.here(p)
	by := ""
	if p.alias != "" {
		by = " by way of " + bare(p.alias)
	}
	switch {
	case p.bogus:
		s.result.Word = "DNSSEC broken"
		s.say(trust.Error, "dnssec-bogus", "DNSSEC of %s is broken: resolvers that validate find nothing, and "+
			"senders that do defer the mail", name)
		return false
	case p.silent && len(p.addresses) == 0:
		s.result.Word = "DNS does not answer"
		s.say(trust.Warning, "dns-silent", "the name servers do not answer for %s", name)
		return false
	case p.missing:
		s.result.Word = "not in DNS"
		s.say(trust.Warning, "not-in-dns", "%s is not in DNS: nobody reaches it, and a CA can check it only by dns-01", name)
		return true
	case len(p.addresses) == 0:
		s.result.Word = "no address"
		s.say(trust.Warning, "no-address", "%s exists%s and has no address: a CA cannot check it by http-01", name, by)
		return true
	case len(elsewhere) == 0:
		s.result.Word = "here"
		s.say(trust.Info, "here", "%s leads here%s: %s", name, by, list(here))
	case len(here) == 0:
		s.result.Word = "elsewhere"
		if p.alias != "" {
			s.result.Word = "behind " + bare(p.alias)
		}
		s.say(trust.Info, "elsewhere", "%s leads to %s%s, which is not this host", name, list(elsewhere), by)
	default:
		s.result.Word = "partly here"
		s.partly(name, here, elsewhere)
	}
	s.inside(p.addresses)
	return true
}

// partly is about a name of which some addresses are another host's: a CA asks any of them, IPv6 first.
func (s *search) partly(name string, here, elsewhere []netip.Addr) {
	six := slices.ContainsFunc(elsewhere, netip.Addr.Is6)
	text := "%s leads here by %s, and elsewhere by %s: a check by http-01 may reach the other"
	if six {
		text = "%s leads here by %s, and elsewhere by %s: a CA checks IPv6 first, so http-01 fails here"
	}
	s.say(trust.Warning, "partly-here", text, name, list(here), list(elsewhere))
}

// inside is about addresses that nobody outside reaches.
func (s *search) inside(addresses []netip.Addr) {
	var private []netip.Addr
	for _, a := range addresses {
		if !names.IsPublic(names.Name{Kind: names.IP, Value: a.String()}) {
			private = append(private, a)
		}
	}
	if len(private) > 0 {
		s.say(trust.Info, "address-inside", "%s cannot be reached from outside: a public CA can check the name by "+
			"dns-01, not by http-01", list(private))
	}
}

func list(addresses []netip.Addr) string {
	texts := make([]string, len(addresses))
	for i, a := range addresses {
		texts[i] = a.String()
	}
	return strings.Join(texts, ", ")
}
