package services

import (
	"crypto"
	"encoding/pem"
	"errors"
	"io/fs"
	"os"
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
