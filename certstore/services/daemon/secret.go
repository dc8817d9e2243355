package daemon

import (
	"bytes"
	"encoding/base64"
	"regexp"
	"strings"
	"unicode/utf8"

	"certdesk/certstore/printable"
)

// keyLabel is in the first line of every PEM private key: PKCS#8, encrypted or not, PKCS#1, SEC 1, OpenSSH.
var keyLabel = regexp.MustCompile(`PRIVATE KEY-----`)

// keyBytes are what follows the outermost header of DER that holds a private key: version 0 or 1 and then the algorithm
// (PKCS#8), the modulus (PKCS#1) or the octets (SEC 1); version 3 of PKCS#12.
var keyBytes = [][]byte{
	{0x02, 0x01, 0x00, 0x30}, {0x02, 0x01, 0x01, 0x30}, {0x02, 0x01, 0x00, 0x02}, {0x02, 0x01, 0x01, 0x04},
	{0x02, 0x01, 0x03, 0x30},
}

// pkcs5 is how the identifiers of PKCS#5 begin, which PKCS#8 encrypted has in its first header.
var pkcs5 = []byte{0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05}

// encodedLine is a line that may be one of a PEM body whose label was cut off.
var encodedLine = regexp.MustCompile(`[A-Za-z0-9+/]{40,}={0,2}`)

// HoldsSecret says whether a file holds a private key: in PEM, in DER, or in base64 that nothing labels.
func HoldsSecret(data []byte) bool {
	if keyLabel.Match(data) || beginsAsKey(data) {
		return true
	}
	for _, line := range encodedLine.FindAll(data, -1) {
		if encodesKey(line) {
			return true
		}
	}
	return false
}

// encodesKey says whether a line of base64 is the first one of a key.
func encodesKey(line []byte) bool {
	raw := make([]byte, base64.StdEncoding.DecodedLen(len(line)))
	n, _ := base64.StdEncoding.Decode(raw, line[:len(line)/4*4])
	return beginsAsKey(raw[:n])
}

func beginsAsKey(data []byte) bool {
	if len(data) < 24 || data[0] != 0x30 {
		return false
	}
	inside := data[2:]
	if data[1] > 0x80 && data[1] <= 0x84 {
		inside = data[2+data[1]-0x80:]
	}
	for _, sign := range keyBytes {
		if bytes.HasPrefix(inside, sign) {
			return true
		}
	}
	return bytes.Contains(inside[:16], pkcs5)
}

// NotText says whether a file is none for people to read.
func NotText(data []byte) bool { return bytes.IndexByte(data, 0) >= 0 || !utf8.Valid(data) }

// discreet makes a foreign line fit to be shown: a program that stumbles over a key in its configuration repeats the
// line it stumbled over.
func discreet(text string) string {
	shown := encodedLine.ReplaceAllStringFunc(text, func(run string) string {
		if scrambled(run) || encodesKey([]byte(run)) {
			return "(not shown)"
		}
		return run
	})
	return printable.Text(Shorten(shown))
}

// scrambled tells base64 from a path and from a fingerprint: in both cases, and in random bytes two neighbours of three
// are not of one kind (capital, small letter, digit, sign), in words few are.
func scrambled(run string) bool {
	changes := 0
	for i := 1; i < len(run); i++ {
		if kindOf(run[i]) != kindOf(run[i-1]) {
			changes++
		}
	}
	return run != strings.ToLower(run) && run != strings.ToUpper(run) && changes > len(run)*45/100
}

func kindOf(c byte) int {
	switch {
	case 'a' <= c && c <= 'z':
		return 1
	case 'A' <= c && c <= 'Z':
		return 2
	case '0' <= c && c <= '9':
		return 3
	}
	return 4
}
