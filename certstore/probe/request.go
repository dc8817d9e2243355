package probe

import (
	"net/netip"
	"time"

	"certdesk/certstore/trust"
)

// Timeout is how long an answer is waited for where a request does not say. A greeting that is held back on purpose
// (postscreen waits 6 s) still comes in time.
const Timeout = 10 * time.Second

// Key is the kind of certificate that is asked for: a server may have one of each.
type Key string

// The kinds. RSA and ECDSA are asked for with TLS 1.2 and the cipher suites of that kind, since what a TLS 1.3
// client would offer cannot be narrowed down here.
const (
	Any   Key = ""
	RSA   Key = "RSA"
	ECDSA Key = "ECDSA" // and Ed25519, which comes under the same cipher suites
)

// Request is one question to one listener.
type Request struct {
	Target
	Name    string        // the name a client asks for (SNI), and the certificate must fit; "": the target's host
	Key     Key           // which kind of certificate
	Expect  Expect        // what should be served
	Roots   *trust.Roots  // what a chain must end at; nil: that is not judged
	Now     time.Time     // when dates are judged; zero: now
	Timeout time.Duration // for the whole question; 0: the constant Timeout
	Wait    time.Duration // what is added to it where the daemon is set to hold its greeting back longer than usual
	Proxy   bool          // a PROXY protocol header is sent first
}

// Expect holds what should be served and what was before, as SHA-256 of the certificate in hex; "" for not known.
type Expect struct{ Wanted, Former string }

// filled is the request with its defaults.
func (r Request) filled() Request {
	if r.Name == "" {
		r.Name = withoutZone(r.Host)
	}
	if r.Now.IsZero() {
		r.Now = time.Now()
	}
	if r.Timeout <= 0 {
		r.Timeout = Timeout
	}
	r.Timeout += r.Wait
	r.Wait = 0
	return r
}

// withoutZone takes the interface out of fe80::1%eth0: no certificate holds it.
func withoutZone(host string) string {
	if a, err := netip.ParseAddr(host); err == nil {
		return a.WithZone("").String()
	}
	return host
}
