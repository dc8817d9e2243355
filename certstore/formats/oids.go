package formats

import "strings"

// Object identifiers (RFC 8018, RFC 7292, RFC 9579, RFC 7914, RFC 3565).
const (
	oidPBES2  = "1.2.840.113549.1.5.13"
	oidPBKDF2 = "1.2.840.113549.1.5.12"
	oidPBMAC1 = "1.2.840.113549.1.5.14"
	oidScrypt = "1.3.6.1.4.1.11591.4.11"

	oidData          = "1.2.840.113549.1.7.1"
	oidSignedData    = "1.2.840.113549.1.7.2"
	oidEnvelopedData = "1.2.840.113549.1.7.3"
	oidEncryptedData = "1.2.840.113549.1.7.6"

	oidKeyBag      = "1.2.840.113549.1.12.10.1.1"
	oidShroudedBag = "1.2.840.113549.1.12.10.1.2"
	oidCertBag     = "1.2.840.113549.1.12.10.1.3"
	oidNestedBag   = "1.2.840.113549.1.12.10.1.6"
	oidX509Cert    = "1.2.840.113549.1.9.22.1"
	oidFriendly    = "1.2.840.113549.1.9.20"

	oidSHA1     = "1.3.14.3.2.26"
	oidHMACSHA1 = "1.2.840.113549.2.7"
)

// What go-pkcs12 decrypts.
var (
	knownPBE = map[string]bool{"1.2.840.113549.1.12.1.3": true, "1.2.840.113549.1.12.1.5": true,
		"1.2.840.113549.1.12.1.6": true}
	knownCiphers = map[string]bool{"2.16.840.1.101.3.4.1.2": true, "2.16.840.1.101.3.4.1.22": true,
		"2.16.840.1.101.3.4.1.42": true}
	knownPRFs = map[string]bool{oidHMACSHA1: true, "1.2.840.113549.2.9": true, "1.2.840.113549.2.11": true}
)

// algorithmNames are for messages.
var algorithmNames = map[string]string{
	"1.2.840.113549.1.12.1.1":   "128-bit RC4",
	"1.2.840.113549.1.12.1.2":   "40-bit RC4",
	"1.2.840.113549.1.12.1.4":   "two-key 3DES",
	"1.2.840.113549.1.5.1":      "MD2 and DES",
	"1.2.840.113549.1.5.3":      "MD5 and DES",
	"1.2.840.113549.1.5.4":      "MD2 and RC2",
	"1.2.840.113549.1.5.6":      "MD5 and RC2",
	"1.2.840.113549.1.5.10":     "SHA-1 and DES",
	"1.2.840.113549.1.5.11":     "SHA-1 and RC2",
	oidScrypt:                   "scrypt",
	"1.2.840.113549.3.2":        "RC2 under PBES2",
	"1.2.840.113549.3.7":        "3DES under PBES2",
	"1.3.14.3.2.7":              "DES under PBES2",
	"1.2.392.200011.61.1.1.1.2": "128-bit Camellia",
	"1.2.392.200011.61.1.1.1.3": "192-bit Camellia",
	"1.2.392.200011.61.1.1.1.4": "256-bit Camellia",
	"2.16.840.1.101.3.4.1.6":    "128-bit AES-GCM",
	"2.16.840.1.101.3.4.1.46":   "256-bit AES-GCM",
	"1.2.840.113549.2.8":        "HMAC-SHA-224",
	"1.2.840.113549.2.10":       "HMAC-SHA-384",
	"1.2.840.113549.2.5":        "an MD5 checksum",
	"2.16.840.1.101.3.4.2.4":    "a SHA-224 checksum",
	"2.16.840.1.101.3.4.2.2":    "a SHA-384 checksum",
}

// isPBE says whether the algorithm's parameters are a salt and a count.
func isPBE(oid string) bool {
	return strings.HasPrefix(oid, "1.2.840.113549.1.12.1.") ||
		strings.HasPrefix(oid, "1.2.840.113549.1.5.") && oid != oidPBKDF2 && oid != oidPBMAC1
}
