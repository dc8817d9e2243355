package evidence

import (
	"strings"

	"github.com/miekg/dns"

	"certdesk/certstore/printable"
	"certdesk/certstore/trust"
)

// critical is the flag of a property that a CA must understand (RFC 8659 4.1).
const critical = 128

// issuers says which CAs may issue for a name, or for the wildcard below it: the first of the name and the domains it
// lies in that has CAA records decides (RFC 8659 3).
func (s *search) issuers(name string, star bool) {
	for at := name; at != ""; {
		a := s.Resolver.ask(s.ctx, at, dns.TypeCAA)
		switch set := records[*dns.CAA](a); {
		case a.bogus:
			s.say(trust.Error, "caa-servfail", "DNSSEC of %s is broken: a CA that asks who may issue refuses", at)
			return
		case a.err != nil:
			s.say(trust.Warning, "caa-servfail", "the name servers of %s do not say who may issue: a CA that asks refuses", at)
			return
		case len(set) > 0:
			s.permitted(at, permission(set, star), star)
			return
		}
		_, at, _ = strings.Cut(at, ".")
	}
	s.say(trust.Info, "caa-none", "no CAA: any CA may issue for %s", name)
}

func (s *search) permitted(at string, p permitted, star bool) {
	what := ""
	if star {
		what = " a wildcard"
	}
	switch {
	case p.anybody:
		s.say(trust.Info, "caa-any", "CAA of %s lets any CA issue%s", at, what)
	case p.unknown != "":
		s.say(trust.Error, "caa-nobody", "CAA of %s has %s, which no CA knows and every CA must: nobody may issue%s", at,
			printable.Text(p.unknown), what)
	case len(p.issuers) == 0:
		s.say(trust.Error, "caa-nobody", "CAA of %s lets nobody issue%s", at, what)
	default:
		s.say(trust.Info, "caa-only", "CAA of %s lets only %s issue%s", at, strings.Join(p.issuers, " and "), what)
	}
}

// permitted is who may issue.
type permitted struct {
	anybody bool
	issuers []string // "letsencrypt.org, account https://..., by dns-01"
	unknown string   // a critical property that is not known
}

// permission reads a record set: for a wildcard issuewild, where there is one, in the place of issue.
func permission(set []*dns.CAA, star bool) (p permitted) {
	tag := "issue"
	for _, r := range set {
		known := strings.Contains(" issue issuewild iodef issuemail issuevmc contactemail contactphone ",
			" "+strings.ToLower(r.Tag)+" ")
		if r.Flag&critical != 0 && !known {
			p.unknown = r.Tag
		}
		if star && strings.EqualFold(r.Tag, "issuewild") {
			tag = "issuewild"
		}
	}
	p.anybody = p.unknown == ""
	for _, r := range set {
		if !strings.EqualFold(r.Tag, tag) {
			continue
		}
		p.anybody = false
		if text := issuer(r.Value); text != "" {
			p.issuers = append(p.issuers, text)
		}
	}
	return p
}

// issuer is "name; key=value; ..." in words; "" is nobody (RFC 8659 4.2, RFC 8657).
func issuer(value string) string {
	parts := strings.Split(value, ";")
	text := printable.Text(strings.ToLower(strings.TrimSpace(parts[0])))
	if text == "" {
		return ""
	}
	for _, part := range parts[1:] {
		key, v, ok := strings.Cut(part, "=")
		v = printable.Text(strings.TrimSpace(v))
		switch key = strings.ToLower(strings.TrimSpace(key)); {
		case !ok:
		case key == "accounturi":
			text += ", account " + v
		case key == "validationmethods":
			text += ", by " + strings.ReplaceAll(v, ",", " or ")
		}
	}
	return text
}
