package challenge

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"math/big"
	"net"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/miekg/dns"
)

// acmeTLS is the protocol in which an authority asks (RFC 8737 section 6.2).
const acmeTLS = "acme-tls/1"

// acmeIdentifier is the extension that holds the proof (id-pe-acmeIdentifier, RFC 8737 section 3).
var acmeIdentifier = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 31}

// tlsALPN proves by a handshake: it serves a certificate of its own to who asks for the protocol acme-tls/1.
type tlsALPN struct {
	handshake
	now    func() time.Time
	mu     sync.Mutex
	proofs map[string]shownProof // by the name that is asked for
	open   []net.Listener        // none while nothing is to be proven
}

type shownProof struct {
	token       string
	certificate *tls.Certificate
}

func newTLSALPN(o Options) *tlsALPN {
	return &tlsALPN{handshake: handshake{newWeb(o)}, now: o.Clock, proofs: map[string]shownProof{}}
}

func (s *tlsALPN) Present(_ context.Context, p Proof) error {
	certificate, err := proofCertificate(p, s.now())
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.open) == 0 {
		s.open, err = listen(s.listener(s.tls, s.listenTLS), otherWayInstead)
		for _, l := range s.open {
			go s.serve(l)
		}
	}
	if err == nil {
		s.proofs[serverName(p.Name)] = shownProof{p.Token, certificate}
	}
	return err
}

// serve makes one handshake with each who comes, and says no word after it.
func (s *tlsALPN) serve(l net.Listener) {
	config := &tls.Config{NextProtos: []string{acmeTLS}, GetCertificate: s.certificate}
	for {
		conn, err := l.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			time.Sleep(50 * time.Millisecond) // too many open files, which passes
			continue
		}
		go func() {
			defer conn.Close()
			conn.SetDeadline(time.Now().Add(answerTime))
			tls.Server(conn, config).Handshake()
		}()
	}
}

func (s *tlsALPN) certificate(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	certificate := s.proofs[strings.ToLower(hello.ServerName)].certificate
	if certificate == nil || len(hello.SupportedProtos) != 1 || hello.SupportedProtos[0] != acmeTLS {
		return nil, errors.New("nothing to prove to this client")
	}
	return certificate, nil
}

func (s *tlsALPN) Remove(_ context.Context, p Proof) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	name := serverName(p.Name)
	if s.proofs[name].token == p.Token { // a later order may prove the same name
		delete(s.proofs, name)
	}
	if len(s.proofs) == 0 {
		s.stop()
	}
	return nil
}

func (s *tlsALPN) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stop()
	return nil
}

func (s *tlsALPN) stop() {
	closeAll(s.open)
	s.open = nil
}

// serverName is what a client asks for: an address by its name in the reverse zone (RFC 8738 section 6).
func serverName(name string) string {
	reverse, err := dns.ReverseAddr(name)
	if err != nil {
		return strings.ToLower(name)
	}
	return strings.TrimSuffix(reverse, ".")
}

// proofCertificate is the one of RFC 8737 section 3: of the one name, with the proof in a critical extension.
func proofCertificate(p Proof, now time.Time) (*tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	digest := sha256.Sum256([]byte(p.KeyAuthorization))
	value, err := asn1.Marshal(digest[:])
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "ACME challenge"},
		NotBefore: now.Add(-24 * time.Hour), NotAfter: now.Add(7 * 24 * time.Hour),
		ExtKeyUsage:     []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		ExtraExtensions: []pkix.Extension{{Id: acmeIdentifier, Critical: true, Value: value}},
	}
	if address, err := netip.ParseAddr(p.Name); err == nil {
		template.IPAddresses = []net.IP{address.AsSlice()}
	} else {
		template.DNSNames = []string{p.Name}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, err
}
