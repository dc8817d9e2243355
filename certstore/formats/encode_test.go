package formats

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"certdesk/certstore/fail"
	"certdesk/certstore/names"
)

// chainOf is the leaf of testdata with its key, and intermediate and root.
func chainOf(t testing.TB) (crypto.Signer, *x509.Certificate, []*x509.Certificate) {
	return loadKey(t, "key.pem"), loadCert(t, "rsa2048"), []*x509.Certificate{loadCert(t, "intermediate"), loadCert(t, "root")}
}

func TestPKCS12OpensInOpenssl(t *testing.T) {
	key, leaf, chain := chainOf(t)
	for _, password := range everyNth([]string{"Пароль-ß", "secret", "", "🔑 key"}, 2) {
		for profile, wants := range map[Profile]string{Modern: "AES-256-CBC", Windows2016: "pbeWithSHA1And3-KeyTripleDES-CBC", Ancient: "pbeWithSHA1And40BitRC2-CBC"} {
			t.Run(string(profile)+" "+password, func(t *testing.T) {
				data, err := EncodePKCS12(profile, "Bücher 🔑", key, leaf, chain, []byte(password))
				if err != nil {
					t.Fatal(err)
				}
				checkRoundTrip(t, data, password)
				path := write(t, "out.pfx", data)
				legacy := []string{}
				if profile == Ancient {
					legacy = append(legacy, "-legacy")
				}
				checkByOpenssl(t, path, password, leaf, legacy...)
				if said := opensslStderr(t, append([]string{"pkcs12", "-in", path, "-passin", "pass:" + password, "-info", "-noout"}, legacy...)...); !strings.Contains(said, wants) {
					t.Errorf("openssl says %s", said)
				} else if rounds := fmt.Sprintf("Iteration %d", protections[profile].count); strings.Count(said, rounds) != 3 {
					t.Errorf("openssl does not say of key, certificates and checksum %q: %s", rounds, said)
				}
			})
		}
	}
}

// What Windows, Java and NSS show is inside: the friendly name, the id that joins key and certificate, and for old
// Windows the provider that Exchange wants.
func TestPKCS12SaysWhatItsReaderWants(t *testing.T) {
	key, leaf, chain := chainOf(t)
	for _, profile := range []Profile{Modern, Windows2016, Ancient} {
		data, err := EncodePKCS12(profile, "secure smtp", key, leaf, chain, []byte("x"))
		if err != nil {
			t.Fatal(err)
		}
		b, err := Decode(data, []byte("x"))
		if err != nil || b.FriendlyName != "secure smtp" || b.KeyLabels[0].FriendlyName != "secure smtp" || b.CertLabels[1].FriendlyName != "" {
			t.Errorf("%s: %q, %q, %v", profile, b.FriendlyName, b.CertLabels, err)
		}
		if id := b.KeyLabels[0].LocalKeyID; len(id) != 20 || !bytes.Equal(id, b.CertLabels[0].LocalKeyID) {
			t.Errorf("%s: the key's id is %x, the certificate's %x", profile, id, b.CertLabels[0].LocalKeyID)
		}
		provider := bytes.Contains(data, bmp(schannel))
		if provider != (profile != Modern) {
			t.Errorf("%s: provider in it: %t", profile, provider)
		}
	}
}

// TestPKCS12OpensInOthers asks Java, NSS and GnuTLS, where they are installed; go-pkcs12 reads each file as it is made.
func TestPKCS12OpensInOthers(t *testing.T) {
	key, leaf, chain := chainOf(t)
	for _, profile := range []Profile{Modern, Windows2016, Ancient} {
		data, err := EncodePKCS12(profile, "mail", key, leaf, chain, []byte("secret"))
		if err != nil {
			t.Fatal(err)
		}
		path, dir := write(t, "out.p12", data), t.TempDir()
		password := write(t, "password", []byte("secret"))
		if profile == Modern || os.Getenv("CERTDESK_ALL") != "" {
			opensIn(t, "Mail", "keytool", "-list", "-v", "-keystore", path, "-storepass", "secret", "-storetype", "PKCS12")
		}
		opensIn(t, "mail", "pk12util", "-l", path, "-w", password)
		opensIn(t, "", "certutil", "-N", "-d", "sql:"+dir, "--empty-password")
		opensIn(t, "", "pk12util", "-i", path, "-d", "sql:"+dir, "-w", password)
		opensIn(t, "BEGIN", "certtool", "--p12-info", "--inder", "--infile", path, "--password", "secret")
	}
}

// opensIn runs another reader, if it is here, and looks for a word in what it says.
func opensIn(t *testing.T, word, name string, args ...string) {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		if os.Getenv("CI") != "" {
			t.Errorf("%s is missing", name)
		}
		t.Logf("%s is missing: whether it opens our files is NOT tested", name)
		return
	}
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil || !strings.Contains(strings.ToLower(string(out)), strings.ToLower(word)) {
		t.Errorf("%s: %v\n%s", name, err, out)
	}
}

// TestTrustStoreOpensInJava lists a trust store with keytool, each certificate under a name of its own.
func TestTrustStoreOpensInJava(t *testing.T) {
	_, _, chain := chainOf(t)
	data, err := EncodeTrustStore(append(chain, chain[0]), []byte("changeit"))
	if err != nil {
		t.Fatal(err)
	}
	path, name := write(t, "trust.p12", data), names.CommonName(chain[0].RawSubject)
	for _, word := range []string{name + ", ", name + " (2), ", names.CommonName(chain[1].RawSubject) + ", ", "trustedCertEntry"} {
		opensIn(t, word, "keytool", "-list", "-keystore", path, "-storepass", "changeit", "-storetype", "PKCS12")
	}
}

// TestAPKCS12FileOfAnotherKeyIsSeen: what a faulty writer would make does not get out.
func TestAPKCS12FileOfAnotherKeyIsSeen(t *testing.T) {
	key, leaf, chain := chainOf(t)
	data, err := EncodePKCS12(Windows2016, "mail", key, leaf, chain, []byte("secret"))
	if err != nil {
		t.Fatal(err)
	}
	other, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for what, err := range map[string]error{
		"another key":         proven(data, other, leaf, chain, "secret"),
		"another leaf":        proven(data, key, chain[0], chain, "secret"),
		"a shorter chain":     proven(data, key, leaf, chain[:1], "secret"),
		"another password":    proven(data, key, leaf, chain, "Secret"),
		"a byte that flipped": proven(append(bytes.Clone(data[:len(data)-40]), data[len(data)-39:]...), key, leaf, chain, "secret"),
	} {
		if err == nil {
			t.Errorf("%s is not seen", what)
		}
	}
	if err := proven(data, key, leaf, chain, "secret"); err != nil {
		t.Error(err)
	}
}

func TestGeneratedPasswords(t *testing.T) {
	seen := map[string]bool{}
	for range 100 {
		password := GeneratePassword()
		if !regexp.MustCompile(`^([a-z2-7]{5}-){3}[a-z2-7]{5}$`).MatchString(password) || seen[password] {
			t.Errorf("%q", password)
		}
		seen[password] = true
	}
}

func checkRoundTrip(t *testing.T, data []byte, password string) {
	t.Helper()
	key, leaf, _ := chainOf(t)
	b, err := Decode(data, []byte(password))
	if err != nil || len(b.Certs) != 3 || len(b.Keys) != 1 {
		t.Fatalf("%d certificates, %d keys, error %v", len(b.Certs), len(b.Keys), err)
	}
	if !b.Certs[0].Equal(leaf) || !b.Keys[0].(*rsa.PrivateKey).Equal(key) {
		t.Error("another certificate or key came back")
	}
	if _, err := Decode(data, []byte("another")); !fail.Is(err, fail.WrongPassword) {
		t.Errorf("under a wrong password: %v", err)
	}
}

func checkByOpenssl(t *testing.T, path, password string, leaf *x509.Certificate, legacy ...string) {
	t.Helper()
	args := append([]string{"pkcs12", "-in", path, "-passin", "pass:" + password, "-nodes"}, legacy...)
	held, err := Decode(openssl(t, append(args, "-nocerts")...), nil)
	if err != nil || !sameKey(held.Keys[0].Public(), leaf.PublicKey) {
		t.Errorf("openssl holds another key: %v", err)
	}
	certs, err := Decode(openssl(t, append(args, "-nokeys")...), nil)
	if err != nil || len(certs.Certs) != 3 || !certs.Certs[0].Equal(leaf) {
		t.Errorf("openssl holds other certificates: %v", err)
	}
}

func TestPKCS12OfEveryKeyKind(t *testing.T) {
	for _, name := range []string{"ecdsa.pfx", "ed25519.pfx"} {
		b, err := Decode(load(t, "formats", name), []byte("secret"))
		if err != nil {
			t.Fatal(err)
		}
		data, err := EncodePKCS12(Modern, "", b.Keys[0], b.Certs[0], nil, []byte("x"))
		if err != nil {
			t.Fatal(err)
		}
		if again, err := Decode(data, []byte("x")); err != nil || !sameKey(again.Keys[0].Public(), b.Keys[0].Public()) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPKCS12IsRefused(t *testing.T) {
	key, leaf, chain := chainOf(t)
	other := loadKey(t, "other-key.pem")
	for name, c := range map[string]struct {
		profile  Profile
		key      crypto.Signer
		password string
		code     fail.Code
	}{
		"another key":     {Modern, other, "x", fail.KeyMismatch},
		"no key":          {Modern, nil, "x", fail.KeyMismatch},
		"unknown profile": {"oldest", key, "x", fail.Usage},
		"no text":         {Modern, key, "\xff", fail.Usage},
		"NUL":             {Modern, key, "a\x00b", fail.Usage},
	} {
		if _, err := EncodePKCS12(c.profile, "", c.key, leaf, chain, []byte(c.password)); !fail.Is(err, c.code) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPKCS7OpensInOpenssl(t *testing.T) {
	_, leaf, chain := chainOf(t)
	data, err := EncodePKCS7(append([]*x509.Certificate{leaf}, chain...)...)
	if err != nil {
		t.Fatal(err)
	}
	if b, err := Decode(data, nil); err != nil || len(b.Certs) != 3 || !b.Certs[0].Equal(leaf) {
		t.Errorf("read back: %v", err)
	}
	out := openssl(t, "pkcs7", "-inform", "DER", "-in", write(t, "out.p7b", data), "-print_certs")
	if b, err := Decode(out, nil); err != nil || len(b.Certs) != 3 {
		t.Errorf("openssl prints %s: %v", out, err)
	}
}

func TestPEMIsWhatOthersWrite(t *testing.T) {
	req, err := Decode(load(t, "formats", "request.pem"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(RequestPEM(req.Requests[0].Raw), load(t, "formats", "request.pem")) {
		t.Error("a request is written unlike openssl's")
	}
	if !bytes.Equal(CertPEM(loadCert(t, "rsa2048").Raw), load(t, "formats", "leaf.pem")) {
		t.Error("a certificate is written unlike openssl's")
	}
	text, err := KeyPEM(loadKey(t, "key.pem"))
	if err != nil || !bytes.Equal(text, load(t, "formats", "key.pem")) {
		t.Errorf("a key is written unlike openssl's: %v", err)
	}
}

func TestKeyPEMRoundTrip(t *testing.T) {
	for _, name := range []string{"key.pem", "other-key.pem"} {
		key := loadKey(t, name)
		text, err := KeyPEM(key)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := ParseKeyPEM(text); err != nil || CheckPair(again, key.Public()) != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestParseKeyPEMTakesOnlyWhatTheStoreWrites(t *testing.T) {
	key := load(t, "formats", "key.pem")
	block, _ := pem.Decode(key)
	block.Bytes[len(block.Bytes)/2] ^= 1 // within the primes
	for name, data := range map[string][]byte{
		"nothing": nil, "PKCS#1": load(t, "formats", "key-pkcs1.pem"), "two": append(key, key...),
		"cut": key[:len(key)-200], "a flipped bit": pem.EncodeToMemory(block), "a certificate": load(t, "formats", "leaf.pem"),
	} {
		if _, err := ParseKeyPEM(data); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}

func TestCheckPair(t *testing.T) {
	key := loadKey(t, "key.pem")
	if err := CheckPair(key, loadCert(t, "rsa2048").PublicKey); err != nil {
		t.Error(err)
	}
	wantCode(t, CheckPair(key, loadCert(t, "rsa4096").PublicKey), fail.KeyMismatch)
	wantCode(t, CheckPair(key, loadCert(t, "ecdsa-p256").PublicKey), fail.KeyMismatch)
	_, ed, err := ed25519.GenerateKey(nil)
	if err != nil || CheckPair(ed, ed.Public()) != nil {
		t.Errorf("Ed25519: %v", err)
	}
	// A key whose private half was damaged still claims the public one.
	bad := append(ed25519.PrivateKey(nil), ed...)
	bad[0] ^= 1
	wantCode(t, CheckPair(bad, ed.Public()), fail.Damaged)
}
