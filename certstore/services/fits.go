package services

import (
	"crypto"
	"encoding/pem"
)

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

// keysIn are the private keys of a file.
func keysIn(path string) (keys []crypto.Signer) {
	data, err := readFile(path)
	if err != nil {
		return nil
	}
	defer clear(data)
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		if key, err := parseKey(block); err == nil {
			keys = append(keys, key)
		}
		clear(block.Bytes)
	}
	return keys
}
