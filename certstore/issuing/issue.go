package issuing

import (
	"crypto"
	"crypto/x509"
	"fmt"
	"math/big"
	"time"

	"certdesk/certstore/formats"
	"certdesk/certstore/judging"
	"certdesk/certstore/ledger"
)

// Issue signs a request, or a certificate by its own key, and reads it back; the kind is that of its object.
func Issue(r Request, key crypto.Signer, serial func() (*big.Int, error), now time.Time) (made Made,
	kind ledger.ObjectKind, err error) {
	if r.ValidDays == 0 {
		r.ValidDays = 365
	}
	if r.SelfSigned {
		return issueSelfSigned(r, key, serial, now)
	}
	if made.DER, err = signRequest(r, key); err != nil {
		return made, "", err
	}
	parsed, err := x509.ParseCertificateRequest(made.DER)
	if err != nil {
		return made, "", fmt.Errorf("read back the request: %w", err)
	}
	if err := parsed.CheckSignature(); err != nil {
		return made, "", fmt.Errorf("verify the request: %w", err)
	}
	made.PEM = formats.RequestPEM(made.DER)
	made.Entry, err = judging.DescribeRequest(parsed)
	return made, ledger.Requests, err
}

func issueSelfSigned(r Request, key crypto.Signer, next func() (*big.Int, error), now time.Time) (made Made,
	kind ledger.ObjectKind, err error) {
	serial, err := next()
	if err != nil {
		return made, "", fmt.Errorf("make a serial number: %w", err)
	}
	if made.DER, err = selfSign(r, key, serial, now); err != nil {
		return made, "", err
	}
	parsed, err := x509.ParseCertificate(made.DER)
	if err != nil {
		return made, "", fmt.Errorf("read back the certificate: %w", err)
	}
	made.PEM = formats.CertPEM(made.DER)
	made.Entry, err = judging.Describe(parsed, nil)
	return made, ledger.Certs, err
}
