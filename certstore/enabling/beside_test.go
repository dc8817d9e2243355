package enabling

import (
	"crypto/x509"
	"strings"
	"testing"

	"certdesk/certstore/probe"
)

func TestAPortThatSendsItsIntermediatesNoMoreIsNotGood(t *testing.T) {
	t.Parallel()
	leaf, middle := &x509.Certificate{Raw: []byte{1}}, &x509.Certificate{Raw: []byte{2}}
	cross := &x509.Certificate{Raw: []byte{3}}
	for _, c := range []struct {
		name      string
		sent, now []*x509.Certificate
		verdict   probe.Verdict
		good      bool
	}{
		{"nothing known of before", nil, []*x509.Certificate{leaf}, probe.Incomplete, true},
		{"the same, to a root that is not known here", []*x509.Certificate{leaf, middle}, []*x509.Certificate{leaf, middle},
			probe.Incomplete, true},
		{"more than before", []*x509.Certificate{leaf, middle}, []*x509.Certificate{leaf, middle, cross},
			probe.Incomplete, true},
		{"none", []*x509.Certificate{leaf, middle}, []*x509.Certificate{leaf}, probe.Incomplete, false},
		{"others, which lead to a root", []*x509.Certificate{leaf, middle}, []*x509.Certificate{leaf, cross},
			probe.Complete, true},
		{"others, which lead nowhere", []*x509.Certificate{leaf, middle}, []*x509.Certificate{leaf, cross},
			probe.Broken, false},
	} {
		p := Port{Key: probe.ECDSA, Expected: "x", sent: sumsOf(c.sent)}
		p.Report = probe.Report{Result: probe.Matches, Sent: c.now, Chain: probe.Chain{Verdict: c.verdict}}
		if p.Good() != c.good || strings.Contains(p.fault(), "intermediates any more") == c.good {
			t.Errorf("%s: good %t, %q", c.name, p.Good(), p.fault())
		}
	}
}
