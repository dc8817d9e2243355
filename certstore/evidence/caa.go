package evidence

import (
	"net/url"
	"slices"
	"strings"

	"github.com/miekg/dns"

	"certdesk/certstore/names"
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
		s.say(trust.Info, "caa-only", "CAA of %s lets only %s issue%s", at, joined(p.words()), what)
		for _, a := range s.Accounts {
			s.account(at, p, a)
		}
	}
}

// account holds what a CA may do to an account that is here: who orders by another one, or proves names in another way,
// is refused (RFC 8657).
func (s *search) account(at string, p permitted, ours Account) {
	var named, barred []string
	for _, i := range p.issuers {
		switch {
		case !i.of(ours):
		case i.account != "" && i.account != ours.URL:
			named = append(named, printable.Text(i.account))
		case len(i.methods) > 0 && !slices.Contains(i.methods, ours.Method):
			barred = append(barred, i.methods...)
		default:
			if i.account != "" {
				s.say(trust.Info, "caa-our-account", "CAA of %s names the account that is here at %s", at, ours.CA)
			}
			return
		}
	}
	switch {
	case len(barred) > 0:
		s.say(trust.Error, "caa-method", "CAA of %s lets names be proven by %s only, and at %s they are by %s: it refuses", at,
			strings.Join(barred, " or "), ours.CA, ours.Method)
	case len(named) > 0:
		s.say(trust.Error, "caa-other-account", "CAA of %s names another account at %s (%s) than the one that is here (%s): it "+
			"refuses", at, ours.CA, joined(named), ours.URL)
	}
}

// permitted is who may issue.
type permitted struct {
	anybody bool
	issuers []issuer
	unknown string // a critical property that is not known
}

func (p permitted) words() (list []string) {
	for _, i := range p.issuers {
		list = append(list, i.String())
	}
	return list
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
		if i := issuerOf(r.Value); i.domain != "" {
			p.issuers = append(p.issuers, i)
		}
	}
	return p
}

// issuer is a CA that may issue, and by which account and methods alone (RFC 8657).
type issuer struct {
	domain, account string
	methods         []string
}

// issuerOf reads "name; key=value; ..."; without a name it is nobody (RFC 8659 4.2).
func issuerOf(value string) (i issuer) {
	parts := strings.Split(value, ";")
	i.domain = strings.ToLower(strings.TrimSpace(parts[0]))
	for _, part := range parts[1:] {
		key, v, ok := strings.Cut(part, "=")
		v = strings.TrimSpace(v)
		switch key = strings.ToLower(strings.TrimSpace(key)); {
		case !ok:
		case key == "accounturi":
			i.account = v
		case key == "validationmethods":
			i.methods = strings.Split(v, ",")
		}
	}
	return i
}

// String is the issuer in words: "letsencrypt.org, account https://..., by dns-01".
func (i issuer) String() string {
	text := i.domain
	if i.account != "" {
		text += ", account " + i.account
	}
	if len(i.methods) > 0 {
		text += ", by " + strings.Join(i.methods, " or ")
	}
	return printable.Text(text)
}

// of says whether it is the CA of an account: by the host of the account it names, else by the domain of the CA's
// directory, which most name themselves by.
func (i issuer) of(a Account) bool {
	if host := hostOf(i.account); host != "" {
		return host == hostOf(a.URL)
	}
	return i.domain == names.Registrable(hostOf(a.Directory))
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Hostname())
}
