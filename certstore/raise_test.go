package certstore

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"slices"
	"strings"
	"testing"

	"certdesk/certstore/fail"
	"certdesk/certstore/formats"
	"certdesk/certstore/importing"
	"certdesk/certstore/ledger"
)

// foreign is a certificate with its key, as another server exported them.
func (f *fixture) foreign(host string) importing.Request {
	f.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	f.must(err)
	csr, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{Subject: pkix.Name{CommonName: host}, DNSNames: []string{host}}, key)
	f.must(err)
	text, err := formats.KeyPEM(key)
	f.must(err)
	return files(slices.Concat(text, f.ca.answer(f.T, csr, f.now.AddDate(0, 0, 90)), f.ca.chain()))
}

// withKey is a file of an entry and its key, as somebody with root's rights can put together from the store.
func (f *fixture) withKey(e ledger.Entry) importing.Request {
	f.Helper()
	key, err := f.store.dir.Get(ledger.Keys, e.SPKI)
	f.must(err)
	return files(append(key, pemOf(f.T, f, e)...))
}

func TestAForgottenExportableIsMendedByTheFileThatHoldsTheKey(t *testing.T) {
	f := newFixture(t)
	in := f.foreign("mail.example.org")
	e := f.importOK(in)
	if e.Exportable {
		t.Fatal("exportable without being asked")
	}
	f.unchanged("the same file without a wish", func() {
		_, _, err := f.store.Import(t.Context(), in)
		f.wants(err, fail.AlreadyExists)
		if !strings.Contains(fail.Of(err).Hint, "--private-key-exportable") {
			t.Errorf("the way out is not named: %s", fail.Of(err).Hint)
		}
	})
	in.Exportable = true
	f.unchanged("what nobody confirmed", func() {
		_, _, err := f.store.Import(t.Context(), in)
		f.wants(err, fail.AlreadyExists)
	})
	in.Attach = true
	raised := f.importOK(in)
	if raised.ID != e.ID || !raised.Exportable || !f.entryAgain(e.ID).Exportable {
		t.Fatalf("not raised: %+v", raised)
	}
	history, err := f.store.History(t.Context())
	f.must(err)
	if last := history[len(history)-1]; !strings.Contains(last.Text, "may be exported from now on") || last.Who == "" {
		t.Errorf("the journal does not say so: %+v", last)
	}
	f.unchanged("once more", func() {
		_, _, err := f.store.Import(t.Context(), in)
		f.wants(err, fail.AlreadyExists)
	})
}

// entryAgain is an entry as another process reads it.
func (f *fixture) entryAgain(id int64) ledger.Entry {
	f.Helper()
	e, err := f.again().get(f.Context(), id)
	f.must(err)
	return e
}

func TestAKeyMadeHereNeverBecomesExportable(t *testing.T) {
	f := newFixture(t)
	self := request("self.example.org")
	self.SelfSigned = true
	for name, e := range map[string]ledger.Entry{"answered": f.bought(request("mail.example.org")), "self-signed": f.make(self).Entry} {
		in := f.withKey(e)
		in.Exportable, in.Attach = true, true
		f.unchanged(name, func() {
			found, err := f.store.Inspect(t.Context(), in)
			f.must(err)
			if found.Raises || len(found.Attachable) > 0 || !strings.Contains(strings.Join(found.Notes, "\n"), "made here") {
				t.Errorf("%s: %+v", name, found)
			}
			_, _, err = f.store.Import(t.Context(), in)
			f.wants(err, fail.AlreadyExists)
		})
	}
}

func TestALineThatOnlyClaimsToRaiseRaisesNothing(t *testing.T) {
	f := newFixture(t)
	e := f.bought(request("mail.example.org"))
	line := `{"entry":{"id":1,"kind":"certificate","keyKept":true,"keyExportable":true,"spki":"` + e.SPKI + `"}`
	f.write(ledger.OpAttach, line+`,"raised":true}`)
	f.write(ledger.OpImport, line+`}`)
	if f.entryAgain(e.ID).Exportable {
		t.Error("a key made here became exportable")
	}
}

func TestAReissueOnAnImportedKeyMayRaiseIt(t *testing.T) {
	f := newFixture(t)
	in := f.foreign("mail.example.org")
	e := f.importOK(in)
	key, err := f.store.dir.Get(ledger.Keys, e.SPKI)
	f.must(err)
	signer, err := formats.ParseKeyPEM(key)
	f.must(err)
	csr, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{Subject: pkix.Name{CommonName: "mail.example.org"}, DNSNames: []string{"mail.example.org"}}, signer)
	f.must(err)
	next := files(slices.Concat(key, f.ca.answer(t, csr, f.now.AddDate(0, 0, 120)), f.ca.chain()))
	next.Exportable = true
	if got := f.importOK(next); got.ID == e.ID || !got.Exportable || !f.entryAgain(e.ID).Exportable {
		t.Errorf("one key, two answers: %+v", got)
	}
}
