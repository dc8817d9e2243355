package formats

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"certdesk/certstore/fail"
)

// What Go's parser refuses is kept byte for byte, and shown with what openssl shows.
func TestOddCertificatesAreKeptAndShown(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(testdata, "formats", "odd-*.pem"))
	if err != nil || len(files) < 5 {
		t.Fatal("testdata is not there")
	}
	for _, f := range files {
		b, err := Decode(load(t, "formats", filepath.Base(f)), nil)
		if err != nil || len(b.Certs) != 1 {
			t.Errorf("%s: %v", f, err)
			continue
		}
		c := b.Certs[0]
		if Oddity(c) == "" && BrokenRule(c) == "" {
			t.Errorf("%s: no reason is said", f)
		}
		if !bytes.Equal(c.Raw, openssl(t, "x509", "-in", f, "-outform", "DER")) {
			t.Errorf("%s: openssl reads other bytes", f)
		}
		pub := write(t, "pub.pem", openssl(t, "x509", "-in", f, "-noout", "-pubkey"))
		if spki, err := SPKI(c); err != nil || spki != SHA256(openssl(t, "pkey", "-pubin", "-in", pub, "-outform", "DER")) {
			t.Errorf("%s: SPKI is %s, %v", f, spki, err)
		}
		serial := strings.TrimSpace(string(openssl(t, "x509", "-in", f, "-noout", "-serial")))
		serial = strings.Replace(serial, "serial=0", "serial=", 1)
		if want := "serial=" + strings.ToUpper(c.SerialNumber.Text(16)); serial != want {
			t.Errorf("%s: %s, openssl says %s", f, want, serial)
		}
		if len(c.DNSNames) != 1 || c.DNSNames[0] != "odd.example.org" || c.NotAfter.IsZero() {
			t.Errorf("%s: names %q, until %s", f, c.DNSNames, c.NotAfter)
		}
	}
}

// The reduced view of a sound certificate is what the library reads of it.
func TestReducedViewIsTheLibrarys(t *testing.T) {
	files, _ := filepath.Glob(filepath.Join(testdata, "certs", "*.pem"))
	for _, f := range files {
		want := loadCert(t, strings.TrimSuffix(filepath.Base(f), ".pem"))
		got, err := reduced(want.Raw)
		if err != nil {
			t.Errorf("%s: %v", f, err)
			continue
		}
		if got.SerialNumber.Cmp(want.SerialNumber) != 0 || !bytes.Equal(got.RawSubject, want.RawSubject) || !bytes.Equal(got.RawIssuer, want.RawIssuer) ||
			!got.NotBefore.Equal(want.NotBefore) || !got.NotAfter.Equal(want.NotAfter) || got.IsCA != want.IsCA ||
			strings.Join(got.DNSNames, " ") != strings.Join(want.DNSNames, " ") || !bytes.Equal(got.RawSubjectPublicKeyInfo, want.RawSubjectPublicKeyInfo) {
			t.Errorf("%s: the reduced view differs", f)
		}
	}
}

func TestReducedRefusesWhatIsNoCertificate(t *testing.T) {
	for name, der := range map[string][]byte{"nothing": nil, "a sequence": {0x30, 0}, "a key": load(t, "formats", "key-pkcs8.der"), "half": load(t, "formats", "leaf.der")[:300]} {
		if _, err := ParseCertificate(der); !fail.Is(err, fail.Damaged) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A copy that is mended has all that the library reads of a certificate, and the original's bytes, serial and signature.
func TestAMendedCopyHasAllOfTheOriginal(t *testing.T) {
	want := loadCert(t, "ecdsa-p256")
	serial := encode(tagInteger, want.SerialNumber.Bytes())
	at := bytes.Index(want.Raw, serial)
	if at < 0 {
		serial = encode(tagInteger, append([]byte{0}, want.SerialNumber.Bytes()...))
		at = bytes.Index(want.Raw, serial)
	}
	der := bytes.Clone(want.Raw)
	der[at+2] |= 0x80
	got, err := ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	if got.SerialNumber.Sign() >= 0 || BrokenRule(got) != "negative serial number" || Oddity(got) != "" || !bytes.Equal(got.Raw, der) || got.Version != 0 {
		t.Errorf("serial %s, rule %q, oddity %q", got.SerialNumber, BrokenRule(got), Oddity(got))
	}
	if got.KeyUsage != want.KeyUsage || len(got.ExtKeyUsage) != len(want.ExtKeyUsage) || len(got.Extensions) != len(want.Extensions) ||
		!bytes.Equal(got.AuthorityKeyId, want.AuthorityKeyId) || got.SignatureAlgorithm != want.SignatureAlgorithm || !bytes.Equal(got.Signature, want.Signature) ||
		strings.Join(got.DNSNames, " ") != strings.Join(want.DNSNames, " ") || !bytes.Equal(got.RawTBSCertificate[4:8], want.RawTBSCertificate[4:8]) {
		t.Error("the mended copy is another certificate")
	}
}

// An extension that is there twice is read once, and told.
func TestADuplicateExtensionIsToldAndTheRestRead(t *testing.T) {
	want := loadCert(t, "ecdsa-p256")
	in := readBER(want.Raw)
	whole := in.enter(tagSequence)
	tbs := whole.enter(tagSequence)
	var parts [][]byte
	for tbs.more() {
		e := tbs.next()
		if e.tag == tagExplicit0+3 {
			list := tbs.within(e).enter(tagSequence)
			all := list.rest
			first := list.next().raw
			e.raw = encode(tagExplicit0+3, sequence(all, first))
		}
		parts = append(parts, e.raw)
	}
	c, err := ParseCertificate(sequence(sequence(parts...), whole.next().raw, whole.next().raw))
	if err != nil || in.err() != nil {
		t.Fatal(err, in.err())
	}
	if !strings.Contains(Oddity(c), "duplicate extension") || strings.Join(c.DNSNames, " ") != strings.Join(want.DNSNames, " ") || c.KeyUsage != want.KeyUsage {
		t.Errorf("%q, names %q, usage %b", Oddity(c), c.DNSNames, c.KeyUsage)
	}
}
