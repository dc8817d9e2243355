package formats

import (
	"context"
	"crypto"
	"crypto/x509"
	"slices"
	"strings"

	"software.sslmate.com/src/go-pkcs12"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

// proven has another reader than ours open a PKCS#12 file that was just made, and compares what it finds: nobody can
// ask for the key again once the file is all that is left of it. go-pkcs12 does not write these files, since it has no
// place for the friendly name and for Microsoft's provider.
func proven(data []byte, key crypto.Signer, leaf *x509.Certificate, chain []*x509.Certificate, password string) error {
	read, cert, others, err := secondReading(data, password)
	if err != nil {
		return err
	}
	if !cert.Equal(leaf) || !slices.EqualFunc(others, chain, (*x509.Certificate).Equal) {
		return fail.New(fail.Failed, "", "another reader finds other certificates in it")
	}
	return CheckPair(read, key.Public())
}

// beyondBMP says that a password has a character, such as an emoji, that go-pkcs12 has no place for.
func beyondBMP(password string) bool {
	return strings.ContainsFunc(password, func(r rune) bool { return r > 0xffff })
}

// secondReading is go-pkcs12's reading, and ours of a password beyond the first plane of Unicode, which it takes for
// none.
func secondReading(data []byte, password string) (crypto.Signer, *x509.Certificate, []*x509.Certificate, error) {
	if !beyondBMP(password) {
		read, cert, others, err := pkcs12.DecodeChain(data, password)
		signer, ok := read.(crypto.Signer)
		if err == nil && !ok {
			err = fail.New(fail.Failed, "", "another reader finds no private key in it")
		}
		return signer, cert, others, err
	}
	b, err := DecodeContext(context.Background(), data, []byte(password))
	if err != nil {
		return nil, nil, nil, err
	}
	if len(b.Keys) != 1 || len(b.Certs) == 0 {
		return nil, nil, nil, fail.New(fail.Failed, "", "it holds %s and %s", printable.Count(len(b.Keys), "private key"),
			printable.Count(len(b.Certs), "certificate"))
	}
	return b.Keys[0], b.Certs[0], b.Certs[1:], nil
}
