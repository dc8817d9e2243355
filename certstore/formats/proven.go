package formats

import (
	"crypto"
	"crypto/x509"
	"slices"

	"software.sslmate.com/src/go-pkcs12"

	"certdesk/certstore/fail"
)

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
		return fail.New(fail.Failed, "", "read again, it does not hold what was written")
	}
	return CheckPair(signer, key.Public())
}
