package formats

import (
	"bytes"
	"encoding/hex"
	"errors"
	"strings"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

// isEncrypted says whether a block is PEM of the old kind (RFC 1421), encrypted as a whole.
func (b block) isEncrypted() bool {
	return strings.Contains(b.headers, "ENCRYPTED") && strings.Contains(b.headers, "DEK-Info:")
}

// encryptedPEM reads what openssl wrote before it knew PKCS#8: cipher and start value are in the header, the key is one
// MD5 of the password.
func (r *reader) encryptedPEM(b block) error {
	name, iv := b.dekInfo()
	seal, known := sealingByName(name)
	if !known {
		if len(name) > 30 {
			name = "a cipher without a name"
		}
		return unsupported(recipeKey, "this is an encrypted PEM key of the old kind (%s), which certdesk cannot open",
			printable.Text(name))
	}
	if len(iv) < 8 {
		return damaged("the DEK-Info line of an encrypted key is damaged")
	}
	for _, s := range secrets(r.password) {
		plain, err := seal.open(bytesToKey(s.text, iv[:8], seal.key), iv, b.der)
		if err == nil && isSequence(bytes.TrimRight(plain, "\x00")) {
			r.opened = true
			return r.readDER(plain)
		}
		if err != nil && !errors.Is(err, errNotDecrypted) {
			return err
		}
	}
	return r.notOpened()
}

// dekInfo reads "DEK-Info: AES-256-CBC,0123...".
func (b block) dekInfo() (name string, iv []byte) {
	_, rest, _ := strings.Cut(b.headers, "DEK-Info:")
	line, _, _ := strings.Cut(rest, "\n")
	name, digits, _ := strings.Cut(strings.TrimSpace(line), ",")
	iv, err := hex.DecodeString(strings.TrimSpace(digits))
	if err != nil {
		iv = nil
	}
	return strings.ToUpper(strings.TrimSpace(name)), iv
}

// asKey gives the recipe for a key's file where the scheme's own is one for PKCS#12.
func asKey(err error) error {
	if fail.Is(err, fail.UnsupportedFormat) {
		return unsupported(recipeKey, "%w", err)
	}
	return err
}
