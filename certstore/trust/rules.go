package trust

import (
	"bytes"
	"cmp"
	"crypto/x509"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"

	"certdesk/certstore/formats"
	"certdesk/certstore/printable"
)

// Below is what stands below an issuer in a path: what its rules are about.
type Below struct {
	Names []string // DNS names, addresses, mail addresses and URIs that are certified
	CAs   int      // that did not issue themselves (RFC 5280, 6.1.4 (l))
}

// Under is what a path holds, leaf first.
func Under(path []*x509.Certificate) (b Below) {
	for i, c := range path {
		b.Names = append(b.Names, certified(c, i == 0)...)
		if i > 0 && !bytes.Equal(c.RawSubject, c.RawIssuer) {
			b.CAs++
		}
	}
	return b
}

// certified are the names of a certificate that name constraints are about.
func certified(c *x509.Certificate, leaf bool) []string {
	list := slices.Concat(c.DNSNames, c.EmailAddresses)
	for _, ip := range c.IPAddresses {
		list = append(list, ip.String())
	}
	if leaf {
		list = Certified(list, c.Subject.CommonName)
	}
	for _, u := range c.URIs {
		list = append(list, u.String())
	}
	return list
}

// Certified are the names that a leaf is judged by: OpenSSL takes the common name for one where it has no others.
func Certified(alternative []string, common string) []string {
	if len(alternative) == 0 && strings.Contains(common, ".") && !strings.ContainsAny(common, " @") {
		return []string{common}
	}
	return alternative
}

// Breaks says, as what follows the issuer's name, which rule an issuer breaks with what stands below it, for which
// clients refuse all of that; "" for none. Dates are judged apart. `openssl verify -purpose sslserver` asks the same.
func Breaks(issuer *x509.Certificate, b Below) string {
	return cmp.Or(mayNotSign(issuer), tooLong(issuer, b.CAs), excludes(issuer, b.Names), outdated(issuer))
}

// outdated looks at the signature on an issuer that does not stand by itself.
func outdated(c *x509.Certificate) string {
	if name := formats.SignatureName(c); weakSignature(name) && !formats.SelfSigned(c) {
		return "is signed with " + name + ", which current clients refuse"
	}
	return ""
}

func mayNotSign(c *x509.Certificate) string {
	old := (c.Version == 1 || c.Version == 2) && !formats.SelfSigned(c) // without extensions only a root is a CA
	served := mayServe(c) || slices.Contains(c.ExtKeyUsage, x509.ExtKeyUsageNetscapeServerGatedCrypto) ||
		slices.Contains(c.ExtKeyUsage, x509.ExtKeyUsageMicrosoftServerGatedCrypto)
	switch {
	case UnreadCA(c) != "":
		return "" // told as such
	case old, c.Version == 3 && !c.BasicConstraintsValid, c.BasicConstraintsValid && !c.IsCA:
		return "may not sign certificates: it is no CA"
	case c.KeyUsage != 0 && c.KeyUsage&x509.KeyUsageCertSign == 0:
		return "may not sign certificates: its key usage lacks keyCertSign"
	case !served:
		return "may not sign certificates for servers: its extended key usage lacks serverAuth"
	}
	return ""
}

func tooLong(c *x509.Certificate, below int) string {
	limited := c.BasicConstraintsValid && (c.MaxPathLen > 0 || c.MaxPathLenZero)
	if limited && below > c.MaxPathLen {
		return fmt.Sprintf("may not stand so high: its path length allows %s below it, and the chain has %d",
			printable.Count(c.MaxPathLen, "CA"), below)
	}
	return ""
}

func excludes(c *x509.Certificate, names []string) string {
	for _, name := range names {
		if !permits(c, name) {
			return "may not certify " + printable.Text(name) + ": its name constraints do not allow it"
		}
	}
	return ""
}

// permits holds a name against the constraints of its kind (RFC 5280, 4.2.1.10).
func permits(c *x509.Certificate, name string) bool {
	ip := net.ParseIP(name)
	switch {
	case ip != nil:
		within := func(ip net.IP, of *net.IPNet) bool { return of.Contains(ip) }
		return allowed(ip, c.PermittedIPRanges, c.ExcludedIPRanges, within)
	case strings.Contains(name, "://"):
		return allowed(name, c.PermittedURIDomains, c.ExcludedURIDomains, uriWithin)
	case strings.Contains(name, "@"):
		return allowed(name, c.PermittedEmailAddresses, c.ExcludedEmailAddresses, mailWithin)
	}
	return allowed(name, c.PermittedDNSDomains, c.ExcludedDNSDomains, hostWithin)
}

func allowed[N, R any](name N, permitted, excluded []R, within func(N, R) bool) bool {
	in := func(of R) bool { return within(name, of) }
	return !slices.ContainsFunc(excluded, in) && (len(permitted) == 0 || slices.ContainsFunc(permitted, in))
}

// hostWithin: a domain holds itself and what is below it, one with a leading dot only the latter.
func hostWithin(name, domain string) bool {
	name, domain = strings.ToLower(strings.TrimSuffix(name, ".")), strings.ToLower(domain)
	if domain == "" || name == domain {
		return true
	}
	return strings.HasSuffix(name, "."+strings.TrimPrefix(domain, "."))
}

// uriWithin: the host of a URI is meant, as in a mail address; one without a host is within nothing.
func uriWithin(uri, of string) bool {
	u, err := url.Parse(uri)
	return err == nil && u.Hostname() != "" && mailWithin("@"+u.Hostname(), of)
}

// mailWithin: a mailbox, a host, or with a leading dot all hosts below.
func mailWithin(address, of string) bool {
	host := address[strings.LastIndexByte(address, '@')+1:]
	switch {
	case strings.Contains(of, "@"):
		return strings.EqualFold(address, of)
	case strings.HasPrefix(of, "."):
		return hostWithin(host, of)
	}
	return strings.EqualFold(host, of)
}
