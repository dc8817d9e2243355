// Package challenge proves to a certificate authority that a name is ours, in each of the ways ACME has: by a web
// server's answer (http-01), by a TLS handshake (tls-alpn-01), by a record of the DNS (dns-01, dns-persist-01).
//
// Its promise: what it puts out is tried as the authority will ask for it, so that what cannot succeed costs no failed
// validation and is told by name; what it puts out it can take away again, also after a kill, by the proof alone.
package challenge

import (
	"context"
	"time"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

// The ways of proof, as ACME names them (RFC 8555 section 8, RFC 8737, draft-ietf-acme-dns-persist).
const (
	HTTP01       = "http-01"
	TLSALPN01    = "tls-alpn-01"
	DNS01        = "dns-01"
	DNSPersist01 = "dns-persist-01"
)

// Proof is one name to prove, and what the authority will look for.
type Proof struct {
	Type             string // one of the above
	Name             string // the DNS name or address to prove, A-label, without "*."
	Wildcard         bool
	Token            string
	KeyAuthorization string
	Account          string   // URL of the account (dns-persist-01)
	Issuers          []string // the authority's own names (dns-persist-01)
}

// Solver makes proofs reachable.
type Solver interface {
	// Present puts a proof where the authority looks for it. Twice is as good as once.
	Present(ctx context.Context, p Proof) error
	// Try asks as the authority would and says by name what is wrong, so that no failed validation is spent.
	Try(ctx context.Context, p Proof) error
	// Remove takes away what Present put out, by this process or one that died: it needs nothing but the proof.
	Remove(ctx context.Context, p Proof) error
	// Close ends listeners.
	Close() error
}

// Options say how names are proven on this host.
type Options struct {
	Type     string // one of the ways of proof
	Webroot  string // for http-01: the directory that a web server serves; "" to answer on the port ourselves
	HTTPPort int    // at which the authority asks; 0 for 80
	TLSPort  int    // likewise for TLS; 0 for 443

	// HTTPListen and TLSListen are where we answer, host:port, behind a front that passes the question on; "" for the port
	// itself, on every address.
	HTTPListen, TLSListen string

	DNSPort  int    // at which a zone's servers are asked; 0 for 53
	Resolver string // host:port that Try asks for addresses and name servers; "" for the system's
	DNS      DNS    // for dns-01; of dns-persist-01 the time alone

	Clock func() time.Time      // nil for the real one
	Warn  func(sentence string) // told what may surprise and stops nothing; nil for nobody
}

// DNS is who changes a zone for dns-01: its server by RFC 2136, an acme-dns, or a command.
type DNS struct {
	Server   string // host:port of the server that takes updates
	TSIGName string // of the key, as the server knows it
	TSIGFile string // BIND's key file, or the secret alone in base64

	AcmeDNS     string // URL of an acme-dns
	AcmeDNSFile string // what it answered to the registration, JSON

	Command []string // is given present or cleanup, the record's name and its value

	Propagation time.Duration // how long all servers of the zone are waited for; 0 for two minutes
}

// New makes the solver of the way that the options choose. Errors: InvalidConfig, UnsafeConfig.
func New(o Options) (Solver, error) {
	o = o.withDefaults()
	switch {
	case o.Type == HTTP01 && o.Webroot == "":
		return newStandalone(o), nil
	case o.Type == HTTP01:
		return newWebroot(o)
	case o.Type == TLSALPN01:
		return newTLSALPN(o), nil
	case o.Type == DNS01:
		return newDNS(o)
	case o.Type == DNSPersist01:
		return newStanding(o), nil
	}
	return nil, fail.New(fail.InvalidConfig, "choose http-01, tls-alpn-01, dns-01 or dns-persist-01",
		"certdesk proves no name by %q", printable.Text(o.Type))
}

func (o Options) withDefaults() Options {
	if o.HTTPPort == 0 {
		o.HTTPPort = 80
	}
	if o.TLSPort == 0 {
		o.TLSPort = 443
	}
	if o.DNSPort == 0 {
		o.DNSPort = 53
	}
	if o.DNS.Propagation == 0 {
		o.DNS.Propagation = 2 * time.Minute
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Warn == nil {
		o.Warn = func(string) {}
	}
	return o
}
