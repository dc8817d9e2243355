package certstore

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"net"
	"slices"
	"strings"
	"testing"

	"certdesk/certstore/enabling"
	"certdesk/certstore/fail"
	"certdesk/certstore/formats"
	"certdesk/certstore/issuing"
	"certdesk/certstore/ledger"
	"certdesk/certstore/names"
	"certdesk/certstore/trust"
)

// issued is the CA's answer to a request, as the test would have it.
func (f *fixture) issued(request []byte, change func(*x509.Certificate)) []byte {
	f.Helper()
	r, err := x509.ParseCertificateRequest(request)
	f.must(err)
	c := &x509.Certificate{RawSubject: r.RawSubject, DNSNames: r.DNSNames, IPAddresses: r.IPAddresses, NotBefore: f.now.AddDate(0, 0, -1),
		NotAfter: f.now.AddDate(0, 0, 90), KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true}
	change(c)
	return formats.CertPEM(sign(f.T, c, f.ca.middle, r.PublicKey, f.ca.key).Raw)
}

func codesOf(e ledger.Entry) (list []string) {
	for _, finding := range e.Verdict.Findings {
		list = append(list, finding.Code)
	}
	return list
}

var mustStaple = pkix.Extension{Id: asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 24}, Value: []byte{0x30, 3, 2, 1, 5}}

// What a CA's answer lacks of what was asked for is said before it is stored, in the list, and from the bytes.
func TestWhatAnAnswerLacksIsSaid(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*x509.Certificate)
		code   string
		words  string
	}{
		"all is there":         {func(*x509.Certificate) {}, "", ""},
		"a name":               {func(c *x509.Certificate) { c.DNSNames = []string{"MAIL.example.org"} }, "names-dropped", "autodiscover.example.org"},
		"an address":           {func(c *x509.Certificate) { c.IPAddresses = nil }, "names-dropped", "192.0.2.7"},
		"covered by another":   {func(c *x509.Certificate) { c.DNSNames = []string{"mail.example.org", "*.example.org"} }, "names-added", "*.example.org"},
		"a name more":          {func(c *x509.Certificate) { c.DNSNames = append(c.DNSNames, "www.example.org") }, "names-added", "www.example.org"},
		"no usage is no limit": {func(c *x509.Certificate) { c.KeyUsage, c.ExtKeyUsage = 0, nil }, "", ""},
		"must-staple":          {func(c *x509.Certificate) { c.ExtraExtensions = []pkix.Extension{mustStaple} }, "must-staple", "OCSP staple"},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			r := request("mail.example.org", "autodiscover.example.org")
			r.Names = append(r.Names, names.Name{Kind: names.IP, Value: "192.0.2.7"})
			made := f.make(r)
			in := files(f.issued(made.DER, c.change), f.ca.chain())
			found, err := f.store.Inspect(t.Context(), in)
			f.must(err)
			e := f.importOK(in)
			d, err := f.again().Show(t.Context(), e.ID)
			f.must(err)
			for where, e := range map[string]ledger.Entry{"before": found.Leaf, "stored": e, "listed": f.list(false)[0], "shown": d.Entry} {
				got := e.Remarks
				if c.code == "" && len(got) > 0 || c.code != "" && (len(got) != 1 || got[0].Code != c.code || !strings.Contains(got[0].Text, c.words)) {
					t.Errorf("%s: %+v", where, got)
				}
				if c.code != "" && !slices.Contains(codesOf(e), c.code) {
					t.Errorf("%s: the verdict has only %v", where, codesOf(e))
				}
				if e.Verdict.Status != trust.Valid {
					t.Errorf("%s: %s, %s", where, e.Verdict.Status, e.Verdict.Reason)
				}
			}
		})
	}
}

func TestALostUsageIsSaid(t *testing.T) {
	f := newFixture(t)
	r := request("mail.example.org")
	r.Key = issuing.KeySpec{Algorithm: "rsa", Bits: 2048}
	made := f.make(r)
	for usage, want := range map[x509.KeyUsage]trust.Severity{
		x509.KeyUsageDigitalSignature:                                trust.Info,
		x509.KeyUsageKeyEncipherment:                                 trust.Warning,
		x509.KeyUsageKeyEncipherment | x509.KeyUsageDigitalSignature: "",
	} {
		found, err := f.store.Inspect(t.Context(), files(f.issued(made.DER, func(c *x509.Certificate) { c.KeyUsage = usage }), f.ca.chain()))
		f.must(err)
		i := slices.IndexFunc(found.Leaf.Verdict.Findings, func(x trust.Finding) bool { return x.Code == "usage-dropped" })
		if (i >= 0) != (want != "") || i >= 0 && found.Leaf.Verdict.Findings[i].Severity != want {
			t.Errorf("usage %b: %+v", usage, found.Leaf.Verdict.Findings)
		}
	}
}

func TestARenewalThatLivesShorterIsSaid(t *testing.T) {
	f := newFixture(t)
	e := f.bought(request("mail.example.org")) // for 100 days
	for days, want := range map[int]bool{95: false, 47: true} {
		made := f.renewal(e.ID)
		got := f.importOK(files(f.issued(made.DER, func(c *x509.Certificate) { c.NotAfter = c.NotBefore.AddDate(0, 0, days) }), f.ca.chain()))
		if slices.Contains(codesOf(got), "shorter-than-asked") != want {
			t.Errorf("%d days: %+v", days, got.Verdict.Findings)
		}
	}
}

// What no client takes is invalid, and enabled nowhere; what certdesk alone cannot judge is unknown.
func TestWhatServersMayNotUseIsInvalid(t *testing.T) {
	critical := func(id ...int) func(*x509.Certificate) {
		return func(c *x509.Certificate) {
			c.ExtraExtensions = []pkix.Extension{{Id: id, Critical: true, Value: []byte{0x30, 0}}}
		}
	}
	for name, c := range map[string]struct {
		change func(*x509.Certificate)
		status trust.Status
		words  string
	}{
		"for clients alone":            {func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} }, trust.Invalid, "serverAuth"},
		"neither signs nor opens":      {func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageCRLSign }, trust.Invalid, "key usage"},
		"key encipherment by ECDSA":    {func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageKeyEncipherment }, trust.Invalid, "key usage"},
		"an unknown critical":          {critical(1, 2, 3, 4), trust.Invalid, "must refuse: 1.2.3.4"},
		"a critical that others read":  {critical(1, 3, 6, 1, 5, 5, 7, 1, 7), trust.Unknown, "IP address blocks; other programs may"},
		"an address that is no server": {func(c *x509.Certificate) { c.IPAddresses = []net.IP{net.IPv4zero} }, trust.Valid, ""},
	} {
		f := newFixture(t)
		made := f.make(request("mail.example.org"))
		e := f.importOK(files(f.issued(made.DER, c.change), f.ca.chain()))
		d, err := f.again().Show(t.Context(), e.ID)
		f.must(err)
		if e.Verdict.Status != c.status || !strings.Contains(e.Verdict.Reason, c.words) || d.Entry.Verdict.Reason != e.Verdict.Reason {
			t.Errorf("%s: %s %q, shown %q", name, e.Verdict.Status, e.Verdict.Reason, d.Entry.Verdict.Reason)
		}
		if _, err := f.store.PlanEnable(t.Context(), enabling.Request{ID: e.ID, Services: ledger.SMTP}); c.status != trust.Valid && !fail.Is(err, fail.Unfit) {
			t.Errorf("%s: a plan says %v", name, err)
		}
	}
}

// A CA may be constrained in ways that certdesk cannot read, and every other client can, or in a way that nobody knows.
func TestACriticalExtensionOfACA(t *testing.T) {
	directory := []byte{0x30, 0x12, 0xa0, 0x10, 0x30, 0x0e, 0xa4, 0x0c, 0x30, 0x0a, 0x31, 0x08, 0x30, 0x06, 0x06, 0x03, 0x55, 0x04, 0x0a, 0x0c}
	directory = append(directory, 0x00)
	directory[1], directory[3], directory[5], directory[7] = 0x13, 0x11, 0x0f, 0x0d
	directory[9], directory[11], directory[13] = 0x0b, 0x09, 0x07
	for name, c := range map[string]struct {
		extension pkix.Extension
		status    trust.Status
	}{
		"names of a directory": {pkix.Extension{Id: asn1.ObjectIdentifier{2, 5, 29, 30}, Critical: true, Value: directory}, trust.Unknown},
		"nobody knows it":      {pkix.Extension{Id: asn1.ObjectIdentifier{1, 2, 3, 4}, Critical: true, Value: []byte{5, 0}}, trust.Invalid},
	} {
		f := newFixture(t)
		template := caTemplate("Constrained", f.now)
		template.ExtraExtensions = []pkix.Extension{c.extension}
		rootKey, key := mustKey(t), mustKey(t)
		root := sign(t, caTemplate("Other Root", f.now), nil, rootKey.Public(), rootKey)
		f.ca = testCA{root: root, middle: sign(t, template, root, key.Public(), rootKey), key: key}
		f.store = f.again()
		made := f.make(request("mail.example.org"))
		e := f.importOK(files(f.issued(made.DER, func(*x509.Certificate) {}), f.ca.chain()))
		if e.Verdict.Status != c.status || !strings.Contains(e.Verdict.Reason, "CN=Constrained") {
			t.Errorf("%s: %s %q", name, e.Verdict.Status, e.Verdict.Reason)
		}
	}
}
