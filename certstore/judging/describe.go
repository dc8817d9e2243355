package judging

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"math/big"

	"certdesk/certstore/formats"
	"certdesk/certstore/ledger"
	"certdesk/certstore/names"
	"certdesk/certstore/revocation"
	"certdesk/certstore/trust"
)

// Describe gives the entry a certificate makes, its chain taken from others, without what only a store knows: id,
// friendly name, verdict. One that cannot be judged has the reason as Unread. Errors: UnsupportedFormat for
// one without a public key.
func Describe(c *x509.Certificate, others []*x509.Certificate) (ledger.Entry, error) {
	spki, err := formats.SPKI(c)
	if err != nil {
		return ledger.Entry{}, err
	}
	chain, signed, _ := formats.SortChain(c, others)
	e := ledger.Entry{
		Kind:               ledger.Certificate,
		Thumbprint:         formats.Thumbprint(c.Raw),
		SHA256:             Sum(c.Raw),
		Subject:            names.FromDER(c.RawSubject),
		Issuer:             names.FromDER(c.RawIssuer),
		Names:              formats.AlternativeNames(c.Extensions),
		NotBefore:          c.NotBefore.UTC(),
		NotAfter:           c.NotAfter.UTC(),
		SelfSigned:         formats.SelfSigned(c),
		CA:                 c.IsCA,
		Serial:             hexSerial(c.SerialNumber),
		SignatureAlgorithm: formats.SignatureName(c),
		SPKI:               spki,
		Common:             names.CommonName(c.RawSubject),
		Remarks:            trust.Remarks(c),
		ForClients:         trust.Say(allows(c, x509.ExtKeyUsageClientAuth)),
		NamesCA:            trust.Say(revocation.Named(c)),
	}
	e.KeyAlgorithm, e.KeySize = keyFacts(c.PublicKey)
	if kind := formats.KeyKind(c); kind != "" {
		e.KeyAlgorithm = kind
	}
	e.Chain = Links(c, chain, signed)
	e.Defect, e.Unread = defect(c, chain, signed), unread(c, chain)
	return e, nil
}

// DescribeRequest gives the entry a PKCS#10 request makes.
func DescribeRequest(r *x509.CertificateRequest) (ledger.Entry, error) {
	spki, err := formats.SPKI(r.PublicKey)
	if err != nil {
		return ledger.Entry{}, err
	}
	e := ledger.Entry{
		Kind:               ledger.PendingReq,
		Thumbprint:         formats.Thumbprint(r.Raw),
		SHA256:             Sum(r.Raw),
		Subject:            names.FromDER(r.RawSubject),
		Names:              formats.AlternativeNames(r.Extensions),
		SignatureAlgorithm: r.SignatureAlgorithm.String(),
		SPKI:               spki,
		Common:             names.CommonName(r.RawSubject),
		Request:            Sum(r.Raw),
	}
	e.KeyAlgorithm, e.KeySize = keyFacts(r.PublicKey)
	return e, nil
}

func keyFacts(pub any) (algorithm string, bits int) {
	switch k := pub.(type) {
	case *rsa.PublicKey:
		return "RSA", k.N.BitLen()
	case *ecdsa.PublicKey:
		return "ECDSA", k.Curve.Params().BitSize
	case ed25519.PublicKey:
		return "Ed25519", 256
	}
	return "unknown", 0
}

// hexSerial writes a serial as openssl does: upper-case, whole bytes, with a sign.
func hexSerial(n *big.Int) string {
	digits := fmt.Sprintf("%X", new(big.Int).Abs(n))
	if len(digits)%2 == 1 {
		digits = "0" + digits
	}
	if n.Sign() < 0 {
		return "-" + digits
	}
	return digits
}

// Links are what the journal keeps of a chain: who is who, and which signature holds.
func Links(leaf *x509.Certificate, chain []*x509.Certificate, signed []bool) []trust.Link {
	out := make([]trust.Link, 0, len(chain))
	path := []*x509.Certificate{leaf}
	for i, c := range chain {
		link := trust.Link{
			Subject:    names.FromDER(c.RawSubject),
			Issuer:     names.FromDER(c.RawIssuer),
			SHA256:     Sum(c.Raw),
			NotBefore:  c.NotBefore.UTC(),
			NotAfter:   c.NotAfter.UTC(),
			Signed:     signed[i],
			SelfSigned: formats.SelfSigned(c),
			Unread:     trust.UnreadCA(c),
			Rule:       formats.BrokenRule(c),
			Doubt:      trust.Doubtful(c),
		}
		if signed[i] {
			link.Fault = trust.Breaks(c, trust.Under(path))
		} else {
			link.Unchecked = formats.Unchecked(path[i], c)
		}
		out, path = append(out, link), append(path, c)
	}
	return out
}

// defect finds what no root and no date can mend: a certificate that servers may not use, one that claims to sign
// itself and does not, or an issuer with an extension that all must refuse.
func defect(c *x509.Certificate, chain []*x509.Certificate, signed []bool) string {
	if bytes.Equal(c.RawSubject, c.RawIssuer) && len(chain) == 0 && !formats.SelfSigned(c) {
		return "it names itself as its issuer, but its signature is not valid"
	}
	if !c.IsCA || formats.SelfSigned(c) {
		if reason := trust.Unfit(c); reason != "" {
			return reason
		}
	}
	for i, issuer := range chain {
		if reason := trust.UnfitCA(issuer); reason != "" && signed[i] && !formats.SelfSigned(issuer) {
			return "its issuer " + names.FromDER(issuer.RawSubject) + " has " + reason
		}
	}
	return ""
}

// unread finds what certdesk cannot judge in a certificate, and other programs may.
func unread(c *x509.Certificate, chain []*x509.Certificate) string {
	reason := trust.Unread(c)
	if reason == "" && bytes.Equal(c.RawSubject, c.RawIssuer) && len(chain) == 0 {
		reason = formats.Unchecked(c, c)
	}
	return reason
}

// Sum is the SHA-256 by which the store names a certificate or request.
func Sum(der []byte) string {
	sum := sha256.Sum256(der)
	return hex.EncodeToString(sum[:])
}
