package certstore

import (
	"crypto/x509"
	"encoding/pem"

	"certdesk/certstore/fail"
	"certdesk/certstore/formats"
	"certdesk/certstore/judging"
	"certdesk/certstore/ledger"
)

// certificate reads one certificate object and checks that its bytes are those its name promises.
func (s *Store) certificate(sha256hex string) (*x509.Certificate, error) {
	der, err := s.object(ledger.Certs, sha256hex, "CERTIFICATE")
	if err != nil {
		return nil, err
	}
	c, err := formats.ParseCertificate(der)
	if err != nil {
		return nil, fail.New(fail.Damaged, doctorHint, "parse %s: %w", s.dir.Path(ledger.Certs, sha256hex), err)
	}
	return c, nil
}

const doctorHint = "run `certdesk doctor`; to repair it, restore the file from a backup under the same name"

// object reads the DER of a certificate or request object, whose SHA-256 is its name.
func (s *Store) object(kind ledger.ObjectKind, name, blockType string) ([]byte, error) {
	raw, err := s.dir.Get(kind, name)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(raw)
	if block == nil || block.Type != blockType || judging.Sum(block.Bytes) != name {
		return nil, fail.New(fail.Damaged, doctorHint, "%s is damaged: its content is not what its file name says", s.dir.Path(kind, name))
	}
	return block.Bytes, nil
}

// requestOf reads the request that an entry answers; nil where there is none, or it cannot be read: that is said elsewhere.
func (s *Store) requestOf(e ledger.Entry) *x509.CertificateRequest {
	if e.Request == "" {
		return nil
	}
	der, err := s.object(ledger.Requests, e.Request, "CERTIFICATE REQUEST")
	if err != nil {
		return nil
	}
	asked, err := x509.ParseCertificateRequest(der)
	if err != nil {
		return nil
	}
	return asked
}
