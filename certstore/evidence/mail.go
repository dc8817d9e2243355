package evidence

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"

	"github.com/miekg/dns"

	"certdesk/certstore/trust"
)

// serves says of which mail domains a host is the MX, and whether what it is greeted by and proven by fits.
func (s *search) serves(name string) {
	proven, mx := true, false
	for _, d := range s.related(name) {
		a := s.Resolver.ask(s.ctx, d, dns.TypeMX)
		for _, r := range records[*dns.MX](a) {
			if host(r.Mx) == name {
				mx, proven = true, proven && a.secure
				s.say(trust.Info, "mx-of", "the MX of %s (preference %d)", d, r.Preference)
			}
		}
	}
	if !mx {
		return
	}
	p := s.place(name)
	if p.alias != "" {
		s.say(trust.Warning, "mx-alias", "an MX must not be an alias, and %s is one of %s (RFC 2181 10.3)", name,
			bare(p.alias))
	}
	if here, _ := s.here(p); len(here) > 0 {
		s.greeting(name, p)
	}
	s.tlsa(name, p, proven && p.secure)
}

// domain is all about an accepted domain.
func (s *search) domain(d string) {
	for _, service := range discovered {
		s.ahead(service+"._tcp."+d, dns.TypeSRV)
	}
	s.ahead("_mta-sts."+d, dns.TypeTXT)
	s.ahead("_smtp._tls."+d, dns.TypeTXT)
	hosts := s.exchangers(d)
	s.services(d)
	s.discovery(d)
	s.strict(d, hosts)
	for _, text := range s.texts("_smtp._tls." + d) {
		if strings.HasPrefix(text, "v=TLSRPTv1") {
			s.say(trust.Info, "tlsrpt", "senders report failures of TLS: %s", text)
		}
	}
}

// exchangers are the hosts that take the domain's mail.
func (s *search) exchangers(d string) (hosts []string) {
	a := s.Resolver.ask(s.ctx, d, dns.TypeMX)
	set := records[*dns.MX](a)
	switch {
	case a.err != nil, a.bogus:
		return nil // what the name itself says of it is enough
	case len(set) == 0:
		s.say(trust.Info, "mx-none", "%s has no MX: mail goes to the host of that name", d)
		return nil
	case len(set) == 1 && host(set[0].Mx) == "":
		s.say(trust.Warning, "mx-null", "%s says that it takes no mail (null MX, RFC 7505)", d)
		return nil
	}
	slices.SortFunc(set, func(a, b *dns.MX) int {
		return cmp.Or(cmp.Compare(a.Preference, b.Preference), strings.Compare(a.Mx, b.Mx))
	})
	for _, r := range set {
		name := host(r.Mx)
		hosts = append(hosts, name)
		_, literal := netip.ParseAddr(name)
		switch {
		case literal == nil:
			s.say(trust.Warning, "mx-address", "the MX of %s is an address, %s, and must be a name", d, bare(name))
		case s.covered(name):
			s.say(trust.Info, "mx-covered", "its MX %s is in the list", bare(name))
		case s.isHere(name):
			s.say(trust.Warning, "mx-uncovered", "its MX %s leads here and is not in the list: senders that check the name do "+
				"not deliver", bare(name))
		default:
			s.say(trust.Info, "mx-elsewhere", "its MX %s is another host, which needs a certificate of its own", bare(name))
		}
	}
	return hosts
}

// isHere says whether a host leads to this one, in part at least.
func (s *search) isHere(name string) bool {
	here, _ := s.here(s.place(name))
	return len(here) > 0
}

// discovered are the services that mail programs look for (RFC 6186, RFC 8314, Outlook, SIP, LDAP).
var discovered = []string{"_autodiscover", "_imaps", "_imap", "_submission", "_submissions", "_pop3s", "_pop3", "_sips",
	"_ldap"}

// services are the hosts that the domain's SRV records name.
func (s *search) services(d string) {
	for _, service := range discovered {
		a := s.Resolver.ask(s.ctx, service+"._tcp."+d, dns.TypeSRV)
		for _, r := range records[*dns.SRV](a) {
			target, what := host(r.Target), strings.TrimPrefix(service, "_")
			switch {
			case target == "": // RFC 2782: the service is decidedly not available
				s.say(trust.Info, "srv-none", "%s says that it has no %s", d, what)
			case !s.covered(target) && s.isHere(target):
				s.say(trust.Warning, "srv-uncovered", "its %s is at %s, which leads here and is not in the list", what,
					bare(target))
			case !s.ours(target):
				s.say(trust.Info, "srv-foreign", "its %s is at %s, in another domain: mail programs ask the person whether that "+
					"is right (RFC 6186 6)", what, bare(target))
			default:
				s.say(trust.Info, "srv", "its %s is at %s", what, bare(target))
			}
		}
	}
}

// discovery is about the names that clients try by themselves.
func (s *search) discovery(d string) {
	for _, label := range []string{"autodiscover", "autoconfig"} {
		name := label + "." + d
		if !s.covered(name) && s.isHere(name) {
			s.say(trust.Warning, label+"-uncovered", "clients ask %s, which leads here and is not in the list", name)
		}
	}
}

// texts are the TXT records of a name, each put together of its pieces.
func (s *search) texts(name string) (list []string) {
	for _, r := range records[*dns.TXT](s.Resolver.ask(s.ctx, name, dns.TypeTXT)) {
		list = append(list, strings.Join(r.Txt, ""))
	}
	return list
}

// greeting compares the names by which the addresses of an MX are known with what clients are greeted by.
func (s *search) greeting(name string, p place) {
	if s.Server != "" && strings.Contains(s.Server, ".") && !s.covered(s.Server) {
		s.say(trust.Warning, "greeting-uncovered", "clients are greeted by %s, which is not in the list", s.Server)
	}
	for _, a := range p.addresses {
		if a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast() {
			continue
		}
		reverse, err := dns.ReverseAddr(a.String())
		if err != nil {
			continue
		}
		s.reverse(name, a, records[*dns.PTR](s.Resolver.ask(s.ctx, reverse, dns.TypePTR)))
	}
}

// reverse wants an address to have a name that leads back to it: many servers take no mail from one that has not.
func (s *search) reverse(name string, a netip.Addr, set []*dns.PTR) {
	if len(set) == 0 {
		s.say(trust.Warning, "ptr-none", "%s has no name in reverse DNS: many servers refuse mail from it", a)
		return
	}
	for _, r := range set {
		back := host(r.Ptr)
		confirmed := false
		for _, to := range s.place(back).addresses {
			confirmed = confirmed || to == a
		}
		switch {
		case !confirmed:
			s.say(trust.Warning, "ptr-unconfirmed", "%s is called %s in reverse DNS, which does not lead back", a, bare(back))
		case back != name && back != strings.ToLower(s.Server):
			s.say(trust.Info, "ptr-other", "%s is called %s in reverse DNS", a, bare(back))
		default:
			s.say(trust.Info, "ptr", "%s is called %s in reverse DNS, and that leads back", a, bare(back))
		}
	}
}
