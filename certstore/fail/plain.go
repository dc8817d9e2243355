package fail

import "regexp"

// library is the name of a package before what it says: it helps nobody who has to act. A file may end so: mail.tls.
var library = regexp.MustCompile(`(^|[\s("])(x509|asn1|tls|pkcs12|pkcs7|ocsp|json|crypto/[a-z0-9]+|encoding/[a-z0-9]+): `)

// inOurWords are the sentences of libraries that are about their own code, and what they mean.
var inOurWords = []struct {
	says  *regexp.Regexp
	words string
}{
	{regexp.MustCompile(`(asn1: )?(structure|syntax) error: [^;]*`),
		"its bytes do not have the structure that they should (ASN.1)"},
	{regexp.MustCompile(`failed to parse (private|public) key \(use \w+ instead for this key format\)`),
		"the key is of another format than its label says"},
	{regexp.MustCompile(`certificate signed by unknown authority`), "its chain ends at no root that is trusted"},
	{regexp.MustCompile(`malformed tbs certificate`), "the signed part of the certificate cannot be read"},
	{regexp.MustCompile(`cannot parse (\w+) of length (\d+)`), "$1 has $2 bytes, which it cannot have"},
}

// Plain is a sentence in which a library may have been quoted, without the names of packages, and with what the library
// says of its own code in our words. Every sentence that New makes is one; what shows err.Error() by another way asks
// for it itself.
func Plain(text string) string {
	for _, s := range inOurWords {
		text = s.says.ReplaceAllString(text, s.words)
	}
	return library.ReplaceAllString(text, "$1")
}
