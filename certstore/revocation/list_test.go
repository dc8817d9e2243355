package revocation

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"math/big"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"certdesk/certstore/trust"
)

// Each row is a list that a server on loopback has, and what is known after it was asked. What does not count is
// neither good nor revoked.
func TestWhatListsSay(t *testing.T) {
	ca, other := newAuthority(t, "CA", nil), newAuthority(t, "CA", nil) // of the same name
	unsigning := newAuthority(t, "CA", nil, func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageCertSign })
	unsigning.key = ca.key
	w := newWeb(t)
	here := w.URL + "/list.crl"
	plain := func(entries ...x509.RevocationListEntry) []byte { return ca.crl(t, nil, entries...) }
	with := func(change func(*x509.RevocationList)) []byte { return ca.crl(t, change, revokedAs(9, 4)) }
	critical := pkix.Extension{Id: asn1.ObjectIdentifier{2, 5, 29, 99}, Critical: true, Value: []byte{5, 0}}
	indirect := pkix.Extension{Id: asn1.ObjectIdentifier{2, 5, 29, 29}, Critical: true, Value: []byte{0x30, 0}}
	odd := func(e pkix.Extension) x509.RevocationListEntry {
		r := revokedAs(9, 0)
		r.ExtraExtensions = []pkix.Extension{e}
		return r
	}
	for name, c := range map[string]struct {
		data     []byte
		standing trust.Standing
		says     string
	}{
		"not listed":              {plain(revokedAs(9, 1)), trust.StandsGood, "not revoked, as of 27 Nov 2026 11:00 UTC"},
		"an empty list":           {plain(), trust.StandsGood, "not revoked"},
		"listed":                  {plain(revokedAs(9, 4), revokedAs(5, 1)), trust.StandsRevoked, "revoked it on 24 Nov 2026 (key compromise), as of 27 Nov"},
		"listed without a reason": {plain(revokedAs(5, 0)), trust.StandsRevoked, "its CA revoked it on 24 Nov 2026, as of"},
		"on hold":                 {plain(revokedAs(5, 6)), trust.StandsOnHold, "its CA has put it on hold on 24 Nov 2026"},
		"a hold that was lifted":  {plain(revokedAs(5, 8)), trust.StandsGood, "not revoked"},
		"PEM":                     {pem.EncodeToMemory(&pem.Block{Type: "X509 CRL", Bytes: plain(revokedAs(5, 1))}), trust.StandsRevoked, ""},
		"its own part":            {with(scope(t, here)), trust.StandsGood, ""},
		"users only":              {with(scope(t, "", 1)), trust.StandsGood, ""},

		"another part of the same CA": {with(scope(t, w.URL+"/2.crl")), "", "its issuing distribution point differs"},
		"CAs only":                    {with(scope(t, "", 2)), "", "the certificates of CAs only"},
		"some reasons only":           {with(scope(t, here, 3)), "", "for some reasons of revocation only"},
		"indirect":                    {with(scope(t, here, 4)), "", "an indirect one"},
		"attribute certificates only": {with(scope(t, "", 5)), "", "attribute certificates only"},
		"a scope that is none":        {with(scope(t, "", 9)), "", "readable form"},
		"a delta": {with(func(l *x509.RevocationList) {
			l.ExtraExtensions = []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 27}, Critical: true, Value: []byte{2, 1, 1}}}
		}), "", "only what has changed"},
		"a critical extension": {with(func(l *x509.RevocationList) { l.ExtraExtensions = []pkix.Extension{critical} }), "", "2.5.29.99"},
		"an odd entry":         {plain(odd(critical)), "", "cannot read whole"},
		"an entry of another":  {plain(odd(indirect)), "", "an indirect one"},

		"out of date": {with(func(l *x509.RevocationList) {
			l.ThisUpdate, l.NextUpdate = noon.AddDate(0, 0, -9), noon.Add(-6*time.Minute)
		}), "", "out of date since 27 Nov 2026 11:54"},
		"within the skew": {with(func(l *x509.RevocationList) {
			l.ThisUpdate, l.NextUpdate = noon.AddDate(0, 0, -9), noon.Add(-4*time.Minute)
		}), trust.StandsGood, ""},
		"of tomorrow": {with(func(l *x509.RevocationList) {
			l.ThisUpdate, l.NextUpdate = noon.Add(time.Hour), noon.Add(48*time.Hour)
		}), "", "of a time to come"},
		"another signer":    {other.crl(t, nil), "", "is not signed by the certificate's CA"},
		"another CA":        {newAuthority(t, "Other", nil).crl(t, nil), "", "of another CA"},
		"cut short":         {plain(revokedAs(9, 1))[:100], "", "not a revocation list"},
		"a web page":        {[]byte("\n<!DOCTYPE html><html>please log in</html>"), "", "the answer is a web page"},
		"nothing":           {nil, "", "not a revocation list"},
		"a certificate":     {ca.cert.Raw, "", "not a revocation list"},
		"a PEM certificate": {pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: ca.cert.Raw}), "", "not a revocation list"},
		"a zipped list":     {[]byte("\x1f\x8b\x08\x00"), "", "not a revocation list"},
	} {
		t.Run(name, func(t *testing.T) {
			w.serve("/list.crl", c.data)
			r := house(noon).one(t, ca.leaf(t, 5, listAt(here)), ca.cert)
			if r.Standing != c.standing || (r.Trouble == "") != (c.standing != "") || !strings.Contains(r.Sentence(noon), c.says) {
				t.Errorf("%q, %q", r.Standing, r.Sentence(noon))
			}
			if c.standing == "" && !strings.HasPrefix(r.Sentence(noon), "whether it was revoked is not known: "+here+": ") {
				t.Errorf("%q", r.Sentence(noon))
			}
		})
	}
	w.serve("/list.crl", plain())
	if r := house(noon).one(t, ca.leaf(t, 5, listAt(here)), unsigning.cert); !strings.Contains(r.Trouble, "lacks cRLSign") {
		t.Errorf("a CA that may not sign lists: %+v", r)
	}
	w.serve("/list.crl", with(scope(t, "", 1)))
	if r := house(noon).one(t, newAuthority(t, "Below", ca, listAt(here)).cert, ca.cert); !strings.Contains(r.Trouble, "not about the certificates of CAs") {
		t.Errorf("a CA in a list of users: %+v", r)
	}
}

// A list of the first version, as OpenSSL makes it where nobody asks for more, is a list.
func TestAListOfVersion1(t *testing.T) {
	ca, w := newAuthority(t, "CA", nil), newWeb(t)
	at := w.serve("/v1.crl", versionOne(t, ca, bareEntry(t, big.NewInt(5))))
	if r := house(noon).one(t, ca.leaf(t, 5, listAt(at)), ca.cert); r.Standing != trust.StandsRevoked {
		t.Errorf("%+v", r)
	}
	if r := house(noon).one(t, ca.leaf(t, 6, listAt(at)), ca.cert); r.Standing != trust.StandsGood {
		t.Errorf("%+v", r)
	}
}

// bareEntry is an entry without a reason.
func bareEntry(t *testing.T, serial *big.Int) []byte {
	return must1(t, struct {
		Serial *big.Int
		At     time.Time `asn1:"utc"`
	}{serial, noon.AddDate(0, 0, -1)})
}

// versionOne makes a list without version and extensions, from entries as they are.
func versionOne(t *testing.T, ca *authority, entries []byte) []byte {
	t.Helper()
	algorithm := pkix.AlgorithmIdentifier{Algorithm: asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 2}}
	tbs := must1(t, struct {
		Algorithm pkix.AlgorithmIdentifier
		Issuer    asn1.RawValue
		This      time.Time `asn1:"utc"`
		Next      time.Time `asn1:"utc"`
		Revoked   asn1.RawValue
	}{algorithm, asn1.RawValue{FullBytes: ca.cert.RawSubject}, noon.Add(-time.Hour), noon.Add(time.Hour),
		asn1.RawValue{Tag: 16, IsCompound: true, Bytes: entries}})
	sum := sha256.Sum256(tbs)
	signature, err := ca.key.Sign(rand.Reader, sum[:], crypto.SHA256)
	must(t, err)
	return must1(t, struct {
		TBS       asn1.RawValue
		Algorithm pkix.AlgorithmIdentifier
		Signature asn1.BitString
	}{asn1.RawValue{FullBytes: tbs}, algorithm, asn1.BitString{Bytes: signature, BitLength: 8 * len(signature)}})
}

// A list of a hundred thousand entries is read without a copy of them: all that is allocated stays far below what
// would be noticed beside a desk.
func TestALongListTakesLittleMemory(t *testing.T) {
	ca, w := newAuthority(t, "CA", nil), newWeb(t)
	serial := new(big.Int).Lsh(big.NewInt(1), 140) // 18 bytes, as public CAs have them
	one := bareEntry(t, serial)
	entries := append(bytes.Repeat(one, 99_999), bareEntry(t, big.NewInt(5))...)
	der := versionOne(t, ca, entries)
	at := w.page("/long.crl", func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Length", strconv.Itoa(len(der)))
		_, _ = rw.Write(der)
	})
	leaf, c := ca.leaf(t, 5, listAt(at)), house(noon)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	r := c.one(t, leaf, ca.cert)
	runtime.ReadMemStats(&after)
	used := (after.TotalAlloc - before.TotalAlloc) >> 20
	if r.Standing != trust.StandsRevoked || used > 30 {
		t.Errorf("%s, %d bytes, %d MB allocated in all", r.Standing, len(der), used)
	}
}

// What the walk over the bytes says is what the standard library says of every list that it reads.
func FuzzList(f *testing.F) {
	ca := newAuthority(f, "CA", nil)
	f.Add(ca.crl(f, nil))
	f.Add(ca.crl(f, nil, revokedAs(5, 1), revokedAs(6, 6), revokedAs(7, 8)))
	f.Add(ca.crl(f, scope(f, "http://example.org/1.crl", 1), revokedAs(5, 0)))
	leaf := ca.leaf(f, 5, listAt("http://example.org/1.crl"))
	at := sourcesOf(leaf).points[0]
	f.Fuzz(func(t *testing.T, der []byte) {
		l, err := parseList(der)
		if err != nil {
			return
		}
		_ = l.signedBy(ca.cert)
		_ = l.covers(leaf, at)
		found, err := l.find(big.NewInt(5))
		std, stdErr := x509.ParseRevocationList(der)
		if stdErr != nil || err != nil {
			return
		}
		listed := false
		for _, e := range std.RevokedCertificateEntries {
			listed = listed || e.SerialNumber.Cmp(big.NewInt(5)) == 0 && e.ReasonCode != reasonRemoved
		}
		if listed != (found != nil) || !std.ThisUpdate.Equal(l.head.ThisUpdate) || !std.NextUpdate.Equal(l.head.NextUpdate) {
			t.Errorf("listed %t, found %v", listed, found)
		}
	})
}

// Whatever the extension holds, whom it names is read, or it is said that it cannot be.
func FuzzPoints(f *testing.F) {
	ca := newAuthority(f, "CA", nil)
	for _, urls := range [][]string{{"http://a.example/1.crl"}, {"ldap://a.example/cn=x", "HTTP://b.example/"}} {
		for _, e := range ca.leaf(f, 5, listAt(urls...)).Extensions {
			if e.Id.Equal(oidPoints) {
				f.Add(e.Value)
			}
		}
	}
	f.Fuzz(func(t *testing.T, value []byte) {
		s := sourcesOf(&x509.Certificate{Extensions: []pkix.Extension{{Id: oidPoints, Value: value}}})
		if len(s.points) > maxPoints || len(s.points) == 0 && s.skip == "" && len(value) > 2 {
			t.Errorf("%+v", s)
		}
		for _, p := range s.points {
			for _, at := range p.urls {
				if !isHTTP(at) {
					t.Errorf("%q is asked", at)
				}
			}
		}
	})
}
