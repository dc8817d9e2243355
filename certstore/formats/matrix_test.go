package formats

import (
	"bytes"
	"encoding/pem"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"certdesk/certstore/fail"
)

// everyNth thins a matrix for the plain run; with CERTDESK_ALL all of it is tried.
func everyNth[T any](all []T, n int) []T {
	if os.Getenv("CERTDESK_ALL") != "" {
		return all
	}
	var some []T
	for i := 0; i < len(all); i += n {
		some = append(some, all[i])
	}
	return some
}

// tryOpenssl runs the tool with its old algorithms; what it cannot do, it is not asked about.
func tryOpenssl(t *testing.T, args ...string) (out []byte, ok bool) {
	t.Helper()
	if _, err := exec.LookPath("openssl"); err != nil {
		openssl(t)
	}
	args = append(args, "-provider", "legacy", "-provider", "default")
	out, err := exec.Command("openssl", args...).Output()
	return out, err == nil
}

// pfxCase is one way to have openssl write a PKCS#12 file.
type pfxCase struct {
	name, password string
	args           []string
}

func pfxMatrix() (all []pfxCase) {
	key, leaf := filepath.Join(testdata, "formats", "key.pem"), filepath.Join(testdata, "formats", "leaf.pem")
	full := []string{"-inkey", key, "-in", leaf, "-certfile", filepath.Join(testdata, "formats", "shuffled-twice.pem"), "-name", "secure smtp", "-caname", "first", "-caname", "second"}
	add := func(password string, args ...string) {
		all = append(all, pfxCase{strings.Join(append([]string{password}, args...), " "), password, append(slices.Clone(full), args...)})
	}
	pbes := []string{"PBE-SHA1-RC4-128", "PBE-SHA1-RC4-40", "PBE-SHA1-3DES", "PBE-SHA1-2DES", "PBE-SHA1-RC2-128", "PBE-SHA1-RC2-40",
		"PBE-MD5-DES", "PBE-SHA1-DES", "PBE-MD5-RC2-64", "PBE-SHA1-RC2-64",
		"AES-128-CBC", "AES-192-CBC", "AES-256-CBC", "DES-EDE3-CBC", "DES-CBC", "RC2-CBC", "RC2-40-CBC", "RC2-64-CBC", "NONE"}
	for _, cert := range pbes {
		for _, key := range pbes {
			add("secret", "-certpbe", cert, "-keypbe", key, "-macalg", "sha1")
		}
	}
	for _, mac := range []string{"md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha512-224", "sha512-256", "sha3-224", "sha3-256", "sha3-384", "sha3-512"} {
		for _, password := range []string{"secret", "", "Пароль-ß", "🔑secret"} {
			add(password, "-macalg", mac)
			add(password, "-macalg", mac, "-iter", "1", "-nomaciter")
			add(password, "-macalg", mac, "-legacy")
		}
	}
	for _, password := range []string{"secret", "", "Пароль-ß", "🔑secret", strings.Repeat("long ", 20)} {
		add(password, "-nomac")
		add(password, "-nomac", "-certpbe", "NONE", "-keypbe", "NONE")
		add(password, "-iter", "100000")
		for _, pbe := range pbes {
			add(password, "-nomac", "-certpbe", pbe, "-keypbe", pbe)
		}
	}
	for _, what := range [][]string{{"-export", "-nocerts", "-inkey", key}, {"-export", "-nokeys", "-in", leaf}, {"-export", "-nokeys", "-in", filepath.Join(testdata, "formats", "fullchain.pem"), "-caname", "a", "-caname", "b"}} {
		for _, password := range []string{"secret", ""} {
			for _, mac := range []string{"-macalg=sha1", "-macalg=sha256", "-nomac"} {
				all = append(all, pfxCase{strings.Join(append(what, mac), " "), password, append(slices.Clone(what[1:]), strings.Split(mac, "=")...)})
			}
		}
	}
	return all
}

// TestPKCS12AsOpensslWritesIt: whatever openssl writes and reads is read with the same certificates, keys and names.
func TestPKCS12AsOpensslWritesIt(t *testing.T) {
	dir := t.TempDir()
	opened, unwritten := 0, 0
	all := pfxMatrix()
	for i, c := range everyNth(all, 53) {
		path := filepath.Join(dir, fmt.Sprint(i))
		if _, ok := tryOpenssl(t, append([]string{"pkcs12", "-export", "-out", path, "-passout", "pass:" + c.password}, c.args...)...); !ok {
			unwritten++
			continue
		}
		text, ok := tryOpenssl(t, "pkcs12", "-in", path, "-passin", "pass:"+c.password, "-nodes")
		if !ok {
			unwritten++
			continue
		}
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		b, err := Decode(data, []byte(c.password))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		opened++
		if got, want := inventory(t, b), opensslInventory(t, text); got != want {
			t.Errorf("%s: certdesk reads\n%s, openssl\n%s", c.name, got, want)
		}
	}
	t.Logf("of %d files %d were opened as openssl does; %d openssl does not write or read itself", len(everyNth(all, 53)), opened, unwritten)
}

// inventory lists the certificates, in order, and the keys, each with its name.
func inventory(t *testing.T, b Bundle) string {
	t.Helper()
	var out []string
	for i, c := range b.Certs {
		out = append(out, fmt.Sprintf("certificate %s %q %x", Thumbprint(c.Raw), b.CertLabels[i].FriendlyName, b.CertLabels[i].LocalKeyID))
	}
	for i, k := range b.Keys {
		spki, err := SPKI(k.Public())
		if err != nil {
			t.Error(err)
		}
		out = append(out, fmt.Sprintf("key %s %q %x", spki, b.KeyLabels[i].FriendlyName, b.KeyLabels[i].LocalKeyID))
	}
	return strings.Join(out, "\n")
}

var bagHead = regexp.MustCompile(`(?m)^    (friendlyName|localKeyID): (.*)$`)

// opensslInventory is the same out of what openssl pkcs12 -nodes prints.
func opensslInventory(t *testing.T, text []byte) string {
	t.Helper()
	var certs, keys []string
	for {
		block, rest := pem.Decode(text)
		if block == nil {
			return strings.Join(append(certs, keys...), "\n")
		}
		head := string(text[:bytes.Index(text, pemBegin)])
		name, id := "", ""
		for _, found := range bagHead.FindAllStringSubmatch(head, -1) {
			if found[1] == "friendlyName" {
				name = found[2]
			} else {
				id = strings.ToLower(strings.ReplaceAll(found[2], " ", ""))
			}
		}
		text = rest
		if block.Type == "CERTIFICATE" {
			certs = append(certs, fmt.Sprintf("certificate %s %q %s", Thumbprint(block.Bytes), name, id))
			continue
		}
		key, err := parsePKCS8(block.Bytes)
		if err != nil {
			t.Fatal(err)
		}
		spki, err := SPKI(key.Public())
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, fmt.Sprintf("key %s %q %s", spki, name, id))
	}
}

// TestRareCiphersAreNamed: what openssl writes only where somebody asks for it is refused with its name, and with a line
// that makes a file of it that is read.
func TestRareCiphersAreNamed(t *testing.T) {
	key, leaf := filepath.Join(testdata, "formats", "key.pem"), filepath.Join(testdata, "formats", "leaf.pem")
	cases := []struct{ name, option, value string }{
		{"Camellia", "-certpbe", "CAMELLIA-256-CBC"}, {"ARIA", "-certpbe", "ARIA-128-CBC"}, {"SEED", "-certpbe", "SEED-CBC"},
		{"SM4", "-keypbe", "SM4-CBC"}, {"Blowfish", "-keypbe", "BF-CBC"}, {"CAST5", "-keypbe", "CAST5-CBC"},
		{"256-bit AES-CFB", "-certpbe", "AES-256-CFB"}, {"256-bit AES-OFB", "-keypbe", "AES-256-OFB"}, {"256-bit AES-ECB", "-keypbe", "AES-256-ECB"},
		{"RIPEMD-160", "-macalg", "ripemd160"}, {"MD4", "-macalg", "md4"}, {"SM3", "-macalg", "sm3"}, {"Whirlpool", "-macalg", "whirlpool"},
		{"BLAKE2", "-macalg", "blake2b512"},
	}
	for _, c := range cases {
		dir := t.TempDir()
		old, converted := filepath.Join(dir, "old.pfx"), filepath.Join(dir, "new.pem")
		_, ok := tryOpenssl(t, "pkcs12", "-export", "-inkey", key, "-in", leaf, "-out", old, "-passout", "pass:secret", c.option, c.value)
		if !ok {
			t.Logf("openssl does not write %s here", c.value)
			continue
		}
		data, err := os.ReadFile(old)
		if err != nil {
			t.Fatal(err)
		}
		_, err = Decode(data, []byte("secret"))
		if !fail.Is(err, fail.UnsupportedFormat) || !strings.Contains(err.Error(), c.name) || fail.Of(err).Hint != recipePFX {
			t.Errorf("%s: error %v, hint %q", c.value, err, fail.Of(err).Hint)
		}
		tryOpenssl(t, "pkcs12", "-in", old, "-passin", "pass:secret", "-nodes", "-out", converted)
		if data, err = os.ReadFile(converted); err != nil {
			t.Fatal(err)
		}
		if b, err := Decode(data, nil); err != nil || len(b.Keys) != 1 || len(b.Certs) != 1 {
			t.Errorf("%s, converted: %v", c.value, err)
		}
	}
}

// keyCase is one way to have openssl encrypt a key.
type keyCase struct {
	name, password string
	args           []string
}

func keyMatrix(t *testing.T) (all []keyCase) {
	var ciphers []string
	for _, base := range []string{"aes-128", "aes-192", "aes-256", "des-ede3", "des-ede", "des", "rc2", "rc2-40", "rc2-64"} {
		ciphers = append(ciphers, base+"-cbc")
	}
	keys := []string{filepath.Join(testdata, "formats", "key.pem"), filepath.Join(testdata, "formats", "other-key.pem"), write(t, "ed25519.pem", openssl(t, "genpkey", "-algorithm", "ED25519"))}
	add := func(password string, args ...string) {
		all = append(all, keyCase{strings.Join(append([]string{password}, args...), " "), password, args})
	}
	for i, key := range keys {
		for _, cipher := range ciphers {
			prfs := []string{"hmacWithSHA256", "hmacWithSHA1"}
			if cipher == "aes-256-cbc" || cipher == "rc2-cbc" {
				prfs = []string{"hmacWithSHA1", "hmacWithSHA224", "hmacWithSHA256", "hmacWithSHA384", "hmacWithSHA512", "hmacWithSHA512-256", "hmacWithMD5"}
			}
			for _, prf := range prfs {
				add("secret", "pkcs8", "-topk8", "-in", key, "-v2", cipher, "-v2prf", prf)
			}
			add("secret", "pkcs8", "-topk8", "-in", key, "-v2", cipher, "-scrypt")
			if i < 2 {
				add("Пароль-ß", []string{"rsa", "ec"}[i], "-in", key, "-"+cipher)
				add("secret", []string{"rsa", "ec"}[i], "-in", key, "-"+cipher, "-outform", "PEM")
			}
			if i == 0 {
				add("secret", "rsa", "-in", key, "-"+cipher, "-traditional")
			}
		}
		for _, v1 := range []string{"PBE-MD5-DES", "PBE-SHA1-DES", "PBE-MD5-RC2-64", "PBE-SHA1-RC2-64", "PBE-SHA1-RC4-128", "PBE-SHA1-RC4-40", "PBE-SHA1-3DES", "PBE-SHA1-2DES", "PBE-SHA1-RC2-128", "PBE-SHA1-RC2-40", "PBE-MD2-DES"} {
			for _, password := range []string{"secret", "Пароль-ß", "🔑secret"} {
				for _, form := range []string{"PEM", "DER"} {
					add(password, "pkcs8", "-topk8", "-in", key, "-v1", v1, "-outform", form, "-iter", "1000")
				}
			}
		}
		for _, n := range []string{"16", "1024", "32768"} {
			add("secret", "pkcs8", "-topk8", "-in", key, "-scrypt", "-scrypt_N", n, "-scrypt_r", "8", "-scrypt_p", "2")
		}
	}
	return all
}

// TestKeysAsOpensslEncryptsThem: whatever openssl encrypts a key with, and can read itself, gives the same key.
func TestKeysAsOpensslEncryptsThem(t *testing.T) {
	dir := t.TempDir()
	opened, unwritten := 0, 0
	all := everyNth(keyMatrix(t), 79)
	for i, c := range all {
		path := filepath.Join(dir, fmt.Sprint(i))
		if _, ok := tryOpenssl(t, append(c.args, "-out", path, "-passout", "pass:"+c.password)...); !ok {
			unwritten++
			continue
		}
		public, ok := tryOpenssl(t, "pkey", "-in", path, "-passin", "pass:"+c.password, "-pubout", "-outform", "DER")
		if !ok {
			unwritten++
			continue
		}
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		b, err := Decode(data, []byte(c.password))
		if fail.Is(err, fail.UnsupportedFormat) && strings.Contains(err.Error(), "MD2") {
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		opened++
		if spki, err := SPKI(b.Keys[0].Public()); err != nil || spki != SHA256(public) {
			t.Errorf("%s: another key than openssl's, %v", c.name, err)
		}
	}
	t.Logf("of %d files %d were opened as openssl does; %d openssl does not write or read itself", len(all), opened, unwritten)
}
