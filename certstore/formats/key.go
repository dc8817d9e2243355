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

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
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
		return fail.New(fail.KeyMismatch, "bring the key that was made for it", "the private key is not the one of this public key")
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

// parseKey reads an unencrypted key in DER.
func parseKey(k kind, der []byte) (crypto.Signer, error) {
	if tooLong(der) {
		return nil, tooMuch("", "the key is longer than %d bits", maxKeyBits)
	}
	switch k {
	case kindPKCS1:
		key, err := x509.ParsePKCS1PrivateKey(der)
		if err != nil {
			return nil, badKey(err)
		}
		return key, nil
	case kindSEC1:
		key, err := x509.ParseECPrivateKey(der)
		if err != nil {
			return nil, badKey(err)
		}
		return key, nil
	}
	return parsePKCS8(der)
}

func parsePKCS8(der []byte) (crypto.Signer, error) {
	if err := checkDER(der); err != nil {
		return nil, damaged("the key is damaged: %w", err)
	}
	if pkcs8TooLong(der) {
		return nil, tooMuch("", "the key is longer than %d bits", maxKeyBits)
	}
	key, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return nil, badKey(err)
	}
	return asSigner(key)
}

func asSigner(key any) (crypto.Signer, error) {
	switch k := key.(type) {
	case *rsa.PrivateKey:
		return k, nil
	case *ecdsa.PrivateKey:
		return k, nil
	case ed25519.PrivateKey:
		return k, nil
	}
	return nil, unsupported("make a new request: certdesk keeps RSA, ECDSA and Ed25519 keys", "a key of type %T cannot sign for a certificate", key)
}

// pkcs8TooLong looks into the OCTET STRING that holds the key proper.
func pkcs8TooLong(der []byte) bool {
	in := cryptobyte.String(der)
	var seq, version, algorithm, key cryptobyte.String
	if !in.ReadASN1(&seq, cbasn1.SEQUENCE) || !seq.ReadASN1(&version, cbasn1.INTEGER) ||
		!seq.ReadASN1(&algorithm, cbasn1.SEQUENCE) || !seq.ReadASN1(&key, cbasn1.OCTET_STRING) {
		return false
	}
	return checkDER(key) == nil && tooLong(key)
}

// badKey leaves out what the library says of the key's values.
func badKey(err error) error {
	return unsupported("openssl pkey -in FILE -noout -check says more", "the private key cannot be read: %w", shown{err})
}
