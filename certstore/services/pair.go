package services

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"slices"

	"certdesk/certstore/fail"
	"certdesk/certstore/services/daemon"
)

// Pair is a certificate to install, as PEM.
type Pair struct {
	Chain []byte // leaf first, then its intermediates, no root
	Key   []byte // not encrypted
}

// combined is key and chain in one file. The key comes first: Postfix wants it so, and no other daemon minds.
func (p Pair) combined() []byte {
	return slices.Concat(bytes.TrimRight(p.Key, "\n"), []byte("\n"), p.Chain)
}

// leavesOf gives the leaf of each pair; no two may have one key type, since a port serves one for each.
func leavesOf(pairs []Pair) ([]*x509.Certificate, error) {
	if len(pairs) == 0 {
		return nil, fail.New(fail.Usage, "", "there is no certificate to install")
	}
	var leaves []*x509.Certificate
	seen := map[string]bool{}
	for _, p := range pairs {
		leaf, err := daemon.FirstCertificate(p.Chain)
		if err != nil {
			return nil, err
		}
		t := algorithm(leaf.PublicKey)
		if seen[t] {
			return nil, fail.New(fail.AlreadyExists, "choose one", "two certificates have a key of type %s", t)
		}
		seen[t] = true
		leaves = append(leaves, leaf)
	}
	return leaves, nil
}

func keyType(p Pair) string {
	leaf, err := daemon.FirstCertificate(p.Chain)
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
