package delivering

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"strings"

	"certdesk/certstore/fail"
	"certdesk/certstore/fetching"
	"certdesk/certstore/printable"
	"certdesk/certstore/trust"
)

// rootsOf are those of a file, nil for the system's.
func rootsOf(path string) (*x509.CertPool, error) {
	if path == "" {
		return nil, nil
	}
	certs, err := trust.ReadRoots(path)
	if err != nil {
		return nil, fail.New(fail.InvalidConfig, "name a PEM file with the root of its TLS", "ca_file %s: %s",
			printable.Text(path), fail.Plain(err.Error()))
	}
	pool := x509.NewCertPool()
	for _, c := range certs {
		pool.AddCert(c)
	}
	return pool, nil
}

// trusted says whether the certificate of a connection is the host's.
func trusted(s tls.ConnectionState, roots *x509.CertPool, host string) error {
	o := x509.VerifyOptions{Roots: roots, DNSName: host, Intermediates: x509.NewCertPool()}
	for _, c := range s.PeerCertificates[1:] {
		o.Intermediates.AddCert(c)
	}
	_, err := s.PeerCertificates[0].Verify(o)
	return err
}

// within says whether a host is this one.
func within(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// cause is what went wrong with a connection, in words that hold no address.
func cause(err error) string {
	var told *fail.Error
	var late net.Error
	switch {
	case errors.As(err, &told):
		return told.Text
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &late) && late.Timeout():
		return "no answer came in time"
	}
	text := fetching.Cause(err).Error()
	return printable.Text(strings.TrimPrefix(strings.TrimPrefix(text, "tls: failed to verify certificate: "), "x509: "))
}
