package evidence

import (
	"fmt"
	"slices"

	"github.com/miekg/dns"

	"certdesk/certstore/trust"
)

// tlsa says what senders with DANE expect of an MX: it counts only where the MX, its addresses and the record itself
// are proven, and below the name that a proven alias leads to first (RFC 7672 2.2).
func (s *search) tlsa(name string, p place, proven bool) {
	hosts := []string{name}
	if p.alias != "" && p.secure {
		hosts = []string{p.alias, name}
	}
	var a answer
	for _, at := range hosts {
		if a = s.Resolver.ask(s.ctx, "_25._tcp."+at, dns.TypeTLSA); len(a.records) > 0 || a.bogus {
			break
		}
	}
	set := records[*dns.TLSA](a)
	switch {
	case a.bogus:
		s.say(trust.Error, "tlsa-bogus", "DNSSEC of the TLSA records of %s is broken: senders with DANE defer the mail", name)
	case a.err != nil:
		s.say(trust.Warning, "tlsa-silent", "the name servers do not answer for TLSA of %s: senders with DANE defer "+
			"the mail", name)
	case len(set) == 0 && a.secure:
		s.say(trust.Info, "tlsa-none", "%s has no TLSA records, and that is proven: no DANE", name)
	case len(set) == 0:
		s.say(trust.Info, "tlsa-none", "%s has no TLSA records", name)
	case !a.secure && !s.Resolver.believed():
		s.say(trust.Info, "tlsa-insecure", "%s has TLSA records; they are not validated on the way here: name a resolver of "+
			"this host under `dns`", name)
	case !a.secure || !proven:
		s.say(trust.Warning, "tlsa-insecure", "%s has TLSA records, and DNSSEC does not prove them, its MX and its "+
			"addresses: senders ignore them", name)
	default:
		s.pinned(name, set)
	}
}

// pinned is about records that senders obey: a key that none of them has is one nobody delivers to.
func (s *search) pinned(name string, set []*dns.TLSA) {
	usable := slices.DeleteFunc(slices.Clone(set), func(r *dns.TLSA) bool {
		return r.Usage != 2 && r.Usage != 3 || r.Selector > 1 || r.MatchingType > 2 // RFC 7672 3.1.3
	})
	if len(usable) == 0 {
		s.say(trust.Warning, "tlsa-unusable", "%s has only TLSA records that SMTP does not use (it takes 2 and 3)", name)
		return
	}
	var shown []string
	for _, r := range usable {
		shown = append(shown, fmt.Sprintf("%d %d %d", r.Usage, r.Selector, r.MatchingType))
	}
	slices.Sort(shown)
	s.say(trust.Warning, "tlsa-next-missing", "%s has proven TLSA records (%s): publish one of the new key before it is "+
		"enabled, or senders with DANE stop", name, joined(slices.Compact(shown)))
}

// believed says whether some server's word counts.
func (r *Resolver) believed() bool {
	return slices.ContainsFunc(r.servers, func(s server) bool { return s.believed })
}
