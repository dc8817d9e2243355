package issuing

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"

	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
)

// KeySpec says what key to make.
type KeySpec struct {
	Algorithm string // "rsa", "ecdsa-p256", "ecdsa-p384"
	Bits      int    // RSA: 1024, 2048, 3072, 4096; ignored otherwise
}

// Validate refuses a key that cannot be made here. Errors: Usage.
func (k KeySpec) Validate() error {
	switch k.Algorithm {
	case "rsa":
		switch k.Bits {
		case 1024, 2048, 3072, 4096:
			return nil
		}
		return fail.New(fail.Usage, "use 2048; 3072 and 4096 are slower, 1024 is refused by public CAs",
			"an RSA key of %d bits cannot be made here", k.Bits)
	case "ecdsa-p256", "ecdsa-p384":
		return nil
	}
	return fail.New(fail.Usage, "use rsa, ecdsa-p256 or ecdsa-p384", "%q is not a key algorithm", k.Algorithm)
}

// GenerateKey makes a key from crypto/rand. It cannot be interrupted: RSA 4096 takes about a second.
func GenerateKey(spec KeySpec) (crypto.Signer, error) {
	switch spec.Algorithm {
	case "rsa":
		return rsa.GenerateKey(rand.Reader, spec.Bits)
	case "ecdsa-p256":
		return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case "ecdsa-p384":
		return ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	}
	return nil, spec.Validate()
}

// specOf is a key of the kind that an entry has, or the nearest that is made here.
func specOf(e ledger.Entry) KeySpec {
	switch {
	case e.KeyAlgorithm == "ECDSA" && e.KeySize >= 384:
		return KeySpec{Algorithm: "ecdsa-p384"}
	case e.KeyAlgorithm == "ECDSA":
		return KeySpec{Algorithm: "ecdsa-p256"}
	case e.KeyAlgorithm == "RSA" && (e.KeySize == 3072 || e.KeySize == 4096):
		return KeySpec{Algorithm: "rsa", Bits: e.KeySize}
	}
	return KeySpec{Algorithm: "rsa", Bits: 2048}
}
