package sheet

import (
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/daemontest"
	"certdesk/certstore/enabling"
	"certdesk/certstore/ledger"
	"certdesk/certstore/probe"
	"certdesk/certstore/renewing"
	"certdesk/certstore/services"
	"certdesk/certstore/trust"
)

// sample is one line of the text format, its label values escaped.
var sample = regexp.MustCompile(`^[a-z_]+(\{[a-z_]+="(?:[^"\\\n]|\\[\\"n])*"(?:,[a-z_]+="(?:[^"\\\n]|\\[\\"n])*")*\})? -?[0-9]+$`)

// measured is a store of a certificate that is replaced, one that an authority gives, a request and two ports.
func measured() Rows {
	old, own := hostile("old"), hostile("own")
	old.Successor, old.Renewed = &ledger.Successor{ID: 2}, true
	own.ID, own.NotAfter, own.DaysLeft, own.Services = 2, noon.AddDate(0, 0, 90), 90, certstore.SMTP
	own.Automatic = &ledger.Automatic{Order: ledger.Order{CA: "le", URL: "u"}}
	own.Verdict = trust.Verdict{Status: trust.Valid, Findings: []trust.Finding{{Code: "weak-key", Severity: trust.Warning}}}
	old.Verdict.Findings = own.Verdict.Findings
	smtp := services.Instance{Use: "SMTP", Driver: "postfix"}
	served := probe.Report{Result: probe.Matches}
	return Rows{Now: noon, Entries: []certstore.Entry{old, own,
		{ID: 3, Kind: certstore.PendingReq, FriendlyName: "waits", Verdict: trust.Verdict{Status: trust.PendingRequest}}},
		Beside: Beside{Version: "1.2.3", Troubles: 1,
			Renewals: []renewing.Task{{Deed: renewing.Order, Old: own, Failures: make([]ledger.Failure, 2)}},
			Survey: enabling.Survey{At: noon.Add(-time.Second), Ports: []enabling.Port{
				{Service: smtp, Listen: "smtp://127.0.0.1:25", Expected: "a", Report: served},
				{Service: smtp, Listen: "smtp://127.0.0.1:25", Expected: "b", Report: probe.Report{Result: probe.NoAnswer}},
				{Service: smtp, Listen: "smtps://127.0.0.1:465", Expected: "a", Name: "mail.b.test", Report: served}}}}}
}

func TestWhatPrometheusIsTold(t *testing.T) {
	text := string(Prometheus(measured()))
	for _, want := range []string{
		`certdesk_certificate_not_after_timestamp_seconds{id="1",name="old",thumbprint="9A3F",subject="CN=old",issuer="old",superseded="1"} 1795176000`,
		`certdesk_certificate_not_after_timestamp_seconds{id="2",name="own",thumbprint="9A3F",subject="CN=own",issuer="own"} 1803211200`,
		`certdesk_certificate_not_before_timestamp_seconds{id="2",name="own",thumbprint="9A3F",subject="CN=own",issuer="own"} 1795435200`,
		`certdesk_certificate_status{id="1",name="old",status="DateInvalid"} 1`, `certdesk_certificate_status{id="1",name="old",status="Valid"} 0`,
		`certdesk_certificate_status{id="3",name="waits",status="PendingRequest"} 1`,
		`certdesk_certificate_renewal_timestamp_seconds{id="2",name="own"} 1800619200`, `certdesk_certificate_renewal_failures{id="2",name="own"} 2`,
		`certdesk_port_matches{listen="smtp://127.0.0.1:25",service="SMTP"} 0`,
		`certdesk_port_matches{listen="smtps://127.0.0.1:465",service="SMTP",name="mail.b.test"} 1`,
		`certdesk_port_last_probe_timestamp_seconds{listen="smtp://127.0.0.1:25",service="SMTP"} 1795435199`,
		`certdesk_finding{code="weak-key",severity="warning"} 1`, `certdesk_last_run_timestamp_seconds 1795435200`,
		`certdesk_store_read_errors 1`, `certdesk_build_info{version="1.2.3"} 1`,
	} {
		if strings.Count(text, want+"\n") != 1 {
			t.Errorf("it lacks %s", want)
		}
	}
	if n := strings.Count(text, "\ncertdesk_certificate_status{"); n != 3*len(told) {
		t.Errorf("%d series of statuses", n)
	}
	if t.Failed() {
		t.Log(text)
	}
}

// A blackbox exporter drops the end of a certificate that has expired, and the alert with it.
func TestNoSeriesEndsWithACertificate(t *testing.T) {
	series := func(at time.Time) string {
		r := measured()
		r.Now = at
		r.Entries[1].Verdict.Status, r.Entries[1].Verdict.Findings = trust.DateInvalid, r.Entries[0].Verdict.Findings
		return regexp.MustCompile(`(?m) -?[0-9]+$`).ReplaceAllString(string(Prometheus(r)), "")
	}
	if a, b := series(noon), series(noon.AddDate(3, 0, 0)); a != b {
		t.Errorf("before\n%s\nafter\n%s", a, b)
	}
}

// No name ends a line or a label, and what promtool finds wanting is wanting.
func TestPrometheusReadsHostileNames(t *testing.T) {
	r := measured()
	for i, name := range []string{"a\"} 1\nevil 1", `back\slash\`, "new\nline", "x\xff\xfe", "ü€\u202e", `\n`} {
		e := hostile(name)
		e.ID = int64(10 + i)
		r.Entries = append(r.Entries, e)
	}
	r.Beside.Survey.Ports[0].Listen = "smtp://\"\n"
	text := string(Prometheus(r))
	for line := range strings.SplitSeq(strings.TrimSuffix(text, "\n"), "\n") {
		if !strings.HasPrefix(line, "# HELP certdesk_") && !strings.HasPrefix(line, "# TYPE certdesk_") && !sample.MatchString(line) {
			t.Errorf("no sample: %q", line)
		}
	}
	daemontest.Need(t, "promtool")
	judge := exec.Command("promtool", "check", "metrics")
	judge.Stdin = strings.NewReader(text)
	if said, err := judge.CombinedOutput(); err != nil || len(said) > 0 {
		t.Errorf("promtool: %v\n%s", err, said)
	}
}
