package certstore

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"certdesk/certstore/daemontest"
	"certdesk/certstore/enabling"
	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
	"certdesk/certstore/services"
)

// mailServer is a fixture with a real daemon that serves a certificate the store does not have.
type mailServer struct {
	*fixture
	*daemontest.Daemon
	in   services.Instance
	urls []string
}

type kind struct {
	use, driver string
	start       func(t testing.TB, p daemontest.Pair, adapt ...func(string, string) string) *daemontest.Daemon
	urls        func([]string) []string
}

func all(urls []string) []string { return urls }

var kinds = []kind{
	{"IIS", "nginx", daemontest.Nginx, all},
	{"SMTP", "postfix", daemontest.Postfix, all},
	{"IMAP", "dovecot", daemontest.Dovecot, func(u []string) []string { return u[:2] }},
	{"POP", "dovecot", daemontest.Dovecot, func(u []string) []string { return u[2:] }},
	{"IIS", "apache", daemontest.Apache, all},
}

// theDaemons are all in the full run; in the plain one that which needs no root.
func theDaemons() []kind {
	if os.Getenv("CERTDESK_ALL") == "" {
		return kinds[:1]
	}
	return kinds
}

func (k kind) serve(t *testing.T) *mailServer {
	t.Helper()
	f := newFixture(t)
	d := k.start(t, daemontest.NewCA(t).Issue(t, daemontest.Wish{}))
	m := &mailServer{fixture: f, Daemon: d, urls: k.urls(d.URLs), in: services.Instance{Use: k.use, Driver: k.driver, Config: d.Config}}
	f.store = m.process()
	return m
}

func (m *mailServer) install() string { return filepath.Join(m.Dir, "installed") }

func (m *mailServer) process() *Store {
	return m.openWith(Options{Dir: m.store.Dir(), Roots: rootsOf(nil, m.ca.root), Services: []services.Instance{m.in}, Host: services.Host{Install: m.install()}})
}

// served has openssl judge every port.
func (m *mailServer) served(sum string, options ...string) {
	m.Helper()
	for _, url := range m.urls {
		if last, ok := daemontest.Await(url, daemontest.Name, sum, 15*time.Second, options...); !ok {
			m.Errorf("%s serves %q, not %s", url, last, sum)
		}
	}
}

func (m *mailServer) config() []byte {
	m.Helper()
	data, err := os.ReadFile(m.File)
	m.must(err)
	return data
}

func TestRealDaemonsAreEnabledProvenAndPutBack(t *testing.T) {
	for _, k := range theDaemons() {
		t.Run(k.driver+" "+k.use, func(t *testing.T) {
			t.Parallel()
			m := k.serve(t)
			use, _ := ledger.ParseService(k.use)
			adopted := m.dayOne()
			e := m.bought(request(daemontest.Name))
			m.enabledOnce(e, use)
			m.faults(e, use)
			m.beside(e, use)
			if os.Getenv("CERTDESK_ALL") != "" {
				killed{m.fixture, m.in, m.install(), func(sum string) bool {
					last, ok := daemontest.Await(m.urls[0], daemontest.Name, sum, 15*time.Second)
					return ok || last == sum
				}}.everywhere()
			}
			m.entry(adopted.ID)
		})
	}
}

// dayOne sees what is served, adopts it, and removes nothing that is.
func (m *mailServer) dayOne() ledger.Entry {
	m.Helper()
	s := m.survey()
	var found *enabling.Stranger
	for i, x := range s.Strangers {
		if x.Files.Key == m.Key {
			found = &s.Strangers[i]
		}
	}
	if found == nil {
		m.Fatalf("nothing to adopt: %+v %v", s.Strangers, s.Troubles)
	}
	e, err := m.store.Adopt(m.Context(), *found)
	m.must(err)
	if !e.HasKey || e.Services == 0 {
		m.Errorf("adopted %+v", e)
	}
	res, err := m.store.Remove(m.Context(), []ledger.Entry{e}, false)
	m.must(err)
	if len(res.Refused) != 1 || !fail.Is(res.Refused[0].Err, fail.InUse) {
		m.Errorf("what is served was removed: %+v", res)
	}
	return e
}

func (m *mailServer) enabledOnce(e ledger.Entry, use ledger.Services) {
	m.Helper()
	out := m.enable(e, use, enabling.Options{ReplaceSMTP: true})
	m.states(out, enabling.Enabled)
	m.served(e.SHA256)
	before := m.config()
	m.unchanged("a second enable", func() { m.states(m.enable(e, use, enabling.Options{}), enabling.Unchanged) })
	if !bytes.Equal(before, m.config()) {
		m.Error("a second enable changed the configuration")
	}
}

// faults are what an unlucky hand does after the switch and before the daemon reads it.
func (m *mailServer) faults(e ledger.Entry, use ledger.Services) {
	m.Helper()
	next := m.bought(request(daemontest.Name))
	before := m.config()
	for name, hurt := range map[string]func(path string, text []byte){
		"key of another": func(path string, text []byte) {
			other, _ := os.ReadFile(m.inStore("keys", e.SPKI+".key"))
			own, _ := os.ReadFile(m.inStore("keys", next.SPKI+".key"))
			m.must(os.WriteFile(path, bytes.Replace(text, bytes.TrimSpace(own), bytes.TrimSpace(other), 1), 0o600))
		},
		"key gone": func(path string, _ []byte) { m.must(os.Remove(path)) },
	} {
		out := m.enable(next, use, enabling.Options{ReplaceSMTP: true, Watch: func(s enabling.Progress) {
			if s.Step == enabling.StepApply && s.Done {
				m.eachKey(hurt)
			}
		}})
		m.states(out, enabling.RolledBack)
		m.Logf("%s: %v; log: %q", name, out[0].Err, out[0].Trouble)
		m.served(e.SHA256)
		if !bytes.Equal(before, m.config()) {
			m.Errorf("%s: the configuration is not as it was", name)
		}
		if m.entry(e.ID).Services != use {
			m.Errorf("%s: the binding moved", name)
		}
	}
}

// eachKey gives the files with a key in the newest version.
func (m *mailServer) eachKey(do func(path string, text []byte)) {
	m.Helper()
	versions, _ := filepath.Glob(filepath.Join(m.install(), "*", "v*"))
	newest := versions[0]
	for _, v := range versions {
		if a, b := stat(m.T, v), stat(m.T, newest); a.ModTime().After(b.ModTime()) {
			newest = v
		}
	}
	files, _ := filepath.Glob(filepath.Join(newest, "*.pem"))
	for _, path := range files {
		if text, err := os.ReadFile(path); err == nil && strings.Contains(string(text), "PRIVATE KEY") {
			do(path, text)
		}
	}
}

func stat(t *testing.T, path string) os.FileInfo {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info
}

// beside has the service serve RSA and ECDSA, and then ECDSA alone.
func (m *mailServer) beside(e ledger.Entry, use ledger.Services) {
	m.Helper()
	rsa := m.bought(rsaRequest(daemontest.Name))
	p := m.plan(rsa, use)
	if keeps := p.Services[0].Keeps; len(keeps) != 1 || keeps[0].ID != e.ID {
		m.Fatalf("keeps %+v", keeps)
	}
	out, err := m.store.Enable(m.Context(), p, enabling.Options{ReplaceSMTP: true})
	m.must(err)
	m.states(out, enabling.Enabled)
	if m.entry(e.ID).Services != use || m.entry(rsa.ID).Services != use {
		m.Error("both should be bound")
	}
	m.served(rsa.SHA256, "-tls1_2", "-cipher", "ECDHE-RSA-AES128-GCM-SHA256")
	m.served(e.SHA256, "-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256")
	_, err = m.store.Disable(m.Context(), rsa.ID, use)
	m.must(err)
	m.states(m.enable(e, use, enabling.Options{ReplaceSMTP: true}), enabling.Enabled)
	m.served(e.SHA256)
}
