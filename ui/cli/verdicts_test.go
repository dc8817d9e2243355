package cli

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"os"
	"os/exec"
	"slices"
	"testing"
	"time"

	"certdesk/certstore/daemontest"
	"certdesk/certstore/trust"
	"certdesk/ui/cli/wire"
)

const day = 24 * time.Hour

// import1 imports a pair, and has it looked at.
func (d *doorway) import1(p daemontest.Pair, more ...string) wire.Entry {
	d.t.Helper()
	file := d.write("pair.pem", string(p.Chain)+string(p.Key))
	e := d.entry(append([]string{"import", file}, more...)...)
	d.thumbprint = e.Thumbprint
	return e
}

// issued imports a certificate of the CA that lives from and to so many days from now.
func (d *doorway) issued(from, to int, change func(*x509.Certificate), more ...string) daemontest.Pair {
	d.t.Helper()
	p := d.ca.Issue(d.t, daemontest.Wish{Names: []string{"mail.example.org", "localhost"}, Change: change,
		From: d.now.Add(time.Duration(from) * day), Until: d.now.Add(time.Duration(to)*day - time.Minute)})
	d.import1(p, more...)
	return p
}

func (d *doorway) plain(change func(*x509.Certificate), more ...string) {
	d.t.Helper()
	d.issued(-10, 80, change, more...)
}

// Every door says the same of each status: word, sign, reason, next step and, for monitoring, the exit status.
func TestEveryDoorSaysEachStatus(t *testing.T) {
	named := func(d *doorway) func(*x509.Certificate) {
		return func(c *x509.Certificate) { c.CRLDistributionPoints = []string{d.url} }
	}
	for name, c := range map[string]struct {
		make func(d *doorway)
		want verdict
	}{
		"valid": {func(d *doorway) { d.publishes(); d.plain(named(d)) },
			verdict{status: trust.Valid, word: "valid", sign: "*", reason: "; not revoked, as of "}},
		"self-signed": {func(d *doorway) { d.thumbprint = d.selfSigned("own.example.org", "--services", "None").Thumbprint },
			verdict{status: trust.Valid, word: "valid", sign: "*", reason: "self-signed; valid until "}},
		"expiring": {func(d *doorway) { d.issued(-70, 20, nil) },
			verdict{status: trust.Expiring, word: "expiring", sign: "!", reason: "expires in 19 days, on ", advice: "`certdesk renew` renews it", check: 1}},
		"expired": {func(d *doorway) { d.issued(-70, -3, nil) },
			verdict{status: trust.DateInvalid, word: "expired", sign: "x", reason: "3 days ago", advice: "`certdesk renew` renews it", check: 2}},
		"not yet": {func(d *doorway) { d.issued(5, 80, nil) },
			verdict{status: trust.DateInvalid, word: "not yet valid", sign: "x", reason: "this server's clock says", advice: "enable it from", check: 1}},
		"revoked": {func(d *doorway) { d.publishes(d.issued(-10, 80, named(d)).Cert) },
			verdict{status: trust.Revoked, word: "revoked", sign: "x", reason: "(key compromise), as of ", advice: "asks for another one", check: 2}},
		"unchecked": {func(d *doorway) { d.plain(named(d)) },
			verdict{status: trust.RevocationCheckFailure, word: "unchecked", sign: "?", reason: "404", advice: "may reach that address", check: 1}},
		"an unknown root": {func(d *doorway) { d.import1(daemontest.NewCA(d.t).Issue(d.t, daemontest.Wish{})) },
			verdict{status: trust.Untrusted, word: "untrusted", sign: "x", reason: "its chain ends at an issuer who is neither here nor trusted: CN=Test Root",
				advice: "imports the missing CA certificate", check: 1}},
		"a root of somebody's": {func(d *doorway) {
			other := daemontest.NewCA(d.t)
			d.import1(other.Issue(d.t, daemontest.Wish{}).With(other.Middle, other.Root))
		}, verdict{status: trust.Untrusted, word: "untrusted", sign: "x", reason: "its root is trusted neither by the system nor by the configuration",
			advice: "if that root is yours", check: 1}},
		"no intermediate": {func(d *doorway) {
			p := d.ca.Issue(d.t, daemontest.Wish{})
			p.Chain = p.Leaf
			d.import1(p)
		}, verdict{status: trust.Untrusted, word: "untrusted", sign: "x", reason: "the certificate of its CA is missing here: CN=Test Intermediate",
			advice: "imports the missing CA certificate", check: 1}},
		"not for servers": {func(d *doorway) {
			d.plain(func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} })
		}, verdict{status: trust.Invalid, word: "invalid", sign: "x", reason: "it is not made for servers", advice: "imports a good one", check: 2}},
		"pending": {func(d *doorway) {
			e, _ := d.request("mail.example.org")
			d.thumbprint, d.now = e.Thumbprint, d.now.Add(50*time.Hour)
			d.selfSigned("other.example.org", "--services", "None")
		}, verdict{status: trust.PendingRequest, word: "pending", sign: ".", reason: "waits for the CA's answer since", advice: "`certdesk import` imports the answer"}},
		"roots that cannot be read": {func(d *doorway) {
			d.plain(nil)
			d.write("certdesk.toml", "trust = [\""+d.path("no.pem")+"\"]\ndiscover = false\n")
		}, verdict{status: trust.Unknown, word: "unknown", sign: "?", reason: "could not be read", check: 1}},
		"the old one is served": {func(d *doorway) {
			v := d.newVoice("IMAP", "imaps")
			d.issued(-20, 70, nil)
			d.must("enable", d.thumbprint, "--services", "IMAP")
			old := v.pair
			d.plain(nil)
			d.must("enable", d.thumbprint, "--services", "IMAP", "--force")
			v.pair = old
		}, verdict{status: trust.NotServed, word: "old one served", sign: "x", reason: "still serves the old certificate",
			advice: "`certdesk enable` reloads", check: 2, code: "not-served", severity: trust.Error}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := &doorway{recalls: newRecalls(t)}
			c.make(d)
			d.agree(c.want)
		})
	}
}

// extension is one of a template, beside those that the library writes.
func extension(id asn1.ObjectIdentifier, value ...byte) func(*x509.Certificate) {
	return func(c *x509.Certificate) {
		c.ExtraExtensions = append(c.ExtraExtensions, pkix.Extension{Id: id, Value: value})
	}
}

// answered completes a request for two names with what the CA makes of it.
func (d *doorway) answered(change func(*x509.Certificate), more ...string) {
	d.t.Helper()
	_, text := d.request("mail.example.org", append([]string{"--domain-name", "imap.example.org", "--key-algorithm", "ecdsa-p256"}, more...)...)
	d.importAnswer(text, change)
}

// importAnswer imports what the CA makes of a request, and has it looked at.
func (d *doorway) importAnswer(request string, change func(*x509.Certificate)) {
	d.t.Helper()
	answer := d.ca.Answers(d.t, request, daemontest.Wish{Change: change})
	d.thumbprint = d.entry("import", d.write("answer.pem", string(answer))).Thumbprint
}

// openssl imports a certificate that signs itself as openssl makes it, and has it looked at.
func (d *doorway) openssl(more ...string) {
	d.t.Helper()
	daemontest.Need(d.t, "openssl")
	cert, key := d.path("own.pem"), d.path("own.key")
	args := append([]string{"req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "90",
		"-subj", "/CN=own.example.org", "-addext", "subjectAltName=DNS:own.example.org", "-addext", "basicConstraints=critical,CA:FALSE",
		"-out", cert, "-keyout", key}, more...)
	if out, err := exec.Command("openssl", args...).CombinedOutput(); err != nil {
		d.t.Fatalf("%v\n%s", err, out)
	}
	d.thumbprint = d.entry("import", cert, key).Thumbprint
}

// Every door says the same of each finding, with its one next step.
func TestEveryDoorSaysEachFinding(t *testing.T) {
	valid := verdict{status: trust.Valid, word: "valid", sign: "*", reason: "valid until"}
	remarked := func(code string, severity trust.Severity, advice string) verdict {
		v := valid
		v.code, v.severity, v.advice = code, severity, advice
		if severity != trust.Info {
			v.reason = "; but "
		}
		return v
	}
	staple := remarked("must-staple", trust.Error, "ask the CA for one without must-staple")
	staple.check = 1
	cases := map[string]struct {
		make func(d *doorway)
		want verdict
	}{
		"expires-soon": {func(d *doorway) { d.issued(-88, 2, nil) }, verdict{status: trust.Expiring, word: "expiring", sign: "!", reason: "expires in 47 hours",
			advice: "`certdesk renew` renews it", check: 2, code: "expires-soon", severity: trust.Error}},
		"short-lived": {func(d *doorway) { d.issued(0, 9, nil) }, remarked("short-lived", trust.Info, "")},
		"weak-key": {func(d *doorway) {
			key, err := rsa.GenerateKey(rand.Reader, 1024)
			if err != nil {
				d.t.Fatal(err)
			}
			d.import1(d.ca.IssueFor(d.t, key, daemontest.Wish{}))
		}, remarked("weak-key", trust.Warning, "makes a new key")},
		"weak-signature": {func(d *doorway) { d.openssl("-sha1") }, remarked("weak-signature", trust.Warning, "SHA-256")},
		"no-names":       {func(d *doorway) { d.plain(func(c *x509.Certificate) { c.DNSNames = nil }) }, remarked("no-names", trust.Warning, "makes a new key")},
		"cn-not-in-names": {func(d *doorway) { d.plain(func(c *x509.Certificate) { c.Subject.CommonName = "other.example.org" }) },
			remarked("cn-not-in-names", trust.Warning, "asks for one that has it")},
		"must-staple": {func(d *doorway) {
			d.plain(extension(asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 24}, 0x30, 3, 2, 1, 5))
		}, staple},
		"any-usage": {func(d *doorway) {
			d.plain(func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageAny} })
		},
			remarked("any-usage", trust.Warning, "ask the CA for another")},
		"usage-too-narrow": {func(d *doorway) {
			d.import1(d.ca.Issue(d.t, daemontest.Wish{RSA: true, Change: func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageKeyEncipherment }}))
		}, remarked("usage-too-narrow", trust.Warning, "ask the CA for another")},
		"ca-flag": {func(d *doorway) {
			d.import1(daemontest.SelfSigned(d.t, daemontest.Wish{Change: func(c *x509.Certificate) { c.IsCA, c.KeyUsage = true, 0 }}))
		}, remarked("ca-flag", trust.Warning, "makes a new key")},
		"breaks-rule":          {func(d *doorway) { d.openssl("-set_serial", "-5") }, remarked("breaks-rule", trust.Warning, "ask the CA for another")},
		"no-revocation-source": {func(d *doorway) { d.plain(nil) }, remarked("no-revocation-source", trust.Info, "")},
		"crl-rolled-back": {func(d *doorway) {
			d.publishes()
			older := *d.list.Load()
			d.publishes()
			d.plain(func(c *x509.Certificate) { c.CRLDistributionPoints = []string{d.url} })
			d.must("show", d.thumbprint)
			d.list.Store(&older)
			d.now = d.now.Add(28 * time.Hour)
		}, remarked("crl-rolled-back", trust.Warning, "tell the CA")},
		"revocation-overdue": {func(d *doorway) {
			d.publishes()
			d.plain(func(c *x509.Certificate) { c.CRLDistributionPoints = []string{d.url} })
			d.must("show", d.thumbprint)
			d.list.Store(nil)
			d.now = d.now.Add(28 * time.Hour)
		}, remarked("revocation-overdue", trust.Info, "")},
		"names-dropped": {func(d *doorway) { d.answered(func(c *x509.Certificate) { c.DNSNames = c.DNSNames[:1] }) },
			remarked("names-dropped", trust.Warning, "ask the CA for another")},
		"names-added": {func(d *doorway) {
			d.answered(func(c *x509.Certificate) { c.DNSNames = append(c.DNSNames, "www.example.org") })
		}, remarked("names-added", trust.Info, "")},
		"usage-dropped": {func(d *doorway) { d.answered(func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageKeyEncipherment }) },
			verdict{status: trust.Invalid, word: "invalid", sign: "x", reason: "key usage", advice: "imports a good one", check: 2, code: "usage-dropped", severity: trust.Warning}},
		"shorter-than-asked": {func(d *doorway) {
			d.issued(-10, 80, nil)
			path := d.path("renewal.req")
			d.must("renew", d.thumbprint, "--path", path)
			text, err := os.ReadFile(path)
			if err != nil {
				d.t.Fatal(err)
			}
			d.importAnswer(string(text), func(c *x509.Certificate) { c.NotAfter = c.NotBefore.AddDate(0, 0, 40) })
		}, remarked("shorter-than-asked", trust.Warning, "renewed in time")},
		"wildcard-mail": {func(d *doorway) {
			d.import1(d.ca.Issue(d.t, daemontest.Wish{Names: []string{"*.example.org"}}), "--services", "IMAP")
		}, remarked("wildcard-mail", trust.Info, "`certdesk enable` enables it for IMAP")},
		"superseded": {func(d *doorway) {
			d.plain(nil)
			older := d.thumbprint
			d.issued(-1, 90, func(c *x509.Certificate) { // its names begin with another
				c.DNSNames = append([]string{"a.example.org"}, c.DNSNames...)
			})
			d.thumbprint = older
		}, remarked("superseded", trust.Info, "")},
		"issuer-ends-first": {func(d *doorway) { d.issued(-10, 3700, nil) }, remarked("issuer-ends-first", trust.Info, "")},
	}
	elsewhere := []string{"not-served", "chain-unreadable", // a status, and what show alone reads
		"lifetime-too-long", "renewals-shorten", "internal-names", "client-auth-missing", "client-auth-going", "root-is-young"} // public CAs
	for _, k := range trust.Kinds {
		if _, here := cases[k.Code]; !here && !slices.Contains(elsewhere, k.Code) {
			t.Errorf("no door was looked through for %s", k.Code)
		}
	}
	for code, c := range cases {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			d := &doorway{recalls: newRecalls(t)}
			c.make(d)
			d.agree(c.want)
		})
	}
}

// Every door says the same of what binds CAs in browsers alone. The system's roots are read once a process, so these
// are those of a process of their own.
func TestEveryDoorSaysWhatBindsPublicCAs(t *testing.T) {
	const within = "CERTDESK_TEST_PUBLIC"
	if os.Getenv(within) == "" {
		t.Parallel()
		cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
		cmd.Env = append(os.Environ(), within+"=1", "SSL_CERT_DIR=/nonexistent", "SSL_CERT_FILE="+t.TempDir()+"/roots.pem")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
		return
	}
	r := newRecalls(t)
	if err := os.WriteFile(os.Getenv("SSL_CERT_FILE"), daemontest.PEM(r.ca.Root), 0o600); err != nil {
		t.Fatal(err)
	}
	r.write("certdesk.toml", "discover = false\n")
	limit := 398 // by the day on which the test runs
	for day, days := range map[string]int{"2026-03-15": 200, "2027-03-15": 100, "2029-03-15": 47} {
		if from, _ := time.Parse(time.DateOnly, day); r.now.AddDate(0, 0, -10).After(from) {
			limit = min(limit, days)
		}
	}
	for code, c := range map[string]struct {
		days     int
		change   func(*x509.Certificate)
		services string
		severity trust.Severity
	}{
		"lifetime-too-long": {limit + 1, nil, "None", trust.Warning},
		"root-is-young":     {40, nil, "None", trust.Info},
		"internal-names":    {40, func(c *x509.Certificate) { c.DNSNames = append(c.DNSNames, "ex2007ee.local") }, "None", trust.Warning},
		"client-auth-missing": {40, func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth} },
			"SMTP", trust.Info},
	} {
		d := &doorway{recalls: &recalls{ports: r.ports, url: r.url}}
		d.issued(-10, c.days-10, func(leaf *x509.Certificate) {
			leaf.DNSNames = []string{"mail.example.org"}
			if c.change != nil {
				c.change(leaf)
			}
		}, "--services", c.services)
		e := d.entry("show", d.thumbprint)
		if !slices.ContainsFunc(e.Findings, func(f wire.Finding) bool { return f.Code == code && f.Severity == c.severity }) {
			t.Errorf("%s: %+v", code, e.Findings)
		}
		for _, door := range doors {
			d.says(door.name, flat(door.text(d)), door.tells, "*", e)
		}
		d.must("remove", d.thumbprint, "--yes")
	}
}
