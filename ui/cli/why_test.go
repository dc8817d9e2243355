package cli

import (
	"os"
	"slices"
	"strings"
	"testing"

	"certdesk/certstore/daemontest"
	"certdesk/certstore/dnstest"
	"certdesk/ui/cli/wire"
)

// asking has a configuration whose name server knows a few hosts, all on loopback.
func (p ports) asking() *dnstest.Server {
	dns := dnstest.New(p.t, "mail.example.org. A 127.0.0.1\nother.example.org. A 127.0.0.1\n")
	had, err := os.ReadFile(p.path("certdesk.toml"))
	if err != nil {
		p.t.Fatal(err)
	}
	p.write("certdesk.toml", "dns = \""+dns.At+"\"\n"+string(had))
	return dns
}

func TestWhyTellsWhetherItIsTheCertificate(t *testing.T) {
	p := newPorts(t)
	dns := p.asking()
	url := p.serve(p.ca.Issue(t, daemontest.Wish{Names: []string{"mail.example.org"}}))
	number := url[strings.LastIndexByte(url, ':'):]
	r := p.must("why", "mail.example.org"+number, "SEC_ERROR_UNKNOWN_ISSUER")
	contains(t, r.out, "* No, it is not the certificate: tls://mail.example.org"+number+" serves the right one",
		"It is not ours", "virus scanner", "Next: Nothing is to be done")
	r = p.must("why", "other.example.org"+number)
	contains(t, r.out, "! Yes, it is the certificate at tls://other.example.org"+number+": it is for mail.example.org",
		"Please set the server's name in the account to mail.example.org.")
	var got wire.Why
	p.decode(p.must("why", "other.example.org"+number, "name does not match", "--json", "--read-only").out, &got)
	if got.Verdict != "certificate" || got.Cause == nil || got.Cause.Symptom != "name" || !got.Asked || got.Symptom != "name" ||
		len(got.Places) != 1 || len(got.Places[0].Serves) != 1 || !strings.HasPrefix(got.Next, "Pass it on") {
		t.Errorf("%+v", got)
	}
	if asked := dns.Asked(); !slices.Contains(asked, "A other.example.org.") {
		t.Error(asked)
	}
}

// With --no-network nobody is asked, and where there is no store yet there is an answer too.
func TestWhyCanBeKeptFromTheNetwork(t *testing.T) {
	p := newPorts(t)
	dns := p.asking()
	contains(t, p.must("why", "anna@example.org", "--no-network").out, "? Not known: nothing here has that name, and the network was not asked.")
	e := p.selfSigned("mail.example.org")
	out := p.must("why", "mail.example.org", "has", "expired", "--no-network").out
	contains(t, out, "? Not known: "+e.FriendlyName+" (", "was not asked what is served", "by the clock of that device")
	if asked := dns.Asked(); len(asked) > 0 {
		t.Error(asked)
	}
	for _, argv := range [][]string{{"why"}, {"why", "it", "is", "slow"}, {"why", ""}} {
		if r := p.run(argv...); r.code != 2 {
			t.Errorf("%q: exit %d", argv, r.code)
		}
	}
}
