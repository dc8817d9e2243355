package formats

import (
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// secret is a password in one of the ways programs encode it.
type secret struct {
	text []byte // as PKCS#5 and PEM take it
	wide []byte // as PKCS#12 takes it: UTF-16, ended by a NUL; nil for no password at all
}

// secrets are the ways the same password may have been encoded. An empty one is one NUL, or nothing at all (RFC 7292,
// B.1, is read both ways). One with accents may be in normal form C while it was typed otherwise, and programs of old,
// openssl 1.0 among them, took each byte for a character.
func secrets(password []byte) []secret {
	if len(password) == 0 {
		return []secret{{nil, []byte{0, 0}}, {nil, nil}}
	}
	if isASCII(password) {
		return []secret{{password, wide(string(password))}}
	}
	var all []secret
	if text := string(password); utf8.Valid(password) {
		all = append(all, secret{password, wide(text)})
		for _, form := range []norm.Form{norm.NFC, norm.NFD} {
			if other := form.String(text); other != text {
				all = append(all, secret{[]byte(other), wide(other)})
			}
		}
	}
	runes := make([]rune, len(password))
	for i, b := range password {
		runes[i] = rune(b)
	}
	bytewise := string(runes)
	if !utf8.Valid(password) {
		return append(all, secret{password, wide(bytewise)}, secret{[]byte(bytewise), wide(bytewise)})
	}
	return append(all, secret{[]byte(bytewise), wide(bytewise)})
}

// wide is the password in UTF-16 with a final NUL. What lies beyond its first plane takes two units, as it does for
// Windows, Java and openssl.
func wide(password string) (out []byte) {
	for _, u := range utf16.Encode([]rune(password)) {
		out = append(out, byte(u>>8), byte(u))
	}
	return append(out, 0, 0)
}

func isASCII(data []byte) bool {
	for _, b := range data {
		if b >= 0x80 {
			return false
		}
	}
	return true
}
