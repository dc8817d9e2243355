package daemon

import (
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io/fs"
	"os"

	"certdesk/certstore/fail"
	"certdesk/certstore/formats"
)

// Installed names the files of one certificate in a configuration. Cert and Key may be the same file.
type Installed struct {
	Cert string `json:"cert"`
	Key  string `json:"key"`
}

// CertificateLabel is the PEM label of a certificate.
const CertificateLabel = "CERTIFICATE"

// Certificates parses the certificates of a PEM file in their order; other blocks are passed over.
func Certificates(data []byte) ([]*x509.Certificate, error) {
	var all []*x509.Certificate
	for {
		block, rest := pem.Decode(data)
		if block == nil {
			break
		}
		if data = rest; block.Type != CertificateLabel {
			continue
		}
		c, err := formats.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, fail.New(fail.Damaged, "", "a certificate cannot be read: %w", err)
		}
		all = append(all, c)
	}
	if len(all) == 0 {
		return nil, fail.New(fail.Damaged, "", "there is no certificate in it")
	}
	return all, nil
}

// Leaf reads the first certificate of the configured file.
func (i Installed) Leaf() (*x509.Certificate, error) {
	data, err := ReadFile(i.Cert)
	if err != nil {
		return nil, Cannot("read", i.Cert, err)
	}
	return FirstCertificate(data)
}

// FirstCertificate parses the leaf of a PEM file, which stands first.
func FirstCertificate(data []byte) (*x509.Certificate, error) {
	all, err := Certificates(data)
	if err != nil {
		return nil, err
	}
	return all[0], nil
}

// Mismatch says whether the files hold a certificate and a key that do not belong together, so that the daemon would
// serve nothing once it reads them. Of files that this user cannot read, or that hold no key certdesk knows, nobody
// says so.
func (i Installed) Mismatch() bool {
	leaf, err := i.Leaf()
	if err != nil {
		return false
	}
	public, ok := leaf.PublicKey.(interface{ Equal(crypto.PublicKey) bool })
	keys := keysIn(i.Key)
	if !ok || len(keys) == 0 {
		return false
	}
	for _, key := range keys {
		if public.Equal(key.Public()) {
			return false
		}
	}
	return true
}

// Lost names a file of the two that is not there, so that the daemon would fail to start with them; "" for none.
func (i Installed) Lost() string {
	for _, path := range []string{i.Cert, i.Key} {
		if _, err := os.Stat(path); path != "" && errors.Is(err, fs.ErrNotExist) {
			return path
		}
	}
	return ""
}

// keysIn are the private keys of a file.
func keysIn(path string) (keys []crypto.Signer) {
	data, err := ReadFile(path)
	if err != nil {
		return nil
	}
	defer clear(data)
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		if key, err := ParseKey(block); err == nil {
			keys = append(keys, key)
		}
		clear(block.Bytes)
	}
	return keys
}

// ParseKey reads an unencrypted private key of any of the PEM forms servers read.
func ParseKey(block *pem.Block) (crypto.Signer, error) {
	var key any
	var err error
	switch block.Type {
	case "PRIVATE KEY":
		key, err = x509.ParsePKCS8PrivateKey(block.Bytes)
	case "RSA PRIVATE KEY":
		key, err = x509.ParsePKCS1PrivateKey(block.Bytes)
	case "EC PRIVATE KEY":
		key, err = x509.ParseECPrivateKey(block.Bytes)
	default:
		err = errors.New("no private key")
	}
	if err != nil {
		return nil, err
	}
	if s, ok := key.(crypto.Signer); ok {
		return s, nil
	}
	return nil, errors.New("this key cannot sign")
}
