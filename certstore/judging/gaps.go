package judging

import (
	"crypto/x509"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"certdesk/certstore/ledger"
	"certdesk/certstore/names"
	"certdesk/certstore/printable"
	"certdesk/certstore/trust"
)

// Gap is the place where a chain ends before it reaches a root that is trusted here.
type Gap struct {
	Below  string   // the subject of the certificate whose issuer is missing
	Issuer string   // what it calls its issuer
	At     []string // where, as it says itself, its issuer's certificate can be had; fit to show

	Sum string // SHA-256 of the certificate below
}

// String says what is missing, and where it could be had.
func (g Gap) String() string {
	return fmt.Sprintf("the certificate of %s, which signed %s, is missing; %s", g.Issuer, g.Below, g.Where())
}

// Where says where the missing certificate could be had.
func (g Gap) Where() string {
	if len(g.At) == 0 {
		return "the certificate does not say where to get it: ask the CA"
	}
	return "it is available at " + strings.Join(g.At, " or ")
}

// Fetchable are the addresses FetchIssuers would ask.
func (g Gap) Fetchable() (list []string) {
	for _, at := range g.At {
		if strings.HasPrefix(at, "http://") {
			list = append(list, at)
		}
	}
	return list
}

// maxAddresses is how many addresses of one certificate are told; a real one has one or two.
const maxAddresses = 4

// addresses are the caIssuers of a certificate's authority information access (RFC 5280, 4.2.2.1) that are fit to show.
func addresses(c *x509.Certificate) (list []string) {
	for _, at := range c.IssuingCertificateURL {
		u, err := url.Parse(at)
		if err != nil || len(at) > 1000 || printable.Text(at) != at || u.User != nil || u.Scheme == "" ||
			len(list) == maxAddresses {
			continue
		}
		u.Scheme = strings.ToLower(u.Scheme)
		list = append(list, u.String())
	}
	return list
}

// Gaps finds where a judged entry's chain ends too early; brought are certificates that are not in the store yet. One
// gap at most is seen at a time: what lies above it nobody knows.
func (j Chains) Gaps(e ledger.Entry, brought ...*x509.Certificate) []Gap {
	switch {
	case e.Kind != ledger.Certificate, e.SelfSigned, e.Verdict.Root != "":
		return nil
	case e.Verdict.Status == trust.Invalid, e.Verdict.Status == trust.Unknown, e.Verdict.Fault != "":
		// what is wrong is said, and it is not this
		return nil
	}
	g := Gap{Below: e.Subject, Issuer: e.Issuer, Sum: e.SHA256}
	if n := e.Reach(); n > 0 {
		top := e.Chain[n-1]
		if top.SelfSigned {
			return nil
		}
		g.Below, g.Issuer, g.Sum = top.Subject, top.Issuer, top.SHA256
	}
	if c, err := j.Among(g.Sum, brought); err == nil {
		g.At = addresses(c)
	}
	return []Gap{g}
}

// Among finds a certificate among some that were brought, else in the store.
func (j Chains) Among(sum string, brought []*x509.Certificate) (*x509.Certificate, error) {
	for _, c := range brought {
		if Sum(c.Raw) == sum {
			return c, nil
		}
	}
	return j.Certificate(sum)
}

// Served are the links that a server sends with its certificate: those whose signatures hold, without a root, which
// whoever trusts it has. Where a trusted root has been reached, what goes on to an older one is sent for clients of
// old, but not once it has expired: some of them would refuse the whole chain for it.
func (j Chains) Served(e ledger.Entry) []trust.Link {
	links := e.Chain[:e.Reach()]
	if root := slices.IndexFunc(links, func(l trust.Link) bool { return l.SelfSigned }); root >= 0 {
		links = links[:root]
	}
	_, needed, _ := j.Anchor(&e)
	for i := min(needed, len(links)); i < len(links); i++ {
		if j.Now.After(links[i].NotAfter) {
			return links[:i]
		}
	}
	return links
}

// KnownAbove gives the certificates of the store that may stand above these: a CA need not send its intermediate with
// every answer.
func (j Judge) KnownAbove(certs []*x509.Certificate) (list []*x509.Certificate) {
	have := map[string]bool{}
	for _, c := range certs {
		have[Sum(c.Raw)] = true
	}
	for below := certs; len(below) > 0; {
		below = j.issuersNamedBy(below, have)
		list = append(list, below...)
	}
	return list
}

// issuersNamedBy gives what the store has under the names of these certificates' issuers, but what is had already.
func (j Judge) issuersNamedBy(below []*x509.Certificate, have map[string]bool) (list []*x509.Certificate) {
	for _, below := range below {
		for _, ca := range j.State.Index.CAs[names.FromDER(below.RawIssuer)] {
			if have[ca.Sum] {
				continue
			}
			have[ca.Sum] = true
			if c, err := j.Certificate(ca.Sum); err == nil {
				list = append(list, c)
			}
		}
	}
	return list
}

// Linked reads the certificates of links.
func (j Chains) Linked(links []trust.Link) (list []*x509.Certificate, err error) {
	for _, link := range links {
		c, err := j.Certificate(link.SHA256)
		if err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	return list, nil
}
