package cli

import (
	"strings"
	"testing"

	"certdesk/certstore/daemontest"
	"certdesk/ui/cli/wire"
)

// Any port is told to be ours or not, and of a service's what should be there; without a store nobody says so.
func TestTestTellsWhoseTheCertificateOfAPortIs(t *testing.T) {
	t.Parallel()
	p := newPorts(t)
	v := p.newVoice("UM", "tls")
	foreign := p.serve(p.ca.Issue(t, daemontest.Wish{Names: []string{mailHost}}))
	if r := p.run("test", foreign, "--name", mailHost); strings.Contains(r.out, "ours") {
		t.Errorf("without a store:\n%s", r.out)
	}
	e := p.selfSigned(mailHost)
	if r := p.run("test", v.url, "--name", mailHost); r.code != 1 {
		t.Errorf("exit %d", r.code)
	}
	p.must("enable", e.Thumbprint, "--services", "UM")
	r := p.must("test", v.url, foreign, "--name", mailHost)
	contains(t, r.out, "It is ours: "+e.FriendlyName, "It is what should be there: UM (", "It is not ours: this store does not have it.")
	var got []wire.Port
	p.decode(p.must("test", v.url, foreign, "--name", mailHost, "--json").out, &got)
	own, other := got[0], got[1]
	if own.InStore == nil || !*own.InStore || own.Good == nil || !*own.Good || own.Expected == nil || *own.Expected != *own.Served {
		t.Errorf("%+v", own)
	}
	if other.InStore == nil || *other.InStore || other.Good != nil || other.Service != "" || other.Expected != nil {
		t.Errorf("%+v", other)
	}
}
