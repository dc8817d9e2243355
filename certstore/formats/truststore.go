package formats

import (
	"crypto"
	"crypto/x509"
	"slices"

	"software.sslmate.com/src/go-pkcs12"

	"certdesk/certstore/fail"
)

// TrustAnchor is a CA certificate under the name that Java shows it by.
type TrustAnchor struct {
	Name string
	Cert *x509.Certificate
}

// EncodeTrustStore makes a PKCS#12 file of CA certificates that Java, and with it Tomcat and Zimbra, takes for a trust
// store: each is marked as trusted, which a keystore's certificates are not. Java 8u301 and later read it.
// Errors: Usage for a password PKCS#12 cannot carry, Failed.
func EncodeTrustStore(anchors []TrustAnchor, password []byte) ([]byte, error) {
	if err := checkPassword(password); err != nil {
		return nil, err
	}
	var entries []pkcs12.TrustStoreEntry
	for _, a := range anchors {
		entries = append(entries, pkcs12.TrustStoreEntry{Cert: a.Cert, FriendlyName: a.Name})
	}
	data, err := pkcs12.Modern2023.EncodeTrustStoreEntries(entries, string(password))
	if err != nil {
		return nil, fail.New(fail.Failed, "", "the trust store cannot be made: %w", shown{err})
	}
	return data, nil
}

// proven has another reader than ours open a PKCS#12 file that was just made, and compares what it finds: nobody can
// ask for the key again once the file is all that is left of it. go-pkcs12 does not write these files, since it has no
// place for the friendly name and for Microsoft's provider.
func proven(data []byte, key crypto.Signer, leaf *x509.Certificate, chain []*x509.Certificate, password string) error {
	read, cert, others, err := pkcs12.DecodeChain(data, password)
	if err != nil {
		return err
	}
	signer, ok := read.(crypto.Signer)
	same := ok && cert.Equal(leaf) && slices.EqualFunc(others, chain, (*x509.Certificate).Equal)
	if !same {
		return fail.New(fail.Failed, "", "another reader finds something else in it")
	}
	return CheckPair(signer, key.Public())
}
