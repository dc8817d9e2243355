package challenge

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/asn1"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

// handshake tries tls-alpn-01 as an authority does, at each address of the name.
type handshake struct{ web }

func (h handshake) Try(ctx context.Context, p Proof) error {
	t := trial{web: h.web, proof: p}
	return t.everywhere(ctx, p.Name, func(address netip.Addr) error { return t.shake(ctx, address) })
}

func (t *trial) shake(ctx context.Context, address netip.Addr) error {
	at := net.JoinHostPort(address.String(), strconv.Itoa(t.tls))
	here := printable.Text(t.proof.Name) + " at " + at
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	dialer := tls.Dialer{Config: &tls.Config{
		ServerName: serverName(t.proof.Name), NextProtos: []string{acmeTLS}, InsecureSkipVerify: true}}
	conn, err := dialer.DialContext(ctx, "tcp", at)
	if noWay(err) {
		return err
	}
	if err != nil {
		return unanswered(address, err, fail.New(fail.Failed,
			"let the port be reached from everywhere, with nothing before it that ends TLS",
			"%s makes no handshake for %s: %s", here, acmeTLS, cause(err)))
	}
	defer conn.Close()
	state := conn.(*tls.Conn).ConnectionState()
	wrong := notTheProof(state, t.proof)
	if wrong == "" {
		return nil
	}
	return fail.New(fail.Failed, "another server answers there: give this one the address, or prove by http-01 or dns-01",
		"%s %s", here, wrong)
}

// notTheProof says what a handshake showed instead.
func notTheProof(state tls.ConnectionState, p Proof) string {
	leaf := state.PeerCertificates[0]
	if state.NegotiatedProtocol != acmeTLS {
		return fmt.Sprintf("does not speak %s: it serves a certificate for %s", acmeTLS, shownNames(leaf))
	}
	if !onlyFor(leaf, p.Name) {
		return "serves a certificate for " + shownNames(leaf)
	}
	digest := sha256.Sum256([]byte(p.KeyAuthorization))
	for _, extension := range leaf.Extensions {
		var value []byte
		if !extension.Id.Equal(acmeIdentifier) {
			continue
		}
		_, err := asn1.Unmarshal(extension.Value, &value)
		if err == nil && extension.Critical && bytes.Equal(value, digest[:]) {
			return ""
		}
		return "serves another proof"
	}
	return "serves a certificate without a proof"
}

func onlyFor(leaf *x509.Certificate, name string) bool {
	if address, err := netip.ParseAddr(name); err == nil {
		return len(leaf.IPAddresses) == 1 && leaf.IPAddresses[0].Equal(net.IP(address.AsSlice()))
	}
	return len(leaf.DNSNames) == 1 && strings.EqualFold(leaf.DNSNames[0], name)
}

func shownNames(leaf *x509.Certificate) string {
	names := leaf.DNSNames
	for _, address := range leaf.IPAddresses {
		names = append(names, address.String())
	}
	switch {
	case len(names) == 0:
		return "no name"
	case len(names) > 3:
		return printable.Text(strings.Join(names[:3], ", ")) + ", …"
	}
	return printable.Text(strings.Join(names, ", "))
}
