package certstore

import (
	"os"
	"slices"
	"strings"
	"testing"

	"certdesk/certstore/daemontest"
	"certdesk/certstore/enabling"
	"certdesk/certstore/ledger"
	"certdesk/certstore/services"
)

// proxiedText has a port of a daemon expect the PROXY protocol: of Postfix and Dovecot those with TLS from the first
// byte.
func proxiedText(driver string) func(file, text string) string {
	return func(file, text string) string {
		switch {
		case driver == "nginx":
			return strings.Replace(text, "ssl default_server", "ssl default_server proxy_protocol", 1)
		case driver == "dovecot":
			text = strings.ReplaceAll(text, "    ssl = yes\n", "    ssl = yes\n    haproxy = yes\n")
			return text + "haproxy_trusted_networks = 10.0.0.0/8, 127.0.0.1\n"
		case driver == "postfix" && file == "master.cf":
			return strings.Replace(text, "-o smtpd_tls_wrappermode=yes", "-o smtpd_tls_wrappermode=yes -o smtpd_upstream_proxy_protocol=haproxy", 1)
		}
		return text
	}
}

// adapted starts a daemon of a kind with another configuration.
func (k kind) adapted(t *testing.T, adapt ...func(file, text string) string) *mailServer {
	t.Helper()
	f := newFixture(t)
	d := k.start(t, daemontest.NewCA(t).Issue(t, daemontest.Wish{}), adapt...)
	m := &mailServer{fixture: f, Daemon: d, urls: k.urls(d.URLs), in: services.Instance{Use: k.use, Driver: k.driver, Config: d.Config}}
	f.store = m.process()
	return m
}

// A port that expects the PROXY protocol is asked as a proxy asks: it is proven, put back and surveyed like any other.
func TestAPortBehindAProxyIsProvenLikeAnyOther(t *testing.T) {
	for _, k := range theDaemons() {
		if k.driver == "apache" {
			continue
		}
		t.Run(k.driver+" "+k.use, func(t *testing.T) {
			t.Parallel()
			m, e := k.adapted(t, proxiedText(k.driver)), ledger.Entry{}
			use, _ := ledger.ParseService(k.use)
			for range 2 {
				e = m.bought(request(daemontest.Name))
				said := strings.Join(m.plan(e, use).Services[0].Plan.Warnings, "\n")
				if !strings.Contains(said, "asked as a proxy asks it") || strings.Contains(said, "cannot be asked") {
					t.Errorf("warnings: %s", said)
				}
				out := m.enable(e, use, enabling.Options{ReplaceSMTP: true})
				m.states(out, enabling.Enabled)
				if !out[0].Whole() {
					t.Errorf("%+v", out[0])
				}
				m.proxiedServes(e)
			}
			out := m.enable(m.bought(request(daemontest.Name)), use, enabling.Options{ReplaceSMTP: true, Watch: func(s enabling.Progress) {
				if s.Step == enabling.StepApply && s.Done {
					m.eachKey(func(path string, _ []byte) { m.must(os.Remove(path)) })
				}
			}})
			m.states(out, enabling.RolledBack)
			m.proxiedServes(e)
		})
	}
}

// proxiedServes holds that a survey sees the entry on every port, and no note that says otherwise.
func (m *mailServer) proxiedServes(e ledger.Entry) {
	m.Helper()
	v, proxied := m.survey(), 0
	for _, p := range v.Ports {
		if slices.Contains([]string{"", daemontest.Name}, p.Name) && (p.Bound != e.ID || !p.Good()) {
			m.Errorf("%s asked for %q: %s %v", p.Listen, p.Name, p.Word(), p.Report.Faults())
		}
		if p.Proxy && p.Report.Proxied {
			proxied++
		}
	}
	if proxied == 0 || len(v.Troubles)+len(v.Notes) > 0 {
		m.Errorf("%d ports were asked as a proxy asks; troubles %q, notes %q", proxied, v.Troubles, v.Notes)
	}
}

// A Dovecot that takes the header of its proxy's address alone turns everybody else away: that is no failed proof.
func TestAPortThatHeedsItsProxyAloneIsSaidNotToBeProven(t *testing.T) {
	if os.Getenv("CERTDESK_ALL") == "" {
		t.Skip("SKIPPED without CERTDESK_ALL: it runs Dovecot")
	}
	t.Parallel()
	imap := func(text, more string) string {
		return strings.ReplaceAll(text, "inet_listener imap {\n", "inet_listener imap {\n"+more)
	}
	for name, c := range map[string]struct {
		adapt func(file, text string) string
		state enabling.State
		ports int
		whole bool
	}{
		"one port of two": {func(_, text string) string { return imap(text, "") }, enabling.Enabled, 1, true},
		"every port":      {func(_, text string) string { return imap(text, "    haproxy = yes\n") }, enabling.Unproven, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := kind{"IMAP", "dovecot", daemontest.Dovecot, all}
			m := k.adapted(t, c.adapt, proxiedText("dovecot"), func(_, text string) string {
				return strings.Replace(text, ", 127.0.0.1\n", "\n", 1)
			})
			e := m.bought(request(daemontest.Name))
			said := strings.Join(m.plan(e, ledger.IMAP).Services[0].Plan.Warnings, "\n")
			out := m.enable(e, ledger.IMAP, enabling.Options{})
			m.states(out, c.state)
			o := out[0]
			if len(o.Ports) != c.ports || o.Whole() != c.whole || o.Whole() == strings.Contains(o.NotProven, "only through the proxy") {
				t.Errorf("%d ports, %q", len(o.Ports), o.NotProven)
			}
			v := m.survey()
			told := strings.Join(v.Notes, "\n")
			if !c.whole { // nobody can ask for the certificate: no note, but a fault
				told = strings.Join(v.Troubles, "\n")
			}
			if slices.ContainsFunc(v.Ports, func(p enabling.Port) bool { return !p.Good() }) || len(v.Ports) != c.ports {
				t.Errorf("%+v", v.Ports)
			}
			if want := "name the proxy's port"; !strings.Contains(told, want) || !strings.Contains(said, want) {
				t.Errorf("warnings %q, told %q", said, told)
			}
		})
	}
}
