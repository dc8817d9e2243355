package certstore

import (
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"math/big"
	"net/http"
	"net/netip"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"certdesk/certstore/enabling"
	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
	"certdesk/certstore/trust"
)

// asking is a fixture whose CA has a web server on loopback, which the store may ask.
type asking struct {
	*fixture
	web *web

	mu   sync.Mutex
	page http.HandlerFunc
}

func newAsking(t *testing.T) *asking {
	a := &asking{fixture: newFixture(t)}
	a.web = newWeb(t, nil)
	a.web.Config.Handler = http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		a.web.asked.Add(1)
		a.mu.Lock()
		page := a.page
		a.mu.Unlock()
		page(out, r)
	})
	a.serves(http.NotFound)
	a.store = a.openAsking(false)
	return a
}

func (a *asking) openAsking(readOnly bool) *Store {
	a.Helper()
	return a.openWith(Options{Dir: a.store.Dir(), Roots: rootsOf(nil, a.ca.root), ReadOnly: readOnly,
		RevocationAllow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
}

func (a *asking) serves(page http.HandlerFunc) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.page = page
}

// crl is a list of serial numbers, that holds for a week.
func (a *asking) crl(by *x509.Certificate, key crypto.Signer, serials ...*big.Int) []byte {
	a.Helper()
	l := &x509.RevocationList{Number: big.NewInt(a.now.Unix()), ThisUpdate: a.now.Add(-time.Hour), NextUpdate: a.now.AddDate(0, 0, 7)}
	for _, serial := range serials {
		l.RevokedCertificateEntries = append(l.RevokedCertificateEntries,
			x509.RevocationListEntry{SerialNumber: serial, RevocationTime: a.now.Add(-2 * time.Hour), ReasonCode: 1})
	}
	der, err := x509.CreateRevocationList(rand.Reader, l, by, key)
	a.must(err)
	return der
}

// lists has the CA publish a list.
func (a *asking) lists(serials ...*big.Int) {
	a.serves(serve(a.crl(a.ca.middle, a.ca.key, serials...)))
}

// has imports a certificate of the CA that names its list.
func (a *asking) has(name string) (ledger.Entry, *big.Int) {
	a.Helper()
	made := a.make(request(name))
	answer := a.issued(made.DER, func(c *x509.Certificate) { c.CRLDistributionPoints = []string{a.web.URL + "/ca.crl"} })
	e := a.importOK(files(answer, a.ca.chain()))
	serial, _ := new(big.Int).SetString(e.Serial, 16)
	return e, serial
}

func (a *asking) verdict(s *Store, id int64) trust.Verdict {
	a.Helper()
	list, err := s.List(a.Context(), false)
	a.must(err)
	for _, e := range list {
		if e.ID == id {
			return e.Verdict
		}
	}
	a.Fatalf("no entry %d", id)
	return trust.Verdict{}
}

func (a *asking) want(where string, v trust.Verdict, status trust.Status, words string) {
	a.Helper()
	if v.Status != status || !strings.Contains(v.Reason, words) {
		a.Errorf("%s: %s, %q", where, v.Status, v.Reason)
	}
}

// What a CA says reaches the list, the details and whoever opens the store next, without another question; what is
// revoked is not enabled.
func TestWhatACASaysReachesEveryDoor(t *testing.T) {
	a := newAsking(t)
	e, serial := a.has("mail.example.org")
	a.lists()
	a.want("nobody asked", a.verdict(a.store, e.ID), trust.Valid, "valid until 21 Feb 2027")
	a.must(a.store.CheckRevocation(t.Context(), true, e.ID))
	a.want("good", a.verdict(a.store, e.ID), trust.Valid, "valid until 21 Feb 2027; not revoked, as of 23 Nov 2026 11:00 UTC")
	a.now = a.now.AddDate(0, 0, 2)
	a.lists(serial)
	a.must(a.store.CheckRevocation(t.Context(), true, e.ID))
	for where, s := range map[string]*Store{"here": a.store, "next": a.openAsking(false), "a reader": a.openAsking(true)} {
		asked := a.web.asked.Load()
		a.want(where, a.verdict(s, e.ID), trust.Revoked, "its CA revoked it on 25 Nov 2026 10:00 UTC (key compromise), as of 25 Nov 2026 11:00 UTC")
		d, err := s.Show(t.Context(), e.ID)
		a.must(err)
		a.want(where+", details", d.Entry.Verdict, trust.Revoked, "key compromise")
		if now := a.web.asked.Load(); now != asked {
			t.Errorf("%s: %d questions more", where, now-asked)
		}
	}
	a.unchanged("a refused enabling", func() {
		_, err := a.store.PlanEnable(t.Context(), enabling.Request{ID: e.ID, Services: ledger.SMTP})
		a.wants(err, fail.Unfit)
		if err == nil || !strings.Contains(err.Error(), "its CA revoked it") {
			t.Errorf("%v", err)
		}
	})
	if ok, found := a.doctor(false); !ok {
		t.Errorf("doctor: %v", found)
	}
}

// Enabling asks before anything is planned, and changes no byte of the store by that.
func TestEnablingAsksFirst(t *testing.T) {
	a := newAsking(t)
	e, serial := a.has("mail.example.org")
	a.lists(serial)
	a.unchanged("planning", func() {
		_, err := a.store.PlanEnable(t.Context(), enabling.Request{ID: e.ID, Services: ledger.SMTP})
		a.wants(err, fail.Unfit)
	})
	if a.web.asked.Load() != 1 {
		t.Errorf("asked %d times", a.web.asked.Load())
	}
}

// A CA that does not answer leaves a certificate unchecked: neither good nor revoked, and usable.
func TestACAThatDoesNotAnswer(t *testing.T) {
	a := newAsking(t)
	e, _ := a.has("mail.example.org")
	a.must(a.store.CheckRevocation(t.Context(), true, e.ID))
	a.want("silent", a.verdict(a.again(), e.ID), trust.RevocationCheckFailure, "/ca.crl: the server answered \"404 Not Found\"")
	if v := a.verdict(a.store, e.ID); v.Word != "unchecked" || !v.Status.Works() {
		t.Errorf("%+v", v)
	}
	more, _, err := a.store.AskCAs(t.Context())
	if a.must(err); more || a.web.asked.Load() != 1 {
		t.Errorf("asked again at once: %d", a.web.asked.Load())
	}
	a.now = a.now.Add(6 * time.Minute)
	a.lists()
	_, changed, err := a.store.AskCAs(t.Context())
	if a.must(err); !changed {
		t.Error("nothing changed")
	}
	a.want("later", a.verdict(a.store, e.ID), trust.Valid, "not revoked")
}

// All of a store is asked about behind its back, a list for all that name it; the expired, the removed and what signed
// itself are left alone.
func TestTheDeskAsksForAll(t *testing.T) {
	a := newAsking(t)
	first, serial := a.has("a.example.org")
	var last ledger.Entry
	for _, name := range []string{"b.example.org", "c.example.org"} {
		last, _ = a.has(name)
	}
	a.remove(last.ID)
	a.make(request("waiting.example.org"))
	a.lists(serial)
	_, changed, err := a.store.AskCAs(t.Context())
	if a.must(err); !changed || a.web.asked.Load() != 1 {
		t.Errorf("changed %t, %d questions", changed, a.web.asked.Load())
	}
	a.want("the first", a.verdict(a.store, first.ID), trust.Revoked, "key compromise")
	if _, changed, err = a.store.AskCAs(t.Context()); changed || err != nil {
		t.Errorf("asked again: %v", err)
	}
	if text, err := os.ReadFile(a.inStore("cache", "revocation")); err != nil || strings.Contains(string(text), last.SHA256) {
		t.Errorf("%s, %v", text, err)
	}
}

// Who only reads a store asks when a person does, keeps nothing, and asks nobody behind his back.
func TestAReaderAsksOnlyWhenAPersonDoes(t *testing.T) {
	a := newAsking(t)
	e, serial := a.has("mail.example.org")
	a.lists(serial)
	reader := a.openAsking(true)
	a.unchanged("a reader", func() {
		_, changed, err := reader.AskCAs(t.Context())
		if a.must(err); changed || a.web.asked.Load() != 0 {
			t.Errorf("changed %t, %d questions", changed, a.web.asked.Load())
		}
		a.must(reader.CheckRevocation(t.Context(), true, e.ID))
		a.want("a reader", a.verdict(reader, e.ID), trust.Revoked, "key compromise")
	})
}

// A CA above that was revoked takes what it signed with it, whatever its own list says.
func TestARevokedIntermediate(t *testing.T) {
	a := newAsking(t)
	rootKey, key := mustKey(t), mustKey(t)
	root := sign(t, caTemplate("Far Root", a.now), nil, rootKey.Public(), rootKey)
	template := caTemplate("Far Intermediate", a.now)
	template.CRLDistributionPoints = []string{a.web.URL + "/root.crl"}
	a.ca = testCA{root, sign(t, template, root, key.Public(), rootKey), key}
	a.store = a.openAsking(false)
	e, _ := a.has("mail.example.org")
	good, bad := a.crl(a.ca.middle, a.ca.key), a.crl(root, rootKey, a.ca.middle.SerialNumber)
	a.serves(func(out http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/root.crl" {
			_, _ = out.Write(bad)
			return
		}
		_, _ = out.Write(good)
	})
	a.must(a.store.CheckRevocation(t.Context(), true, e.ID))
	a.want("below", a.verdict(a.store, e.ID), trust.Revoked, "of its issuer CN=Far Intermediate: its CA revoked it")
}

// What the cache holds is nobody's word but the CA's: a damaged file is as good as none.
func TestADamagedCacheIsNone(t *testing.T) {
	a := newAsking(t)
	e, serial := a.has("mail.example.org")
	a.lists(serial)
	a.must(a.store.CheckRevocation(t.Context(), true, e.ID))
	a.must(os.WriteFile(a.inStore("cache", "revocation"), []byte("{damaged"), 0o600))
	s := a.openAsking(false)
	a.want("damaged", a.verdict(s, e.ID), trust.Valid, "valid until")
	a.must(s.CheckRevocation(t.Context(), true, e.ID))
	a.want("asked", a.verdict(s, e.ID), trust.Revoked, "key compromise")
	if a.web.asked.Load() != 1 {
		t.Errorf("the list was fetched %d times", a.web.asked.Load())
	}
}
