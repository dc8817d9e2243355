package services

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"slices"

	"certdesk/certstore/fail"
	"certdesk/certstore/formats"
)

// Pair is a certificate to install, as PEM.
type Pair struct {
	Chain []byte // leaf first, then its intermediates, no root
	Key   []byte // not encrypted
}

const certificateLabel = "CERTIFICATE"

// certificates parses the certificates of a PEM file in their order; other blocks are passed over.
func certificates(data []byte) ([]*x509.Certificate, error) {
	var all []*x509.Certificate
	for {
		block, rest := pem.Decode(data)
		if block == nil {
			break
		}
		if data = rest; block.Type != certificateLabel {
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

// combined is key and chain in one file. The key comes first: Postfix wants it so, and no other daemon minds.
func (p Pair) combined() []byte {
	return slices.Concat(bytes.TrimRight(p.Key, "\n"), []byte("\n"), p.Chain)
}

// Leaf reads the first certificate of the configured file.
func (i Installed) Leaf() (*x509.Certificate, error) {
	data, err := readFile(i.Cert)
	if err != nil {
		return nil, cannot("read", i.Cert, err)
	}
	return firstCertificate(data)
}

func firstCertificate(data []byte) (*x509.Certificate, error) {
	all, err := certificates(data)
	if err != nil {
		return nil, err
	}
	return all[0], nil
}

// leavesOf gives the leaf of each pair; no two may have one key type, since a port serves one for each.
func leavesOf(pairs []Pair) ([]*x509.Certificate, error) {
	if len(pairs) == 0 {
		return nil, fail.New(fail.Usage, "", "there is no certificate to install")
	}
	var leaves []*x509.Certificate
	seen := map[string]bool{}
	for _, p := range pairs {
		leaf, err := firstCertificate(p.Chain)
		if err != nil {
			return nil, err
		}
		if t := algorithm(leaf.PublicKey); seen[t] {
			return nil, fail.New(fail.AlreadyExists, "choose one", "two certificates have a key of type %s", t)
		} else {
			seen[t] = true
		}
		leaves = append(leaves, leaf)
	}
	return leaves, nil
}

func keyType(p Pair) string {
	leaf, err := firstCertificate(p.Chain)
	if err != nil {
		return "unknown"
	}
	return algorithm(leaf.PublicKey)
}

func algorithm(key crypto.PublicKey) string {
	switch key.(type) {
	case *rsa.PublicKey:
		return "rsa"
	case *ecdsa.PublicKey:
		return "ecdsa"
	case ed25519.PublicKey:
		return "ed25519"
	}
	return "other"
}

// parseKey reads an unencrypted private key of any of the PEM forms servers read.
func parseKey(block *pem.Block) (crypto.Signer, error) {
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
