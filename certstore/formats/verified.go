package formats

import (
	"crypto/sha256"
	"crypto/x509"
	"sync"
)

// verified remembers signatures, since the same few are asked for again and again: each of a thousand certificates of a
// file looks at its CA's own, and a certificate is described for the review, for the import, and for what is written.
var verified = memory{known: map[edge]bool{}}

// maxKnown bounds what is remembered to some megabytes; then it begins anew.
const maxKnown = 1 << 15

// edge is a certificate and one that may have signed it, by the SHA-256 of their bytes, which all of the answer depends
// on.
type edge struct{ below, above [sha256.Size]byte }

type memory struct {
	mu    sync.Mutex
	known map[edge]bool
}

func (m *memory) ask(c, issuer *x509.Certificate, verify func() bool) bool {
	if len(c.Raw) == 0 || len(issuer.Raw) == 0 {
		return verify()
	}
	at := edge{sha256.Sum256(c.Raw), sha256.Sum256(issuer.Raw)}
	m.mu.Lock()
	answer, known := m.known[at]
	m.mu.Unlock()
	if known {
		return answer
	}
	answer = verify()
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.known) >= maxKnown {
		clear(m.known)
	}
	m.known[at] = answer
	return answer
}
