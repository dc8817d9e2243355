package formats

import (
	"bytes"
	"crypto"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

// readable are the files of testdata/formats that open: how many certificates, keys and requests, and a word of
// the note that says what was repaired.
var readable = []struct {
	file, password        string
	certs, keys, requests int
	note                  string
}{
	{"leaf.pem", "", 1, 0, 0, ""},
	{"leaf.der", "", 1, 0, 0, ""},
	{"leaf-newline.der", "", 1, 0, 0, ""},
	{"fullchain.pem", "", 3, 0, 0, ""},
	{"shuffled-twice.pem", "", 4, 0, 0, ""},
	{"all.pem", "", 3, 1, 0, ""},
	{"request.pem", "", 0, 0, 1, ""},
	{"request.der", "", 0, 0, 1, ""},
	{"key.pem", "", 0, 1, 0, ""},
	{"other-key.pem", "", 0, 1, 0, ""},
	{"key-pkcs1.der", "", 0, 1, 0, ""},
	{"key-pkcs1.pem", "", 0, 1, 0, ""},
	{"key-pkcs8.der", "", 0, 1, 0, ""},
	{"key-sec1.pem", "", 0, 1, 0, ""},
	{"key-encrypted.pem", "secret", 0, 1, 0, ""},
	{"key-encrypted-3des.pem", "secret", 0, 1, 0, ""},
	{"key-encrypted-old.pem", "secret", 0, 1, 0, ""},
	{"key-encrypted-scrypt.pem", "secret", 0, 1, 0, ""},
	{"emoji-password.pfx", "🔑secret", 3, 1, 0, ""},
	{"ber.pfx", "secret", 3, 1, 0, ""},
	{"ber.p7b", "", 3, 0, 0, ""},
	{"chain.p7b", "", 3, 0, 0, ""},
	{"chain.der.p7b", "", 3, 0, 0, ""},
	{"default.pfx", "secret", 3, 1, 0, ""},
	{"rc2.pfx", "secret", 3, 1, 0, ""},
	{"3des.pfx", "secret", 3, 1, 0, ""},
	{"aes128.pfx", "secret", 3, 1, 0, ""},
	{"sha512-mac.pfx", "secret", 3, 1, 0, ""},
	{"sha384-mac.pfx", "secret", 3, 1, 0, ""},
	{"no-mac.pfx", "secret", 3, 1, 0, "no checksum"},
	{"in-clear.pfx", "secret", 3, 1, 0, ""},
	{"in-clear-no-mac.pfx", "", 3, 1, 0, "no checksum"},
	{"iterations-600000.pfx", "secret", 3, 1, 0, ""},
	{"empty-password.pfx", "", 3, 1, 0, ""},
	{"empty-password-3des.pfx", "", 3, 1, 0, ""},
	{"utf8-password.pfx", "Пароль-ß", 3, 1, 0, ""},
	{"utf8-password-3des.pfx", "Пароль-ß", 3, 1, 0, ""},
	{"key-only.pfx", "secret", 0, 1, 0, ""},
	{"certs-only.pfx", "secret", 3, 0, 0, ""},
	{"ecdsa.pfx", "secret", 1, 1, 0, ""},
	{"ed25519.pfx", "secret", 1, 1, 0, ""},
	{"bom.pem", "", 1, 0, 0, "byte order mark"},
	{"utf16le-bom.pem", "", 1, 0, 0, "UTF-16"},
	{"utf16le.pem", "", 1, 0, 0, "UTF-16"},
	{"utf16be-bom.pem", "", 1, 0, 0, "UTF-16"},
	{"crlf.pem", "", 3, 0, 0, ""},
	{"cr.pem", "", 1, 0, 0, "carriage returns"},
	{"quoted.pem", "", 3, 0, 0, "quoting"},
	{"indented.pem", "", 1, 0, 0, "indented"},
	{"one-line.pem", "", 1, 0, 0, "one line"},
	{"backslash-n.pem", "", 1, 0, 0, `\n`},
	{"bare-base64.txt", "", 1, 0, 0, "no BEGIN"},
	{"text-around.pem", "", 3, 0, 0, ""},
	{"text-before-begin.pem", "", 1, 0, 0, "before BEGIN"},
	{"with-text.pem", "", 1, 0, 0, ""},
	{"trusted.pem", "", 1, 0, 0, "after the end"},
	{"answer.zip", "", 4, 0, 0, "left out: README.txt"},
	{"signed.eml", "", 1, 0, 0, "no BEGIN"},
	{"gnutls-3des-pkcs12.p12", "secret", 1, 1, 0, ""},
	{"gnutls-aes-256.p12", "secret", 1, 1, 0, ""},
	{"nss.p12", "secret", 2, 1, 0, ""},
	{"pbmac1-sha1-sha384.pfx", "secret", 3, 1, 0, ""},
	{"pbmac1-sha256-sha256.pfx", "secret", 3, 1, 0, ""},
	{"pbmac1-sha256-sha512.pfx", "secret", 3, 1, 0, ""},
	{"pbmac1-sha512-sha512.pfx", "secret", 3, 1, 0, ""},
	{"nss-rc2.p12", "secret", 2, 1, 0, ""},
}

// unlike are the files that open and hold something else than the one leaf: how many certificates, and keys that can be
// used or not.
var unlike = []struct {
	file                string
	certs, keys, unused int
	note                string
}{
	{"java.jks", 4, 2, 0, ""},
	{"java.p12", 5, 2, 0, ""},
	{"java-legacy.p12", 4, 2, 0, ""},
	{"java-trust.jks", 1, 0, 0, ""},
	{"odd-boolean.pem", 1, 0, 0, "malformed extension"},
	{"odd-brainpool.pem", 1, 0, 0, "brainpoolP256r1"},
	{"odd-brainpool.pfx", 1, 0, 1, "brainpoolP256r1"},
	{"odd-date.pem", 1, 0, 0, "malformed UTCTime"},
	{"odd-dsa.key", 0, 0, 1, "DSA"},
	{"odd-ed448.pem", 1, 0, 0, "Ed448"},
	{"odd-explicit-curve.key", 0, 0, 1, "written out"},
	{"odd-explicit-curve.pem", 1, 0, 0, "written out"},
	{"odd-negative-serial.pem", 1, 0, 0, "negative serial"},
	{"odd-pss.key", 0, 0, 1, "RSA-PSS"},
}

// refused are the others: with which code, and which word the sentence or the hint holds.
var refused = []struct {
	file, password string
	code           fail.Code
	word           string
}{
	{"default.pfx", "", fail.PasswordNeeded, "password"},
	{"no-mac.pfx", "", fail.PasswordNeeded, "password"},
	{"key-encrypted.pem", "", fail.PasswordNeeded, "password"},
	{"default.pfx", "wrong", fail.WrongPassword, "wrong"},
	{"rc2.pfx", "wrong", fail.WrongPassword, "wrong"},
	{"no-mac.pfx", "wrong", fail.WrongPassword, "wrong"},
	{"key-encrypted.pem", "wrong", fail.WrongPassword, "wrong"},
	{"empty-password.pfx", "wrong", fail.WrongPassword, "wrong"},
	{"flipped.pfx", "secret", fail.Damaged, "changed or damaged"},
	{"flipped.pfx", "wrong", fail.WrongPassword, "damaged"},
	{"key-encrypted-old.pem", "", fail.PasswordNeeded, "password"},
	{"key-encrypted-old.pem", "wrong", fail.WrongPassword, "wrong"},
	{"key-encrypted-scrypt.pem", "wrong", fail.WrongPassword, "wrong"},
	{"camellia.pfx", "secret", fail.UnsupportedFormat, "Camellia"},
	{"default.pfx", "\xff\xfe", fail.WrongPassword, "wrong"},
	{"none.p7b", "", fail.UnsupportedFormat, "no certificates"},
	{"crl.pem", "", fail.UnsupportedFormat, "CRL"},
	{"public.pem", "", fail.UnsupportedFormat, "public key"},
	{"keystore.jks", "", fail.UnsupportedFormat, "no certificate"},
	{"archive.zip", "", fail.Damaged, "ZIP"},
	{"nested.zip", "", fail.UnsupportedFormat, "archive within"},
	{"java.jks", "", fail.PasswordNeeded, "password"},
	{"java.jks", "wrong", fail.WrongPassword, "wrong"},
	{"java.jceks", "secret", fail.UnsupportedFormat, "JCEKS"},
	{"nss.p12", "wrong", fail.WrongPassword, "wrong"},
	{"pbmac1-sha256-sha512.pfx", "wrong", fail.WrongPassword, "wrong"},
	{"encrypted.p7m", "", fail.UnsupportedFormat, "encrypted message"},
	{"dh.pem", "", fail.UnsupportedFormat, "Diffie-Hellman"},
	{"key.pvk", "", fail.UnsupportedFormat, "openssl rsa -inform PVK"},
	{"openpgp.asc", "", fail.UnsupportedFormat, "OpenPGP"},
	{"openssh.key", "", fail.UnsupportedFormat, "OpenSSH"},
	{"page.cer", "", fail.UnsupportedFormat, "web page"},
	{"text.pem", "", fail.UnsupportedFormat, "PKCS#12"},
	{"README.md", "", fail.UnsupportedFormat, "PKCS#12"},
	{"empty.pem", "", fail.Damaged, "empty"},
	{"truncated.pem", "", fail.Damaged, "block 1"},
	{"truncated.pfx", "secret", fail.Damaged, "ends"},
	{"end-mismatch.pem", "", fail.Damaged, "block 1"},
	{"damaged-base64.pem", "", fail.Damaged, "block 1"},
	{"iterations-0.pfx", "secret", fail.Damaged, "zero"},
	{"iterations-minus.pfx", "secret", fail.Damaged, "negative"},
	{"iterations-2-31.pfx", "secret", fail.LimitExceeded, "5000000"},
	{"iterations-inside.pfx", "secret", fail.LimitExceeded, "5000000"},
}

func passwordBytes(s string) []byte {
	if s == "" {
		return nil
	}
	return []byte(s)
}

func TestDecodeReadsEveryForm(t *testing.T) {
	leaf := loadCert(t, "rsa2048")
	for _, c := range readable {
		t.Run(c.file, func(t *testing.T) {
			b, err := Decode(load(t, "formats", c.file), passwordBytes(c.password))
			if err != nil {
				t.Fatal(err)
			}
			if len(b.Certs) != c.certs || len(b.Keys) != c.keys || len(b.Requests) != c.requests {
				t.Errorf("got %d certificates, %d keys, %d requests", len(b.Certs), len(b.Keys), len(b.Requests))
			}
			if !strings.Contains(strings.Join(b.Notes, "\n"), c.note) || c.note == "" && len(b.Notes) > 1 {
				t.Errorf("notes are %q", b.Notes)
			}
			checkIsLeaf(t, b, leaf.Raw, leaf.PublicKey)
		})
	}
}

func TestDecodeReadsOtherThings(t *testing.T) {
	for _, c := range unlike {
		b, err := Decode(load(t, "formats", c.file), []byte("secret"))
		if err != nil || len(b.Certs) != c.certs || len(b.Keys) != c.keys || len(b.OddKeys) != c.unused {
			t.Errorf("%s: %d certificates, %d keys, %d that cannot be used, %v", c.file, len(b.Certs), len(b.Keys), len(b.OddKeys), err)
		}
		if !strings.Contains(strings.Join(b.Notes, "\n"), c.note) {
			t.Errorf("%s: notes are %q", c.file, b.Notes)
		}
	}
}

// checkIsLeaf holds that what was read is byte for byte the one leaf of testdata, or its key or request. The
// ECDSA and Ed25519 files hold another one.
func checkIsLeaf(t *testing.T, b Bundle, leaf []byte, pub crypto.PublicKey) {
	t.Helper()
	if strings.Contains(t.Name(), "ecdsa") || strings.Contains(t.Name(), "ed25519") || strings.Contains(t.Name(), "sec1") || strings.Contains(t.Name(), "other") {
		if len(b.Certs) == 1 && !sameKey(b.Keys[0].Public(), b.Certs[0].PublicKey) {
			t.Error("key and certificate do not belong together")
		}
		return
	}
	for _, k := range b.Keys {
		if !sameKey(k.Public(), pub) {
			t.Error("the key is another one")
		}
	}
	for _, r := range b.Requests {
		if !sameKey(r.PublicKey, pub) {
			t.Error("the request is another one")
		}
	}
	if len(b.Certs) == 0 {
		return
	}
	found, err := FindLeaf(b.Certs, nil)
	if err != nil || !bytes.Equal(found.Raw, leaf) {
		t.Errorf("the leaf is another one: %v", err)
	}
}

func TestDecodeRefusesWithAReason(t *testing.T) {
	for _, c := range refused {
		t.Run(c.file+" "+string(c.code), func(t *testing.T) {
			b, err := Decode(load(t, "formats", c.file), passwordBytes(c.password))
			wantCode(t, err, c.code)
			e := fail.Of(err)
			if !strings.Contains(e.Text+" "+e.Hint, c.word) {
				t.Errorf("%q [%q] does not say %q", e.Text, e.Hint, c.word)
			}
			if strings.Contains(e.Text, "secret") || printable.Text(e.Text) != e.Text {
				t.Errorf("unfit to show: %q", e.Text)
			}
			if len(b.Certs)+len(b.Keys) > 0 {
				t.Error("something was given beside the error")
			}
		})
	}
}

func TestEveryFormatFileIsTested(t *testing.T) {
	known := map[string]bool{}
	for _, c := range readable {
		known[c.file] = true
	}
	for _, c := range refused {
		known[c.file] = true
	}
	for _, c := range unlike {
		known[c.file] = true
	}
	files, err := os.ReadDir(filepath.Join(testdata, "formats"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !known[f.Name()] {
			t.Errorf("%s is in no table", f.Name())
		}
	}
}

func TestPKCS12NameIsPrintable(t *testing.T) {
	b, err := Decode(load(t, "formats", "default.pfx"), []byte("secret"))
	if err != nil || b.FriendlyName != "secure_smtp" {
		t.Errorf("friendly name is %q, error %v", b.FriendlyName, err)
	}
}

func TestDecodeCertificatesAsOpensslDoes(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(testdata, "certs", "*.pem"))
	if err != nil || len(files) < 30 {
		t.Fatalf("testdata/certs is not there: %v", err)
	}
	for _, f := range everyNth(files, 5) {
		t.Run(filepath.Base(f), func(t *testing.T) {
			data, err := ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			b, err := Decode(data, nil)
			if err != nil || len(b.Certs) != 1 || len(b.Notes) != 0 {
				t.Fatalf("%d certificates, notes %q, error %v", len(b.Certs), b.Notes, err)
			}
			der := b.Certs[0].Raw
			if !bytes.Equal(der, openssl(t, "x509", "-in", f, "-outform", "DER")) {
				t.Error("openssl reads other bytes")
			}
			if !bytes.Equal(CertPEM(der), openssl(t, "x509", "-in", f)) {
				t.Error("openssl writes another PEM")
			}
			checkSums(t, f, der, b)
		})
	}
}

func checkSums(t *testing.T, f string, der []byte, b Bundle) {
	t.Helper()
	said := string(openssl(t, "x509", "-in", f, "-noout", "-fingerprint", "-sha1"))
	if hex := regexp.MustCompile(`[0-9A-F:]{59}`).FindString(said); strings.ReplaceAll(hex, ":", "") != Thumbprint(der) {
		t.Errorf("thumbprint is %s, openssl says %s", Thumbprint(der), hex)
	}
	pub := write(t, "pub.pem", openssl(t, "x509", "-in", f, "-noout", "-pubkey"))
	want := SHA256(openssl(t, "pkey", "-pubin", "-in", pub, "-outform", "DER"))
	for _, from := range []any{b.Certs[0], b.Certs[0].PublicKey} {
		if got, err := SPKI(from); err != nil || got != want {
			t.Errorf("SPKI of %T is %s, openssl says %s, error %v", from, got, want, err)
		}
	}
}

func TestCurveParametersAloneAreNamed(t *testing.T) {
	alone, _, _ := bytes.Cut(load(t, "formats", "key-sec1.pem"), []byte("-----BEGIN EC PRIVATE KEY"))
	_, err := Decode(alone, nil)
	if !fail.Is(err, fail.UnsupportedFormat) || !strings.Contains(err.Error(), "curve parameters") {
		t.Error(err)
	}
}

func TestDecodeLimits(t *testing.T) {
	many := bytes.Repeat(load(t, "certs", "ed25519.pem"), maxCerts+1)
	for name, data := range map[string][]byte{"bytes": make([]byte, MaxFile+1), "certificates": many} {
		_, err := Decode(data, nil)
		if !fail.Is(err, fail.LimitExceeded) {
			t.Errorf("too many %s: %v", name, err)
		}
	}
}

func TestDecodeKeepsWhatItCanAndSaysTheRest(t *testing.T) {
	leaf := load(t, "formats", "leaf.pem")
	b, err := Decode(append(append(load(t, "formats", "crl.pem"), leaf...), load(t, "formats", "public.pem")...), nil)
	if err != nil || len(b.Certs) != 1 {
		t.Fatal(err)
	}
	if want := []string{"left out: this is a revocation list (CRL)", "left out: this is a bare public key"}; fmt.Sprint(b.Notes) != fmt.Sprint(want) {
		t.Errorf("notes are %q", b.Notes)
	}
}
