package names

import (
	"crypto/x509"
	"encoding/asn1"
	"encoding/hex"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"certdesk/certstore/printable"
)

// attr is one encoded AttributeTypeAndValue: an OID's content in hex, a string tag, the string's bytes.
func attr(oid string, tag int, value string) []byte {
	id, _ := hex.DecodeString(oid)
	return wrap(0x30, wrap(0x06, id), wrap(byte(tag), []byte(value)))
}

func wrap(tag byte, parts ...[]byte) []byte {
	der, err := asn1.Marshal(asn1.RawValue{Class: int(tag >> 6), Tag: int(tag & 0x1f), IsCompound: tag&0x20 != 0, Bytes: join(parts)})
	if err != nil {
		panic(err)
	}
	return der
}

func join(parts [][]byte) (out []byte) {
	for _, p := range parts {
		out = append(out, p...)
	}
	return out
}

func rdn(attrs ...[]byte) []byte { return wrap(0x31, attrs...) }

func TestFromDERShowsEveryStringType(t *testing.T) {
	const cn = "550403"
	for _, c := range []struct {
		name string
		der  []byte
		want string
	}{
		{"empty", wrap(0x30), ""},
		{"utf8", wrap(0x30, rdn(attr(cn, 12, "Brüssel"))), "CN=Brüssel"},
		{"t61 is latin-1", wrap(0x30, rdn(attr(cn, 20, "Br\xfcssel"))), "CN=Brüssel"},
		{"bmp", wrap(0x30, rdn(attr(cn, 30, "\x00B\x20\xac"))), "CN=B€"},
		{"bmp, odd", wrap(0x30, rdn(attr(cn, 30, "\x00B\x20"))), "CN=#1E03004220"},
		{"universal", wrap(0x30, rdn(attr(cn, 28, "\x00\x01\xf6\x00"))), "CN=😀"},
		{"universal, no rune", wrap(0x30, rdn(attr(cn, 28, "\x00\x11\x00\x00"))), "CN=#1C0400110000"},
		{"utf8, broken", wrap(0x30, rdn(attr(cn, 12, "a\xff"))), "CN=#0C0261FF"},
		{"no string at all", wrap(0x30, rdn(attr(cn, 4, "ab"))), "CN=#04026162"},
		{"unknown type", wrap(0x30, rdn(attr("2a0304", 12, "x"))), "1.2.3.4=#0C0178"},
		{"huge arc", wrap(0x30, rdn(attr("2b8fffffffffffffffff7f", 12, "x"))), "1.3.147573952589676412927=#0C0178"},
		{"second arc over 39 below 2", wrap(0x30, rdn(attr("883703", 12, "x"))), "2.999.3=#0C0178"},
		{"several", wrap(0x30, rdn(attr("550406", 19, "BE")), rdn(attr(cn, 12, "x"), attr("550405", 19, "7"))), "serialNumber=7+CN=x,C=BE"},
		{"domain components", wrap(0x30, rdn(attr("0992268993f22c640119", 22, "org")), rdn(attr("0992268993f22c640119", 22, "example"))), "DC=example,DC=org"},
		{"escapes", wrap(0x30, rdn(attr(cn, 12, ` a,b+c"d\e<f>g;h `))), `CN=\ a\,b\+c\"d\\e\<f\>g\;h\ `},
		{"controls", wrap(0x30, rdn(attr(cn, 12, "a\x1b[2Jb\nc\x00d\u202ee\u009bf"))), `CN=a\1B[2Jb\0Ac\00d\u{202e}e\u{9b}f`},
		{"garbage", []byte{1, 2, 3}, "#010203"},
		{"nothing", nil, "#"},
		{"bytes after it", append(wrap(0x30), 0), "#300000"},
		{"no set inside", wrap(0x30, attr(cn, 12, "x")), "#300A3008060355040" + "30C0178"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := FromDER(c.der); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestCommonNameIsTheMostSpecificOne(t *testing.T) {
	der := wrap(0x30, rdn(attr("550403", 12, "above")), rdn(attr("550403", 30, "\x00b\x00\x1b")), rdn(attr("55040b", 12, "u")))
	if got := CommonName(der); got != `b\u{1b}` {
		t.Error(got)
	}
	if CommonName(nil) != "" || CommonName(wrap(0x30)) != "" {
		t.Error("a common name out of nothing")
	}
}

func TestARenewalTakesTheSubjectOver(t *testing.T) {
	der := wrap(0x30, rdn(attr("550406", 19, "be")), rdn(attr("0992268993f22c640119", 22, "org")), rdn(attr("55040b", 12, "u1")),
		rdn(attr("55040b", 30, "\x00u\x002")), rdn(attr("550403", 12, "a")), rdn(attr("550403", 12, "b")))
	s, err := SubjectFromDER(der)
	if err != nil || s.String() != "CN=b,OU=u2,OU=u1,C=BE" {
		t.Error(s, err)
	}
	if _, err := SubjectFromDER([]byte("x")); err == nil {
		t.Error("garbage was taken for a subject")
	}
}

// TestFromDERAgreesWithOpenssl compares with openssl over all certificates of testdata, subject and issuer.
func TestFromDERAgreesWithOpenssl(t *testing.T) {
	openssl, err := exec.LookPath("openssl")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("no openssl")
		}
		t.Skip("SKIPPED: no openssl here to compare with")
	}
	files, _ := filepath.Glob("../../testdata/certs/*.pem")
	if len(files) == 0 {
		t.Fatal("testdata/certs is empty")
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) { agreesWithOpenssl(t, openssl, file) })
	}
}

func agreesWithOpenssl(t *testing.T, openssl, file string) {
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(data)
	if block == nil || block.Type != "CERTIFICATE" {
		t.Skip("no certificate in it")
	}
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Skip("crypto/x509 does not read it: ", err)
	}
	out, err := exec.Command(openssl, "x509", "-in", file, "-noout", "-subject", "-issuer", "-nameopt", "RFC2253,-esc_msb,utf8").Output()
	if err != nil {
		t.Fatal(err)
	}
	got := "subject=" + FromDER(cert.RawSubject) + "\nissuer=" + FromDER(cert.RawIssuer) + "\n"
	var want strings.Builder
	for line := range strings.SplitSeq(strings.TrimSuffix(string(out), "\n"), "\n") {
		want.WriteString(printable.Text(line) + "\n")
	}
	if got != want.String() {
		t.Errorf("got\n%swant\n%s", got, want.String())
	}
}

func FuzzFromDER(f *testing.F) {
	f.Add(wrap(0x30, rdn(attr("550403", 12, "mail.example.org")), rdn(attr("55040a", 30, "\x00a"), attr("2a0304", 4, "x"))))
	f.Add([]byte{0x30, 0x80, 0, 0})
	f.Fuzz(func(t *testing.T, raw []byte) {
		for _, s := range []string{FromDER(raw), CommonName(raw)} {
			if printable.Text(s) != s {
				t.Fatalf("%x is shown as %q", raw, s)
			}
		}
		if s, err := SubjectFromDER(raw); err == nil && printable.Text(s.String()) != s.String() {
			t.Fatalf("%x is taken over as %q", raw, s)
		}
	})
}
