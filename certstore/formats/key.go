package formats

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"

	"certdesk/certstore/fail"
)

// maxKeyBits is the largest RSA modulus that is taken, in bits.
const maxKeyBits = 16384

const pkcs8Label = "PRIVATE KEY"

// KeyPEM encodes a key as PKCS#8 PEM, unencrypted. Errors: UnsupportedFormat for what is neither RSA, ECDSA
// nor Ed25519.
func KeyPEM(key crypto.Signer) ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, unsupported("", "a key of this type cannot be written as PKCS#8: %w", shown{err})
	}
	return pem.EncodeToMemory(&pem.Block{Type: pkcs8Label, Bytes: der}), nil
}

// ParseKeyPEM reads what KeyPEM wrote: one PKCS#8 PEM block and nothing else, the key consistent in itself.
// Errors: Damaged, UnsupportedFormat, LimitExceeded.
func ParseKeyPEM(data []byte) (crypto.Signer, error) {
	block, rest := pem.Decode(data)
	if block == nil || block.Type != pkcs8Label || len(bytes.TrimSpace(rest)) > 0 {
		return nil, damaged("the key file is not one PKCS#8 PEM block")
	}
	return parsePKCS8(block.Bytes)
}

// CheckPair proves that key is sound and is the private half of pub: it signs random bytes and verifies the
// signature against pub. Errors: KeyMismatch, Damaged, UnsupportedFormat.
func CheckPair(key crypto.Signer, pub crypto.PublicKey) error {
	if key == nil {
		return fail.New(fail.KeyMismatch, "", "there is no private key")
	}
	if k, ok := key.(*rsa.PrivateKey); ok {
		if err := k.Validate(); err != nil {
			return damaged("the RSA key is inconsistent: %w", shown{err})
		}
	}
	if own, ok := key.Public().(interface{ Equal(crypto.PublicKey) bool }); !ok || !own.Equal(pub) {
		return fail.New(fail.KeyMismatch, "give the private key that was made for it",
			"the private key does not belong to this public key")
	}
	var message [32]byte
	if _, err := rand.Read(message[:]); err != nil {
		return fail.New(fail.Failed, "", "no random bytes: %w", err)
	}
	return testSign(key, pub, message[:])
}

func testSign(key crypto.Signer, pub crypto.PublicKey, message []byte) error {
	digest, opts := message, crypto.SignerOpts(crypto.Hash(0))
	if _, ok := pub.(ed25519.PublicKey); !ok {
		sum := sha256.Sum256(message)
		digest, opts = sum[:], crypto.SHA256
	}
	signature, err := key.Sign(rand.Reader, digest, opts)
	if err != nil {
		return unsupported("", "the key cannot sign: %w", shown{err})
	}
	good := false
	switch p := pub.(type) {
	case *rsa.PublicKey:
		good = rsa.VerifyPKCS1v15(p, crypto.SHA256, digest, signature) == nil
	case *ecdsa.PublicKey:
		good = ecdsa.VerifyASN1(p, digest, signature)
	case ed25519.PublicKey:
		good = ed25519.Verify(p, message, signature)
	}
	if !good {
		return damaged("the key's test signature does not verify")
	}
	return nil
}

func parsePKCS8(der []byte) (crypto.Signer, error) {
	if _, err := toDER(der); err != nil {
		return nil, damaged("the key is damaged: %w", err)
	}
	if isTooLong(kindPKCS8, der) {
		return nil, tooMuch("", "the key is longer than %d bits", maxKeyBits)
	}
	key, err := parseKey(kindPKCS8, der)
	if err != nil {
		return nil, badKey(err)
	}
	return key, nil
}

// badKey leaves out what the library says of the key's values.
func badKey(err error) error {
	return unsupported("openssl pkey -in FILE -noout -check says more", "the private key cannot be used: %w", shown{err})
}
