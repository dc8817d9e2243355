package certstore

import (
	"crypto/x509"

	"certdesk/certstore/fail"
	"certdesk/certstore/formats"
	"certdesk/certstore/ledger"
)

// encodeTrustStore makes the file that has Java trust whoever serves this certificate.
func (s *Store) encodeTrustStore(e ledger.Entry, password []byte) ([]byte, error) {
	list, err := s.authorities(e)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, fail.New(fail.NotFound, "import the certificates of its CA first", "no CA certificate above %s is here",
			ledger.Label(&e))
	}
	return formats.EncodeTrustStore(list, password)
}

// authorities are the CA certificates above an entry, the trusted root included; one that signed itself vouches for
// itself.
func (s *Store) authorities(e ledger.Entry) ([]*x509.Certificate, error) {
	list, err := s.chains().Linked(e.Chain[:e.Reach()])
	if err != nil {
		return nil, err
	}
	root, _, _ := s.chains().Anchor(&e)
	if c := root.Certificate(); c != nil && (len(list) == 0 || !c.Equal(list[len(list)-1])) {
		list = append(list, c)
	}
	if len(list) > 0 || !e.SelfSigned {
		return list, nil
	}
	leaf, err := s.objects.Certificate(e.SHA256)
	return []*x509.Certificate{leaf}, err
}
