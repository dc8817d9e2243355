package issuing

import (
	"crypto/x509"
	"strings"
	"testing"

	"certdesk/certstore/ledger"
)

// Authorities leave the common name out of what they issue; a request of ours has one all the same.
func TestARenewalOfACertificateWithoutACommonNameHasOne(t *testing.T) {
	long := strings.Repeat("a", 63) + ".example.test"
	for want, names := range map[string][]string{"mail.example.test": {"mail.example.test", "www.example.test"}, "www.example.test": {long, "www.example.test"}} {
		r, err := Renewal(ledger.Entry{Names: names, KeyAlgorithm: "ECDSA", KeySize: 256}, &x509.Certificate{RawSubject: []byte{0x30, 0}})
		if err != nil || r.Subject.Get("CN") != want || r.Names[0].Value != want || len(r.Names) != 2 || r.Check() != nil {
			t.Errorf("%+v %v", r, err)
		}
	}
}
