package names

import (
	"net/netip"
	"strings"

	"golang.org/x/net/publicsuffix"
)

// Registrable is the domain an organisation registers to own dns: the label below the public suffix, and the
// suffix. It is "" for a public suffix itself and for a single label. A leading "*." does not count.
func Registrable(dns string) string {
	domain, err := publicsuffix.EffectiveTLDPlusOne(strings.TrimPrefix(dns, "*."))
	if err != nil {
		return ""
	}
	return domain
}

// IsDelegated says whether a DNS name lies below a public suffix that the list knows: others look like names and are
// none, such as a file's.
func IsDelegated(dns string) bool {
	suffix, icann := publicsuffix.PublicSuffix(dns)
	return (icann || strings.Contains(suffix, ".")) && Registrable(dns) != ""
}

// IsPublic says whether a public CA may put the name into a certificate: it is no single label, below no
// domain reserved for private use, and no reserved address (CA/Browser Forum BR 4.2.2 and 7.1.4.2).
func IsPublic(n Name) bool {
	switch n.Kind {
	case IP:
		a, err := netip.ParseAddr(n.Value)
		return err == nil && isPublicAddr(a)
	case Email:
		return isPublicHost(n.Value[strings.LastIndexByte(n.Value, '@')+1:])
	}
	if strings.HasPrefix(n.Value, "*.") && Registrable(n.Value) == "" {
		return false
	}
	return isPublicHost(strings.TrimPrefix(n.Value, "*."))
}

// privateTLDs are reserved (RFC 6761, 6762 with its appendix G, 8375, 9476; ICANN's private-use .internal) or
// will never be delegated.
var privateTLDs = map[string]bool{
	"test": true, "example": true, "invalid": true, "localhost": true, "local": true, "internal": true,
	"localdomain": true, "alt": true, "intranet": true, "private": true, "corp": true, "home": true,
	"lan": true, "mail": true,
}

func isPublicHost(host string) bool {
	dot := strings.LastIndexByte(host, '.')
	if dot < 0 || strings.HasSuffix(host, ".home.arpa") {
		return false
	}
	return !privateTLDs[host[dot+1:]]
}

// reserved are the blocks of IANA's special-purpose registries that netip's own questions leave out.
var reserved = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"),
	netip.MustParsePrefix("192.0.0.0/24"), netip.MustParsePrefix("192.0.2.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("198.51.100.0/24"),
	netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("100::/64"), netip.MustParsePrefix("2001:db8::/32"), netip.MustParsePrefix("3fff::/20"),
}

func isPublicAddr(a netip.Addr) bool {
	if !a.IsGlobalUnicast() || a.IsPrivate() {
		return false
	}
	for _, p := range reserved {
		if p.Contains(a) {
			return false
		}
	}
	return true
}

// CoveredBy says whether a certificate that has this name is good for n: a name of any kind as itself, a DNS name
// through a wildcard too.
func (n Name) CoveredBy(has string) bool {
	if n.Kind != DNS {
		return strings.EqualFold(has, n.Value)
	}
	return Covers(has, n.Value)
}

// Covers says whether a certificate's DNS name pattern is good for name: equal without case, or a wildcard
// whose star stands for exactly the first label (RFC 6125 6.4.3).
func Covers(pattern, name string) bool {
	pattern, name = strings.ToLower(pattern), strings.ToLower(strings.TrimSuffix(name, "."))
	if pattern == name {
		return name != ""
	}
	domain, star := strings.CutPrefix(pattern, "*.")
	label, rest, dot := strings.Cut(name, ".")
	return star && dot && label != "" && label != "*" && rest == domain
}
