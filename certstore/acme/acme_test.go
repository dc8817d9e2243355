package acme_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"certdesk/certstore/acme"
	"certdesk/certstore/acme/acmetest"
	"certdesk/certstore/acme/challenge"
	"certdesk/certstore/fail"
	"certdesk/certstore/names"
)

// customer is somebody with an account.
type customer struct {
	*testing.T
	*acme.Client
	acme.Account
	key *ecdsa.PrivateKey
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func at(p *acmetest.Pebble) acme.CA {
	return acme.CA{Name: "pebble", Directory: p.Directory, Roots: p.Roots}
}

func registered(t *testing.T, ca acme.CA) customer {
	t.Helper()
	c := customer{t, acme.New(ca, time.Now), acme.Account{Key: newKey(t)}, newKey(t)}
	t.Cleanup(c.Close)
	var err error
	c.Account.URL, err = c.Register(t.Context(), c.Account.Key, acme.Registration{Contact: "anna@a.test"})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func wanted(list ...string) acme.Wanted {
	w := acme.Wanted{Profile: "tlsserver"}
	for _, name := range list {
		n, err := names.Normalize(name)
		if err != nil {
			panic(err)
		}
		w.Names = append(w.Names, n)
	}
	return w
}

func (c customer) ordered(w acme.Wanted) acme.Order {
	c.Helper()
	o, err := c.Order(c.Context(), c.Account, w)
	if err != nil {
		c.Fatal(err)
	}
	return o
}

// prove proves all names of an order, and gives what went wrong.
func (c customer) prove(web *acmetest.Web, o acme.Order) error {
	c.Helper()
	list, err := c.Authorizations(c.Context(), c.Account, o)
	if err != nil {
		c.Fatal(err)
	}
	for _, z := range list {
		if z.Status == acme.Valid {
			continue
		}
		ch, err := c.By(z, challenge.HTTP01)
		if err != nil {
			c.Fatal(err)
		}
		web.Present(c.Context(), challenge.Proof{Token: ch.Token, KeyAuthorization: ch.KeyAuthorization})
		if err := c.Begin(c.Context(), c.Account, z, ch.Type); err != nil {
			c.Fatal(err)
		}
		if err := c.Proven(c.Context(), c.Account, z, ch.Type); err != nil {
			return err
		}
	}
	return nil
}

// issued goes all the way with an order.
func (c customer) issued(web *acmetest.Web, w acme.Wanted) *x509.Certificate {
	c.Helper()
	o := c.ordered(w)
	if err := c.prove(web, o); err != nil {
		c.Fatal(err)
	}
	o, err := c.Get(c.Context(), c.Account, o.URL)
	if err != nil || o.Status != acme.Ready {
		c.Fatal(o.Status, err)
	}
	template := &x509.CertificateRequest{}
	for _, n := range w.Names {
		template.DNSNames = append(template.DNSNames, n.Value)
	}
	csr, err := x509.CreateCertificateRequest(rand.Reader, template, c.key)
	if err != nil {
		c.Fatal(err)
	}
	if o, err = c.Finalize(c.Context(), c.Account, o, csr); err == nil {
		o, err = c.Await(c.Context(), c.Account, o)
	}
	if err != nil || o.Status != acme.Valid {
		c.Fatal(o.Status, err)
	}
	chain, err := c.Chain(c.Context(), c.Account, o.Certificate)
	if err != nil {
		c.Fatal(err)
	}
	block, _ := pem.Decode(chain)
	leaf, err := x509.ParseCertificate(block.Bytes)
	if err != nil || !c.key.PublicKey.Equal(leaf.PublicKey) {
		c.Fatal("it is another's", err)
	}
	return leaf
}

func TestPebble(t *testing.T) {
	p := acmetest.Start(t, acmetest.Options{Blocked: []string{"blocked.example.test"}})
	web, front := acmetest.NewWeb(t, p), acmetest.NewFront(t, p)
	for name, test := range map[string]func(*testing.T){
		"from an order to its chain, then when to renew, then revoked": func(t *testing.T) { goesAllTheWay(t, p, web) },
		"the directory says what the CA is":                            func(t *testing.T) { tellsOfItself(t, p) },
		"an account is found by its key, and gets another":             func(t *testing.T) { rolls(t, p) },
		"what it refuses is told by name":                              func(t *testing.T) { refuses(t, p, web) },
		"what it suggests makes sense or is no suggestion":             func(t *testing.T) { suggests(t, p, web) },
		"one certificate is replaced once":                             func(t *testing.T) { replaces(t, p, web) },
		"a front that fails as authorities do":                         func(t *testing.T) { fails(t, front) },
	} {
		t.Run(name, test)
	}
}

func goesAllTheWay(t *testing.T, p *acmetest.Pebble, web *acmetest.Web) {
	c := registered(t, at(p))
	leaf := c.issued(web, wanted("mail.a.test", "a.test"))
	if days := leaf.NotAfter.Sub(leaf.NotBefore).Hours() / 24; days < 44 || days > 46 || len(leaf.DNSNames) != 2 {
		t.Errorf("%.1f days, %v", days, leaf.DNSNames)
	}
	w, suggested, err := c.Window(t.Context(), leaf)
	if err != nil || !suggested || w.Start.Before(time.Now()) || w.RetryAfter.IsZero() {
		t.Errorf("%+v %v", w, err)
	}
	for range 2 { // twice is no error
		if err := c.Revoke(t.Context(), c.Account, leaf, nil, "superseded"); err != nil {
			t.Error(err)
		}
	}
	if status := p.Status(t, leaf); !strings.Contains(status, "Revoked") || !strings.Contains(status, "4") {
		t.Error(status)
	}
	other := c.issued(web, wanted("other.a.test"))
	if err := c.Revoke(t.Context(), acme.Account{}, other, c.key, "keyCompromise"); err != nil || !strings.Contains(p.Status(t, other), "Revoked") {
		t.Error("by its own key:", err)
	}
	start := time.Now()
	w, suggested, err = c.Window(t.Context(), leaf)
	if err != nil || !suggested || w.End.After(time.Now()) || time.Since(start) > 6*time.Second {
		t.Errorf("a revoked certificate is to be renewed at once: %+v %v after %s", w, err, time.Since(start))
	}
}

func tellsOfItself(t *testing.T, p *acmetest.Pebble) {
	c := acme.New(at(p), time.Now)
	d, err := c.Directory(t.Context())
	if err != nil || d.Terms == "" || d.ExternalAccount || d.Profiles["shortlived"] != "6 days" {
		t.Errorf("%+v %v", d, err)
	}
	_, err = c.Order(t.Context(), acme.Account{}, acme.Wanted{Profile: "classic"})
	if !fail.Is(err, fail.Usage) || !strings.Contains(fail.Of(err).Hint, "tlsserver") {
		t.Error(err)
	}
	stranger := acme.New(acme.CA{Name: "pebble", Directory: p.Directory}, time.Now)
	_, err = stranger.Directory(t.Context())
	wants(t, err, "is not believed", "ca_file")
}

// wants an error with these words in its sentence and in its hint.
func wants(t *testing.T, err error, text, hint string) {
	t.Helper()
	told := fail.Of(err)
	if err == nil || !strings.Contains(told.Text, text) || !strings.Contains(told.Hint, hint) || strings.ContainsAny(told.Text, "\n\x1b") || len(told.Text) > 600 {
		t.Errorf("error %v\nhint %s\nwant %q and %q", err, told.Hint, text, hint)
	}
}

func rolls(t *testing.T, p *acmetest.Pebble) {
	c := registered(t, at(p))
	next := newKey(t)
	if url, err := c.Lookup(t.Context(), next); err != nil || url != "" {
		t.Errorf("a key without an account has %q, %v", url, err)
	}
	if err := c.Roll(t.Context(), c.Account, next); err != nil {
		t.Fatal(err)
	}
	if url, err := c.Lookup(t.Context(), next); err != nil || url != c.Account.URL {
		t.Errorf("its new key finds %q, %v", url, err)
	}
	if _, err := c.Order(t.Context(), c.Account, wanted("mail.a.test")); err == nil {
		t.Error("the old key is good for orders still")
	}
	c.Account.Key = next
	c.ordered(wanted("mail.a.test"))
}

func refuses(t *testing.T, p *acmetest.Pebble, web *acmetest.Web) {
	c := registered(t, at(p))
	_, err := c.Order(t.Context(), c.Account, wanted("mail.a.test", "blocked.example.test"))
	wants(t, err, "pebble does not certify blocked.example.test", "leave the name out")
	o := c.ordered(wanted("silent.a.test"))
	web.Deaf = true
	err = c.prove(web, o)
	web.Deaf = false
	wants(t, err, "pebble could not prove silent.a.test by http-01: it was answered something else", "port 80")
	if o, err = c.Get(t.Context(), c.Account, o.URL); err != nil || o.Status != acme.Invalid {
		t.Error(o.Status, err)
	}
	list, err := c.Authorizations(t.Context(), c.Account, c.ordered(wanted("*.a.test")))
	if err != nil || len(list) != 1 || !list[0].Wildcard || list[0].Shown() != "*.a.test" {
		t.Fatal(list, err)
	}
	_, err = c.By(list[0], challenge.HTTP01)
	wants(t, err, "pebble does not prove *.a.test by http-01", "by a record in DNS alone")
	if o, err := c.Get(t.Context(), c.Account, o.URL+"x"); err != nil || o.Status != acme.Gone {
		t.Error(o.Status, err)
	}
	stranger := acme.Account{URL: c.Account.URL + "x", Key: newKey(t)}
	if _, err := c.Order(t.Context(), stranger, wanted("mail.a.test")); !acme.IsType(err, acme.NoAccount) {
		t.Error(err)
	}
}

func suggests(t *testing.T, p *acmetest.Pebble, web *acmetest.Web) {
	c := registered(t, at(p))
	leaf := c.issued(web, wanted("ari.a.test"))
	const moved = `{"suggestedWindow":{"start":"2026-01-02T03:04:05Z","end":"2026-01-03T03:04:05Z"},"explanationURL":"https://a.test/why"}`
	p.Suggest(t, leaf, moved)
	if w, _, err := c.Window(t.Context(), leaf); err != nil || w.Explanation != "https://a.test/why" || w.End.Day() != 3 {
		t.Errorf("%+v %v", w, err)
	}
	for _, text := range []string{"not json", "{}", `{"suggestedWindow":{"start":"2026-01-02T03:04:05Z","end":"2026-01-02T03:04:05Z"}}`} {
		p.Suggest(t, leaf, text)
		start := time.Now()
		_, suggested, err := c.Window(t.Context(), leaf)
		if suggested || time.Since(start) > 6*time.Second {
			t.Errorf("%s: %v after %s", text, suggested, time.Since(start))
		}
		wants(t, err, "what pebble says of when to renew makes no sense", "by their age")
	}
	p.Suggest(t, leaf, strings.Replace(moved, "https://a.test/why", "\x1b]0;x\x07", 1))
	if w, _, err := c.Window(t.Context(), leaf); err == nil && w.Explanation != "" {
		t.Errorf("%q %v", w.Explanation, err)
	}
}

func replaces(t *testing.T, p *acmetest.Pebble, web *acmetest.Web) {
	c := registered(t, at(p))
	id, err := acme.RenewalID(c.issued(web, wanted("twice.a.test")))
	if err != nil {
		t.Fatal(err)
	}
	w := wanted("twice.a.test")
	w.Replaces = id
	c.issued(web, w)
	_, err = c.Order(t.Context(), c.Account, w)
	if !acme.IsType(err, acme.AlreadyReplaced) {
		t.Error(err)
	}
}

func fails(t *testing.T, front *acmetest.Front) {
	ca := acme.CA{Name: "pebble", Directory: front.Directory, Roots: front.Roots}
	problem := func(word, detail string) string {
		text, _ := json.Marshal(map[string]string{"type": "urn:ietf:params:acme:error:" + word, "detail": detail})
		return string(text)
	}
	hour := http.Header{"Retry-After": {"3600"}}
	for _, row := range []struct {
		name, text, hint string
		temporary        bool
		after            time.Duration
		fault            http.HandlerFunc
	}{
		{"429", "pebble takes no more of this for now: too many", "may be asked again from", true, time.Hour,
			acmetest.Says(429, hour, "application/problem+json", problem("rateLimited", "too many certificates"))},
		{"429 that says when in its text", "takes no more", "may be asked again from", true, 48 * time.Hour,
			acmetest.Says(429, nil, "application/problem+json", problem("rateLimited",
				"too many certificates, retry after "+time.Now().UTC().Add(48*time.Hour).Format(time.DateTime)+" UTC: see https://a.test"))},
		{"429 without a word", "pebble answers 429 Too Many Requests", "", true, 0, acmetest.Says(429, nil, "text/html", "<html>")},
		{"429 for a century", "takes no more", "", true, 30 * 24 * time.Hour,
			acmetest.Says(429, http.Header{"Retry-After": {"4000000000"}}, "application/problem+json", problem("rateLimited", "x"))},
		{"503", "pebble is out of order just now: it answers 503 Service Unavailable", "goes on where it stopped", true, time.Hour,
			acmetest.Says(503, hour, "text/html", "<html>\x1b[31mdown for maintenance</html>")},
		{"500 with a reason", "pebble is out of order just now: oops", "goes on", true, 0,
			acmetest.Says(500, nil, "application/problem+json", problem("serverInternal", "oops"))},
		{"HTML in the place of JSON", "it sends text/html where JSON was to be expected", "compare the address", false, 0,
			acmetest.Says(200, nil, "text/html", "<html>welcome to the hotel</html>")},
		{"no JSON", "where JSON was to be expected", "compare the address", false, 0, acmetest.Says(200, nil, "application/json", "{")},
		{"too long", "its answer is longer than 1 MB", "compare the address", false, 0,
			acmetest.Says(200, nil, "application/json", strings.Repeat(" ", 1<<20+1))},
		{"a redirect", "it answers with a redirect", "compare the address", false, 0,
			acmetest.Says(302, http.Header{"Location": {"https://127.0.0.1:1/"}}, "text/html", "")},
		{"an order without an address", "it gives the order no address", "compare the address", false, 0,
			acmetest.Says(201, nil, "application/json", `{"status":"pending"}`)},
		{"an order at an address in plain text", "it gives the order no address", "compare the address", false, 0,
			acmetest.Says(201, http.Header{"Location": {"http://a.test/o"}}, "application/json", `{"status":"pending"}`)},
		{"hostile words", `no \u{1b}[31m`, "", false, 0,
			acmetest.Says(403, nil, "application/problem+json", problem("unauthorized", "no \x1b[31m "+strings.Repeat("really ", 10000)))},
		{"new terms", "wants something of you first", "certdesk acme add", false, 0,
			acmetest.Says(403, nil, "application/problem+json", problem("userActionRequired", "terms have changed"))},
	} {
		t.Run(row.name, func(t *testing.T) {
			front.Heal()
			c := registered(t, ca)
			front.Fail(acmetest.PathOrder, row.fault)
			start := time.Now()
			_, err := c.Order(t.Context(), c.Account, wanted("mail.a.test"))
			wants(t, err, row.text, row.hint)
			if row.temporary {
				p := acme.ProblemOf(err)
				if p == nil || !p.Temporary {
					t.Fatalf("%v is not for a moment alone", err)
				}
				if wait := time.Until(p.RetryAfter); row.after > 0 && (wait < row.after-time.Minute || wait > row.after+time.Minute) || row.after == 0 && !p.RetryAfter.IsZero() {
					t.Errorf("to be asked again in %s", wait)
				}
			}
			if n := front.Asked("POST", acmetest.PathOrder); n > 3 || time.Since(start) > 20*time.Second {
				t.Errorf("it was asked %d times in %s", n, time.Since(start))
			}
		})
	}
	t.Run("nobody answers", func(t *testing.T) {
		c := acme.New(acme.CA{Name: "pebble", Directory: "https://127.0.0.1:1/dir"}, time.Now)
		ctx, stop := context.WithTimeout(t.Context(), 2*time.Second)
		defer stop()
		_, err := c.Directory(ctx)
		wants(t, err, "pebble cannot be reached: ", "goes on where it stopped")
	})
	t.Run("it is slow", func(t *testing.T) {
		front.Heal()
		c := registered(t, ca)
		front.Fail(acmetest.PathOrder, acmetest.Silent(func() {}))
		ctx, stop := context.WithTimeout(t.Context(), 300*time.Millisecond)
		defer stop()
		_, err := c.Order(ctx, c.Account, wanted("mail.a.test"))
		wants(t, err, "pebble does not answer in time", "goes on where it stopped")
	})
	t.Run("interrupted", func(t *testing.T) {
		front.Heal()
		c := registered(t, ca)
		ctx, stop := context.WithCancel(t.Context())
		front.Fail(acmetest.PathOrder, acmetest.Silent(stop))
		_, err := c.Order(ctx, c.Account, wanted("mail.a.test"))
		if !fail.Is(err, fail.Canceled) {
			t.Error(err)
		}
	})
	t.Run("a directory that is none", func(t *testing.T) {
		for _, text := range []string{"[]", "{}", `{"newNonce":"http://a.test","newAccount":"https://a.test","newOrder":"https://a.test","revokeCert":"https://a.test"}`} {
			front.Heal()
			front.Fail("/dir", acmetest.Says(200, nil, "application/json", text))
			_, err := acme.New(ca, time.Now).Directory(t.Context())
			wants(t, err, "does not answer as an ACME CA does", "compare the address")
		}
	})
	front.Heal()
}

func TestNoncesThatAreRefused(t *testing.T) {
	if os.Getenv("CERTDESK_ALL") == "" {
		t.Skip("SKIPPED without CERTDESK_ALL: it waits for all tries")
	}
	p := acmetest.Start(t, acmetest.Options{Env: []string{"PEBBLE_WFE_NONCEREJECT=100"}})
	c := acme.New(at(p), time.Now)
	ctx, stop := context.WithTimeout(t.Context(), 10*time.Second)
	defer stop()
	_, err := c.Register(ctx, newKey(t), acme.Registration{})
	if p := acme.ProblemOf(err); p == nil || !p.Temporary {
		t.Error(err)
	}
	wants(t, err, "pebble is too busy to go on", "try again")
}

func TestCustomersOfAnAuthority(t *testing.T) {
	p := acmetest.Start(t, acmetest.Options{Customers: map[string]string{"kid-1": "zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W"}})
	c := acme.New(at(p), time.Now)
	if d, err := c.Directory(t.Context()); err != nil || !d.ExternalAccount {
		t.Error(d, err)
	}
	_, err := c.Register(t.Context(), newKey(t), acme.Registration{})
	wants(t, err, "pebble wants to know which of its customers asks", "eab_kid and eab_key_file")
	_, err = c.Register(t.Context(), newKey(t), acme.Registration{EABKid: "kid-1", EABKey: strings.Repeat("A", 64)})
	wants(t, err, "pebble does not take the customer's key: ", "compare eab_kid and what eab_key_file holds")
	_, err = c.Register(t.Context(), newKey(t), acme.Registration{EABKid: "kid-9", EABKey: strings.Repeat("A", 64)})
	wants(t, err, "pebble does not take the customer's key: ", "compare eab_kid and what eab_key_file holds")
	_, err = c.Register(t.Context(), newKey(t), acme.Registration{EABKid: "kid-1", EABKey: "no key"})
	if !fail.Is(err, fail.InvalidConfig) || strings.Contains(err.Error(), "no key") {
		t.Error(err)
	}
	url, err := c.Register(t.Context(), newKey(t), acme.Registration{EABKid: "kid-1", EABKey: "zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W\n"})
	if err != nil || url == "" {
		t.Error(url, err)
	}
}

// An authority that refuses most numbers, takes its time over each proof, and has several chains is had all the same.
func TestAnAuthorityInAHurry(t *testing.T) {
	if os.Getenv("CERTDESK_ALL") == "" {
		t.Skip("SKIPPED without CERTDESK_ALL: it is slow on purpose")
	}
	p := acmetest.Start(t, acmetest.Options{Env: []string{"PEBBLE_WFE_NONCEREJECT=50", "PEBBLE_VA_NOSLEEP=0", "PEBBLE_VA_SLEEPTIME=3", "PEBBLE_ALTERNATE_ROOTS=2", "PEBBLE_CHAIN_LENGTH=2"}})
	goesAllTheWay(t, p, acmetest.NewWeb(t, p))
}
