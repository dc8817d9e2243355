package certstore

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"certdesk/certstore/fail"
	"certdesk/certstore/formats"
	"certdesk/certstore/importing"
	"certdesk/certstore/trust"
)

// web is a CA's web server, and how often it was asked.
type web struct {
	*httptest.Server
	asked atomic.Int64
}

func newWeb(t *testing.T, pages map[string]http.HandlerFunc) *web {
	w := &web{}
	w.Server = httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		w.asked.Add(1)
		if page := pages[r.URL.Path]; page != nil {
			page(out, r)
			return
		}
		http.NotFound(out, r)
	}))
	t.Cleanup(w.Close)
	return w
}

func serve(data []byte) http.HandlerFunc {
	return func(out http.ResponseWriter, _ *http.Request) { out.Write(data) }
}

func redirect(to string) http.HandlerFunc {
	return func(out http.ResponseWriter, r *http.Request) { http.Redirect(out, r, to, http.StatusFound) }
}

// lacking is an answer whose issuer is to be had at the addresses, as a group.
func (f *fixture) lacking(addresses ...string) importing.Group {
	f.Helper()
	made := f.make(request("mail.example.org"))
	groups, err := f.store.InspectAll(f.Context(), files(f.ca.answerAt(f.T, made.DER, f.now.AddDate(0, 0, 90), addresses...)))
	f.must(err)
	f.must(groups[0].Err)
	return groups[0]
}

func TestAMissingIssuerIsFetchedOnAYes(t *testing.T) {
	f := newFixture(t)
	p7, err := formats.EncodePKCS7(f.ca.root, f.ca.middle)
	f.must(err)
	pages := map[string]http.HandlerFunc{"/ca.cer": serve(f.ca.middle.Raw), "/ca.pem": serve(f.ca.chain()), "/ca.p7c": serve(p7), "/moved": redirect("/ca.cer")}
	w := newWeb(t, pages)
	f.store = f.openWith(Options{Dir: f.store.Dir(), Roots: rootsOf(nil, f.ca.root), Web: http.DefaultTransport})
	for path := range pages {
		before := w.asked.Load()
		g := f.lacking(w.URL+"/gone", w.URL+path)
		if g.Found.Leaf.Verdict.Status != trust.Untrusted || w.asked.Load() != before {
			t.Fatalf("%s before anybody said yes, asked %d times", g.Found.Leaf.Verdict.Status, w.asked.Load())
		}
		var fetched importing.Group
		f.unchanged("fetching", func() { fetched, err = f.store.FetchIssuers(t.Context(), g) })
		f.must(err)
		if v := fetched.Found.Leaf.Verdict; v.Status != trust.Valid || len(fetched.Found.Gaps) != 0 || !strings.Contains(strings.Join(fetched.Found.Notes, "\n"), w.URL+path) {
			t.Errorf("%s: %s, gaps %v, notes %q", path, v.Status, fetched.Found.Gaps, fetched.Found.Notes)
		}
		e := f.importGroup(fetched)
		if e.Verdict.Status != trust.Valid || len(e.Chain) != 1 {
			t.Errorf("imported: %s, %d links", e.Verdict.Status, len(e.Chain))
		}
		f.purge(e.ID)
	}
}

// A chain of several is fetched certificate by certificate, up to the root that nobody here trusts.
func TestAWholeChainIsFetched(t *testing.T) {
	f := newFixture(t)
	w := newWeb(t, map[string]http.HandlerFunc{})
	rootKey, key := mustKey(t), mustKey(t)
	root := sign(t, caTemplate("Far Root", f.now), nil, rootKey.Public(), rootKey)
	template := caTemplate("Far Intermediate", f.now)
	template.IssuingCertificateURL = []string{w.URL + "/root"}
	middle := sign(t, template, root, key.Public(), rootKey)
	w.Config.Handler = http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		out.Write(map[string][]byte{"/root": root.Raw, "/middle": middle.Raw}[r.URL.Path])
	})
	f.ca = testCA{root, middle, key}
	f.store = f.openWith(Options{Dir: f.store.Dir(), Roots: rootsOf(nil), Web: http.DefaultTransport})
	g, err := f.store.FetchIssuers(t.Context(), f.lacking(w.URL+"/middle"))
	f.must(err)
	if len(g.Found.Leaf.Chain) != 2 || len(g.Found.Gaps) != 0 || g.Found.Leaf.Verdict.Status != trust.Untrusted {
		t.Errorf("%d links, gaps %v, %s", len(g.Found.Leaf.Chain), g.Found.Gaps, g.Found.Leaf.Verdict.Reason)
	}
}

func TestWhatIsFetchedIsTakenOnlyAsTheIssuer(t *testing.T) {
	f := newFixture(t)
	stranger := mustKey(t)
	impostor := sign(t, caTemplate("Test Intermediate", f.now), nil, stranger.Public(), stranger)
	deep := redirect("/again")
	w := newWeb(t, map[string]http.HandlerFunc{
		"/impostor": serve(impostor.Raw), "/page": serve([]byte("<html>sign in</html>")), "/big": serve(make([]byte, 512<<10+1)),
		"/again": deep, "/ftp": redirect("ftp://ca.example.org/ca.cer"), "/https": redirect("https://ca.example.org/ca.cer"),
		"/zip": serve([]byte("PK\x03\x04")),
	})
	f.store = f.openWith(Options{Dir: f.store.Dir(), Roots: rootsOf(nil, f.ca.root), Web: http.DefaultTransport})
	for path, word := range map[string]string{"/impostor": "did not sign", "/page": "web page", "/big": "512 KB", "/again": "3 times",
		"/ftp": "only http", "/https": "only http", "/gone": "404", "/zip": "not a certificate"} {
		before := f.lacking(w.URL + path)
		g, err := f.store.FetchIssuers(t.Context(), before)
		f.wants(err, fail.Failed)
		if err == nil || !strings.Contains(err.Error(), word) || len(g.Found.Leaf.Chain) != 0 || len(g.Found.Gaps) != 1 {
			t.Errorf("%s: %v, %d links", path, err, len(g.Found.Leaf.Chain))
		}
	}
	_, err := f.store.FetchIssuers(t.Context(), f.lacking("https://ca.example.org/ca.cer", "ldap://ca.example.org/"))
	f.wants(err, fail.NotFound)
}

func TestFetchingEndsWithItsContext(t *testing.T) {
	f := newFixture(t)
	hold := make(chan struct{})
	w := newWeb(t, map[string]http.HandlerFunc{"/slow": func(http.ResponseWriter, *http.Request) { <-hold }})
	t.Cleanup(func() { close(hold) })
	f.store = f.openWith(Options{Dir: f.store.Dir(), Roots: rootsOf(nil, f.ca.root), Web: http.DefaultTransport})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := f.store.FetchIssuers(ctx, f.lacking(w.URL+"/slow")); !fail.Is(err, fail.Canceled) {
		t.Error(err)
	}
}

// The transport that is used when no test gives one reaches no neighbour, whatever name or redirection leads there.
func TestOnlyPublicAddressesAreAsked(t *testing.T) {
	f := newFixture(t)
	w := newWeb(t, map[string]http.HandlerFunc{"/ca.cer": serve(f.ca.middle.Raw)})
	for _, at := range []string{w.URL, strings.Replace(w.URL, "127.0.0.1", "localhost", 1), strings.Replace(w.URL, "127.0.0.1", "[::ffff:127.0.0.1]", 1)} {
		_, err := f.store.FetchIssuers(t.Context(), f.lacking(at+"/ca.cer"))
		f.wants(err, fail.Failed)
		if err == nil || !strings.Contains(err.Error(), "public internet") {
			t.Errorf("%s: %v", at, err)
		}
	}
	if w.asked.Load() != 0 {
		t.Error("the neighbour was asked")
	}
}
