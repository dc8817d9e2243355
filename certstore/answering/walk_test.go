package answering_test

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/answering"
	"certdesk/certstore/answering/answeringtest"
	"certdesk/certstore/daemontest"
	"certdesk/certstore/printable"
)

// What stands at the end of Outlook's walk, or in its place.
func asksPassword(w http.ResponseWriter, r *http.Request) {
	if !strings.HasPrefix(r.URL.Path, "/autodiscover/") && !strings.HasPrefix(r.URL.Path, "/owa/") &&
		r.URL.Path != "/rpc/rpcproxy.dll" {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("WWW-Authenticate", "Basic")
	w.WriteHeader(http.StatusUnauthorized)
}

func webSite(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html")
	io.WriteString(w, "<html>Welcome</html>")
}

func redirectTo(url string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Location", url)
		w.WriteHeader(http.StatusFound)
	}
}

const (
	site  = "127.0.7.1" // example.org
	auto  = "127.0.7.2" // autodiscover.example.org
	mail  = "127.0.7.3" // mail.example.org
	other = "127.0.7.9" // other.example.com
)

// ask answers a question in a village, within its time.
func ask(t *testing.T, v *answeringtest.Village, text string, w answering.World) answering.Answer {
	t.Helper()
	w.Now = time.Now()
	q, err := answering.Read(text, w)
	if err != nil {
		t.Fatal(err)
	}
	store, err := certstore.Open(certstore.Options{Dir: t.TempDir() + "/store", Roots: v.CA.Roots(), Ask: v.Ask})
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	a, err := v.Asker(store).Ask(t.Context(), w, q)
	if err != nil {
		t.Fatal(err)
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("it took %s", took)
	}
	return a
}

// step is what is wanted of the first place of a way.
type step struct {
	way     answering.Way
	outcome answering.Outcome
	fault   answering.Symptom
	says    string
}

var walks = map[string]struct {
	build   func(t *testing.T, v *answeringtest.Village)
	verdict answering.Verdict
	cause   answering.Symptom
	at      answering.Way
	steps   []step
}{
	"all is well": {func(t *testing.T, v *answeringtest.Village) {
		v.Has("autodiscover.example.org. A "+auto, "mail.example.org. A "+mail)
		v.Web(auto, asksPassword, v.Issue("autodiscover.example.org"))
		v.Web(mail, asksPassword, v.Issue("mail.example.org"))
	}, answering.Fine, "", answering.ByAutodiscover, []step{
		{answering.ByDomain, answering.Absent, "", "no address"},
		{answering.ByAutodiscover, answering.Found, "", "asks for a password"},
		{answering.BySRV, answering.Absent, "", "no such record"},
		{answering.ByWeb, answering.Found, "", ""}, {answering.ByAnywhere, answering.Found, "", ""}}},
	"autodiscover has the certificate of another name": {func(t *testing.T, v *answeringtest.Village) {
		v.Has("autodiscover.example.org. A " + auto)
		v.Web(auto, asksPassword, v.Issue("www.example.org"))
	}, answering.Certificate, answering.WrongName, answering.ByAutodiscover, []step{
		{answering.ByAutodiscover, answering.Found, answering.WrongName, "asks for a password"}}},
	"the web site of the domain is in the way": {func(t *testing.T, v *answeringtest.Village) {
		v.Has("example.org. A "+site, "autodiscover.example.org. A "+auto)
		v.Web(site, webSite, v.Issue("hosting.example.com"))
		v.Web(auto, asksPassword, v.Issue("autodiscover.example.org"))
	}, answering.Certificate, answering.WrongName, answering.ByDomain, []step{
		{answering.ByDomain, answering.Other, answering.WrongName, "a web page"},
		{answering.ByAutodiscover, answering.Found, "", ""}}},
	"a web site with a good certificate is passed": {func(t *testing.T, v *answeringtest.Village) {
		v.Has("example.org. A "+site, "autodiscover.example.org. A "+auto)
		v.Web(site, webSite, v.Issue("example.org"))
		v.Web(auto, asksPassword, v.Issue("autodiscover.example.org"))
	}, answering.Fine, "", answering.ByAutodiscover, []step{
		{answering.ByDomain, answering.Other, "", "it answers 200 with a web page"},
		{answering.ByAutodiscover, answering.Found, "", ""}}},
	"it has expired": {func(t *testing.T, v *answeringtest.Village) {
		v.Has("autodiscover.example.org. A " + auto)
		v.Web(auto, asksPassword, v.CA.Issue(t, daemontest.Wish{Names: []string{"autodiscover.example.org"},
			From: time.Now().AddDate(0, 0, -90), Until: time.Now().AddDate(0, 0, -1)}))
	}, answering.Certificate, answering.OutOfDate, answering.ByAutodiscover, nil},
	"it is self-signed": {func(t *testing.T, v *answeringtest.Village) {
		v.Has("autodiscover.example.org. A " + auto)
		v.Web(auto, asksPassword, daemontest.SelfSigned(t, daemontest.Wish{Names: []string{"autodiscover.example.org"}}))
	}, answering.Certificate, answering.Untrusted, answering.ByAutodiscover, nil},
	"its intermediate certificate is not sent": {func(t *testing.T, v *answeringtest.Village) {
		v.Has("autodiscover.example.org. A " + auto)
		p := v.CA.Issue(t, daemontest.Wish{Names: []string{"autodiscover.example.org"}})
		p.Chain = p.Leaf
		v.Web(auto, asksPassword, p)
	}, answering.Certificate, answering.Untrusted, answering.ByAutodiscover, nil},
	"http redirects to a host that is right": {func(t *testing.T, v *answeringtest.Village) {
		v.Has("autodiscover.example.org. A "+auto, "mail.example.org. A "+mail)
		v.Plain(auto, redirectTo("https://mail.example.org/autodiscover/autodiscover.xml"))
		v.Web(mail, asksPassword, v.Issue("mail.example.org"))
	}, answering.Fine, "", answering.ByRedirect, []step{
		{answering.ByAutodiscover, answering.NoOne, "", ""}, {answering.ByRedirect, answering.Elsew, "", "https://mail.example.org/"}}},
	"http redirects to a host that is wrong": {func(t *testing.T, v *answeringtest.Village) {
		v.Has("autodiscover.example.org. A "+auto, "mail.example.org. A "+mail)
		v.Plain(auto, redirectTo("https://mail.example.org/autodiscover/autodiscover.xml"))
		v.Web(mail, asksPassword, v.Issue("imap.example.org"))
	}, answering.Certificate, answering.WrongName, answering.ByRedirect, nil},
	"redirects go in a circle": {func(t *testing.T, v *answeringtest.Village) {
		v.Has("autodiscover.example.org. A "+auto, "mail.example.org. A "+mail)
		v.Plain(auto, redirectTo("https://mail.example.org/a"))
		v.Web(mail, func(w http.ResponseWriter, r *http.Request) {
			redirectTo(map[string]string{"/a": "/b", "/b": "/a"}[r.URL.Path])(w, r)
		}, v.Issue("mail.example.org"))
	}, answering.Fine, "", answering.ByWeb, []step{{answering.ByRedirect, answering.Elsew, "", ""}}},
	"an SRV record alone": {func(t *testing.T, v *answeringtest.Village) {
		v.Has("_autodiscover._tcp.example.org. SRV 0 0 443 mail.example.org.", "mail.example.org. A "+mail)
		v.Web(mail, asksPassword, v.Issue("mail.example.org"))
	}, answering.Fine, "", answering.BySRV, []step{{answering.BySRV, answering.Found, "", "asks for a password"}}},
	"an SRV record to a host that is wrong": {func(t *testing.T, v *answeringtest.Village) {
		v.Has("_autodiscover._tcp.example.org. SRV 0 0 443 mail.example.org.", "mail.example.org. A "+mail)
		v.Web(mail, asksPassword, v.Issue("mx.example.org"))
	}, answering.Certificate, answering.WrongName, answering.BySRV, nil},
	"a server that is silent keeps nobody": {func(t *testing.T, v *answeringtest.Village) {
		v.Has("example.org. A "+site, "autodiscover.example.org. A "+auto)
		v.Silent(site + ":443")
		v.Web(auto, asksPassword, v.Issue("autodiscover.example.org"))
	}, answering.Fine, "", answering.ByAutodiscover, []step{{answering.ByDomain, answering.NoOne, "", "no answer within 5 s"}}},
	"nobody is there": {func(t *testing.T, v *answeringtest.Village) {
		v.Has("example.org. A "+site, "autodiscover.example.org. A "+auto)
	}, answering.Nobody, "", answering.ByDomain, nil},
	"the domain is not in DNS": {func(t *testing.T, v *answeringtest.Village) { v.Has("example.com. A " + other) },
		answering.Nobody, "", answering.ByDomain, []step{{answering.ByDomain, answering.Absent, "", "it is not in DNS"}}},
	"a redirect leads to an address inside": {func(t *testing.T, v *answeringtest.Village) {
		v.Has("autodiscover.example.org. A "+auto, "other.example.com. A "+other)
		v.Plain(auto, redirectTo("https://other.example.com/autodiscover/autodiscover.xml"))
		v.Web(other, asksPassword, v.Issue("other.example.com"))
	}, answering.Nobody, "", answering.ByDomain, []step{{answering.ByRedirect, answering.Elsew, "", "other.example.com"}}},
	"what a server says is printable": {func(t *testing.T, v *answeringtest.Village) {
		v.Has("autodiscover.example.org. A " + auto)
		v.Plain(auto, redirectTo("https://other.example.com/\u202e%1b]0;x?\u200b"))
	}, answering.Nobody, "", answering.ByDomain, nil},
}

func TestOutlooksWalk(t *testing.T) {
	t.Parallel()
	for name, c := range walks {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := answeringtest.New(t)
			c.build(t, v)
			a := ask(t, v, "anna@example.org", answering.World{})
			if a.Verdict != c.verdict || a.At == nil || a.At.Way != c.at {
				t.Errorf("it is %s, by %v", a.Verdict, a.At != nil)
			}
			if (a.Cause == nil) != (c.cause == "") || a.Cause != nil && a.Cause.Symptom != c.cause {
				t.Errorf("the cause is %+v", a.Cause)
			}
			for _, s := range c.steps {
				s.among(t, a)
			}
			for _, p := range a.Places {
				if text := p.URL + p.Text + strings.Join(p.Via, ""); printable.Text(text) != text {
					t.Errorf("%q is not printable", text)
				}
			}
			for _, at := range v.Dialed() {
				if strings.HasPrefix(at, other) {
					t.Errorf("%s was dialled", at)
				}
			}
			if t.Failed() {
				for _, p := range a.Places {
					t.Logf("%s %s: %s (%s) %v", p.Way, p.URL, p.Outcome, p.Text, p.Faults(time.Now()))
				}
			}
		})
	}
}

func (s step) among(t *testing.T, a answering.Answer) {
	t.Helper()
	i := slices.IndexFunc(a.Places, func(p answering.Place) bool { return p.Way == s.way })
	if i < 0 {
		t.Errorf("there is no %s", s.way)
		return
	}
	p := a.Places[i]
	fault := answering.Symptom("")
	if list := p.Faults(time.Now()); len(list) > 0 {
		fault = list[0].Symptom
	}
	if p.Outcome != s.outcome || fault != s.fault || !strings.Contains(p.Text, s.says) {
		t.Errorf("%s: %s %q %s", s.way, p.Outcome, p.Text, fault)
	}
}

// Of a step that gave a client what it looked for, what comes after is not come to.
func TestWhatIsFoundIsTheLastStep(t *testing.T) {
	t.Parallel()
	v := answeringtest.New(t)
	v.Has("autodiscover.example.org. A "+auto, "_autodiscover._tcp.example.org. SRV 0 0 443 mail.example.org.",
		"mail.example.org. A "+mail)
	v.Web(auto, asksPassword, v.Issue("autodiscover.example.org"))
	v.Web(mail, asksPassword, v.Issue("wrong.example.org"))
	a := ask(t, v, "Outlook says that the name does not match, anna@example.org", answering.World{})
	step{answering.BySRV, answering.Found, answering.WrongName, ""}.among(t, a)
	for _, p := range a.Places {
		if p.Way == answering.BySRV && !p.Passed {
			t.Error("a client would come to the SRV record")
		}
	}
}

func TestMailFromOtherServers(t *testing.T) {
	t.Parallel()
	policy := "version: STSv1\nmode: enforce\nmx: mx.example.org\nmax_age: 86400\n"
	for name, c := range map[string]struct {
		names  string // of the certificate of the MX
		policy string
		cause  answering.Symptom
	}{
		"any certificate will do":                {"wrong.example.org", "", ""},
		"unless the domain has a policy":         {"wrong.example.org", policy, answering.WrongName},
		"and a policy is content with the right": {"mx.example.org", policy, ""},
		"but not with another host":              {"mx.example.org", strings.Replace(policy, "mx.ex", "mx1.ex", 1), answering.WrongName},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := answeringtest.New(t)
			v.Has("example.org. MX 10 mx.example.org.", "mx.example.org. A "+mail)
			v.SMTP(mail+":25", v.Issue(c.names))
			if c.policy != "" {
				v.Has(`_mta-sts.example.org. TXT "v=STSv1; id=1"`, "mta-sts.example.org. A "+site)
				v.Web(site, func(w http.ResponseWriter, r *http.Request) {
					w.Header().Set("Content-Type", "text/plain")
					io.WriteString(w, c.policy)
				}, v.Issue("mta-sts.example.org"))
			}
			a := ask(t, v, "mail to anna@example.org bounces: certificate-host-mismatch", answering.World{})
			symptom := answering.Symptom("")
			if a.Cause != nil && a.Cause.Grave {
				symptom = a.Cause.Symptom
			}
			if symptom != c.cause {
				t.Errorf("%s: %+v\n%+v", a.Verdict, a.Cause, a.Places)
			}
		})
	}
}
