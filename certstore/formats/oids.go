package formats

import "strings"

// Object identifiers (RFC 8018, RFC 7292, RFC 9579, RFC 7914, RFC 5652).
const (
	oidPBES2  = "1.2.840.113549.1.5.13"
	oidPBKDF2 = "1.2.840.113549.1.5.12"
	oidPBMAC1 = "1.2.840.113549.1.5.14"
	oidScrypt = "1.3.6.1.4.1.11591.4.11"

	oidData          = "1.2.840.113549.1.7.1"
	oidSignedData    = "1.2.840.113549.1.7.2"
	oidEnvelopedData = "1.2.840.113549.1.7.3"
	oidEncryptedData = "1.2.840.113549.1.7.6"
	oidAuthEnveloped = "1.2.840.113549.1.9.16.1.23"
	oidNetscapeCerts = "2.16.840.1.113730.2.5"

	oidKeyBag      = "1.2.840.113549.1.12.10.1.1"
	oidShroudedBag = "1.2.840.113549.1.12.10.1.2"
	oidCertBag     = "1.2.840.113549.1.12.10.1.3"
	oidCRLBag      = "1.2.840.113549.1.12.10.1.4"
	oidSecretBag   = "1.2.840.113549.1.12.10.1.5"
	oidNestedBag   = "1.2.840.113549.1.12.10.1.6"
	oidX509Cert    = "1.2.840.113549.1.9.22.1"
	oidFriendly    = "1.2.840.113549.1.9.20"
	oidLocalKeyID  = "1.2.840.113549.1.9.21"
	oidCSPName     = "1.3.6.1.4.1.311.17.1"

	oidSHA1       = "1.3.14.3.2.26"
	oidSHA256     = "2.16.840.1.101.3.4.2.1"
	oidSHA384     = "2.16.840.1.101.3.4.2.2"
	oidSHA512     = "2.16.840.1.101.3.4.2.3"
	oidHMACSHA1   = "1.2.840.113549.2.7"
	oidHMACSHA256 = "1.2.840.113549.2.9"
	oidAES256     = "2.16.840.1.101.3.4.1.42"
	oidPBE3DES    = "1.2.840.113549.1.12.1.3"
	oidPBERC240   = "1.2.840.113549.1.12.1.6"
	oidRC2        = "1.2.840.113549.3.2"

	oidRSA        = "1.2.840.113549.1.1.1"
	oidPSS        = "1.2.840.113549.1.1.10"
	oidEC         = "1.2.840.10045.2.1"
	oidDSA        = "1.2.840.10040.4.1"
	oidEd25519    = "1.3.101.112"
	oidNames      = "2.5.29.17"
	oidConstraint = "2.5.29.19"
)

// objectNames are for messages: what certdesk meets and cannot use.
var objectNames = map[string]string{
	"1.2.840.113549.1.5.1":    "MD2 and DES",
	"1.2.840.113549.1.5.4":    "MD2 and RC2",
	"1.2.840.113549.2.4":      "an MD4 checksum",
	"1.3.36.3.2.1":            "a RIPEMD-160 checksum",
	"1.2.156.10197.1.401":     "an SM3 checksum",
	"1.0.10118.3.0.55":        "a Whirlpool checksum",
	"1.2.840.113549.2.2":      "an MD2 checksum",
	"1.2.643.7.1.1.2.2":       "a GOST checksum",
	"1.2.643.7.1.1.2.3":       "a GOST checksum",
	"1.2.643.2.2.9":           "a GOST checksum",
	"1.2.643.2.2.21":          "GOST 28147",
	"1.2.643.7.1.1.4.1":       "HMAC-Streebog-256",
	"1.2.643.7.1.1.4.2":       "HMAC-Streebog-512",
	"1.2.643.7.1.1.5.1.1":     "Magma",
	"1.2.643.7.1.1.5.2.1":     "Kuznyechik",
	"2.16.840.1.101.3.4.1.6":  "128-bit AES-GCM",
	"2.16.840.1.101.3.4.1.26": "192-bit AES-GCM",
	"2.16.840.1.101.3.4.1.46": "256-bit AES-GCM",
	"2.16.840.1.101.3.4.1.1":  "128-bit AES-ECB",
	"2.16.840.1.101.3.4.1.3":  "128-bit AES-OFB",
	"2.16.840.1.101.3.4.1.4":  "128-bit AES-CFB",
	"2.16.840.1.101.3.4.1.21": "192-bit AES-ECB",
	"2.16.840.1.101.3.4.1.23": "192-bit AES-OFB",
	"2.16.840.1.101.3.4.1.24": "192-bit AES-CFB",
	"2.16.840.1.101.3.4.1.41": "256-bit AES-ECB",
	"2.16.840.1.101.3.4.1.43": "256-bit AES-OFB",
	"2.16.840.1.101.3.4.1.44": "256-bit AES-CFB",
	"1.3.14.3.2.6":            "DES-ECB",
	"1.3.14.3.2.8":            "DES-OFB",
	"1.3.14.3.2.9":            "DES-CFB",
	"1.3.14.3.2.17":           "two-key 3DES-ECB",
	"1.2.840.113533.7.66.10":  "CAST5",
	"1.2.840.113549.3.4":      "RC4 under PBES2",
	"1.2.840.113549.3.9":      "RC5",
	"1.3.6.1.4.1.188.7.1.1.2": "IDEA",
	"1.3.6.1.4.1.42.2.19.1":   "Java's MD5 and 3DES",

	oidDSA:                    "DSA",
	oidRSA:                    "RSA",
	oidEC:                     "elliptic curve",
	oidPSS:                    "RSA-PSS",
	"1.2.840.113549.1.1.7":    "RSA-OAEP",
	"1.2.840.113549.1.3.1":    "Diffie-Hellman",
	"1.2.840.10046.2.1":       "Diffie-Hellman",
	"1.3.101.110":             "X25519",
	"1.3.101.111":             "X448",
	oidEd25519:                "Ed25519",
	"1.3.101.113":             "Ed448",
	"1.2.643.2.2.19":          "GOST 2001",
	"1.2.643.7.1.1.1.1":       "GOST 2012",
	"1.2.643.7.1.1.1.2":       "GOST 2012",
	"2.16.840.1.101.3.4.3.17": "ML-DSA-44",
	"2.16.840.1.101.3.4.3.18": "ML-DSA-65",
	"2.16.840.1.101.3.4.3.19": "ML-DSA-87",
	"2.16.840.1.101.3.4.4.1":  "ML-KEM-512",
	"2.16.840.1.101.3.4.4.2":  "ML-KEM-768",
	"2.16.840.1.101.3.4.4.3":  "ML-KEM-1024",
	"1.2.156.10197.1.301":     "SM2",
	"1.3.132.0.10":            "secp256k1",
	"1.3.36.3.3.2.8.1.1.7":    "brainpoolP256r1",
	"1.3.36.3.3.2.8.1.1.11":   "brainpoolP384r1",
	"1.3.36.3.3.2.8.1.1.13":   "brainpoolP512r1",
}

// objectArcs name what lies below a node of the tree, whatever the length of the key and the mode.
var objectArcs = []struct{ prefix, name string }{
	{"1.2.392.200011.61.1.1.1.", "Camellia"},
	{"0.3.4401.5.3.1.9.", "Camellia"},
	{"1.2.410.200046.1.1.", "ARIA"},
	{"1.2.410.200004.1.", "SEED"},
	{"1.2.156.10197.1.104.", "SM4"},
	{"1.3.6.1.4.1.3029.1.", "Blowfish"},
	{"1.3.6.1.4.1.1722.12.2.", "a BLAKE2 checksum"},
}

// objectName names an object identifier for a person.
func objectName(oid string) string {
	if name := objectNames[oid]; name != "" {
		return name
	}
	for _, arc := range objectArcs {
		if strings.HasPrefix(oid, arc.prefix) {
			return arc.name
		}
	}
	return "algorithm " + oid
}
