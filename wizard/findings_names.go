package wizard

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"certdesk/certstore/fail"
	"certdesk/certstore/names"
	"certdesk/certstore/ordering"
)

// manyNames is how many names public CAs put into one certificate.
const manyNames = 100

// maxCommonName is X.520's limit, in characters.
const maxCommonName = 64

func (r *remarks) names(a Answers, env Env) {
	r.mistyped(a)
	r.emptyIncludes(a, env)
	list := Expand(a, env)
	chosen := Chosen(list)
	r.emptyAutodiscover(a, chosen)
	if len(list) == 0 {
		if len(r.errors) == 0 {
			r.refuse("Typed", fail.New(fail.InvalidName, "type at least one name clients ask for, such as mail.example.org",
				"no name is given"))
		}
		return
	}
	r.commonName(list[0].Name)
	r.takenName(a, list[0])
	if !a.SelfSigned {
		r.notPublic(chosen)
	}
	r.loneWildcards(chosen)
	r.losing(a, env, chosen)
	r.changes(a, env, chosen)
	if ca, ordered := a.authority(env); ordered {
		r.refuse("Off", ordering.Provable(chosen, ca))
		return
	}
	r.many(a, chosen)
}

// many is about more names than a CA puts into one certificate.
func (r *remarks) many(a Answers, chosen []names.Name) {
	switch n := len(chosen); {
	case a.Splits(n) && a.ReuseKey:
		r.refuse("Split", fail.New(fail.Usage, "take a new key, or split it no more", "several requests cannot have the one "+
			"key of the old certificate"))
	case a.Splits(n):
		r.inform("Split", "split", SplitText(chosen)+", each with a key, a common name and a file of its own",
			"a port serves one of them to clients that send no name (SNI)")
	case a.CanSplit(n):
		r.warn("Typed", "many-names", fmt.Sprintf("%d names are more than the %d that most CAs put into one certificate", n,
			manyNames), "split them into "+SplitText(chosen)+" (--split)")
	}
}

// mistyped refuses every word that is no name, each once.
func (r *remarks) mistyped(a Answers) {
	seen := map[string]bool{}
	for _, word := range names.Split(a.Typed) {
		if _, err := names.Normalize(word); err != nil && !seen[word] {
			seen[word] = true
			r.refuse("Typed", err)
		}
	}
	for _, cells := range a.Worksheet {
		for _, text := range cells {
			r.refuse("Worksheet", CheckCell(text))
		}
	}
	if a.CommonName != "" {
		_, err := names.Normalize(a.CommonName)
		r.refuse("CommonName", err)
	}
}

func (r *remarks) emptyIncludes(a Answers, env Env) {
	if a.IncludeAcceptedDomains && len(env.AcceptedDomains)+len(env.DomainRemarks) == 0 && !env.DomainsAwaited {
		r.warn("IncludeAcceptedDomains", "nothing-included", "no accepted domains are known",
			listDomains)
	}
	if a.IncludeAcceptedDomains || a.IncludeAutodiscover {
		r.sources(env)
	}
	if a.IncludeServerFQDN && !usable(env.ServerFQDN) {
		r.warn("IncludeServerFQDN", "nothing-included",
			"this server's full name is not known, or cannot be a name in a certificate",
			"type it, or set `server` in the configuration")
	}
	if a.IncludeServerNetBIOSName && !usable(env.NetBIOSName) {
		r.warn("IncludeServerNetBIOSName", "nothing-included",
			"this server's NetBIOS name is not known, or cannot be a name in a certificate", "type it among the names")
	}
}

// sources tells which accepted domains are not there. While they are being asked for nothing is made without them.
func (r *remarks) sources(env Env) {
	if env.DomainsAwaited {
		r.refuse("IncludeAcceptedDomains", fail.New(fail.Failed, "wait a moment",
			"the accepted domains are still being read"))
	}
	for _, said := range env.DomainRemarks {
		if said.Whole {
			r.warn("IncludeAcceptedDomains", "domains-missing", "accepted domains cannot be read: "+said.Text(), said.Err.Hint)
		}
	}
	for _, said := range env.DomainRemarks {
		if !said.Whole {
			r.inform("IncludeAcceptedDomains", "domains-in-part", said.Text(), said.Err.Hint)
		}
	}
}

// listDomains is how the accepted domains come to be known.
const listDomains = "list the accepted domains under accepted_domains.names in the configuration"

// emptyAutodiscover says that the switch gave no name, and which could be typed instead: a domain that is not public is
// not guessed.
func (r *remarks) emptyAutodiscover(a Answers, chosen []names.Name) {
	if !a.IncludeAutodiscover || slices.ContainsFunc(chosen, func(n names.Name) bool { return isAutodiscover(n.Value) }) {
		return
	}
	hint := "type a name such as mail.example.org first, or " + listDomains
	if offer := autodiscoverOffer(a.given()); len(offer) > 0 {
		hint = "add " + some(offer) + " if clients look for it"
	}
	r.warn("IncludeAutodiscover", "nothing-included",
		"no autodiscover name is added: no accepted domains are known, and no name of a public domain is typed", hint)
}

// autodiscoverOffer are the autodiscover names of the domains that names lie in.
func autodiscoverOffer(given []reasoned) (list []string) {
	for _, g := range given {
		domain := names.Registrable(g.name.Value)
		if g.name.Kind == names.DNS && domain != "" && !slices.Contains(list, "autodiscover."+domain) {
			list = append(list, "autodiscover."+domain)
		}
	}
	return list
}

// takenName says which name became the common name although nobody gave it. A short one is none that a CA certifies.
func (r *remarks) takenName(a Answers, cn Candidate) {
	if a.namesByHand() || a.CommonName != "" || a.subjectCN() != "" {
		return
	}
	if !a.SelfSigned && !strings.Contains(cn.Name.Value, ".") {
		r.refuse("Typed", fail.New(fail.InvalidName,
			"type the name that clients use, such as mail.example.org, or set `server` in the configuration to this server's "+
				"full name",
			"no name is given, and this server's full name is not known: %s has no domain", cn.Name.Value))
		return
	}
	r.inform("CommonName", "server-name-taken", "no name is given: the common name is "+cn.Name.Value+", "+cn.Reasons[0],
		"type the name that clients use, if it is another one")
}

func usable(name string) bool {
	_, err := names.Normalize(name)
	return err == nil
}

func (r *remarks) commonName(cn names.Name) {
	if n := utf8.RuneCountInString(cn.Value); n > maxCommonName {
		r.refuse("CommonName", fail.New(fail.InvalidSubject,
			"choose a shorter name as common name; this one can stay in the list",
			"the common name is %d characters long; the limit is %d", n, maxCommonName))
	}
}

func (r *remarks) notPublic(chosen []names.Name) {
	var private []string
	for _, n := range chosen {
		if !names.IsPublic(n) {
			private = append(private, n.Value)
		}
	}
	if len(private) > 0 {
		r.warn("Typed", "private-names", "a public CA refuses "+some(private), "keep internal names for a CA of your own")
	}
}

// loneWildcards warns of a wildcard whose domain itself nothing covers.
func (r *remarks) loneWildcards(chosen []names.Name) {
	for _, n := range chosen {
		domain, star := strings.CutPrefix(n.Value, "*.")
		if star && !covered(chosen, domain) {
			r.warn("Typed", "lone-wildcard", n.Value+" does not cover "+domain+" itself", "add "+domain+" if clients ask for it")
		}
	}
}

func covered(list []names.Name, name string) bool {
	for _, n := range list {
		if n.Kind == names.DNS && names.Covers(n.Value, name) {
			return true
		}
	}
	return false
}

// some is a list for a sentence: the first three and how many more.
func some(list []string) string {
	if len(list) > 3 {
		return fmt.Sprintf("%s and %d more", strings.Join(list[:3], ", "), len(list)-3)
	}
	return strings.Join(list, ", ")
}
