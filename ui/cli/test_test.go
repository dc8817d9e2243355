package cli

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"certdesk/certstore/daemontest"
	"certdesk/certstore/probe"
	"certdesk/ui/cli/wire"
)

// ports is an office that trusts a CA, whose certificates local listeners serve.
type ports struct {
	*office
	ca *daemontest.CA
}

func newPorts(t *testing.T) ports {
	t.Helper()
	p := ports{newOffice(t), daemontest.NewCA(t)}
	p.now = time.Now()
	quoted, _ := json.Marshal(p.ca.RootFile(t))
	p.write("certdesk.toml", "trust = ["+string(quoted)+"]\n")
	return p
}

// serve answers with TLS from the first byte, and gives the port's URL.
func (p ports) serve(pairs ...daemontest.Pair) string {
	config := &tls.Config{}
	for _, pair := range pairs {
		config.Certificates = append(config.Certificates, pair.TLS(p.t))
	}
	return "tls://" + p.listen(func(conn net.Conn) {
		if c := tls.Server(conn, config); c.Handshake() == nil {
			_, _ = io.Copy(io.Discard, c)
		}
	})
}

func (p ports) listen(handle func(net.Conn)) string {
	p.t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() { defer conn.Close(); handle(conn) }()
		}
	}()
	return l.Addr().String()
}

const mailHost = "mail.example.test"

func TestTestTellsWhatAPortServes(t *testing.T) {
	p := newPorts(t)
	both := p.serve(p.ca.Issue(t, daemontest.Wish{RSA: true, Names: []string{mailHost}}), p.ca.Issue(t, daemontest.Wish{Names: []string{mailHost}}))
	r := p.must("test", both, "--name", mailHost)
	contains(t, r.out, "RESULT", "* answers  "+both+"  "+mailHost+"  RSA 2048", "* answers  "+both+"  "+mailHost+"  ECDSA 256", "Test Intermediate", "fits", "complete")
	if r.err != "" || strings.Count(r.out, "\n") != 3 {
		t.Errorf("%q\n%s", r.err, r.out)
	}
	if _, err := os.Stat(p.store()); err == nil {
		t.Error("a store was made")
	}
}

// Status 0 means that no client of that name need refuse any of the ports, whatever roots it knows.
func TestTestEndsWithOneWhereAClientRefuses(t *testing.T) {
	p := newPorts(t)
	good := p.serve(p.ca.Issue(t, daemontest.Wish{Names: []string{mailHost}}))
	alone := p.ca.Issue(t, daemontest.Wish{Names: []string{mailHost}})
	alone.Chain = alone.Leaf
	closed := p.listen(func(net.Conn) {})
	for name, c := range map[string]struct {
		port string
		code int
		says []string
	}{
		"self-signed": {p.serve(daemontest.SelfSigned(t, daemontest.Wish{Names: []string{mailHost}})), 0, []string{"? answers", "self-signed: clients warn until they are told to"}},
		"incomplete":  {p.serve(alone), 0, []string{"? answers", "incomplete\n", "serve the full chain"}},
		"wrong name":  {p.serve(p.ca.Issue(t, daemontest.Wish{Names: []string{"other.example.test"}})), 1, []string{"! wrong name", "it is for other.example.test, not for " + mailHost}},
		"expired": {p.serve(p.ca.Issue(t, daemontest.Wish{Names: []string{mailHost}, Change: func(c *x509.Certificate) { c.NotBefore, c.NotAfter = p.now.AddDate(0, 0, -9), p.now.AddDate(0, 0, -3) }})), 1,
			[]string{"! out of date", "it expired on"}},
		"for clients": {p.serve(p.ca.Issue(t, daemontest.Wish{Names: []string{mailHost}, Change: func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} }})), 1,
			[]string{"! broken", "not made for servers"}},
		"no STARTTLS": {"smtp://" + p.listen(func(c net.Conn) { _, _ = io.WriteString(c, "554 \x1b[31mgo away\r\n") }), 1,
			[]string{"! refused", "it turns clients away", `it said: 554 \u{1b}[31mgo away`}},
		"closed at once": {"tls://" + closed, 1, []string{"! refused"}},
	} {
		r := p.run("test", good, c.port, "--name", mailHost)
		if r.code != c.code || strings.Contains(r.out+r.err, "\x1b") {
			t.Errorf("%s: exit %d, want %d\n%s%s", name, r.code, c.code, r.out, r.err)
		}
		contains(t, r.out, append(c.says, "* answers")...)
		if c.code == 1 {
			contains(t, r.err, "1 of 2 ports: ")
		}
	}
	r := p.run("test", good)
	if r.code != 1 {
		t.Errorf("exit %d", r.code)
	}
	contains(t, r.out, "not for 127.0.0.1; clients ask for a host name")
	contains(t, r.err, "hint: --name HOST")
}

func TestTestAsJSON(t *testing.T) {
	p := newPorts(t)
	pair := p.ca.Issue(t, daemontest.Wish{Names: []string{mailHost}})
	url, silent := p.serve(pair), "smtp://"+p.listen(func(c net.Conn) { _, _ = io.WriteString(c, "\x00\x01\r\n") })
	r := p.run("test", url, silent, "--name", mailHost, "--json")
	var got []wire.Port
	p.decode(r.out, &got)
	if r.code != 1 || len(got) != 2 {
		t.Fatalf("exit %d\n%s", r.code, r.out)
	}
	good, bad := got[0], got[1]
	if good.Listen != url || good.Expected != nil || good.Served == nil || good.Result != probe.Answers || !good.Accepted || !good.NameFits || !good.InDate ||
		len(good.Faults) != 0 || good.Certificate.Subject != "CN="+mailHost || good.Certificate.DaysLeft < 89 || good.Chain.Verdict != probe.Complete ||
		good.Chain.Root != "CN=Test Root" || !good.Chain.InOrder || len(good.Chain.Sent) != 2 || good.Chain.Sent[0].SHA256 != *good.Served {
		t.Errorf("%+v", good)
	}
	if bad.Listen != silent || bad.Served != nil || bad.Certificate != nil || bad.Chain != nil || bad.Result != probe.Garbage || bad.Accepted || bad.NameFits ||
		bad.InDate || len(bad.Faults) != 1 || bad.Said != `\u{0}\u{1}` {
		t.Errorf("%+v", bad)
	}
	contains(t, r.err, `"code":"failed"`)
}

// On a narrow terminal the table loses columns; the result, the port and the verdicts stay.
func TestTestFitsTheTerminal(t *testing.T) {
	p := newPorts(t)
	url := p.serve(p.ca.Issue(t, daemontest.Wish{Names: []string{mailHost}}))
	for width, absent := range map[int][]string{80: {"ISSUER", "KEY"}, 60: {"ISSUER", "KEY", "UNTIL", "LEFT", "SERVED"}} {
		var out, errs bytes.Buffer
		streams := p.io(&out, &errs)
		streams.Width = func() int { return width }
		if code := Run(t.Context(), p.args([]string{"test", url, "--name", mailHost}), streams); code != 0 {
			t.Fatalf("exit %d: %s", code, errs.String())
		}
		for line := range strings.Lines(out.String()) {
			if len(line) > width+len("\n") {
				t.Errorf("%d columns: %d in %q", width, len(line), line)
			}
		}
		contains(t, out.String(), "* answers", url, "fits", "complete")
		for _, title := range absent {
			if strings.Contains(out.String(), title) {
				t.Errorf("%d columns: %s is shown\n%s", width, title, out.String())
			}
		}
	}
}

// Of a name that has no address, and of a port that says nothing, nobody knows a certificate: the error speaks of none.
func TestTestSaysWhatIsCommonToThePortsThatFailed(t *testing.T) {
	served := func(result probe.Result, text string) probe.Report {
		return probe.Report{Result: result, Text: text, Leaf: &x509.Certificate{}, NameFault: "it is for another"}
	}
	nowhere := probe.Report{Result: probe.NoAnswer, Text: "the name nowhere.invalid has no address here: no such host"}
	closed := probe.Report{Result: probe.Refused, Text: "connection refused: nothing listens there"}
	for want, bad := range map[string][]probe.Report{
		"the name nowhere.invalid has no address here: no such host":           {nowhere},
		"could not be asked what they serve: each line says why":               {nowhere, closed},
		"no certificate that clients of that name accept":                      {served(probe.Answers, ""), served(probe.Answers, "")},
		"not served as they should be, or not to be asked: each line says why": {served(probe.Answers, ""), closed},
		"certdesk cannot finish a handshake; other clients may":                {served(probe.Unknown, "certdesk cannot finish a handshake; other clients may")},
	} {
		if got := inCommon(bad); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
