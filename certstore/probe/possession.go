package probe

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"slices"
	"strings"

	"golang.org/x/crypto/cryptobyte"

	_ "crypto/md5" // the hashes that are looked up by name
	_ "crypto/sha1"
	_ "crypto/sha256"
	_ "crypto/sha512"
)

// proves says whether the server's half of the key exchange is signed by the key of the certificate it sent, over the
// random part of this very hello (RFC 5246, 7.4.3): nobody else could have answered so.
func (f flight) proves(clientRandom []byte) bool {
	if f.version == tls.VersionTLS13 {
		return f.provesModern()
	}
	rest := cryptobyte.String(f.exchange)
	if !skipParameters(&rest, f.suite) {
		return false
	}
	params := f.exchange[:len(f.exchange)-len(rest)]
	algorithm := uint16(0)
	if f.version == 0x0303 && !rest.ReadUint16(&algorithm) {
		return false
	}
	var signature cryptobyte.String
	if !rest.ReadUint16LengthPrefixed(&signature) || !rest.Empty() {
		return false
	}
	return madeBy(f.certs[0], algorithm, slices.Concat(clientRandom, f.random, params), signature)
}

// skipParameters passes over the parameters of ECDHE with a named curve (RFC 8422, 5.4), or those of DHE.
func skipParameters(s *cryptobyte.String, suite uint16) bool {
	if strings.HasPrefix(suiteName(suite), "TLS_ECDHE") {
		return s.Skip(3) && skipShort(s)
	}
	for range 3 {
		var part cryptobyte.String
		if !s.ReadUint16LengthPrefixed(&part) {
			return false
		}
	}
	return true
}

// The hashes of signature algorithms of TLS 1.2 (RFC 5246, 7.4.1.4.1), by their first byte.
var hashes = map[byte]crypto.Hash{2: crypto.SHA1, 3: crypto.SHA224, 4: crypto.SHA256, 5: crypto.SHA384,
	6: crypto.SHA512}

// pssHashes are by the whole algorithm: rsae and pss keys (RFC 8446, 4.2.3).
var pssHashes = map[uint16]crypto.Hash{0x0804: crypto.SHA256, 0x0805: crypto.SHA384, 0x0806: crypto.SHA512,
	0x0809: crypto.SHA256, 0x080a: crypto.SHA384, 0x080b: crypto.SHA512}

// madeBy verifies a signature of a handshake; algorithm zero is that of TLS before 1.2.
func madeBy(c *x509.Certificate, algorithm uint16, data, signature []byte) bool {
	switch key := c.PublicKey.(type) {
	case *rsa.PublicKey:
		return madeByRSA(key, algorithm, data, signature)
	case *ecdsa.PublicKey:
		hash := hashes[byte(algorithm>>8)]
		if algorithm == 0 {
			hash = crypto.SHA1
		}
		return hash != 0 && ecdsa.VerifyASN1(key, digest(hash, data), signature)
	case ed25519.PublicKey:
		return algorithm == 0x0807 && ed25519.Verify(key, data, signature)
	}
	return false
}

func madeByRSA(key *rsa.PublicKey, algorithm uint16, data, signature []byte) bool {
	if algorithm == 0 {
		both := slices.Concat(digest(crypto.MD5, data), digest(crypto.SHA1, data))
		return rsa.VerifyPKCS1v15(key, crypto.MD5SHA1, both, signature) == nil
	}
	if hash := pssHashes[algorithm]; hash != 0 {
		return rsa.VerifyPSS(key, hash, digest(hash, data), signature, nil) == nil
	}
	hash := hashes[byte(algorithm>>8)]
	return hash != 0 && rsa.VerifyPKCS1v15(key, hash, digest(hash, data), signature) == nil
}

func digest(hash crypto.Hash, data []byte) []byte {
	h := hash.New()
	h.Write(data)
	return h.Sum(nil)
}
