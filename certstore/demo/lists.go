package demo

import (
	"bytes"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"io"
	"math/big"
	"net/http"
	"time"
)

// Where the demo's certificates say that it is told whether they were revoked. No name below test is anybody's, and
// the demo answers for them itself.
const (
	listed = "http://crl.example-trust.test/r3.crl"
	silent = "http://crl.gone.test/r3.crl"
)

// pages plays the servers of the demo's CAs.
type pages struct{ *builder }

// RoundTrip implements http.RoundTripper.
func (p pages) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.String() != listed {
		return nil, errors.New("no such host")
	}
	list, err := p.revocations()
	if err != nil {
		return nil, err
	}
	return &http.Response{StatusCode: http.StatusOK, Status: "200 OK", Request: r, ContentLength: int64(len(list)),
		Body: io.NopCloser(bytes.NewReader(list))}, nil
}

// revocations is the public CA's list of today.
func (p pages) revocations() ([]byte, error) {
	now := p.clock()
	l := &x509.RevocationList{Number: big.NewInt(now.Unix()), ThisUpdate: now.Add(-time.Hour), NextUpdate: now.Add(7 * day)}
	for _, serial := range p.revoked {
		l.RevokedCertificateEntries = append(l.RevokedCertificateEntries,
			x509.RevocationListEntry{SerialNumber: serial, RevocationTime: now.Add(-5 * time.Hour), ReasonCode: 1})
	}
	return x509.CreateRevocationList(rand.Reader, l, p.public.middle, p.public.key)
}
