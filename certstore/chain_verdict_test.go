package certstore

import (
	"bytes"
	"crypto"
	"crypto/md5"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"certdesk/certstore/fail"
	"certdesk/certstore/formats"
	"certdesk/certstore/trust"
)

// hierarchy is a CA that moved from an old root to a new one: the new root signed itself, and the old one signed it too.
type hierarchy struct {
	now                    time.Time
	oldKey, key, middleKey crypto.Signer
	old, root, cross, mid  *x509.Certificate
}

func newHierarchy(t *testing.T, now time.Time) hierarchy {
	h := hierarchy{now: now, oldKey: mustKey(t), key: mustKey(t), middleKey: mustKey(t)}
	h.old = sign(t, caTemplate("Old Root", now), nil, h.oldKey.Public(), h.oldKey)
	h.root = h.newRoot(t, now.AddDate(9, 0, 0))
	h.cross = h.crossSigned(t, now.AddDate(9, 0, 0))
	h.mid = sign(t, caTemplate("Middle", now), h.root, h.middleKey.Public(), h.key)
	return h
}

func (h hierarchy) newRoot(t *testing.T, until time.Time) *x509.Certificate {
	template := caTemplate("New Root", h.now)
	template.NotAfter = until
	return sign(t, template, nil, h.key.Public(), h.key)
}

func (h hierarchy) crossSigned(t *testing.T, until time.Time) *x509.Certificate {
	template := caTemplate("New Root", h.now)
	template.NotAfter = until
	return sign(t, template, h.old, h.key.Public(), h.oldKey)
}

// leaf is what the intermediate answers to a request.
func (h hierarchy) leaf(t *testing.T, request []byte) *x509.Certificate {
	r, err := x509.ParseCertificateRequest(request)
	if err != nil {
		t.Fatal(err)
	}
	return sign(t, &x509.Certificate{RawSubject: r.RawSubject, DNSNames: r.DNSNames, NotBefore: h.now.AddDate(0, 0, -10),
		NotAfter: h.now.AddDate(2, 0, 0), BasicConstraintsValid: true}, h.mid, r.PublicKey, h.middleKey)
}

// libraryTrusts is what crypto/x509 says of a leaf with everything its file brought.
func libraryTrusts(leaf *x509.Certificate, at time.Time, roots, brought []*x509.Certificate) bool {
	top, middle := x509.NewCertPool(), x509.NewCertPool()
	for _, c := range roots {
		top.AddCert(c)
	}
	for _, c := range brought {
		middle.AddCert(c)
	}
	_, err := leaf.Verify(x509.VerifyOptions{Roots: top, Intermediates: middle, CurrentTime: at, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}})
	return err == nil
}

func TestWhateverStandsInTheFileTheVerdictIsThatOfTheTrustedRoots(t *testing.T) {
	now := newFixture(t).now
	h := newHierarchy(t, now)
	stranger := mustKey(t)
	fake := sign(t, caTemplate("New Root", now), nil, stranger.Public(), stranger)
	short := h.newRoot(t, now.AddDate(1, 0, 0))
	oldCross := h.crossSigned(t, now.AddDate(0, 0, -3))
	type certs = []*x509.Certificate
	for name, c := range map[string]struct {
		roots certs
		years int // from now
		file  certs
		good  bool
	}{
		"the root is in the file":                            {certs{h.root}, 0, certs{h.mid, h.root}, true},
		"the root is left out":                               {certs{h.root}, 0, certs{h.mid}, true},
		"no root is trusted":                                 {nil, 0, certs{h.mid, h.root}, false},
		"a cross-signed root whose signer nobody trusts":     {certs{h.root}, 0, certs{h.mid, h.cross}, true},
		"a cross-signed root under the old one":              {certs{h.old}, 0, certs{h.mid, h.cross}, true},
		"an expired cross-signature, the new root trusted":   {certs{h.root, h.old}, 0, certs{h.mid, oldCross}, true},
		"an expired cross-signature, only the old one":       {certs{h.old}, 0, certs{h.mid, oldCross}, false},
		"everything, in the wrong order":                     {certs{h.root}, 0, certs{h.old, h.cross, h.root, h.mid}, true},
		"the trusted root expired and is in the file":        {certs{short}, 1, certs{h.mid, short}, false},
		"the trusted root expired and is not in the file":    {certs{short}, 1, certs{h.mid}, false},
		"an older root of the same name is in the file":      {certs{h.root}, 0, certs{h.mid, fake}, true},
		"a root of the right name and the wrong key trusted": {certs{fake}, 0, certs{h.mid, h.root}, false},
	} {
		f := newFixture(t)
		f.store = f.openWith(Options{Dir: f.store.Dir(), Roots: rootsOf(nil, c.roots...)})
		leaf := h.leaf(t, f.make(request("mail.example.org")).DER)
		f.importOK(files(pemChain(leaf, c.file)))
		f.now = f.now.AddDate(c.years, 1, 0)
		v := f.list(false)[0].Verdict
		if (v.Status == trust.Valid) != c.good || (!c.good && v.Status != trust.Untrusted) {
			t.Errorf("%s: %s: %s", name, v.Status, v.Reason)
		}
		if libraryTrusts(leaf, f.now, c.roots, c.file) != c.good {
			t.Errorf("%s: crypto/x509 thinks otherwise: is the test right?", name)
		}
	}
}

func TestAWorseChainCannotBeAttached(t *testing.T) {
	f := newFixture(t)
	e := f.bought(request("mail.example.org"))
	stranger := mustKey(t)
	fake := sign(t, caTemplate("Test Root", f.now), nil, stranger.Public(), stranger)
	in := files(pemOf(t, f, e), f.ca.chain(), formats.CertPEM(fake.Raw))
	in.Attach = true
	f.unchanged("a chain that gets no further", func() {
		_, _, err := f.store.Import(t.Context(), in)
		f.wants(err, fail.AlreadyExists)
	})
	if got := f.list(false)[0]; got.Verdict.Status != trust.Valid {
		t.Errorf("was valid, is %s: %s", got.Verdict.Status, got.Verdict.Reason)
	}
	d, err := f.store.Show(t.Context(), e.ID)
	f.must(err)
	if d.Entry.Verdict.Status != trust.Valid {
		t.Errorf("show: %s: %s", d.Entry.Verdict.Status, d.Entry.Verdict.Reason)
	}
}

func TestOneMissingTrustFileCloudsOnlyWhatNeedsIt(t *testing.T) {
	f := newFixture(t)
	f.store = f.openWith(Options{Dir: f.store.Dir(), Roots: rootsOf([]string{"/nonexistent.pem"}, f.ca.root)})
	e := f.bought(request("mail.example.org"))
	if e.Verdict.Status != trust.Valid {
		t.Errorf("its root is here, yet %s: %s", e.Verdict.Status, e.Verdict.Reason)
	}
	if !strings.Contains(f.store.Banner(), "/nonexistent.pem") {
		t.Errorf("banner: %q", f.store.Banner())
	}
	other := newTestCA(t, f.now)
	made := f.make(request("internal.example.org"))
	e = f.importOK(files(other.answer(t, made.DER, f.now.AddDate(0, 0, 90)), other.chain()))
	if e.Verdict.Status != trust.Unknown || !strings.Contains(e.Verdict.Reason, "/nonexistent.pem") {
		t.Errorf("its root may be in the missing file, yet %s: %s", e.Verdict.Status, e.Verdict.Reason)
	}
	f.store = f.again()
	if got := f.list(false)[1]; got.Verdict.Status != trust.Untrusted {
		t.Errorf("with every trust file there: %s", got.Verdict.Status)
	}
}

func TestACertificateIsGoodUpToAndWithItsLastSecond(t *testing.T) {
	f := newFixture(t)
	e := f.bought(request("mail.example.org"))
	for _, c := range []struct {
		after time.Duration
		want  trust.Status
	}{{-time.Second, trust.Expiring}, {0, trust.Expiring}, {time.Second, trust.DateInvalid}, {time.Hour, trust.DateInvalid}} {
		f.now = e.NotAfter.Add(c.after)
		l, err := f.again().List(t.Context(), false)
		f.must(err)
		if got := l[0].Verdict; got.Status != c.want {
			t.Errorf("%s after: %s (%s)", c.after, got.Status, got.Reason)
		}
	}
	f.now = e.NotAfter
	f.list(false)
	f.now = e.NotAfter.Add(time.Minute)
	if got := f.list(false)[0].Verdict; got.Status != trust.DateInvalid {
		t.Errorf("a desk that stays open says %s a minute later", got.Status)
	}
}

// oldSelfSigned is a self-signed certificate with SHA-1, or re-signed with MD5, which the library makes no more.
func oldSelfSigned(t *testing.T, key *rsa.PrivateKey, now time.Time, withMD5 bool) []byte {
	t.Helper()
	algorithm := x509.SHA1WithRSA
	if withMD5 {
		algorithm = x509.SHA256WithRSA
	}
	c := sign(t, &x509.Certificate{Subject: pkix.Name{CommonName: "mail.example.org"}, DNSNames: []string{"mail.example.org"},
		NotBefore: now, NotAfter: now.AddDate(2, 0, 0), SignatureAlgorithm: algorithm, BasicConstraintsValid: true}, nil, key.Public(), key)
	if withMD5 {
		return resignedMD5(t, key, c.Raw)
	}
	return c.Raw
}

// resignedMD5 puts md5WithRSAEncryption in the place of sha256WithRSAEncryption (RFC 8017, A.2.4), and signs again.
func resignedMD5(t *testing.T, key *rsa.PrivateKey, der []byte) []byte {
	t.Helper()
	oid := []byte{0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01}
	der = bytes.ReplaceAll(der, append(bytes.Clone(oid), 11), append(bytes.Clone(oid), 4))
	var c struct {
		Body, Algorithm asn1.RawValue
		Signature       asn1.BitString
	}
	if _, err := asn1.Unmarshal(der, &c); err != nil {
		t.Fatal(err)
	}
	sum := md5.Sum(c.Body.FullBytes)
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.MD5, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	c.Signature = asn1.BitString{Bytes: signature, BitLength: 8 * len(signature)}
	if der, err = asn1.Marshal(c); err != nil {
		t.Fatal(err)
	}
	return der
}

func TestASelfSignatureThatIsBrokenIsInvalid(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		md5, broken bool
		want        trust.Status
	}{
		"SHA-1":         {false, false, trust.Valid}, // self-signed: nobody relies on the signature, and a finding says it
		"SHA-1, broken": {false, true, trust.Invalid},
		"MD5":           {true, false, trust.Valid},
		"MD5, broken":   {true, true, trust.Invalid},
	} {
		f := newFixture(t)
		der := oldSelfSigned(t, key, f.now, c.md5)
		if c.broken {
			der[len(der)-5] ^= 0x55
		}
		text, err := formats.KeyPEM(key)
		f.must(err)
		e := f.importOK(files(formats.CertPEM(der), text))
		if e.Verdict.Status != c.want {
			t.Errorf("%s: %s (%s)", name, e.Verdict.Status, e.Verdict.Reason)
		}
		if len(e.Verdict.Findings) == 0 || e.Verdict.Findings[0].Code != "weak-signature" {
			t.Errorf("%s: findings %v", name, e.Verdict.Findings)
		}
	}
}

func TestARootOfTheConfigurationIsTrusted(t *testing.T) {
	f := newFixture(t)
	file := filepath.Join(t.TempDir(), "root.pem")
	f.must(os.WriteFile(file, formats.CertPEM(f.ca.root.Raw), 0o600))
	f.store = f.openWith(Options{Dir: f.store.Dir(), Roots: rootsOf([]string{file})})
	if e := f.bought(request("mail.example.org")); e.Verdict.Status != trust.Valid || e.Verdict.RootType != trust.RootEnterprise {
		t.Errorf("%s, root %s", e.Verdict.Status, e.Verdict.RootType)
	}
}
