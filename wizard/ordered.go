package wizard

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"certdesk/certstore"
	"certdesk/certstore/acme/challenge"
	"certdesk/certstore/config"
	"certdesk/certstore/ledger"
)

// authority is the CA that the answers have a certificate ordered from, false for none. One that is not configured any
// more is known by its name alone, and ordering refuses it.
func (a Answers) authority(env Env) (config.ACME, bool) {
	i := slices.IndexFunc(env.Authorities, func(ca config.ACME) bool { return strings.EqualFold(ca.Name, a.CA) })
	if i < 0 {
		return config.ACME{Name: a.CA}, a.CA != ""
	}
	return env.Authorities[i], a.CA != ""
}

// order is what the request of these answers is to be answered by, nil for a person with a file.
func (a Answers) order(env Env) *ledger.Order {
	ca, ordered := a.authority(env)
	if !ordered || a.SelfSigned {
		return nil
	}
	return &ledger.Order{CA: ca.Name, Directory: ca.Directory, Profile: cmp.Or(a.Profile, ca.Profile)}
}

// Reordered are the answers for what is ordered as an entry was: from its CA, where that is still configured, with its
// profile.
func (a Answers) Reordered(e certstore.Entry, env Env) Answers {
	a.CA, a.Profile = "", ""
	if e.Automatic == nil || e.Automatic.Order.CA == "" {
		return a
	}
	ca, err := config.Config{ACME: env.Authorities}.CA(e.Automatic.Order.CA)
	if err != nil {
		return a
	}
	if a.CA = ca.Name; e.Automatic.Order.Profile != ca.Profile {
		a.Profile = e.Automatic.Order.Profile
	}
	return a
}

// ProvenBy says in words how names are proven to a CA.
func ProvenBy(ca config.ACME) string {
	http := strconv.Itoa(cmp.Or(ca.HTTPPort, 80))
	switch ca.Proves() {
	case challenge.HTTP01:
		if ca.Webroot != "" {
			return "a file below " + ca.Webroot + ", which the web server here gives out on port " + http +
				" of each name (http-01)"
		}
		return "an answer of certdesk on port " + http + " of each name" + behind(ca.HTTPListen) + " while it is ordered (http-01)"
	case challenge.TLSALPN01:
		return "an answer of certdesk on port " + strconv.Itoa(cmp.Or(ca.TLSPort, 443)) + " of each name" +
			behind(ca.TLSListen) + " while it is ordered (tls-alpn-01)"
	case challenge.DNSPersist01:
		return "a record of each name in DNS, which stands for good (dns-persist-01)"
	}
	by := cmp.Or(ca.DNS.Server, ca.DNS.AcmeDNS, strings.Join(ca.DNS.Command[:min(1, len(ca.DNS.Command))], ""))
	return "a record of each name in DNS, put there by " + by + " (dns-01)"
}

func behind(listen string) string {
	if listen == "" {
		return ""
	}
	return ", which a front passes on to " + listen + ","
}

// Likely is a name of this server that a certificate will have, "" where it is not known: what is set up is tried for
// it.
func (e Env) Likely() string {
	if usable(e.ServerFQDN) && strings.Contains(e.ServerFQDN, ".") {
		return strings.ToLower(e.ServerFQDN)
	}
	for _, d := range e.AcceptedDomains {
		return d.Name
	}
	return ""
}
