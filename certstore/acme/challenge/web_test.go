package challenge

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"certdesk/certstore/fail"
)

var web1 = Proof{Type: HTTP01, Name: "mail.example.test", Token: "tok_en-1", KeyAuthorization: "tok_en-1.thumb"}

// site is a web server at some addresses of this host, by plain HTTP and by TLS.
type site struct {
	http, https int
	resolver    *fakeDNS
	at          string // of the resolver
}

// newSite answers at 127.0.0.1, .2, .3, and at ::1 unless there is to be no IPv6, as the handler says, which is given
// the address.
func newSite(t *testing.T, noIPv6 bool, answer func(at string, w http.ResponseWriter, r *http.Request)) *site {
	t.Helper()
	port, servers := newDNSServers(t, "127.0.0.1")
	s := &site{resolver: servers["127.0.0.1"], at: fmt.Sprintf("127.0.0.1:%d", port)}
	for _, secure := range []bool{false, true} {
		number := 0
		for _, host := range []string{"127.0.0.1", "127.0.0.2", "127.0.0.3", "::1"} {
			if noIPv6 && host == "::1" {
				continue
			}
			l, err := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(number)))
			if err != nil {
				t.Skipf("no port at all addresses: %v", err)
			}
			number = l.Addr().(*net.TCPAddr).Port
			handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { answer(host, w, r) })
			server := &httptest.Server{Listener: l, Config: &http.Server{Handler: handler, ErrorLog: log.New(io.Discard, "", 0)}}
			if secure {
				server.StartTLS()
			} else {
				server.Start()
			}
			t.Cleanup(server.Close)
		}
		if secure {
			s.https = number
		} else {
			s.http = number
		}
	}
	return s
}

func (s *site) options(warn func(string)) Options {
	return Options{Type: HTTP01, HTTPPort: s.http, TLSPort: s.https, Resolver: s.at, Warn: warn}.withDefaults()
}

// The name's web server is asked at each address, and along each redirect, as an authority does.
func TestTheWebIsAskedAsAnAuthorityDoes(t *testing.T) {
	const name = "mail.example.test. "
	right := func(w http.ResponseWriter) { fmt.Fprint(w, web1.KeyAuthorization, "\r\n") }
	redirect := func(to string) func(string, http.ResponseWriter, *http.Request) {
		return func(_ string, w http.ResponseWriter, r *http.Request) {
			port := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr).Port
			if r.TLS != nil || strings.HasPrefix(r.Host, "end.") {
				right(w)
				return
			}
			w.Header().Set("Location", strings.ReplaceAll(to, "HERE", fmt.Sprint(port))+r.URL.Path)
			w.WriteHeader(http.StatusMovedPermanently)
		}
	}
	only := func(good string) func(string, http.ResponseWriter, *http.Request) {
		return func(at string, w http.ResponseWriter, r *http.Request) {
			if at == good && strings.HasPrefix(r.Host, "mail.example.test") && r.URL.Path == wellKnown+web1.Token {
				right(w)
				return
			}
			w.WriteHeader(http.StatusNotFound)
			fmt.Fprint(w, "<h1>Another\x1b[2J host</h1>\nmore")
		}
	}
	cases := []struct {
		name    string
		records []string
		answer  func(at string, w http.ResponseWriter, r *http.Request)
		want    string // in the error; "" where it succeeds
		hint    string
	}{
		{"right", []string{name + "A 127.0.0.1"}, only("127.0.0.1"), "", ""},
		{"over an alias", []string{name + "CNAME web.example.test.", "web.example.test. A 127.0.0.2"},
			only("127.0.0.2"), "", ""},
		{"no address", nil, only(""), "the DNS knows no address of mail.example.test", "publish an A or AAAA"},
		{"another host answers", []string{name + "A 127.0.0.3"}, only("127.0.0.1"),
			`http://mail.example.test:HTTP at 127.0.0.3 answers 404 Not Found ("<h1>Another\u{1b}[2J host</h1>") and not the proof`,
			"from the webroot"},
		{"one of two addresses is another host", []string{name + "A 127.0.0.1", name + "A 127.0.0.2"}, only("127.0.0.1"),
			"at 127.0.0.2 answers 404", "from the webroot"},
		{"IPv6 leads to another host", []string{name + "A 127.0.0.1", name + "AAAA ::1"}, only("127.0.0.1"),
			"at ::1 (IPv6) answers 404", "take its AAAA record away"},
		{"nothing listens at IPv6", []string{name + "A 127.0.0.1", name + "AAAA ::1"}, only("127.0.0.1"),
			"at ::1 (IPv6) does not answer: connection refused", "take its AAAA record away"},
		{"to https of any certificate", []string{name + "A 127.0.0.1"}, redirect("https://mail.example.test:HTTPS"), "", ""},
		{"to another name", []string{name + "A 127.0.0.1", "end.example.test. A 127.0.0.2"},
			redirect("http://end.example.test:HERE"), "", ""},
		{"to a name without an address", []string{name + "A 127.0.0.1"}, redirect("http://gone.example.test:HERE"),
			"knows no address of gone.example.test", ""},
		{"to another port", []string{name + "A 127.0.0.1"}, redirect("http://mail.example.test:8081"),
			"redirects to http://mail.example.test:8081/.well-known/acme-challenge/tok_en-1, which is another port than 80 and 443", ""},
		{"to an address", []string{name + "A 127.0.0.1"}, redirect("http://127.0.0.2:HERE"),
			"which is an address and no name", ""},
		{"to another scheme", []string{name + "A 127.0.0.1"}, redirect("gopher://mail.example.test"),
			"neither http nor https", ""},
		{"in a circle", []string{name + "A 127.0.0.1"}, redirect("http://mail.example.test:HERE"),
			"which leads in a circle", ""},
		{"among two names for ever", []string{name + "A 127.0.0.1", name + "A 127.0.0.2", "b.example.test. A 127.0.0.1",
			"b.example.test. A 127.0.0.2"},
			func(_ string, w http.ResponseWriter, r *http.Request) {
				to := "http://b.example.test:HERE"
				if strings.HasPrefix(r.Host, "b.") {
					to = "http://mail.example.test:HERE"
				}
				redirect(to)("", w, r)
			}, "which leads in a circle", ""},
		{"for ever", []string{name + "A 127.0.0.1"}, func(_ string, w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", r.URL.Path+"x")
			w.WriteHeader(http.StatusFound)
		}, "after 10 redirects from http://mail.example.test:HTTP redirects to /.well-known/acme-challenge/tok_en-1xxxxxxxxxxx, " +
			"which is one redirect more than the 10 that are followed", ""},
		{"an error that has the proof", []string{name + "A 127.0.0.1"},
			func(_ string, w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(http.StatusForbidden)
				right(w)
			}, "answers 403 Forbidden", ""},
		{"more than the proof", []string{name + "A 127.0.0.1"}, func(_ string, w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, web1.KeyAuthorization, strings.Repeat("x", 1<<20))
		}, "answers 200 OK", ""},
		{"a connection that ends", []string{name + "A 127.0.0.1"}, func(_ string, w http.ResponseWriter, _ *http.Request) {
			panic(http.ErrAbortHandler)
		}, "at 127.0.0.1 does not answer: the connection ended before an answer", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var s *site
			s = newSite(t, c.name == "nothing listens at IPv6", func(at string, w http.ResponseWriter, r *http.Request) {
				c.answer(at, &withPorts{w, s}, r)
			})
			s.resolver.add(t, c.records...)
			err := newWeb(s.options(nil)).Try(context.Background(), web1)
			check(t, err, s.ports(c.want))
			if err != nil && !strings.Contains(fail.Of(err).Hint, c.hint) {
				t.Errorf("hint %q, want %q", fail.Of(err).Hint, c.hint)
			}
		})
	}
}

func (s *site) ports(text string) string {
	return strings.NewReplacer("HTTPS", fmt.Sprint(s.https), "HTTP", fmt.Sprint(s.http)).Replace(text)
}

// withPorts puts the test's ports into a redirect.
type withPorts struct {
	http.ResponseWriter
	site *site
}

func (w *withPorts) WriteHeader(status int) {
	w.Header().Set("Location", w.site.ports(w.Header().Get("Location")))
	w.ResponseWriter.WriteHeader(status)
}

// The own listener answers for as long as there is something to prove, and says who has the port.
func TestTheOwnListenerAnswers(t *testing.T) {
	port, servers := newDNSServers(t, "127.0.0.1")
	servers["127.0.0.1"].add(t, "mail.example.test. A 127.0.0.1", "mail.example.test. AAAA ::1",
		"b.example.test. A 127.0.0.1")
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(Options{Type: HTTP01, HTTPPort: l.Addr().(*net.TCPAddr).Port,
		Resolver: fmt.Sprintf("127.0.0.1:%d", port)})
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	check(t, s.Present(ctx, web1), fmt.Sprintf("is not free: challenge.test (pid %d) listens there", os.Getpid()))
	l.Close()
	other := Proof{Type: HTTP01, Name: "b.example.test", Token: "other", KeyAuthorization: "other.thumb"}
	for _, p := range []Proof{web1, web1, other} {
		check(t, s.Present(ctx, p), "")
	}
	check(t, s.Try(ctx, web1), "")
	check(t, s.Remove(ctx, web1), "")
	check(t, s.Try(ctx, web1), "at ::1 (IPv6) answers 404")
	check(t, s.Try(ctx, other), "")
	check(t, s.Remove(ctx, other), "")
	check(t, s.Try(ctx, other), "connection refused")
	check(t, s.Remove(ctx, other), "")
	check(t, s.Present(ctx, Proof{Token: "../up"}), "a token that is none")
	check(t, s.Close(), "")
}

// Whoever stops a trial waits for no web server.
func TestATrialOfTheWebStopsAtOnce(t *testing.T) {
	end := make(chan struct{})
	s := newSite(t, false, func(_ string, _ http.ResponseWriter, r *http.Request) {
		select {
		case <-end:
		case <-r.Context().Done():
		}
	})
	defer close(end)
	s.resolver.add(t, "mail.example.test. A 127.0.0.1")
	ctx, cancel := context.WithCancel(context.Background())
	time.AfterFunc(100*time.Millisecond, cancel)
	begun := time.Now()
	err := newWeb(s.options(nil)).Try(ctx, web1)
	if took := time.Since(begun); !fail.Is(err, fail.Canceled) || took > time.Second {
		t.Errorf("%v after %s", err, took)
	}
}
