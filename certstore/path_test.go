package certstore

import (
	"bytes"
	"crypto/x509"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"certdesk/certstore/enabling"
	"certdesk/certstore/fail"
	"certdesk/certstore/formats"
	"certdesk/certstore/ledger"
	"certdesk/certstore/services"
	"certdesk/certstore/trust"
)

// ruled is a fixture whose trusted root and intermediate are made to measure, and the chain that a file brings.
func ruled(t *testing.T, root, middle func(*x509.Certificate)) (*fixture, hierarchy) {
	f := newFixture(t)
	h := newHierarchy(t, f.now)
	top := caTemplate("New Root", h.now)
	root(top)
	h.root = sign(t, top, nil, h.key.Public(), h.key)
	between := caTemplate("Middle", h.now)
	middle(between)
	h.mid = sign(t, between, h.root, h.middleKey.Public(), h.key)
	return f, h
}

// trusting opens the fixture's store with a root that its configuration names.
func (f *fixture) trusting(roots ...*x509.Certificate) {
	f.Helper()
	var text []byte
	for _, c := range roots {
		text = append(text, formats.CertPEM(c.Raw)...)
	}
	path := filepath.Join(f.TempDir(), "roots.pem")
	f.must(os.WriteFile(path, text, 0o600))
	f.store = f.openWith(Options{Dir: f.store.Dir(), Roots: rootsOf([]string{path})})
}

// vetted says why no port should be given an entry of the list.
func (f *fixture) vetted(id int64) error {
	f.Helper()
	f.store.o.Services = []services.Instance{{Use: "UM", Driver: "command", Install: f.TempDir(), Reload: []string{"/bin/true"}}}
	f.store.daemons = f.store.daemonsOf()
	p, err := f.store.PlanEnable(f.Context(), enabling.Request{ID: id, Services: ledger.UM})
	p.Discard()
	return err
}

// opensslTakes is what `openssl verify` says; ok is false where there is none.
func opensslTakes(t *testing.T, f *fixture, leaf *x509.Certificate, roots, sent []*x509.Certificate) (takes, ok bool) {
	t.Helper()
	if _, err := exec.LookPath("openssl"); err != nil {
		return false, false
	}
	dir := t.TempDir()
	write := func(name string, certs ...*x509.Certificate) string {
		var text bytes.Buffer
		for _, c := range certs {
			text.Write(formats.CertPEM(c.Raw))
		}
		path := filepath.Join(dir, name)
		f.must(os.WriteFile(path, text.Bytes(), 0o600))
		return path
	}
	err := exec.Command("openssl", "verify", "-purpose", "sslserver", "-no-CApath",
		"-attime", strconv.FormatInt(f.now.Unix(), 10),
		"-CAfile", write("roots", roots...), "-untrusted", write("sent", sent...), write("leaf", leaf)).Run()
	return err == nil, true
}

func TestAChainThatClientsRefuseIsUntrustedAndSaysWhy(t *testing.T) {
	as := func(*x509.Certificate) {}
	_, elsewhere, _ := net.ParseCIDR("192.0.2.0/24")
	for name, c := range map[string]struct {
		root, middle func(*x509.Certificate)
		want         string // in the reason; "" for a good one
	}{
		"as it should be": {as, as, ""},
		"no CA": {as, func(c *x509.Certificate) { c.IsCA = false },
			"the intermediate CN=Middle may not sign certificates: it is no CA"},
		"for clients": {as, func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} },
			"the intermediate CN=Middle may not sign certificates for servers"},
		"for servers": {as, func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth} }, ""},
		"keyCertSign": {as, func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageDigitalSignature }, "lacks keyCertSign"},
		"other names": {as, func(c *x509.Certificate) { c.PermittedDNSDomains = []string{"example.com"} },
			"the intermediate CN=Middle may not certify mail.example.org"},
		"its names": {as, func(c *x509.Certificate) { c.PermittedDNSDomains = []string{"Example.ORG"} }, ""},
		"below the dot": {as, func(c *x509.Certificate) { c.PermittedDNSDomains = []string{".mail.example.org"} },
			"may not certify mail.example.org"},
		"its names, but this": {as, func(c *x509.Certificate) { c.ExcludedDNSDomains = []string{"mail.example.org"} },
			"may not certify mail.example.org"},
		"addresses alone": {as, func(c *x509.Certificate) { c.PermittedIPRanges = []*net.IPNet{elsewhere} }, ""},
		"not yet": {as, func(c *x509.Certificate) { c.NotBefore = c.NotBefore.AddDate(2, 0, 0) },
			"the intermediate CN=Middle is not valid before"},
		"expired before its root began": {as, func(c *x509.Certificate) {
			c.NotBefore, c.NotAfter = c.NotBefore.AddDate(-2, 0, 0), c.NotBefore.AddDate(-1, 0, 0)
		}, "the intermediate CN=Middle expired on"},
		"a root with a path length": {func(c *x509.Certificate) { c.MaxPathLenZero = true }, as,
			"the trusted root CN=New Root may not stand so high: its path length allows 0 CAs below it, and the chain has 1"},
		"a root for clients": {func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} }, as,
			"the trusted root CN=New Root may not sign certificates for servers"},
		"a root that is no CA": {func(c *x509.Certificate) { c.IsCA = false }, as,
			"the trusted root CN=New Root may not sign certificates: it is no CA"},
		"a root for other names": {func(c *x509.Certificate) { c.PermittedDNSDomains = []string{"example.com"} }, as,
			"the trusted root CN=New Root may not certify"},
		"a root that expired": {func(c *x509.Certificate) { c.NotAfter = c.NotBefore.AddDate(0, 6, 0) }, as, "its root expired on"},
	} {
		f, h := ruled(t, c.root, c.middle)
		f.trusting(h.root)
		leaf := h.leaf(t, f.make(request("mail.example.org")).DER)
		e, found, err := f.store.Import(t.Context(), files(pemChain(leaf, []*x509.Certificate{h.mid})))
		f.must(err)
		v := f.list(false)[0].Verdict
		if (v.Status == trust.Valid) != (c.want == "") ||
			c.want != "" && (v.Status != trust.Untrusted || !strings.Contains(v.Reason, c.want)) {
			t.Errorf("%s: %s: %s", name, v.Status, v.Reason)
		}
		takes, asked := opensslTakes(t, f, leaf, []*x509.Certificate{h.root}, []*x509.Certificate{h.mid})
		if asked && takes != (c.want == "") {
			t.Errorf("%s: openssl thinks otherwise: is the test right?", name)
		}
		d, err := f.store.Show(t.Context(), e.ID)
		f.must(err)
		if d.Entry.Verdict.Reason != v.Reason || len(found.Gaps)+len(d.Gaps) > 0 {
			t.Errorf("%s: show says %q; missing: %v %v", name, d.Entry.Verdict.Reason, found.Gaps, d.Gaps)
		}
		err = f.vetted(e.ID)
		if fail.Is(err, fail.Unfit) != (c.want != "") ||
			c.want != "" && !strings.Contains(err.Error(), c.want[strings.Index(c.want, " ")+1:]) {
			t.Errorf("%s: enabling it: %v", name, err)
		}
	}
}

func TestOfTwoIntermediatesTheOneThatLeadsToATrustedRootStandsInTheChain(t *testing.T) {
	type certs = []*x509.Certificate
	for name, c := range map[string]struct {
		other func(t *testing.T, h hierarchy) certs // beside the good one
	}{
		"expired, with its root in the file": {func(t *testing.T, h hierarchy) certs {
			old := caTemplate("Middle", h.now)
			old.NotAfter = h.now.AddDate(0, 0, -1)
			return certs{sign(t, old, h.old, h.middleKey.Public(), h.oldKey), h.old}
		}},
		"no CA, and lasts longer": {func(t *testing.T, h hierarchy) certs {
			twin := caTemplate("Middle", h.now)
			twin.IsCA, twin.NotAfter = false, h.now.AddDate(20, 0, 0)
			return certs{sign(t, twin, h.root, h.middleKey.Public(), h.key)}
		}},
		"under a root that nobody trusts": {func(t *testing.T, h hierarchy) certs {
			twin := caTemplate("Middle", h.now)
			twin.NotAfter = h.now.AddDate(20, 0, 0)
			return certs{sign(t, twin, h.old, h.middleKey.Public(), h.oldKey), h.old}
		}},
	} {
		for _, first := range []bool{true, false} {
			f := newFixture(t)
			h := newHierarchy(t, f.now)
			f.trusting(h.root)
			leaf := h.leaf(t, f.make(request("mail.example.org")).DER)
			file := append(c.other(t, h), h.mid)
			if first {
				file = append(certs{h.mid}, c.other(t, h)...)
			}
			if e := f.importOK(files(pemChain(leaf, file))); e.Verdict.Status != trust.Valid {
				t.Errorf("%s, first %v: %s: %s", name, first, e.Verdict.Status, e.Verdict.Reason)
			}
			other := h.leaf(t, f.make(request("other.example.org")).DER)
			for _, g := range f.groups(files(pemChain(other, file), pemChain(leaf, nil))) {
				if g.Found.Leaf.Verdict.Status != trust.Valid {
					t.Errorf("%s, first %v, of several: %s", name, first, g.Found.Leaf.Verdict.Reason)
				}
			}
		}
	}
}

func TestAnIntermediateWithAPathLengthHasNoMoreBelowIt(t *testing.T) {
	for limit, want := range map[int]trust.Status{0: trust.Untrusted, 1: trust.Valid} {
		f, h := ruled(t, func(*x509.Certificate) {}, func(c *x509.Certificate) { c.MaxPathLen, c.MaxPathLenZero = limit, limit == 0 })
		f.trusting(h.root)
		above, key := h.mid, mustKey(t)
		h.mid = sign(t, caTemplate("Lower", h.now), above, key.Public(), h.middleKey)
		h.middleKey = key
		leaf := h.leaf(t, f.make(request("mail.example.org")).DER)
		v := f.importOK(files(pemChain(leaf, []*x509.Certificate{above, h.mid}))).Verdict
		if v.Status != want || (want == trust.Valid) == strings.Contains(v.Reason, "CN=Middle may not stand so high") {
			t.Errorf("path length %d: %s: %s", limit, v.Status, v.Reason)
		}
		takes, asked := opensslTakes(t, f, leaf, []*x509.Certificate{h.root}, []*x509.Certificate{above, h.mid})
		if asked && takes != (want == trust.Valid) {
			t.Errorf("path length %d: openssl thinks otherwise: is the test right?", limit)
		}
	}
}

func TestAnEntryFromBeforeFaultsWereKeptIsShownRight(t *testing.T) {
	f, h := ruled(t, func(*x509.Certificate) {}, func(c *x509.Certificate) { c.IsCA = false })
	f.trusting(h.root)
	leaf := h.leaf(t, f.make(request("mail.example.org")).DER)
	e := f.importOK(files(pemChain(leaf, []*x509.Certificate{h.mid})))
	f.store.state.ByID[e.ID].Chain[0].Fault = "" // as it was written then
	f.store.state.ByID[e.ID].Judged = 0
	if got := f.list(false)[0].Verdict.Status; got != trust.Valid {
		t.Fatalf("the list knows it all the same: %s", got)
	}
	d, err := f.store.Show(t.Context(), e.ID)
	f.must(err)
	if d.Entry.Verdict.Status != trust.Untrusted || !strings.Contains(d.Entry.Verdict.Reason, "no CA") {
		t.Errorf("show: %s: %s", d.Entry.Verdict.Status, d.Entry.Verdict.Reason)
	}
	report, err := f.store.Doctor(t.Context(), false)
	f.must(err)
	if !report.Has("chain") {
		t.Errorf("doctor: %v", report.Findings)
	}
	f.wants(f.vetted(e.ID), fail.Unfit)
}
