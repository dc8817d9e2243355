package formats

import (
	"crypto/x509"
	"fmt"
	"slices"
	"strings"

	"software.sslmate.com/src/go-pkcs12"

	"certdesk/certstore/fail"
	"certdesk/certstore/names"
)

// EncodeTrustStore makes a PKCS#12 file of CA certificates that Java, and with it Tomcat and Zimbra, takes for a trust
// store: each is marked as trusted, which the certificates of a key store are not, and has its common name for an
// alias. Java 8u301 and later read it. Errors: Usage for a password PKCS#12 cannot carry, Failed.
func EncodeTrustStore(authorities []*x509.Certificate, password []byte) ([]byte, error) {
	if err := checkPassword(password); err != nil {
		return nil, err
	}
	if beyondBMP(string(password)) {
		return nil, fail.New(fail.Usage, "use letters, digits and punctuation",
			"the password has a character that a trust store cannot hold")
	}
	var entries []pkcs12.TrustStoreEntry
	for _, c := range authorities {
		entries = append(entries, pkcs12.TrustStoreEntry{Cert: c, FriendlyName: aliasOf(c, entries)})
	}
	data, err := pkcs12.Modern2023.EncodeTrustStoreEntries(entries, string(password))
	if err != nil {
		return nil, fail.New(fail.Failed, "", "the trust store cannot be made: %w", shown{err})
	}
	read, err := pkcs12.DecodeTrustStore(data, string(password))
	if err != nil || !slices.EqualFunc(read, authorities, (*x509.Certificate).Equal) {
		return nil, fail.New(fail.Failed, "", "the trust store did not read back as it was made: nothing was written")
	}
	return data, nil
}

// aliasOf is a name that no entry before it has: Java keeps one entry an alias, whatever its case.
func aliasOf(c *x509.Certificate, before []pkcs12.TrustStoreEntry) string {
	name := names.CommonName(c.RawSubject)
	if name == "" {
		name = "authority"
	}
	alias := name
	taken := func(e pkcs12.TrustStoreEntry) bool { return strings.EqualFold(e.FriendlyName, alias) }
	for n := 2; slices.ContainsFunc(before, taken); n++ {
		alias = fmt.Sprintf("%s (%d)", name, n)
	}
	return alias
}
