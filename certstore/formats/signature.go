package formats

import (
	"crypto"
	//lint:ignore SA1019 a DSA key is recognised, to say that its signatures are not checked
	"crypto/dsa"
	"crypto/ecdsa"
	"crypto/md5"
	"crypto/rsa"
	"crypto/sha1"
	_ "crypto/sha256" // for pssHash
	_ "crypto/sha512"
	"crypto/x509"
)

// SelfSigned says whether a certificate names itself as its issuer and its own key made its signature, SHA-1 and MD5
// included. Where nobody here can verify the signature, its word is taken unless its own key identifiers are at odds.
func SelfSigned(c *x509.Certificate) bool {
	return selfIssued(c) && (Signed(c, c) || Unchecked(c, c) != "" && kinship(c, c) >= 0)
}

// Signed says whether issuer's key made the signature of c, and nothing else. SHA-1 and MD5, which the library refuses,
// are verified too: this is about who signed what, and not whether to trust it.
func Signed(c, issuer *x509.Certificate) bool {
	return verified.ask(c, issuer, func() bool { return verifies(c, issuer) })
}

func verifies(c, issuer *x509.Certificate) bool {
	switch c.SignatureAlgorithm {
	case x509.SHA1WithRSA, x509.ECDSAWithSHA1:
		sum := sha1.Sum(c.RawTBSCertificate)
		return madeBy(issuer, crypto.SHA1, sum[:], c.Signature)
	case x509.MD5WithRSA:
		sum := md5.Sum(c.RawTBSCertificate)
		return madeBy(issuer, crypto.MD5, sum[:], c.Signature)
	case x509.UnknownSignatureAlgorithm:
		return signedPSS(c, issuer)
	}
	return issuer.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature) == nil
}

func madeBy(issuer *x509.Certificate, hash crypto.Hash, sum, signature []byte) bool {
	switch pub := issuer.PublicKey.(type) {
	case *rsa.PublicKey:
		return rsa.VerifyPKCS1v15(pub, hash, sum, signature) == nil
	case *ecdsa.PublicKey:
		return ecdsa.VerifyASN1(pub, sum, signature)
	}
	return false
}

// Unchecked says in a sentence why nobody here can tell whether issuer's key made the signature of c; "" where Signed
// is the answer. Other programs may know keys and algorithms that certdesk does not: a signature that cannot be checked
// is not one that is wrong.
func Unchecked(c, issuer *x509.Certificate) string {
	_, old := issuer.PublicKey.(*dsa.PublicKey)
	switch {
	case issuer.PublicKey == nil || old:
		kind := oddKeyKind(issuer)
		if kind == "" {
			kind = "an unknown"
		}
		return "certdesk cannot check signatures made with a key of its issuer's kind (" + kind + "); other programs may"
	case c.SignatureAlgorithm == x509.UnknownSignatureAlgorithm &&
		pssHash(c) == 0, c.SignatureAlgorithm == x509.MD2WithRSA:
		return "certdesk cannot check a signature of its kind (" + SignatureName(c) + "); other programs may"
	}
	return ""
}

// signedPSS verifies RSASSA-PSS with any length of salt: the library knows that of the hash alone, and OpenSSL takes
// the longest there is for a key that is for PSS alone.
func signedPSS(c, issuer *x509.Certificate) bool {
	key, isRSA := issuer.PublicKey.(*rsa.PublicKey)
	hash := pssHash(c)
	if !isRSA || hash == 0 {
		return false
	}
	h := hash.New()
	h.Write(c.RawTBSCertificate)
	return rsa.VerifyPSS(key, hash, h.Sum(nil), c.Signature, nil) == nil
}

// pssHash is the hash of a signature by RSASSA-PSS, which also fills its mask (RFC 4055, 3.1); zero for any other.
func pssHash(c *x509.Certificate) crypto.Hash {
	in := readBER(c.Raw).enter(tagSequence)
	in.take(tagSequence)
	oid, params := in.algorithm()
	if oid != oidPSS || params.peek() != tagSequence {
		return 0
	}
	params = params.enter(tagSequence)
	if params.peek() != tagExplicit0 {
		return 0 // SHA-1, by default
	}
	hash, _ := params.enter(tagExplicit0).algorithm()
	if params.peek() != tagExplicit0+1 {
		return 0
	}
	_, mask := params.enter(tagExplicit0 + 1).algorithm()
	if filled, _ := mask.algorithm(); filled != hash {
		return 0
	}
	return map[string]crypto.Hash{oidSHA256: crypto.SHA256, oidSHA384: crypto.SHA384, oidSHA512: crypto.SHA512}[hash]
}

// SignatureName is the algorithm of a certificate's signature as the library calls it, or as its identifier is known.
func SignatureName(c *x509.Certificate) string {
	if c.SignatureAlgorithm != x509.UnknownSignatureAlgorithm {
		return c.SignatureAlgorithm.String()
	}
	in := readBER(c.Raw).enter(tagSequence)
	in.take(tagSequence)
	oid, _ := in.algorithm()
	return objectName(oid)
}

// KeyKind names a public key that certdesk cannot use, such as "Ed448"; "" for all others.
func KeyKind(c *x509.Certificate) string { return oddKeyKind(c) }
