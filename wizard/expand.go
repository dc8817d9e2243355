package wizard

import (
	"slices"

	"certdesk/certstore/names"
)

// Candidate is one line of the tick-list: a name, and why it is there.
type Candidate struct {
	Name       names.Name
	Reasons    []string // "typed", "web site from the internet", "autodiscover for example.org", ...
	ByHand     bool     // typed, or written into the worksheet: Without takes it out
	On         bool     // it goes into the request
	CommonName bool     // it is the common name: always first and on
}

// The reasons a name can have; autodiscover's names its domain.
const (
	reasonCN           = "common name"
	reasonTyped        = "typed"
	reasonInherited    = "from the old certificate"
	reasonAccepted     = "accepted domain"
	reasonAutodiscover = "autodiscover for "
	reasonFQDN         = "this server's FQDN"
	reasonNetBIOS      = "this server's NetBIOS name"
)

// Expand is the tick-list: each name once, with all its reasons. The common name comes first, then the names a
// person put in order, then what was typed, the worksheet, the accepted domains, autodiscover, the server's names.
// What was typed and is no name is left out; Findings says so. Where nothing is named at all, the server's name and
// its FQDN are, as in Exchange.
//
// The common name is CommonName, else the subject's, else the first name given, else the server's: its full name in a
// request, since no public CA certifies a short one, and its short name where it signs itself, as Exchange does. One
// that was chosen stays in the list even when nothing else gives it.
//
// Autodiscover: "autodiscover.<d>" for every accepted domain, and for the registrable domain of every name
// given that is public and lies below no accepted domain; never for single labels, addresses, or a name that
// already begins with it.
func Expand(a Answers, env Env) []Candidate {
	l := newList()
	given := a.given()
	for _, g := range given {
		l.add(g.name, g.reason)
	}
	l.byHand()
	if a.IncludeAcceptedDomains {
		l.addAccepted(env)
	}
	if a.IncludeAutodiscover {
		l.addAutodiscover(given, env)
	}
	nothing := a.TakesServerNames()
	if a.IncludeServerFQDN || nothing {
		l.addText(env.ServerFQDN, reasonFQDN)
	}
	if a.IncludeServerNetBIOSName || nothing {
		l.addText(env.NetBIOSName, reasonNetBIOS)
	}
	l.arrange(a.ranks())
	l.crown(a.commonName(env, given))
	l.switchOff(a.Off, a.Wanted)
	return l.items
}

// Chosen are the names of the tick-list that are on, the common name first.
func Chosen(list []Candidate) []names.Name {
	var on []names.Name
	for _, c := range list {
		if c.On {
			on = append(on, c.Name)
		}
	}
	return on
}

// reasoned is a name and why it is wanted.
type reasoned struct {
	name   names.Name
	reason string
}

// given are the names a person gave: the subject's common name, what was typed, and the worksheet.
func (a Answers) given() []reasoned {
	var out []reasoned
	if n, err := names.Normalize(a.subjectCN()); err == nil {
		out = append(out, reasoned{n, reasonCN})
	}
	for _, word := range names.Split(a.Typed) {
		if n, err := names.Normalize(word); err == nil {
			out = append(out, reasoned{n, a.whyTyped(n)})
		}
	}
	return append(out, a.Worksheet.given()...)
}

// whyTyped is why a name stands among those that were typed: a renewal begins with those of the old certificate.
func (a Answers) whyTyped(n names.Name) string {
	if a.RenewalOf != 0 && slices.Contains(a.Renewal.Plain.Names, n) {
		return reasonInherited
	}
	return reasonTyped
}

// subjectCN is the common name of a subject given whole, or "".
func (a Answers) subjectCN() string {
	if a.SubjectDN == "" {
		return ""
	}
	s, err := names.ParseSubject(a.SubjectDN)
	if err != nil {
		return ""
	}
	return s.Get("CN")
}

// TakesServerNames says that nothing is named and the server's own names have to do. A common name picked in the
// tick-list does not count, so that picking one of the server's names does not take the other away.
func (a Answers) TakesServerNames() bool {
	included := a.IncludeAcceptedDomains || a.IncludeAutodiscover || a.IncludeServerFQDN || a.IncludeServerNetBIOSName
	return !included && !a.namesByHand() && a.subjectCN() == ""
}

// namesByHand says that something was typed or written into the worksheet, be it a name or mistyped.
func (a Answers) namesByHand() bool {
	return len(names.Split(a.Typed)) > 0 || !a.Worksheet.Blank()
}

// commonName is the name to put first, and the reason it has if nothing else gives it.
func (a Answers) commonName(env Env, given []reasoned) reasoned {
	if n, err := names.Normalize(a.CommonName); err == nil {
		return reasoned{n, reasonCN}
	}
	if len(given) > 0 {
		return a.foremost(given)
	}
	if a.namesByHand() { // mistyped: the server's name is not what was meant
		return reasoned{}
	}
	return a.serverName(env)
}

// serverName is the one of the server's names that becomes the common name.
func (a Answers) serverName(env Env) reasoned {
	fqdn, _ := names.Normalize(env.ServerFQDN)
	if short, err := names.Normalize(env.NetBIOSName); err == nil && a.SelfSigned {
		return reasoned{short, reasonNetBIOS}
	}
	return reasoned{fqdn, reasonFQDN}
}

// foremost is the subject's common name, else the given name that stands first in the order.
func (a Answers) foremost(given []reasoned) reasoned {
	if given[0].reason == reasonCN {
		return given[0]
	}
	rank := a.ranks()
	return slices.MinFunc(given, func(x, y reasoned) int { return rank(x.name) - rank(y.name) })
}
