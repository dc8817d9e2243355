package enabling

import (
	"crypto/x509"
	"testing"

	"certdesk/certstore/probe"
)

func TestAPortIsRightOnlyIfClientsAreServedWell(t *testing.T) {
	t.Parallel()
	report := func(result probe.Result, name, date string) probe.Report {
		return probe.Report{Result: result, Leaf: &x509.Certificate{}, NameFault: name, DateFault: date}
	}
	for _, c := range []struct {
		port        Port
		good, right bool
		word        string
	}{
		{Port{Expected: "a", Report: report(probe.Matches, "", "")}, true, true, "served"},
		{Port{Expected: "a", Report: report(probe.Matches, "", "expired")}, true, false, "out of date"},
		{Port{Expected: "a", Name: "x", Report: report(probe.Matches, "not for x", "")}, true, false, "wrong name"},
		{Port{Expected: "a", Report: report(probe.Old, "", "")}, false, false, "old one served"},
		{Port{Expected: "a", Report: report(probe.Another, "", "")}, false, false, "another served"},
		{Port{Report: report(probe.Answers, "", "")}, true, true, "served"},
		{Port{Report: report(probe.Answers, "", "expired")}, false, false, "served"},
		{Port{Report: probe.Report{Result: probe.NoAnswer}}, false, false, "no answer"},
		{Port{Report: probe.Report{Result: probe.Plaintext}}, false, false, "plaintext"},
	} {
		if c.port.Good() != c.good || c.port.Right() != c.right || c.port.Word() != c.word {
			t.Errorf("%+v: good %v, right %v, %q", c.port, c.port.Good(), c.port.Right(), c.port.Word())
		}
	}
}
