package demo

import (
	"context"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"certdesk/certstore"
	"certdesk/certstore/enabling"
	"certdesk/certstore/ledger"
	"certdesk/certstore/probe"
)

// named is the entry of a friendly name.
func named(t *testing.T, d Desk, name string) certstore.Entry {
	t.Helper()
	list, err := d.Store.List(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(list, func(e certstore.Entry) bool { return e.FriendlyName == name })
	if i < 0 {
		t.Fatalf("there is no %s", name)
	}
	return list[i]
}

// survey gives the words of what is served, by scheme.
func survey(t *testing.T, d Desk) (words map[string]string, v enabling.Survey) {
	t.Helper()
	v, err := d.Store.Survey(t.Context())
	if err != nil || len(v.Troubles)+len(v.Notes)+len(v.Strangers) > 0 {
		t.Fatalf("%v %v %v %v", err, v.Troubles, v.Notes, v.Strangers)
	}
	words = map[string]string{}
	for _, p := range v.Ports {
		scheme, _, _ := strings.Cut(p.Listen, ":")
		words[scheme] = p.Word()
	}
	return words, v
}

// enable enables an entry; it is interrupted as a step begins, if one is named.
func enable(t *testing.T, d Desk, name string, uses ledger.Services, stopAt enabling.Step) enabling.Outcome {
	t.Helper()
	plan, err := d.Store.PlanEnable(t.Context(), enabling.Request{ID: named(t, d, name).ID, Services: uses})
	if err != nil {
		t.Fatal(err)
	}
	defer plan.Discard()
	if title := ledger.ServiceTitle(plan.Services[0].Service); !strings.Contains(title, "of the demo") {
		t.Errorf("the plan calls it %s", title)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	out, err := d.Store.Enable(ctx, plan, enabling.Options{ReplaceSMTP: true, Watch: func(s enabling.Progress) {
		if s.Step == stopAt {
			stop()
		}
	}})
	if err != nil || len(out) != 1 {
		t.Fatal(out, err)
	}
	return out[0]
}

// seenByOpenSSL is the subject that openssl s_client is shown at a port.
func seenByOpenSSL(t *testing.T, v enabling.Survey, scheme string) string {
	t.Helper()
	openssl, err := exec.LookPath("openssl")
	if err != nil {
		t.Skip("SKIPPED, not tested: there is no openssl")
	}
	for _, p := range v.Ports {
		address, found := strings.CutPrefix(p.Listen, scheme+"://")
		if !found {
			continue
		}
		args := []string{"s_client", "-connect", address}
		if scheme == "smtp" || scheme == "imap" {
			args = append(args, "-starttls", scheme)
		}
		cmd := exec.Command(openssl, args...)
		cmd.Stdin = strings.NewReader("Q\n")
		out, _ := cmd.CombinedOutput()
		_, rest, _ := strings.Cut(string(out), "subject=")
		subject, _, _ := strings.Cut(rest, "\n")
		return subject
	}
	t.Fatalf("no port speaks %s", scheme)
	return ""
}

func TestThePortsServeWhatIsEnabledButForAnOldOne(t *testing.T) {
	words, _ := survey(t, open(t))
	for scheme, want := range map[string]string{"smtp": "served", "imap": "served", "imaps": "served", "https": "served",
		"pop3s": "old one served"} {
		if words[scheme] != want {
			t.Errorf("%s: %q, want %q", scheme, words[scheme], want)
		}
	}
}

// What the desk says it enabled is what another program is served.
func TestAnEnableOfTheDemoIsProvenAndSeenByOpenSSL(t *testing.T) {
	d := open(t)
	for _, c := range []struct {
		name string
		use  ledger.Services
		was  string
	}{{"Microsoft Exchange", ledger.SMTP, "smtp"}, {"secure_smtp", ledger.IMAP, "imap"},
		{"webmail 2026", ledger.POP, "pop3s"}} {
		if out := enable(t, d, c.name, c.use, ""); !out.Fine() || out.State == enabling.Unproven {
			t.Errorf("%s: %s %v", c.name, out.State, out.Err)
		}
		words, v := survey(t, d)
		want := named(t, d, c.name).CommonName()
		if got := seenByOpenSSL(t, v, c.was); words[c.was] != "served" || !strings.Contains(got, want) {
			t.Errorf("%s: the survey says %q and openssl sees %q, not %s", c.was, words[c.was], got, want)
		}
	}
	if gone, err := d.Store.Disable(t.Context(), named(t, d, "secure_smtp").ID, ledger.IMAP); err != nil ||
		len(gone) != 1 {
		t.Errorf("disable: %v %v", gone, err)
	}
}

func TestAnEnableOfTheDemoThatIsStoppedIsPutBack(t *testing.T) {
	d := open(t)
	out := enable(t, d, "Microsoft Exchange", ledger.SMTP, enabling.StepProof)
	if out.State != enabling.RolledBack {
		t.Errorf("%s %v", out.State, out.Err)
	}
	if words, _ := survey(t, d); words["smtp"] != "served" || !named(t, d, "secure_smtp").Services.Has(ledger.SMTP) {
		t.Error(words)
	}
}

// The ports end with the desk.
func TestTheListenersEndWithTheDesk(t *testing.T) {
	d := open(t)
	_, v := survey(t, d)
	d.Close()
	for _, p := range v.Ports {
		target, err := probe.ParseTarget(p.Listen)
		if report := probe.Ask(t.Context(), probe.Request{Target: target}); err != nil || report.Result != probe.Refused {
			t.Errorf("%s: %s %v", p.Listen, report.Result, err)
		}
	}
}
