package certstore

import (
	"crypto"
	"crypto/x509"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"certdesk/certstore/exporting"
	"certdesk/certstore/fail"
	"certdesk/certstore/formats"
	"certdesk/certstore/ledger"
	"certdesk/certstore/trust"
)

func TestAnImportCompletesWhatLackedItsCA(t *testing.T) {
	f := newFixture(t)
	lacking := f.unchained("lacking.example.org")
	removed := f.unchained("removed.example.org")
	f.remove(removed.ID)
	made := f.make(request("whole.example.org"))
	_, found, err := f.store.Import(t.Context(), files(f.ca.answer(t, made.DER, f.now.AddDate(0, 0, 90)), f.ca.chain()))
	f.must(err)
	if len(found.Completed) != 1 || !strings.HasPrefix(found.Completed[0], "lacking.example.org") {
		t.Errorf("completed %q", found.Completed)
	}
	for _, e := range f.list(false) {
		if e.Verdict.Status != trust.Valid {
			t.Errorf("%s is %s: %s", e.FriendlyName, e.Verdict.Status, e.Verdict.Reason)
		}
	}
	d, err := f.store.Show(t.Context(), lacking.ID)
	f.must(err)
	if len(d.Entry.Chain) != 1 || len(d.Gaps) != 0 {
		t.Errorf("chain %v, gaps %v", d.Entry.Chain, d.Gaps)
	}
}

// A chain is put together from those of several entries, of which none has all of it.
func TestAChainIsCompletedThroughSeveralEntries(t *testing.T) {
	f := newFixture(t)
	highKey, lowKey := mustKey(t), mustKey(t)
	rootKey := mustKey(t)
	root := sign(t, caTemplate("Deep Root", f.now), nil, rootKey.Public(), rootKey)
	high := sign(t, caTemplate("High", f.now), root, highKey.Public(), rootKey)
	low := sign(t, caTemplate("Low", f.now), high, lowKey.Public(), highKey)
	f.store = f.openWith(Options{Dir: f.store.Dir(), Roots: rootsOf(nil, root)})
	answer := func(ca *x509.Certificate, key crypto.Signer, host string) []byte {
		made := f.make(request(host))
		return testCA{middle: ca, key: key}.answer(t, made.DER, f.now.AddDate(0, 0, 90))
	}
	f.importOK(files(answer(high, highKey, "high.example.org"), formats.CertPEM(high.Raw)))
	f.importOK(files(answer(low, lowKey, "low.example.org"), formats.CertPEM(low.Raw)))
	e := f.importOK(files(answer(low, lowKey, "bare.example.org")))
	if len(e.Chain) != 2 || e.Verdict.Status != trust.Valid {
		t.Errorf("%s: %d links", e.Verdict.Status, len(e.Chain))
	}
}

// What is served is the leaf's own chain: no root, no stranger, nothing twice, nothing expired above a trusted root.
func TestWhatIsServed(t *testing.T) {
	now := newFixture(t).now
	h := newHierarchy(t, now)
	stranger := mustKey(t)
	impostor := sign(t, caTemplate("Middle", now), nil, stranger.Public(), stranger)
	oldCross := h.crossSigned(t, now.AddDate(0, 0, -3))
	type certs = []*x509.Certificate
	for name, c := range map[string]struct{ roots, file, want certs }{
		"root, twice, backwards":                {certs{h.root}, certs{h.root, h.mid, h.root, h.mid}, certs{h.mid}},
		"a stranger and one of the same name":   {certs{h.root}, certs{impostor, h.mid, h.old}, certs{h.mid}},
		"the wrong key alone":                   {certs{h.root}, certs{impostor}, nil},
		"a cross-signed root, for old clients":  {certs{h.root}, certs{h.mid, h.cross}, certs{h.mid, h.cross}},
		"a cross-signed root that has expired":  {certs{h.root}, certs{h.mid, oldCross}, certs{h.mid}},
		"the same where nothing else is known":  {nil, certs{h.mid, oldCross}, certs{h.mid, oldCross}},
		"the old root is trusted, cross-signed": {certs{h.old}, certs{h.mid, h.cross, h.old}, certs{h.mid, h.cross}},
	} {
		f := newFixture(t)
		f.store = f.openWith(Options{Dir: f.store.Dir(), Roots: rootsOf(nil, c.roots...)})
		leaf := h.leaf(t, f.make(request("mail.example.org")).DER)
		e := f.importOK(files(pemChain(leaf, c.file)))
		out := filepath.Join(t.TempDir(), "out.p7b")
		f.must(f.store.Export(t.Context(), exporting.Request{ID: e.ID, Path: out, Format: exporting.PKCS7}))
		data, err := formats.ReadFile(out)
		f.must(err)
		b, err := formats.DecodeContext(t.Context(), data, nil)
		f.must(err)
		if want := append(certs{leaf}, c.want...); !slices.EqualFunc(b.Certs, want, (*x509.Certificate).Equal) {
			t.Errorf("%s: %d certificates, want %d", name, len(b.Certs), len(want))
		}
	}
}

func TestGapsSayWhatIsMissingAndWhereItIs(t *testing.T) {
	f := newFixture(t)
	at := []string{"ldap://dir.example.org/cn=ca", "http://ca.example.org/ca.cer", "http://x.example.org/\u202e", "http://user:pw@ca.example.org/", "HTTP://CA.example.org/2"}
	made := f.make(request("mail.example.org"))
	leaf := f.ca.answerAt(t, made.DER, f.now.AddDate(0, 0, 90), at...)
	found, err := f.store.Inspect(t.Context(), files(leaf))
	f.must(err)
	if len(found.Gaps) != 1 || found.Gaps[0].Issuer != "CN=Test Intermediate" || !strings.HasPrefix(found.Gaps[0].Below, "CN=mail.example.org") {
		t.Fatalf("gaps %+v", found.Gaps)
	}
	if got, want := found.Gaps[0].Fetchable(), []string{"http://ca.example.org/ca.cer", "http://CA.example.org/2"}; !slices.Equal(got, want) {
		t.Errorf("fetchable are %q", got)
	}
	for _, word := range []string{"ldap://dir.example.org/cn=ca", "http://ca.example.org/ca.cer", "is missing"} {
		if text := found.Gaps[0].String(); !strings.Contains(text, word) || strings.Contains(text, "pw") || strings.Contains(text, "\u202e") {
			t.Errorf("it says %q", text)
		}
	}
	e := f.importOK(files(leaf))
	d, err := f.store.Show(t.Context(), e.ID)
	f.must(err)
	if len(d.Gaps) != 1 || d.Gaps[0].String() != found.Gaps[0].String() {
		t.Errorf("show says %v", d.Gaps)
	}
	f.store = f.openWith(Options{Dir: f.store.Dir(), Roots: rootsOf(nil, f.ca.middle)})
	if d, err = f.store.Show(t.Context(), e.ID); err != nil || len(d.Gaps) != 0 {
		t.Errorf("its issuer is trusted, yet missing: %v, %v", d.Gaps, err)
	}
}

// What is kept and cannot be used leaves without its key, or not at all.
func TestWhatCannotBeUsedDoesNotLeaveWithItsKey(t *testing.T) {
	f := newFixture(t)
	in := files(formatFile(t, "odd-date.pem"), formatFile(t, "key.pem"))
	in.Exportable = true
	e := f.importOK(in)
	f.wants(ledger.Usable(e), fail.Unfit)
	for _, format := range []exporting.Format{exporting.PKCS12, exporting.KeyPEM} {
		path := filepath.Join(t.TempDir(), "out")
		f.unchanged(string(format), func() {
			f.wants(f.store.Export(t.Context(), exporting.Request{ID: e.ID, Path: path, Format: format, Profile: formats.Modern, Password: []byte("x")}), fail.Unfit)
		})
	}
	f.now = f.now.AddDate(0, 1, 0)
	in = files(formatFile(t, "odd-negative-serial.pem"))
	in.Exportable, in.Attach = true, true
	e = f.importOK(in)
	path := filepath.Join(t.TempDir(), "out")
	f.unchanged("a file that could not be opened again", func() {
		f.wants(f.store.Export(t.Context(), exporting.Request{ID: e.ID, Path: path, Format: exporting.PKCS12, Profile: formats.Modern, Password: []byte("x")}), fail.UnsupportedFormat)
	})
	f.must(f.store.Export(t.Context(), exporting.Request{ID: e.ID, Path: path, Format: exporting.KeyPEM}))
	if good := f.bought(request("mail.example.org")); ledger.Usable(good) != nil {
		t.Error(ledger.Usable(good))
	}
}

// A chain that reaches a trusted root lacks nothing, and is left as it is.
func TestARootCompletesNothing(t *testing.T) {
	f := newFixture(t)
	f.bought(request("whole.example.org"))
	made := f.make(request("other.example.org"))
	f.importOK(files(f.ca.answer(t, made.DER, f.now.AddDate(0, 0, 90)), f.ca.chain(), formats.CertPEM(f.ca.root.Raw)))
	for _, e := range f.list(false) {
		if want := map[string]int{"whole.example.org": 1, "other.example.org": 2}[e.CommonName()]; len(e.Chain) != want {
			t.Errorf("%s has %d links, want %d", e.CommonName(), len(e.Chain), want)
		}
	}
}
