package formats

import "testing"

// What a file was found to hold, in the words of a person.
func TestWords(t *testing.T) {
	for file, want := range map[string]string{
		"default.pfx":           "PKCS#12, one key (RSA 2048), a certificate for mail.example.org and two of its CAs, under a password",
		"in-clear-no-mac.pfx":   "PKCS#12, one key (RSA 2048), a certificate for mail.example.org and two of its CAs",
		"empty-password.pfx":    "PKCS#12, one key (RSA 2048), a certificate for mail.example.org and two of its CAs",
		"ed25519.pfx":           "PKCS#12, one key (Ed25519), a certificate for mail.example.org, under a password",
		"certs-only.pfx":        "PKCS#12, a certificate for mail.example.org and two of its CAs, under a password",
		"key-only.pfx":          "PKCS#12, one key (RSA 2048), under a password",
		"odd-brainpool.pfx":     "PKCS#12, one key that certdesk cannot use, the certificate of a CA (odd.example.org), under a password",
		"chain.p7b":             "PKCS#7, a certificate for mail.example.org and two of its CAs",
		"signed.eml":            "PKCS#7, a certificate for mail.example.org",
		"all.pem":               "PEM, one key (RSA 2048), a certificate for mail.example.org and two of its CAs",
		"leaf.der":              "DER, a certificate for mail.example.org",
		"bare-base64.txt":       "Base64, a certificate for mail.example.org",
		"answer.zip":            "ZIP archive, a certificate for mail.example.org and two of its CAs",
		"request.pem":           "PEM, a request for mail.example.org",
		"key-encrypted.pem":     "PEM, one key (RSA 2048), under a password",
		"key-encrypted-old.pem": "PEM, one key (RSA 2048), under a password",
		"key-sec1.pem":          "PEM, one key (ECDSA P-256)",
		"java.jks":              "Java keystore, two keys (ECDSA P-256, RSA 2048), two certificates (for mail.example.org) and two others, under a password",
		"java-trust.jks":        "Java keystore, the certificate of a CA (Example Root CA)",
		"odd-dsa.key":           "PEM, one key that certdesk cannot use",
		"nss.p12":               "PKCS#12, one key (RSA 2048), a certificate for mail.example.org and its CA's, under a password",
	} {
		b, err := Decode(load(t, "formats", file), []byte("secret"))
		if err != nil {
			b, err = Decode(load(t, "formats", file), nil)
		}
		if got := b.Words(); err != nil || got != want {
			t.Errorf("%s: %q, %v", file, got, err)
		}
	}
}
