package answering_test

import (
	"strings"
	"testing"
	"time"

	"certdesk/certstore/answering"
	"certdesk/certstore/answering/answeringtest"
	"certdesk/certstore/daemontest"
)

// nginx stands for autodiscover, which redirects, and for the host that it redirects to, with one certificate of the
// other name.
func TestOutlooksWalkThroughNginx(t *testing.T) {
	t.Parallel()
	v := answeringtest.New(t)
	d := daemontest.Nginx(t, v.Issue("mail.example.org"), func(_, text string) string {
		text = strings.Replace(text, "server_name mail.example.test;", "server_name mail.example.org;", 1)
		text = strings.Replace(text, `return 200 "hi";`, "return 401;", 1)
		text = strings.Replace(text, "server_name www.example.org;", "server_name autodiscover.example.org;", 1)
		return strings.Replace(text, `return 200 "other";`, "return 301 https://mail.example.org$request_uri;", 1)
	})
	at := strings.TrimPrefix(d.URLs[0], "https://")
	v.At(auto+":443", at)
	v.At(mail+":443", at)
	v.Has("autodiscover.example.org. A "+auto, "mail.example.org. A "+mail)
	a := ask(t, v, "anna@example.org", answering.World{})
	if a.Verdict != answering.Certificate || a.At.Host != "autodiscover.example.org" || a.Cause.Symptom != answering.WrongName {
		t.Errorf("%s %+v", a.Verdict, a.Cause)
	}
	step{answering.ByAutodiscover, answering.Elsew, answering.WrongName, "https://mail.example.org/autodiscover/autodiscover.xml"}.among(t, a)
	if p := a.Places[2]; p.Outcome != answering.Found || p.Host != "mail.example.org" || len(p.Faults(time.Now())) > 0 || len(p.Via) != 1 {
		t.Errorf("%s %s %v %v", p.URL, p.Outcome, p.Faults(time.Now()), p.Via)
	}
	step{answering.ByWeb, answering.Found, "", ""}.among(t, a)
}

func TestAnMXOfPostfix(t *testing.T) {
	if daemontest.Plain("postfix") {
		t.Skip("CERTDESK_ALL asks a real one")
	}
	v := answeringtest.New(t)
	d := daemontest.Postfix(t, v.Issue("mx.example.org"))
	at := ""
	for _, url := range d.URLs {
		if rest, is := strings.CutPrefix(url, "smtp://"); is && at == "" {
			at = rest
		}
	}
	v.At(mail+":25", at)
	v.Has("example.org. MX 10 mx.example.org.", "mx.example.org. A "+mail)
	a := ask(t, v, "mail to anna@example.org bounces, certificate-not-trusted", answering.World{})
	step{answering.ByMX, answering.Seen, "", ""}.among(t, a)
	if a.Verdict != answering.Fine || a.At.Way != answering.ByMX {
		t.Errorf("%s %+v", a.Verdict, a.Places)
	}
}
