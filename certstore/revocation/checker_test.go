package revocation

import (
	"context"
	"crypto/x509"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"certdesk/certstore/fetching"
	"certdesk/certstore/trust"
)

// Whom a certificate names, and how that fails: named, in time, and never good.
func TestHowAskingFails(t *testing.T) {
	ca, w := newAuthority(t, "CA", nil), newWeb(t)
	good := ca.crl(t, nil)
	w.serve("/good.crl", good)
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer silent.Close()
	w.page("/loop", func(rw http.ResponseWriter, r *http.Request) { http.Redirect(rw, r, "/loop", http.StatusFound) })
	w.page("/two", func(rw http.ResponseWriter, r *http.Request) { http.Redirect(rw, r, "/one", http.StatusFound) })
	w.page("/one", func(rw http.ResponseWriter, r *http.Request) { http.Redirect(rw, r, "/good.crl", http.StatusFound) })
	w.page("/secure", func(rw http.ResponseWriter, r *http.Request) {
		http.Redirect(rw, r, "https://127.0.0.1/x", http.StatusFound)
	})
	w.page("/neighbour", func(rw http.ResponseWriter, r *http.Request) {
		http.Redirect(rw, r, "http://169.254.169.254/latest", http.StatusFound)
	})
	w.page("/huge", func(rw http.ResponseWriter, _ *http.Request) {
		for piece := make([]byte, 1<<20); ; {
			if _, err := rw.Write(piece); err != nil {
				return
			}
		}
	})
	w.page("/said-huge", func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Length", "99999999999")
		rw.WriteHeader(http.StatusOK)
	})
	zipped := false
	w.page("/zip", func(rw http.ResponseWriter, r *http.Request) {
		zipped = r.Header.Get("Accept-Encoding") != "identity"
		rw.Header().Set("Content-Encoding", "gzip")
		_, _ = rw.Write([]byte("\x1f\x8b\x08\x00"))
	})
	for name, c := range map[string]struct {
		names func(*x509.Certificate)
		says  string // "" for good
	}{
		"two redirects":         {listAt(w.URL + "/two"), ""},
		"the second address":    {listAt("ldap://127.0.0.1/cn=ca", "http://127.0.0.1:1/x", w.URL+"/good.crl"), ""},
		"a redirect loop":       {listAt(w.URL + "/loop"), "redirected more than 2 times"},
		"a redirect to https":   {listAt(w.URL + "/secure"), "only http is followed"},
		"a private address":     {listAt("http://10.1.2.3/x.crl"), "10.1.2.3:80 is no public address, and revocation_allow"},
		"by a redirect":         {listAt(w.URL + "/neighbour"), "169.254.169.254:80 is no public address"},
		"its own host":          {listAt("http://[::1]:80/x.crl"), "[::1]:80 is no public address"},
		"a private responder":   {askAt("http://192.168.0.1/"), "192.168.0.1:80 is no public address"},
		"nobody there":          {listAt("http://127.0.0.1:1/x.crl"), "connection refused"},
		"not found":             {listAt(w.URL + "/none"), `the server answered "404 Not Found"`},
		"without an end":        {listAt(w.URL + "/huge"), "longer than 10 MB"},
		"said to be too long":   {listAt(w.URL + "/said-huge"), "longer than 10 MB"},
		"a zipped answer":       {listAt(w.URL + "/zip"), "not a revocation list"},
		"ldap alone":            {listAt("ldap://127.0.0.1/cn=ca"), "by http alone: ldap://127.0.0.1/cn=ca"},
		"https alone":           {listAt("https://127.0.0.1/ca.crl"), "by http alone: https://127.0.0.1/ca.crl"},
		"a file":                {listAt("file:///etc/passwd"), "by http alone: file:///etc/passwd"},
		"https responder":       {askAt("https://127.0.0.1/"), "by http alone: https://127.0.0.1/"},
		"a silent server":       {listAt("http://" + silent.Addr().String() + "/x.crl"), "no answer came in time"},
		"a silent responder":    {askAt("http://" + silent.Addr().String() + "/"), "no answer came in time"},
		"a name that is none":   {listAt("http://certdesk.invalid/x.crl"), "certdesk.invalid/x.crl: "},
		"an address for people": {listAt("http://user:secret@127.0.0.1/x.crl"), "only http is asked"},
	} {
		t.Run(name, func(t *testing.T) {
			wait := 10 * time.Second
			if strings.Contains(name, "silent") {
				wait = 200 * time.Millisecond
			}
			ctx, stop := context.WithTimeout(t.Context(), wait)
			defer stop()
			var r trust.Revocation
			house(noon).Ask(ctx, []Subject{{Cert: ca.leaf(t, 5, c.names), Issuer: ca.cert}}, func(_ int, now trust.Revocation) { r = now })
			if (r.Standing == trust.StandsGood) != (c.says == "") || !strings.Contains(r.Trouble, c.says) {
				t.Errorf("%+v", r)
			}
			if c.says != "" && (r.Standing != "" || !r.Failed(noon) || r.Tries != 1 || !r.Due.After(noon)) {
				t.Errorf("%+v", r)
			}
		})
	}
	if zipped {
		t.Error("a zipped answer was asked for")
	}
	if r := house(noon).one(t, ca.leaf(t, 5, func(*x509.Certificate) {}), ca.cert); r.Standing != trust.StandsNowhere || r.Failed(noon) {
		t.Errorf("a certificate that names nobody: %+v", r)
	}
}

// Addresses that nobody allowed are not dialled, whatever name leads to them.
func TestLoopbackIsNotAskedUnlessItIsAllowed(t *testing.T) {
	ca, w := newAuthority(t, "CA", nil), newWeb(t)
	w.serve("/x.crl", ca.crl(t, nil))
	_, port, _ := net.SplitHostPort(w.Listener.Addr().String())
	c := house(noon)
	c.Web = fetching.Web{}
	for _, host := range []string{"127.0.0.1", "localhost", "0.0.0.0", "[::ffff:127.0.0.1]", "2130706433"} {
		r := c.one(t, ca.leaf(t, 5, listAt("http://"+host+":"+port+"/x.crl")), ca.cert)
		if r.Standing != "" || r.Trouble == "" {
			t.Errorf("%s: %+v", host, r)
		}
	}
	if w.questions() != 0 {
		t.Errorf("it was asked: %q", w.asked)
	}
}

// OCSP is asked where no list can be, and only there.
func TestAListComesBeforeAResponder(t *testing.T) {
	ca, w := newAuthority(t, "CA", nil), newWeb(t)
	at := w.serve("/x.crl", ca.crl(t, nil, revokedAs(5, 1)))
	both := func(urls ...string) *x509.Certificate {
		return ca.leaf(t, 5, func(c *x509.Certificate) { listAt(urls...)(c); askAt(w.URL + "/ocsp")(c) })
	}
	if r := house(noon).one(t, both(at), ca.cert); r.Standing != trust.StandsRevoked || w.questions() != 1 {
		t.Errorf("%+v after %q", r, w.asked)
	}
	house(noon).one(t, both("ldap://127.0.0.1/x"), ca.cert)
	if w.questions() < 2 || !strings.Contains(w.asked[1], "/ocsp") {
		t.Errorf("%q", w.asked)
	}
}

// A list is fetched once for all that name it, and not again before it is due; what is kept of it serves the next run.
func TestAListIsKeptUntilItIsDue(t *testing.T) {
	ca, w := newAuthority(t, "CA", nil), newWeb(t)
	at := w.serve("/x.crl", ca.crl(t, nil, revokedAs(6, 1)))
	now := noon
	c := house(noon)
	c.Now = func() time.Time { return now }
	var subjects []Subject
	for serial := range int64(10) {
		subjects = append(subjects, Subject{Cert: ca.leaf(t, serial+1, listAt(at)), Issuer: ca.cert})
	}
	told := map[int]trust.Standing{}
	c.Ask(t.Context(), subjects, func(i int, r trust.Revocation) { told[i] = r.Standing })
	if w.questions() != 1 || len(told) != 10 || told[5] != trust.StandsRevoked || told[4] != trust.StandsGood {
		t.Fatalf("%d questions, %v", w.questions(), told)
	}
	for _, step := range []struct {
		after time.Duration
		asked int
	}{{time.Hour, 1}, {12 * time.Hour, 1}, {22 * time.Hour, 2}} {
		now = noon.Add(step.after)
		if r := c.one(t, subjects[0].Cert, ca.cert); r.Standing != trust.StandsGood || w.questions() != step.asked {
			t.Errorf("after %v: %d questions, %+v", step.after, w.questions(), r)
		}
	}
	for name, broken := range map[string]func([]byte) []byte{
		"cut":      func(d []byte) []byte { return d[:len(d)-9] },
		"changed":  func(d []byte) []byte { d[len(d)-1] ^= 1; return d },
		"unnamed":  func(d []byte) []byte { return d[3:] },
		"nothing":  func([]byte) []byte { return nil },
		"replaced": func([]byte) []byte { return []byte("{}\n") },
	} {
		cache := c.Cache.(memory)
		before := w.questions()
		for key, data := range cache {
			cache[key] = broken(append([]byte(nil), data...))
		}
		if r := c.one(t, subjects[0].Cert, ca.cert); r.Standing != trust.StandsGood || w.questions() != before+1 {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

// Where no newer list is to be had the old one counts until its end, and is told of after it; tries become rarer.
func TestAnOldListCountsUntilItsEnd(t *testing.T) {
	ca, w := newAuthority(t, "CA", nil), newWeb(t)
	at := w.serve("/x.crl", ca.crl(t, nil))
	now := noon
	c := house(noon)
	c.Now = func() time.Time { return now }
	leaf := ca.leaf(t, 5, listAt(at))
	r := c.one(t, leaf, ca.cert)
	w.page("/x.crl", http.NotFound)
	wait := time.Duration(0)
	for tries := 1; tries <= 3; tries++ {
		now = r.Due
		r = c.one(t, leaf, ca.cert, r)
		if !r.Good(now) || r.Tries != tries || !strings.Contains(r.Trouble, "404") || r.Due.Sub(now) < wait*9/10 {
			t.Fatalf("try %d: %+v", tries, r)
		}
		if wait = r.Due.Sub(now); tries == 1 && wait > 6*time.Minute || tries > 2 && wait < 5*time.Hour {
			t.Errorf("after %d tries %v", tries, wait)
		}
	}
	now = noon.Add(24 * time.Hour)
	r = c.one(t, leaf, ca.cert, r)
	want := "; it was not revoked as of 27 Nov 2026 11:00 UTC"
	if r.Good(now) || !r.Failed(now) || !strings.HasSuffix(r.Sentence(now), want) {
		t.Errorf("%q", r.Sentence(now))
	}
	w.serve("/x.crl", ca.crl(t, func(l *x509.RevocationList) {
		l.Number, l.ThisUpdate, l.NextUpdate = big.NewInt(8), now, now.Add(time.Hour)
	}))
	if r = c.one(t, leaf, ca.cert, r); !r.Good(now) || r.Trouble != "" || r.Tries != 0 {
		t.Errorf("%+v", r)
	}
}

// An older list than the one that is known does not take its place, nor does what is no list of this CA.
func TestAListDoesNotGoBack(t *testing.T) {
	ca, w := newAuthority(t, "CA", nil), newWeb(t)
	numbered := func(n int64, entries ...x509.RevocationListEntry) []byte {
		return ca.crl(t, func(l *x509.RevocationList) { l.Number, l.NextUpdate = big.NewInt(n), noon.AddDate(0, 0, 9) }, entries...)
	}
	at := w.serve("/x.crl", numbered(9, revokedAs(5, 1)))
	now := noon
	c := house(noon)
	c.Now = func() time.Time { return now }
	leaf := ca.leaf(t, 5, listAt(at))
	r := c.one(t, leaf, ca.cert)
	now = now.AddDate(0, 0, 2)
	w.serve("/x.crl", numbered(8))
	r = c.one(t, leaf, ca.cert, r)
	if r.Standing != trust.StandsRevoked || !strings.Contains(r.Warning, "an older one than was there before") {
		t.Errorf("%+v", r)
	}
	w.serve("/x.crl", newAuthority(t, "CA", nil).crl(t, nil))
	r = c.one(t, leaf, ca.cert, r)
	if r.Standing != trust.StandsRevoked || !strings.Contains(r.Trouble, "is not signed by") {
		t.Errorf("%+v", r)
	}
}

// What is revoked stays so when its CA falls silent; a hold and a good answer end with their time.
func TestHowLongAnAnswerCounts(t *testing.T) {
	later := noon.AddDate(1, 0, 0)
	for standing, want := range map[trust.Standing][3]bool{ // revoked, good, failed, a year later
		trust.StandsRevoked: {true, false, false}, trust.StandsOnHold: {false, false, true},
		trust.StandsGood: {false, false, true}, "": {false, false, true}, trust.StandsNowhere: {false, false, true},
	} {
		r := trust.Revocation{Standing: standing, AsOf: noon, Until: noon.AddDate(0, 0, 1), Trouble: "x: connection refused"}
		if got := [3]bool{r.Revoked(later), r.Good(later), r.Failed(later)}; got != want {
			t.Errorf("%s: %v", standing, got)
		}
	}
}

// A host that is silent is waited for once, and nobody waits for another's host.
func TestASilentHostIsWaitedForOnce(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer silent.Close()
	dials := make(chan struct{}, 20)
	go func() {
		for {
			conn, err := silent.Accept()
			if err != nil {
				return
			}
			dials <- struct{}{}
			defer conn.Close()
		}
	}()
	ca, w := newAuthority(t, "CA", nil), newWeb(t)
	subjects := []Subject{{Cert: ca.leaf(t, 9, listAt(w.serve("/x.crl", ca.crl(t, nil)))), Issuer: ca.cert}}
	for serial := range int64(5) {
		at := "http://" + silent.Addr().String() + "/" + string(rune('a'+serial))
		subjects = append(subjects, Subject{Cert: ca.leaf(t, serial+1, listAt(at)), Issuer: ca.cert})
	}
	c := house(noon)
	c.Web.Transport = &http.Transport{ResponseHeaderTimeout: 50 * time.Millisecond, DisableKeepAlives: true}
	failed, good := 0, 0
	c.Ask(t.Context(), subjects, func(_ int, r trust.Revocation) {
		if r.Failed(noon) {
			failed++
		}
		if r.Good(noon) {
			good++
		}
	})
	if failed != 5 || good != 1 || len(dials) != 1 {
		t.Errorf("%d failed, %d good, %d dials", failed, good, len(dials))
	}
}

// A certificate that names many addresses keeps nobody for long.
func TestFewOfManyAddressesAreAsked(t *testing.T) {
	ca, w := newAuthority(t, "CA", nil), newWeb(t)
	var urls []string
	for i := range 1000 {
		urls = append(urls, fmt.Sprintf("%s/%d", w.URL, i))
	}
	for _, names := range []func(*x509.Certificate){listAt(urls...), askAt(urls...)} {
		before := w.questions()
		r := house(noon).one(t, ca.leaf(t, 5, names), ca.cert)
		if asked := w.questions() - before; asked > 2*maxPlaces || !r.Failed(noon) {
			t.Errorf("%d questions, %+v", asked, r)
		}
	}
	hostile := listAt("http://127.0.0.1:1/\x1b[31m" + strings.Repeat("x", 900))
	if r := house(noon).one(t, ca.leaf(t, 5, hostile), ca.cert); len(r.Trouble) > 600 || strings.Contains(r.Trouble, "\x1b") {
		t.Errorf("%d: %q", len(r.Trouble), r.Trouble)
	}
}

// What was not asked before somebody gave up, or the time was over, is not told.
func TestAskingEndsWithItsContext(t *testing.T) {
	ca, w := newAuthority(t, "CA", nil), newWeb(t)
	s := []Subject{{Cert: ca.leaf(t, 5, listAt(w.serve("/x.crl", ca.crl(t, nil)))), Issuer: ca.cert}}
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	house(noon).Ask(canceled, s, func(int, trust.Revocation) { t.Error("told") })
	late, stop := context.WithTimeout(t.Context(), -1)
	defer stop()
	house(noon).Ask(late, s, func(int, trust.Revocation) { t.Error("told") })
	if w.questions() != 0 {
		t.Errorf("%d asked", w.questions())
	}
}

// When to ask again: each day, and before an answer is out of date; soon, but not at once, where it came late.
func TestWhenToAskAgain(t *testing.T) {
	hours := func(n int) time.Time { return noon.Add(time.Duration(n) * time.Hour) }
	for name, c := range map[string]struct{ this, next, want time.Time }{
		"a week":           {noon, hours(24 * 7), hours(24)},
		"ten hours":        {noon, hours(10), hours(8)},
		"late":             {hours(-99), hours(2), hours(1)},
		"nearly over":      {hours(-99), noon.Add(20 * time.Minute), noon.Add(20 * time.Minute)},
		"over":             {hours(-99), noon.Add(-time.Minute), noon.Add(5 * time.Minute)},
		"without its next": {noon, time.Time{}, hours(1)},
	} {
		if got := due(c.this, c.next, noon); !got.Equal(c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	for _, at := range []string{"", "a", "b", "c", "http://x.example/1.crl"} {
		if got := spread(at, noon, hours(10)).Sub(noon); got < 9*time.Hour || got > 11*time.Hour {
			t.Errorf("%q: %v", at, got)
		}
	}
	asked := trust.Revocation{Standing: trust.StandsGood, Tried: noon, Due: hours(10)}
	failed := trust.Revocation{Trouble: "x", Tried: noon, Due: hours(1)}
	for name, c := range map[string]struct {
		r       trust.Revocation
		at      time.Time
		insists bool
		want    bool
	}{
		"never asked": {trust.Revocation{}, noon, false, true}, "answered": {asked, hours(9), true, false},
		"due": {asked, hours(10), false, true}, "failed": {failed, noon.Add(time.Minute), false, false},
		"insisting": {failed, noon.Add(time.Minute), true, true}, "insisting at once": {failed, noon.Add(time.Second), true, false},
		"a clock that went back": {asked, hours(-9), false, true},
		"names nobody":           {trust.Revocation{Standing: trust.StandsNowhere}, hours(99), true, false},
	} {
		if Due(c.r, c.at, c.insists) != c.want {
			t.Errorf("%s: due %t", name, !c.want)
		}
	}
}

// What is known is kept as text, and two who know something know it both.
func TestKnown(t *testing.T) {
	var a, b Known
	a.Note("x", trust.Revocation{Standing: trust.StandsGood, Tried: noon, AsOf: noon})
	a.Note("gone", trust.Revocation{Tried: noon})
	b.Note("x", trust.Revocation{Standing: trust.StandsRevoked, Tried: noon.Add(time.Hour), AsOf: noon})
	text := a.Text(func(sum string) bool { return sum != "gone" })
	if b.Learn(text) || b.Of("x").Standing != trust.StandsRevoked || b.Of("gone").Tried.Equal(noon) {
		t.Errorf("%+v", b.Of("x"))
	}
	if !a.Learn(b.Text(func(string) bool { return true })) || a.Of("x").Standing != trust.StandsRevoked {
		t.Errorf("%+v", a.Of("x"))
	}
	var few Known
	for i := range 3 {
		few.Note(fmt.Sprint(i), trust.Revocation{Standing: trust.StandsNowhere, Tried: noon})
	}
	if few.Worth(3) || !few.Worth(2) || !a.Worth(3) {
		t.Error("what names nobody is kept, or what says something is not")
	}
	for _, broken := range []string{"", "{", "[]", `{"x":1}`} {
		if a.Learn([]byte(broken)) {
			t.Errorf("%q was learned", broken)
		}
	}
}
