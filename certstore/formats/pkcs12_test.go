package formats

import (
	"bytes"
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	std "crypto/pbkdf2"
	"crypto/sha256"
	"crypto/x509"
	"testing"

	"certdesk/certstore/fail"

	"software.sslmate.com/src/go-pkcs12"
)

func integer(n ...byte) []byte { return encode(tagInteger, n) }

func dataSafe(bags ...[]byte) []byte { return contentInfo(sequence(bags...)) }

// pbes2 is AES-256-CBC under PBKDF2 with HMAC-SHA-256, with a count as the bytes of its INTEGER.
func pbes2(count ...byte) []byte {
	kdf := sequence(object(oidPBKDF2), sequence(octets(make([]byte, 8)), integer(count...), sequence(object("1.2.840.113549.2.9"), []byte{5, 0})))
	return sequence(object(oidPBES2), sequence(kdf, sequence(object("2.16.840.1.101.3.4.1.42"), octets(make([]byte, 16)))))
}

// sealed encrypts bags under "secret" with one iteration.
func sealedSafe(t *testing.T, bags ...[]byte) []byte {
	t.Helper()
	key, err := std.Key(sha256.New, "secret", make([]byte, 8), 1, 32)
	if err != nil {
		t.Fatal(err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		t.Fatal(err)
	}
	plain := sequence(bags...)
	pad := 16 - len(plain)%16
	plain = append(plain, bytes.Repeat([]byte{byte(pad)}, pad)...)
	cipher.NewCBCEncrypter(block, make([]byte, 16)).CryptBlocks(plain, plain)
	inner := sequence(object(oidData), pbes2(1), encode(tagContext0, plain))
	return sequence(object(oidEncryptedData), explicit(sequence(integer(0), inner)))
}

// macOf is the checksum of old over content.
func macOf(password string, content []byte) []byte {
	w := writer{protections[Windows2016], secrets([]byte(password))[0]}
	w.count = 1
	mac, _ := w.mac(content)
	return mac
}

// file is a PKCS#12 file of the safes under "secret".
func file(safes ...[]byte) []byte {
	content := sequence(safes...)
	return sequence(integer(3), contentInfo(content), macOf("secret", content))
}

func certBagOf(cert *x509.Certificate) []byte {
	return bagOf(oidCertBag, sequence(object(oidX509Cert), explicit(octets(cert.Raw))))
}

func keyBagOf(t *testing.T, key any) []byte {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return bagOf(oidKeyBag, der)
}

// pbmac1 is a file with the checksum of RFC 9579, which is wrong.
func pbmac1(length byte, count ...byte) []byte {
	kdf := sequence(object(oidPBKDF2), sequence(octets(make([]byte, 8)), integer(count...), integer(length), sequence(object("1.2.840.113549.2.9"), []byte{5, 0})))
	algorithm := sequence(object(oidPBMAC1), sequence(kdf, sequence(object("1.2.840.113549.2.9"), []byte{5, 0})))
	mac := sequence(sequence(algorithm, octets(make([]byte, 32))), octets([]byte("none")), integer(1))
	return sequence(integer(3), contentInfo(sequence()), mac)
}

// TestIterationsAreCountedBeforeAnyIsRun would take hours if one of them were run.
func TestIterationsAreCountedBeforeAnyIsRun(t *testing.T) {
	huge := []byte{0x00, 0x80, 0, 0, 0}
	shrouded := bagOf(oidShroudedBag, sequence(pbes2(huge...), octets(make([]byte, 64))))
	scrypt := func(n, r, p []byte) []byte {
		kdf := sequence(object(oidScrypt), sequence(octets([]byte("salt")), integer(n...), integer(r...), integer(p...)))
		return sequence(object(oidPBES2), sequence(kdf, sequence(object("2.16.840.1.101.3.4.1.42"), octets(make([]byte, 16)))))
	}
	encrypted := func(algorithm []byte) []byte { return sequence(algorithm, octets(make([]byte, 64))) }
	safe := func(algorithm []byte) []byte {
		return file(sequence(object(oidEncryptedData), explicit(sequence(integer(0), sequence(object(oidData), algorithm, encode(tagContext0, make([]byte, 64)))))))
	}
	pbe := sequence(object("1.2.840.113549.1.12.1.3"), sequence(octets(make([]byte, 8)), integer(huge...)))
	cases := map[string]struct {
		data []byte
		code fail.Code
	}{
		"shrouded bag, PBES2":        {file(dataSafe(shrouded)), fail.LimitExceeded},
		"shrouded bag in nested bag": {file(dataSafe(bagOf(oidNestedBag, sequence(shrouded)))), fail.LimitExceeded},
		"encrypted safe, PBES2":      {safe(pbes2(huge...)), fail.LimitExceeded},
		"encrypted safe, PBE":        {safe(pbe), fail.LimitExceeded},
		"PBMAC1":                     {pbmac1(32, huge...), fail.LimitExceeded},
		"2^63":                       {safe(pbes2(0, 0x80, 0, 0, 0, 0, 0, 0, 0)), fail.LimitExceeded},
		"2^200":                      {safe(pbes2(append([]byte{1}, make([]byte, 25)...)...)), fail.LimitExceeded},
		"zero":                       {safe(pbes2(0)), fail.Damaged},
		"negative":                   {safe(pbes2(0xff, 0, 0, 0)), fail.Damaged},
		"encrypted PKCS#8":           {encrypted(pbes2(huge...)), fail.LimitExceeded},
		"scrypt N":                   {encrypted(scrypt([]byte{0x40, 0, 0, 0}, []byte{8}, []byte{1})), fail.LimitExceeded},
		"scrypt N, r, p":             {encrypted(scrypt([]byte{4, 0, 0}, []byte{8}, []byte{16})), fail.LimitExceeded},
		"scrypt, small":              {encrypted(scrypt([]byte{0x10, 0}, []byte{8}, []byte{1})), fail.WrongPassword},
		"many small ones":            {file(dataSafe(bytes.Repeat(bagOf(oidShroudedBag, sequence(pbes2(0x1e, 0x84, 0x80), octets(make([]byte, 64)))), 3))), fail.LimitExceeded},
		"too many keys":              {file(dataSafe(bytes.Repeat(bagOf(oidShroudedBag, sequence(pbes2(1), octets(make([]byte, 64)))), maxKeys+1))), fail.LimitExceeded},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := Decode(c.data, []byte("secret"))
			wantCode(t, err, c.code)
		})
	}
}

// A count inside an encrypted safe shows only after decryption, and is looked at before it is run as well.
func TestCountsInsideAnEncryptedSafeAreSeen(t *testing.T) {
	leaf := loadCert(t, "rsa2048")
	huge := bagOf(oidShroudedBag, sequence(pbes2(0x00, 0x80, 0, 0, 0), octets(make([]byte, 64))))
	for name, bags := range map[string][][]byte{"alone": {huge}, "after a certificate": {certBagOf(leaf), huge}, "before one": {huge, certBagOf(leaf)}} {
		_, err := Decode(file(sealedSafe(t, bags...), dataSafe(keyBagOf(t, loadKey(t, "key.pem")))), []byte("secret"))
		if !fail.Is(err, fail.LimitExceeded) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// go-pkcs12 refuses each of these when given the whole file.
func TestPKCS12OfUnusualShape(t *testing.T) {
	leaf, other, ca := loadCert(t, "rsa2048"), loadCert(t, "ecdsa-p256"), loadCert(t, "intermediate")
	key, otherKey := keyBagOf(t, loadKey(t, "key.pem")), keyBagOf(t, loadKey(t, "other-key.pem"))
	cases := map[string]struct {
		data        []byte
		certs, keys int
	}{
		"two keys":               {file(dataSafe(key, otherKey), sealedSafe(t, certBagOf(leaf), certBagOf(other))), 2, 2},
		"four safes":             {file(dataSafe(key), dataSafe(certBagOf(leaf)), sealedSafe(t, certBagOf(ca)), sealedSafe(t, certBagOf(other))), 3, 1},
		"root first":             {file(sealedSafe(t, certBagOf(ca), certBagOf(leaf)), dataSafe(key)), 2, 1},
		"a bag in a bag":         {file(dataSafe(bagOf(oidNestedBag, sequence(key, certBagOf(leaf))))), 1, 1},
		"a secret and a key":     {file(dataSafe(bagOf("1.2.840.113549.1.12.10.1.5", octets([]byte("x"))), key)), 0, 1},
		"certificates, no key":   {file(sealedSafe(t, certBagOf(leaf), certBagOf(ca))), 2, 0},
		"one certificate twice":  {file(dataSafe(certBagOf(leaf), key, certBagOf(leaf))), 2, 1},
		"an empty encrypted one": {file(sealedSafe(t), dataSafe(key)), 0, 1},
	}
	for name, c := range cases {
		b, err := Decode(c.data, []byte("secret"))
		if err != nil || len(b.Certs) != c.certs || len(b.Keys) != c.keys {
			t.Errorf("%s: %d certificates, %d keys, error %v", name, len(b.Certs), len(b.Keys), err)
		}
	}
}

func TestPKCS12ByTheLibraryGivesTheSame(t *testing.T) {
	for _, name := range []string{"default.pfx", "rc2.pfx", "3des.pfx", "aes128.pfx", "sha512-mac.pfx", "ecdsa.pfx", "ed25519.pfx"} {
		data := load(t, "formats", name)
		key, leaf, chain, err := pkcs12.DecodeChain(data, "secret")
		if err != nil {
			t.Fatal(err)
		}
		b, err := Decode(data, []byte("secret"))
		if err != nil || len(b.Keys) != 1 || len(b.Certs) != 1+len(chain) || !b.Certs[0].Equal(leaf) {
			t.Fatalf("%s: %d certificates, error %v", name, len(b.Certs), err)
		}
		if !sameKey(key.(crypto.Signer).Public(), b.Keys[0].Public()) {
			t.Errorf("%s: another key", name)
		}
	}
}

func TestPBMAC1(t *testing.T) {
	data, err := pkcs12.Modern2026.Encode(loadKey(t, "key.pem"), loadCert(t, "rsa2048"), nil, "secret")
	if err != nil {
		t.Fatal(err)
	}
	if b, err := Decode(data, []byte("secret")); err != nil || len(b.Keys) != 1 {
		t.Errorf("%d keys, error %v", len(b.Keys), err)
	}
	_, err = Decode(data, []byte("wrong"))
	wantCode(t, err, fail.WrongPassword)
	_, err = Decode(pbmac1(32, 1), []byte("secret"))
	wantCode(t, err, fail.WrongPassword)
	// One derived octet: one wrong password of 256 would fit (CVE-2026-34181).
	_, err = Decode(pbmac1(1, 1), []byte("secret"))
	wantCode(t, err, fail.UnsupportedFormat)
}

// What was changed after the checksum was made is not read, and neither is a part under another password.
func TestPKCS12IsNotReadBesideItsChecksum(t *testing.T) {
	good := file(dataSafe(certBagOf(loadCert(t, "rsa2048"))))
	at := bytes.Index(good, []byte("mail.example.org"))
	good[at] ^= 1
	_, err := Decode(good, []byte("secret"))
	wantCode(t, err, fail.WrongPassword)
	content := sequence(sealedSafe(t, certBagOf(loadCert(t, "rsa2048"))))
	other := sequence(integer(3), contentInfo(content), macOf("other", content))
	_, err = Decode(other, []byte("other"))
	wantCode(t, err, fail.Damaged)
}

func TestPasswordInOtherNormalForm(t *testing.T) {
	data, err := pkcs12.Modern2023.Encode(loadKey(t, "key.pem"), loadCert(t, "rsa2048"), nil, "gr\u00fcn")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Decode(data, []byte("gru\u0308n")); err != nil {
		t.Errorf("typed with a combining mark: %v", err)
	}
}

// Some programs encode the empty password as no bytes at all.
func TestEmptyPasswordAsNoBytes(t *testing.T) {
	content := sequence(dataSafe(keyBagOf(t, loadKey(t, "key.pem"))))
	w := writer{protections[Windows2016], secret{}}
	mac, err := w.mac(content)
	if err != nil {
		t.Fatal(err)
	}
	data := sequence(integer(3), contentInfo(content), mac)
	if b, err := Decode(data, nil); err != nil || len(b.Keys) != 1 {
		t.Errorf("%d keys, error %v", len(b.Keys), err)
	}
}

func TestNestingIsBounded(t *testing.T) {
	der := []byte{5, 0}
	for range 40 {
		der = sequence(der)
	}
	_, err := Decode(der, nil)
	wantCode(t, err, fail.LimitExceeded)
	_, err = Decode(bytes.Repeat([]byte{0x30, 0x80}, 1<<20), nil)
	wantCode(t, err, fail.LimitExceeded)
}

// A key of a million bits would be checked for minutes.
func TestKeysAreBounded(t *testing.T) {
	long := integer(append([]byte{1}, make([]byte, maxKeyBits/8+8)...)...)
	pkcs1 := sequence(integer(0), long, long, long, long, long, long, long, long)
	pkcs8 := sequence(integer(0), sequence(object("1.2.840.113549.1.1.1"), []byte{5, 0}), octets(pkcs1))
	shrouded := sequence(pbes2(1), octets(make([]byte, maxShrouded)))
	for name, der := range map[string][]byte{"PKCS#1": pkcs1, "PKCS#8": pkcs8, "encrypted": shrouded} {
		if _, err := Decode(der, []byte("secret")); !fail.Is(err, fail.LimitExceeded) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
