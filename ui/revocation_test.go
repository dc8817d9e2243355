package ui_test

import (
	"crypto/x509"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/daemontest"
	"certdesk/certstore/importing"
	"certdesk/ui"
	"certdesk/ui/screen"
	"certdesk/ui/uitest"
)

// A row says what the CA says once that has come, and says it anew at the next round; a desk that only reads asks
// nobody.
func TestTheDeskAsksCAsBehindItsBack(t *testing.T) {
	ca := daemontest.NewCA(t)
	var list atomic.Pointer[[]byte]
	var asked atomic.Int64
	s := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		if data := list.Load(); data != nil {
			_, _ = out.Write(*data)
			return
		}
		http.NotFound(out, r)
	}))
	defer s.Close()
	p := ca.Issue(t, daemontest.Wish{Change: func(c *x509.Certificate) { c.CRLDistributionPoints = []string{s.URL + "/ca.crl"} }})
	now := time.Now()
	dir := filepath.Join(t.TempDir(), "store")
	open := func(readOnly bool) *uitest.Driver {
		store, err := certstore.Open(certstore.Options{Dir: dir, ReadOnly: readOnly, Roots: ca.Roots(),
			Now:             func() time.Time { return now },
			RevocationAllow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
		if err != nil {
			t.Fatal(err)
		}
		if !readOnly {
			if _, _, err := store.Import(t.Context(), importing.Request{Sources: []importing.Source{{Data: append(p.Chain, p.Key...)}}}); err != nil {
				t.Fatal(err)
			}
		}
		c := uitest.Hub()
		c.Store, c.Now = store, func() time.Time { return now }
		return uitest.Drive(t, c, 80, 24)
	}
	r := open(false)
	r.Sees("1 valid")
	r.Run(r.App.AskCAs())
	r.Sees("unchecked", "works, but whether it was revoked is not known")
	data := ca.Revokes(t, p.Cert)
	list.Store(&data)
	now = now.Add(10 * time.Minute)
	r.Send(screen.TimerMsg{Msg: ui.CAsDueMsg{}})
	r.Sees("revoked", "is refused by clients: its CA revoked it on", "R asks for another one")
	r.SeesNot("e enable")
	r.Keys("enter")
	r.Sees("revoked", "Revocation", "key compromise", s.URL)

	before := asked.Load()
	reader := open(true)
	reader.Run(reader.App.AskCAs())
	reader.Sees("revoked")
	if asked.Load() != before {
		t.Error("a desk that only reads has asked")
	}
}
