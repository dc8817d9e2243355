package storetest

import (
	"crypto/x509"
	"fmt"
	"os"
	"path/filepath"

	"certdesk/certstore/formats"
	"certdesk/certstore/judging"
	"certdesk/certstore/ledger"
)

// Adopt makes a store that holds these certificates, without their keys, as no verb would: to compare what is said
// of them with what others say.
func Adopt(dir string, certs []*x509.Certificate) error {
	entries := make([]ledger.Entry, len(certs))
	for i, c := range certs {
		e, err := judging.Describe(c, nil)
		if err != nil {
			return err
		}
		e.FriendlyName, e.KeyKept = fmt.Sprintf("certificate %d", i), true
		entries[i] = e
	}
	if err := write(dir, len(certs), func(i int) ledger.Entry { return entries[i] }); err != nil {
		return err
	}
	for i, c := range certs {
		if err := os.WriteFile(filepath.Join(dir, "certs", entries[i].SHA256+".pem"), formats.CertPEM(c.Raw),
			0o600); err != nil {
			return err
		}
	}
	return nil
}
