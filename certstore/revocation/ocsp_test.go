package revocation

import (
	"crypto"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"math/big"
	"net/http"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ocsp"

	"certdesk/certstore/trust"
)

// delegate is a certificate of a CA whose owner signs answers.
func (a *authority) delegate(t *testing.T, change func(*x509.Certificate)) *authority {
	key := newKey(t)
	c := &x509.Certificate{SerialNumber: big.NewInt(88), Subject: pkix.Name{CommonName: "Responder"},
		NotBefore: noon.AddDate(0, 0, -1), NotAfter: noon.AddDate(0, 0, 1), KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageOCSPSigning}}
	if change != nil {
		change(c)
	}
	return &authority{a.sign(t, c, key.Public()), key}
}

// answers makes a response of a CA that its delegate signed, with the delegate's certificate in it.
func (a *authority) answers(t *testing.T, ca *authority, r ocsp.Response) []byte {
	r.Certificate = a.cert
	return (&authority{ca.cert, a.key}).says(t, r)
}

// Each row is an answer of a responder, and what is known after it.
func TestWhatRespondersSay(t *testing.T) {
	ca, other := newAuthority(t, "CA", nil), newAuthority(t, "CA", nil)
	good := ocsp.Response{Status: ocsp.Good, SerialNumber: big.NewInt(5), NextUpdate: noon.Add(time.Hour)}
	with := func(change func(*ocsp.Response)) ocsp.Response {
		r := good
		change(&r)
		return r
	}
	revoked := func(reason int) ocsp.Response {
		return with(func(r *ocsp.Response) { r.Status, r.RevocationReason = ocsp.Revoked, reason })
	}
	embedded := good
	embedded.Certificate = ca.cert
	forged := ca.says(t, good)
	forged[len(forged)-1] ^= 1
	w := newWeb(t)
	for name, c := range map[string]struct {
		data     []byte
		standing trust.Standing
		says     string
	}{
		"good":                      {ca.says(t, good), trust.StandsGood, "not revoked, as of 27 Nov 2026 11:00 UTC"},
		"good, the CA embedded":     {ca.says(t, embedded), trust.StandsGood, ""},
		"revoked":                   {ca.says(t, revoked(1)), trust.StandsRevoked, "revoked it on 24 Nov 2026 (key compromise)"},
		"on hold":                   {ca.says(t, revoked(6)), trust.StandsOnHold, "put it on hold"},
		"a hold that was lifted":    {ca.says(t, revoked(8)), trust.StandsGood, ""},
		"unknown":                   {ca.says(t, with(func(r *ocsp.Response) { r.Status = ocsp.Unknown })), "", "does not know the certificate"},
		"by a delegate":             {ca.delegate(t, nil).answers(t, ca, good), trust.StandsGood, ""},
		"revoked, by a delegate":    {ca.delegate(t, nil).answers(t, ca, revoked(4)), trust.StandsRevoked, "superseded"},
		"without a next one, fresh": {ca.says(t, with(func(r *ocsp.Response) { r.NextUpdate = time.Time{} })), trust.StandsGood, ""},
		"by a server of the same CA": {ca.delegate(t, func(c *x509.Certificate) {
			c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
		}).answers(t, ca, revoked(1)), "", "it lacks OCSPSigning"},
		"by any use": {ca.delegate(t, func(c *x509.Certificate) {
			c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageAny}
		}).answers(t, ca, good), "", "it lacks OCSPSigning"},
		"by a delegate that has expired": {ca.delegate(t, func(c *x509.Certificate) { c.NotAfter = noon.Add(-time.Hour) }).answers(t, ca, good), "", "responder is out of date"},
		"by a delegate of another CA":    {other.delegate(t, nil).answers(t, ca, good), "", "whom the certificate's CA does not know"},
		"by another CA":                  {(&authority{ca.cert, other.key}).says(t, good), "", "not signed by the certificate's CA"},
		"about another CA's":             {(&authority{newAuthority(t, "Other", nil).cert, ca.key}).says(t, good), "", "of another CA"},
		"about another certificate":      {ca.says(t, with(func(r *ocsp.Response) { r.SerialNumber = big.NewInt(6) })), "", "about another certificate"},
		"with a broken signature":        {forged, "", "not signed by"},
		"out of date": {ca.says(t, with(func(r *ocsp.Response) {
			r.ThisUpdate, r.NextUpdate = noon.AddDate(0, 0, -2), noon.Add(-time.Hour)
		})), "", "out of date since 27 Nov 2026 11:00"},
		"of tomorrow": {ca.says(t, with(func(r *ocsp.Response) {
			r.ThisUpdate, r.NextUpdate = noon.Add(time.Hour), noon.Add(2*time.Hour)
		})), "", "of a time to come"},
		"without a next one, old": {ca.says(t, with(func(r *ocsp.Response) {
			r.ThisUpdate, r.NextUpdate = noon.Add(-25*time.Hour), time.Time{}
		})), "", "out of date"},
		"try later":  {ocsp.TryLaterErrorResponse, "", "refused to answer: try later"},
		"a web page": {[]byte("<html>"), "", "a web page"},
		"nothing":    {nil, "", "not one of an OCSP responder"},
	} {
		t.Run(name, func(t *testing.T) {
			w.serve("*", c.data)
			r := house(noon).one(t, ca.leaf(t, 5, askAt(w.URL)), ca.cert)
			if r.Standing != c.standing || (r.Trouble == "") != (c.standing != "") || !strings.Contains(r.Sentence(noon), c.says) {
				t.Errorf("%q, %q", r.Standing, r.Sentence(noon))
			}
		})
	}
}

// A responder is asked by GET, which caches answer; one that knows POST alone is asked so.
func TestHowRespondersAreAsked(t *testing.T) {
	ca, w := newAuthority(t, "CA", nil), newWeb(t)
	posted := false
	w.page("*", func(rw http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			http.Error(rw, "no", http.StatusMethodNotAllowed)
			return
		}
		body, _ := io.ReadAll(r.Body)
		asked, err := ocsp.ParseRequest(body)
		posted = err == nil && asked.HashAlgorithm == crypto.SHA1 && r.Header.Get("Content-Type") == "application/ocsp-request"
		_, _ = rw.Write(ca.says(t, ocsp.Response{SerialNumber: big.NewInt(5), NextUpdate: noon.Add(time.Hour)}))
	})
	r := house(noon).one(t, ca.leaf(t, 5, askAt(w.URL+"/ocsp/")), ca.cert)
	if r.Standing != trust.StandsGood || !posted || w.questions() != 2 || !strings.HasPrefix(w.asked[0], "GET /ocsp/M") {
		t.Errorf("%+v after %q", r, w.asked)
	}
}

// A staple counts as an answer does, and takes the place of an older one alone.
func TestAStapleIsAnAnswer(t *testing.T) {
	ca := newAuthority(t, "CA", nil)
	leaf := ca.leaf(t, 5, askAt("http://127.0.0.1:1"))
	said, err := Response(ca.says(t, ocsp.Response{Status: ocsp.Revoked, SerialNumber: big.NewInt(5),
		NextUpdate: noon.Add(time.Hour)}), leaf, ca.cert, noon)
	if err != nil || said.Standing != trust.StandsRevoked {
		t.Fatal(said, err)
	}
	older := trust.Revocation{Standing: trust.StandsGood, AsOf: noon.Add(-2 * time.Hour)}
	if now, changed := Newer(older, said); !changed || now.Standing != trust.StandsRevoked {
		t.Errorf("%+v", now)
	}
	younger := trust.Revocation{Standing: trust.StandsGood, AsOf: noon}
	if now, changed := Newer(younger, said); changed || now.Standing != trust.StandsGood {
		t.Errorf("%+v", now)
	}
	for _, broken := range [][]byte{nil, {0x30}, []byte("<html>")} {
		if said, err := Response(broken, leaf, ca.cert, noon); err == nil || said.Standing != "" {
			t.Errorf("%q: %+v", broken, said)
		}
	}
}

func FuzzResponse(f *testing.F) {
	ca := newAuthority(f, "CA", nil)
	leaf := ca.leaf(f, 5, askAt("http://127.0.0.1:1"))
	f.Add(ca.says(f, ocsp.Response{SerialNumber: big.NewInt(5), NextUpdate: noon.Add(time.Hour)}))
	f.Add(ocsp.TryLaterErrorResponse)
	f.Fuzz(func(t *testing.T, data []byte) {
		said, err := Response(data, leaf, ca.cert, noon)
		if (err == nil) == (said.Standing == "") {
			t.Errorf("%+v, %v", said, err)
		}
	})
}
