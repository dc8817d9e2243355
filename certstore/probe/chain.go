package probe

import (
	"bytes"
	"crypto/x509"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"certdesk/certstore/fail"
	"certdesk/certstore/formats"
	"certdesk/certstore/names"
	"certdesk/certstore/printable"
	"certdesk/certstore/trust"
	"certdesk/certstore/when"
)

// Verdict is what a chain as sent is worth to a client that knows the roots: a stable word.
type Verdict string

// The verdicts.
const (
	Complete   Verdict = "complete"    // it reaches a trusted root
	SelfSigned Verdict = "self-signed" // the leaf is its own issuer
	Incomplete Verdict = "incomplete"  // it ends at an issuer who is neither sent nor trusted
	Untrusted  Verdict = "untrusted"   // it ends at a root nobody here trusts
	Broken     Verdict = "broken"      // a signature, a rule or a date in it does not hold
	Unjudged   Verdict = "unknown"     // there were no roots to judge by, or a signature that certdesk cannot check
)

// Chain is the verdict on what was sent beside the leaf.
type Chain struct {
	Verdict    Verdict
	Text       string // one sentence, unless it is complete
	Root       string // the trusted root it reaches, as RFC 4514
	OutOfOrder bool   // each certificate should certify the one before it; some clients insist
	Expired    string // a sentence, where something in it that no client needs has expired
	Spare      int    // certificates that have nothing to do with the leaf
}

// judgeChain uses what was sent and nothing else, as a client must.
func judgeChain(sent []*x509.Certificate, roots *trust.Roots, now time.Time) Chain {
	leaf := sent[0]
	links, signed, spare := formats.SortChain(leaf, sent[1:])
	c := Chain{OutOfOrder: !inOrder(sent[1:], links), Spare: len(spare)}
	path := append([]*x509.Certificate{leaf}, links...)
	reached, root := anchored(path, roots, now)
	fault := root.Breaks(trust.Under(path[:reached+1]))
	switch {
	case root == (trust.Anchor{}):
		c.Verdict, c.Text = endOf(path, roots, now)
	case fault != "":
		c.Verdict, c.Text = Untrusted, fault
		path, signed = path[:reached+1], signed[:reached]
	default:
		path, signed = path[:reached+1], signed[:reached]
		c.Verdict, c.Root = Complete, root.Subject
	}
	if fault := brokenAt(path, signed, now); fault != "" {
		c.Verdict, c.Text, c.Root = Broken, fault, ""
	} else if why := unreadIn(path, signed); why != "" {
		c.Verdict, c.Text, c.Root = Unjudged, why, ""
	}
	c.Expired = expiredBeside(sent[1:], path, now)
	return c
}

// unreadIn says what in a path certdesk cannot judge, and other clients may.
func unreadIn(path []*x509.Certificate, signed []bool) string {
	if why := trust.Unread(path[0]); why != "" {
		return why
	}
	for i, link := range path[1:] {
		why := trust.UnreadCA(link)
		if !signed[i] {
			why = formats.Unchecked(path[i], link)
		}
		if why != "" {
			return "of " + names.FromDER(link.RawSubject) + ": " + why
		}
	}
	return ""
}

// expiredBeside names a certificate that is sent, expired and needed by no client that knows the root: old ones refuse
// the whole chain for it, as OpenSSL 1.0.2 did for the cross-signed root of Let's Encrypt in 2021.
func expiredBeside(sent, path []*x509.Certificate, now time.Time) string {
	for _, c := range sent {
		if now.After(c.NotAfter) && !slices.ContainsFunc(path, c.Equal) {
			return names.FromDER(c.RawSubject) + ", which it sends without need, expired on " + when.Said(c.NotAfter, now) +
				": some clients refuse the whole chain for it"
		}
	}
	return ""
}

// usageFault is trust.Doubtful of what is sent, the leaf first. A root is trusted for what the client says.
func usageFault(sent []*x509.Certificate) string {
	for i, c := range sent {
		doubt := trust.Doubtful(c)
		switch {
		case doubt == "" || i > 0 && formats.SelfSigned(c):
		case i == 0:
			return doubt
		default:
			return "of " + names.FromDER(c.RawSubject) + " in its chain: " + doubt
		}
	}
	return ""
}

// inOrder says whether the links came in the order they certify each other.
func inOrder(sent, links []*x509.Certificate) bool {
	return slices.EqualFunc(sent[:min(len(sent), len(links))], links,
		func(a, b *x509.Certificate) bool { return bytes.Equal(a.Raw, b.Raw) })
}

// anchored finds the lowest certificate of the path that a trusted root signed, or that is one; one whose root clients
// refuse here only where there is no other.
func anchored(path []*x509.Certificate, roots *trust.Roots, now time.Time) (at int, refused trust.Anchor) {
	if roots == nil {
		return 0, trust.Anchor{}
	}
	for level, c := range path {
		found := roots.Anchor(c, now)
		switch {
		case found == (trust.Anchor{}):
		case found.Breaks(trust.Under(path[:level+1])) == "":
			return level, found
		case refused == (trust.Anchor{}):
			at, refused = level, found
		}
	}
	return at, refused
}

// endOf says why a path reaches no trusted root.
func endOf(path []*x509.Certificate, roots *trust.Roots, now time.Time) (Verdict, string) {
	top := path[len(path)-1]
	issuer := names.FromDER(top.RawIssuer)
	switch {
	case formats.SelfSigned(top) && len(path) == 1:
		return SelfSigned, "it is self-signed: clients warn until they are told to trust it"
	case roots == nil:
		return Unjudged, "its root was not checked for trust"
	case roots.Problem() != "":
		return Unjudged, roots.Problem()
	case roots.Doubt(formats.SHA256(top.Raw), now) != "":
		return Unjudged, roots.Doubt(formats.SHA256(top.Raw), now)
	case formats.SelfSigned(top):
		return Untrusted, "its root is not trusted here: " + names.FromDER(top.RawSubject)
	case len(path) == 1:
		return Incomplete, "serve the full chain: its issuer is neither sent nor trusted here: " + issuer
	}
	return Incomplete, "the chain that is sent ends below an issuer that is not trusted here: " + issuer
}

// brokenAt gives the fault in a path that no root can mend, the nearest to the leaf first.
func brokenAt(path []*x509.Certificate, signed []bool, now time.Time) string {
	for i, link := range path[1:] {
		subject := names.FromDER(link.RawSubject)
		switch {
		case !signed[i] && formats.Unchecked(path[i], link) != "":
		case !signed[i]:
			return subject + " did not sign the certificate below it"
		case now.After(link.NotAfter) && !formats.SelfSigned(link):
			return subject + " in its chain expired on " + when.Said(link.NotAfter, now)
		case now.Before(link.NotBefore) && !formats.SelfSigned(link):
			return subject + " in its chain is not valid before " + when.Said(link.NotBefore, now)
		}
	}
	return againstTheRules(path, signed)
}

// againstTheRules asks the library for what no root can mend, and first what no chain can. A chain that certdesk cannot
// judge breaks no rule that it knows of.
func againstTheRules(path []*x509.Certificate, signed []bool) string {
	if fault := trust.Unfit(path[0]); fault != "" && (!path[0].IsCA || formats.SelfSigned(path[0])) {
		return fault
	}
	for i, link := range path[1:] {
		if fault := trust.UnfitCA(link); fault != "" && !formats.SelfSigned(link) {
			return names.FromDER(link.RawSubject) + " in its chain has " + fault
		}
		if rule := trust.Breaks(link, trust.Under(path[:i+1])); rule != "" {
			return names.FromDER(link.RawSubject) + " in its chain " + rule
		}
	}
	if unreadIn(path, signed) != "" {
		return ""
	}
	return rulesOfTheLibrary(path)
}

// rulesOfTheLibrary asks it, with the end of the path as root and dates set aside.
func rulesOfTheLibrary(path []*x509.Certificate) string {
	top, middle := x509.NewCertPool(), x509.NewCertPool()
	at := path[0].NotBefore
	for _, c := range path {
		middle.AddCert(c)
		if c.NotBefore.After(at) {
			at = c.NotBefore
		}
	}
	top.AddCert(path[len(path)-1])
	_, err := path[0].Verify(x509.VerifyOptions{Roots: top, Intermediates: middle, CurrentTime: at.Add(time.Second),
		KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}})
	invalid, ok := err.(x509.CertificateInvalidError)
	if err == nil || ok && invalid.Reason == x509.Expired || unknownToTheLibrary(path) {
		return ""
	}
	return "it breaks a rule: " + fail.Plain(printable.Text(err.Error()))
}

// unknownToTheLibrary says whether a signature of a path is of a kind that formats verified, and the library does not
// know.
func unknownToTheLibrary(path []*x509.Certificate) bool {
	return slices.ContainsFunc(path, func(c *x509.Certificate) bool {
		return c.SignatureAlgorithm == x509.UnknownSignatureAlgorithm
	})
}

// nameFault says whom a certificate is for, if not for the name.
func nameFault(leaf *x509.Certificate, name string) string {
	if leaf.VerifyHostname(name) == nil {
		return ""
	}
	all := printable.Texts(leaf.DNSNames)
	for _, ip := range leaf.IPAddresses {
		all = append(all, ip.String())
	}
	switch {
	case len(all) == 0:
		return fmt.Sprintf("it has no names at all, so it does not fit %s", printable.Text(name))
	case len(all) > 3:
		all = append(all[:3], fmt.Sprintf("%d more", len(all)-3))
	}
	fault := fmt.Sprintf("it is for %s, not for %s", strings.Join(all, ", "), printable.Text(name))
	if _, err := netip.ParseAddr(name); err == nil {
		fault += "; clients ask for a host name"
	}
	return fault
}

func dateFault(leaf *x509.Certificate, now time.Time) string {
	switch {
	case now.After(leaf.NotAfter):
		return "it expired on " + when.Said(leaf.NotAfter, now)
	case now.Before(leaf.NotBefore):
		return "it is not valid before " + when.Said(leaf.NotBefore, now)
	}
	return ""
}
