package evidence

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"certdesk/certstore/dnstest"
	"certdesk/certstore/names"
	"certdesk/certstore/trust"
)

// zone is what the tests' DNS knows; 9.9.9.1 leads to this host.
const zone = `
example.org. MX 10 mail.example.org.
example.org. MX 20 mx2.example.org.
example.org. MX 30 mx.elsewhere.net.
example.org. MX 40 alias.example.org.
example.org. A 9.9.9.1
example.org. CAA 0 issue "letsencrypt.org; accounturi=https://acme.test/1; validationmethods=dns-01,http-01"
example.org. CAA 0 issuewild ";"
_imaps._tcp.example.org. SRV 0 1 993 mail.example.org.
_submission._tcp.example.org. SRV 0 1 587 submit.example.org.
_submissions._tcp.example.org. SRV 0 1 465 mail.other.net.
_pop3s._tcp.example.org. SRV 0 0 0 .
_mta-sts.example.org. TXT "v=STSv1; " "id=1;"
_smtp._tls.example.org. TXT "v=TLSRPTv1; rua=mailto:a@example.org"
mail.example.org. A 9.9.9.1
_25._tcp.mail.example.org. TLSA 3 1 1 aabb
1.9.9.9.in-addr.arpa. PTR mail.example.org.
mx2.example.org. A 9.9.9.1
_25._tcp.mx2.example.org. TLSA 0 1 1 aabb
mx.elsewhere.net. A 8.8.4.4
alias.example.org. CNAME mail.example.org.
submit.example.org. A 9.9.9.1
autoconfig.example.org. A 9.9.9.1
web.example.org. CNAME web.cdn.net.
web.cdn.net. A 8.8.4.4
both.example.org. A 9.9.9.1
both.example.org. AAAA 2620:fe::9
inside.example.org. A 10.1.2.3
text.example.org. TXT "x"
nomail.example.com. MX 0 .
nomail.example.com. A 9.9.9.2
2.9.9.9.in-addr.arpa. PTR wrong.example.com.
plain.example.com. MX 10 mx.plain.example.com.
mx.plain.example.com. A 9.9.9.2
mx.plain.example.com. A 9.9.9.3
_25._tcp.mx.plain.example.com. TLSA 3 1 1 aabb
plain.example.com. MX 20 192.0.2.7.
any.example.com. CAA 0 issuewild "ca.test"
critical.example.com. CAA 128 tbs "unknown"
critical.example.com. A 9.9.9.1
mail.example.com. CAA 0 iodef "mailto:a@example.com"
bogus.example.com. A 9.9.9.1
good.example.com. A 9.9.9.1
_25._tcp.bogus.example.com. TLSA 3 1 1 aabb
tc.example.com. A 9.9.9.1
huge.example.com. A 9.9.9.1
slow.example.com. A 9.9.9.1
xn--bcher-kva.example.com. A 9.9.9.1
`

var mine = []netip.Addr{netip.MustParseAddr("9.9.9.1"), netip.MustParseAddr("9.9.9.2"), netip.MustParseAddr("9.9.9.3")}

// world holds names against a list.
func world(list ...string) World {
	return World{Names: list, Domains: []string{"example.org", "plain.example.com", "nomail.example.com"}, Own: mine, Server: "mail.example.org"}
}

// finder asks a server of the tests, which signs example.org.
func finder(t *testing.T, web http.RoundTripper) (*Finder, *dnstest.Server) {
	t.Helper()
	s := dnstest.New(t, zone, "example.org", "bogus.example.com")
	r, err := New(s.At)
	if err != nil {
		t.Fatal(err)
	}
	return NewFinder(r, web), s
}

func find(t *testing.T, f *Finder, w World, text string) Result {
	t.Helper()
	n, err := names.Normalize(text)
	if err != nil {
		t.Fatal(err)
	}
	return f.Find(t.Context(), w, n)
}

// says wants a fact with that code, severity and text.
func (r Result) says(t *testing.T, severity trust.Severity, code, text string) {
	t.Helper()
	if !slices.ContainsFunc(r.Facts, func(f trust.Finding) bool {
		return f.Code == code && f.Severity == severity && strings.Contains(f.Text, text)
	}) {
		t.Errorf("%s: no %s %s %q in", r.Name, severity, code, text)
		for _, f := range r.Facts {
			t.Logf("  %s %s: %s", f.Severity, f.Code, f.Text)
		}
	}
}

func (r Result) lacks(t *testing.T, codes ...string) {
	t.Helper()
	for _, f := range r.Facts {
		if slices.Contains(codes, f.Code) {
			t.Errorf("%s: %s: %s", r.Name, f.Code, f.Text)
		}
	}
}

const (
	info    = trust.Info
	warning = trust.Warning
	wrong   = trust.Error
)

func TestWhereANameLeads(t *testing.T) {
	t.Parallel()
	f, _ := finder(t, nil)
	for name, c := range map[string]struct {
		word     string
		severity trust.Severity
		code     string
		text     string
	}{
		"submit.example.org": {"here", info, "here", "9.9.9.1"},
		"web.example.org":    {"behind web.cdn.net", info, "elsewhere", "8.8.4.4 by way of web.cdn.net"},
		"mx.elsewhere.net":   {"elsewhere", info, "elsewhere", "8.8.4.4"},
		"both.example.org":   {"partly here", warning, "partly-here", "a CA checks IPv6 first"},
		"inside.example.org": {"elsewhere", info, "address-inside", "10.1.2.3 cannot be reached"},
		"text.example.org":   {"no address", warning, "no-address", "http-01"},
		"none.example.org":   {"not in DNS", warning, "not-in-dns", "dns-01"},
		"lame.example.com":   {"DNS does not answer", warning, "dns-silent", ""},
		"badid.example.com":  {"DNS does not answer", warning, "dns-silent", ""},
		"wrongq.example.com": {"DNS does not answer", warning, "dns-silent", ""},
		"loop.example.com":   {"no address", warning, "no-address", "by way of loop.example.com"},
		"bogus.example.com":  {"DNSSEC broken", wrong, "dnssec-bogus", "defer the mail"},
		"tc.example.com":     {"here", info, "here", "9.9.9.1"},
		"huge.example.com":   {"here", info, "here", "9.9.9.1"},
		"slow.example.com":   {"here", info, "here", "9.9.9.1"},
		"*.example.org":      {"wildcard", wrong, "caa-nobody", "a wildcard"},
		"10.0.0.1":           {"internal", info, "internal-address", ""},
		"mail.corp":          {"not in DNS", info, "internal-name", "no public CA"},
		"mail":               {"short name", info, "internal-name", "no public CA"},
		"bücher.example.com": {"here", info, "idn", "bücher.example.com in letters"},
		"раypal.example.com": {"not in DNS", warning, "mixed-scripts", "Latin and Cyrillic"},
		"a@example.org":      {"", "", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := find(t, f, world(), name)
			if r.Word != c.word {
				t.Errorf("%q, want %q: %+v", r.Word, c.word, r.Facts)
			}
			if c.code != "" {
				r.says(t, c.severity, c.code, c.text)
			}
		})
	}
}

func TestWhoMayIssue(t *testing.T) {
	f, s := finder(t, nil)
	for name, c := range map[string]struct {
		severity   trust.Severity
		code, text string
	}{
		"mail.example.org": {info, "caa-only", "CAA of example.org lets only letsencrypt.org, account https://acme.test/1, by dns-01 or http-01 issue"},
		"*.example.org":    {wrong, "caa-nobody", "lets nobody issue a wildcard"},
		"any.example.com":  {info, "caa-any", "any CA"}, "*.any.example.com": {info, "caa-only", "only ca.test issue a wildcard"},
		"mail.example.com": {info, "caa-any", "any CA"}, "critical.example.com": {wrong, "caa-nobody", "has tbs, which no CA knows"},
		"good.example.com": {info, "caa-none", "any CA may issue"},
	} {
		find(t, f, world(), name).says(t, c.severity, c.code, c.text)
	}
	if !slices.Contains(s.Asked(), "CAA com.") || slices.Contains(s.Asked(), "CAA .") {
		t.Error("the tree is climbed up to the root, and no further")
	}
	for value, want := range map[string]string{"": "", " ; ": "", "CA.test": "ca.test", "ca.test;x=1": "ca.test", " ca.test ; accounturi = u ": "ca.test, account u"} {
		if got := issuerOf(value).String(); got != want {
			t.Errorf("%q: %q, want %q", value, got, want)
		}
	}
}

// CAA is held against the accounts that are here: another account of the same CA, and another way to prove names, are
// what it refuses; of other CAs nothing is said.
func TestCAAIsHeldAgainstOurAccounts(t *testing.T) {
	f, _ := finder(t, nil)
	ours := Account{CA: "acme", Directory: "https://dir.acme.test/dir", URL: "https://acme.test/1", Method: "dns-01"}
	with := func(change func(*Account)) World {
		w, a := world(), ours
		change(&a)
		w.Accounts = []Account{a}
		return w
	}
	const all = "caa-our-account caa-other-account caa-method"
	find(t, f, with(func(*Account) {}), "mail.example.org").says(t, info, "caa-our-account", "the account that is here at acme")
	find(t, f, with(func(a *Account) { a.URL = "https://acme.test/2" }), "mail.example.org").says(t, wrong, "caa-other-account", "https://acme.test/1) than the one that is here (https://acme.test/2)")
	find(t, f, with(func(a *Account) { a.Method = "tls-alpn-01" }), "mail.example.org").says(t, wrong, "caa-method", "by dns-01 or http-01 only, and at acme they are by tls-alpn-01")
	find(t, f, with(func(a *Account) { a.URL = "https://elsewhere.test/1" }), "mail.example.org").lacks(t, strings.Fields(all)...)
	find(t, f, with(func(*Account) {}), "good.example.com").lacks(t, strings.Fields(all)...)
	byDomain := issuerOf("letsencrypt.org; validationmethods=dns-01")
	if !byDomain.of(Account{Directory: "https://acme-v02.api.letsencrypt.org/directory"}) || byDomain.of(ours) {
		t.Error("without an account in the record, the CA is known by its directory's domain")
	}
}

func TestWhatAMailDomainNeeds(t *testing.T) {
	web := policyServer(t, "text/plain", 200, "version: STSv1\r\nmode: enforce\r\nmx: mail.example.org\r\nmx: *.elsewhere.net\r\nmx: alias.example.org\r\nmax_age: 604800\r\n")
	f, _ := finder(t, web)
	list := world("example.org", "mail.example.org", "*.example.org.uk")
	r := find(t, f, list, "example.org")
	r.says(t, info, "mx-covered", "mail.example.org")
	r.says(t, warning, "mx-uncovered", "mx2.example.org")
	r.says(t, info, "mx-elsewhere", "mx.elsewhere.net")
	r.says(t, info, "srv", "imaps is at mail.example.org")
	r.says(t, warning, "srv-uncovered", "submission is at submit.example.org")
	r.says(t, info, "srv-foreign", "mail.other.net")
	r.says(t, info, "srv-none", "no pop3s")
	r.says(t, warning, "autoconfig-uncovered", "autoconfig.example.org")
	r.says(t, info, "mta-sts", "7 days")
	r.says(t, wrong, "mta-sts-mx", "does not have its MX mx2.example.org")
	r.says(t, wrong, "mta-sts-name", "wants alias.example.org")
	r.says(t, info, "tlsrpt", "rua=mailto:a@example.org")
	list.Names = []string{"example.org", "*.example.org"}
	r = find(t, f, list, "example.org")
	r.lacks(t, "mx-uncovered", "srv-uncovered", "autoconfig-uncovered", "mta-sts-name")
	find(t, f, list, "mail.example.org").says(t, info, "wildcard-covers", "*.example.org")
	find(t, f, list, "nomail.example.com").says(t, warning, "mx-null", "takes no mail")
	find(t, f, list, "plain.example.com").says(t, warning, "no-address", "")
	r = find(t, f, list, "plain.example.com")
	r.says(t, warning, "mx-address", "192.0.2.7")
}

func TestWhatAnMXIsHeldTo(t *testing.T) {
	f, _ := finder(t, nil)
	w := world("mail.example.org")
	r := find(t, f, w, "mail.example.org")
	r.says(t, info, "mx-of", "the MX of example.org (preference 10)")
	r.says(t, info, "ptr", "9.9.9.1 is called mail.example.org")
	r.says(t, warning, "tlsa-next-missing", "(3 1 1)")
	r.lacks(t, "greeting-uncovered")
	find(t, f, w, "mx2.example.org").says(t, warning, "tlsa-unusable", "does not use")
	r = find(t, f, w, "alias.example.org")
	r.says(t, warning, "mx-alias", "one of mail.example.org")
	r.says(t, warning, "tlsa-next-missing", "")
	w.Server = "ex1.example.net"
	r = find(t, f, w, "mx.plain.example.com")
	r.says(t, warning, "greeting-uncovered", "ex1.example.net")
	r.says(t, warning, "ptr-none", "9.9.9.3")
	r.says(t, warning, "ptr-unconfirmed", "wrong.example.com in reverse DNS, which does not lead back")
	r.says(t, warning, "tlsa-insecure", "DNSSEC does not prove them")
	find(t, f, w, "submit.example.org").lacks(t, "mx-of", "ptr", "tlsa-none")
}

// The AD bit is believed from a server of this host, or one that the configuration names.
func TestProofIsBelievedWhereItMayBe(t *testing.T) {
	f, _ := finder(t, nil)
	f.Resolver.servers[0].believed = false
	r := find(t, f, world(), "mail.example.org")
	r.says(t, info, "tlsa-insecure", "not validated on the way here")
	for at, want := range map[string]string{"127.0.0.1": "127.0.0.1:53", "::1": "[::1]:53", "192.0.2.1:5353": "192.0.2.1:5353", "[::1]:54": "[::1]:54"} {
		r, err := New(at)
		if err != nil || r.servers[0].at != want || !r.servers[0].believed {
			t.Error(at, r, err)
		}
	}
	for _, at := range []string{"dns.example.org", "127.0.0.1:x", "x"} {
		if _, err := New(at); err == nil {
			t.Error(at)
		}
	}
}

func TestAPolicyThatCannotBeHadIsAnError(t *testing.T) {
	for name, c := range map[string]struct {
		kind   string
		status int
		body   string
		want   string
	}{
		"another type":  {"text/html", 200, "version: STSv1\nmode: enforce\nmx: a\n", "answers 200 with \"text/html\""},
		"moved":         {"text/plain", 302, "", "answers 302"},
		"gone":          {"text/plain", 404, "", "answers 404"},
		"no version":    {"text/plain", 200, "mode: enforce\nmx: a\n", "no line version"},
		"unknown mode":  {"text/plain", 200, "version: STSv1\nmode: x\n", "its mode is"},
		"no mx":         {"text/plain", 200, "version: STSv1\nmode: testing\n", "names no mx"},
		"another's TLS": {"", 0, "", "certificate"},
	} {
		t.Run(name, func(t *testing.T) {
			web := policyServer(t, c.kind, c.status, c.body)
			if c.status == 0 {
				web.(*http.Transport).TLSClientConfig.RootCAs = x509.NewCertPool()
			}
			f, _ := finder(t, web)
			find(t, f, world("example.org"), "example.org").says(t, wrong, "mta-sts-policy", c.want)
		})
	}
}

// policyServer is the web of one host for every name.
func policyServer(t *testing.T, kind string, status int, body string) http.RoundTripper {
	t.Helper()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", kind)
		w.Header().Set("Location", "https://elsewhere.example.org/")
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	pool := x509.NewCertPool()
	pool.AddCert(server.Certificate())
	return &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, ServerName: "example.com"},
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			var d net.Dialer
			return d.DialContext(ctx, network, server.Listener.Addr().String())
		}}
}

func TestAnAnswerIsAskedForOnceAndKept(t *testing.T) {
	f, s := finder(t, nil)
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() { find(t, f, world(), "slow.example.com") })
	}
	all.Wait()
	n := 0
	for _, q := range s.Asked() {
		if q == "A slow.example.com." {
			n++
		}
	}
	if n != 1 {
		t.Errorf("asked %d times", n)
	}
}

// Half of 40 servers never answer: the others' names are there at once, and each is there in time.
func TestServersThatNeverAnswerKeepNobodyWaiting(t *testing.T) {
	t.Parallel()
	f, _ := finder(t, nil)
	began := time.Now()
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			dead := find(t, f, world(), fmt.Sprintf("n%d.drop.example.com", i))
			if dead.Word != "DNS does not answer" {
				t.Error(dead)
			}
		})
		all.Go(func() {
			if r := find(t, f, world(), "submit.example.org"); r.Word != "here" || time.Since(began) > time.Second {
				t.Error(r, time.Since(began))
			}
		})
	}
	all.Wait()
	if took := time.Since(began); took > 4*time.Second {
		t.Error(took)
	}
	ctx, end := context.WithCancel(t.Context())
	end()
	if r := f.Find(ctx, world(), names.Name{Kind: names.DNS, Value: "x.drop.example.com"}); len(r.Facts) > 1 {
		t.Error(r)
	}
}

// Who serves the accepted domains is asked by MX and SRV; a host of somebody else, and a service that is said not to be
// there, are none.
func TestWhoServesTheDomains(t *testing.T) {
	f, _ := finder(t, nil)
	got := fmt.Sprint(f.Hosts(t.Context(), []string{"example.org", "nomail.example.com", "none.example.com"}))
	want := "[{SMTP mail.example.org the MX of example.org} {SMTP mx2.example.org the MX of example.org} {SMTP alias.example.org the MX of example.org} " +
		"{IMAP mail.example.org _imaps of example.org} {SMTP submit.example.org _submission of example.org}]"
	if got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}
