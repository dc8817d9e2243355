package certstore

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"certdesk/certstore/daemontest"
	"certdesk/certstore/enabling"
	"certdesk/certstore/ledger"
)

// advised is the advice about the port that is asked for a name, which must be wrong and have some.
func (m *mailServer) advised(name string) enabling.Advice {
	m.Helper()
	known, err := m.store.List(m.Context(), false)
	m.must(err)
	for _, p := range m.survey().Ports {
		if p.Name != name || p.Right() && !p.Mismatch {
			continue
		}
		var expected *ledger.Entry
		for i, e := range known {
			if e.SHA256 == p.Expected {
				expected = &known[i]
			}
		}
		if a := p.Advice(expected); a.Do != "" {
			return a
		}
	}
	m.Fatalf("no advice about %s", name)
	return enabling.Advice{}
}

// helped holds that the port serves what it should, once the advice was followed.
func (m *mailServer) helped(name string, a enabling.Advice) {
	m.Helper()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		for _, p := range m.survey().Ports {
			if p.Name == name && p.Good() && !p.Mismatch {
				return
			}
		}
	}
	m.Errorf("this did not help: %+v", a)
}

func (m *mailServer) run(argv ...string) {
	m.Helper()
	if out, err := exec.Command(argv[0], argv[1:]...).CombinedOutput(); err != nil {
		m.Errorf("%v: %v %s", argv, err, out)
	}
}

// Each advice is followed once, and helps.
func TestAdviceIsFollowedAndHelps(t *testing.T) {
	t.Parallel()
	m := kinds[0].serve(t) // nginx
	ca := daemontest.NewCA(t)
	reload := func() { m.run("nginx", "-c", m.Config, "-s", "reload") }
	says := func(a enabling.Advice, why, do string) enabling.Advice {
		t.Helper()
		if !strings.Contains(a.Why, why) || !strings.Contains(a.Do, do) {
			t.Errorf("%+v, want %q and %q", a, why, do)
		}
		return a
	}
	next := ca.Issue(t, daemontest.Wish{})
	m.must(os.WriteFile(m.Cert, next.Chain, 0o644))
	says(m.advised(daemontest.Name), "a reload or a restart would end TLS there", "put the key of that certificate there")
	m.must(os.WriteFile(m.Key, next.Key, 0o600))
	a := says(m.advised(daemontest.Name), "has not read the one in", "reload the daemon")
	reload()
	m.helped(daemontest.Name, a)

	e := m.bought(request(daemontest.Name))
	m.states(m.enable(e, ledger.IIS, enabling.Options{}), enabling.Enabled)
	config := m.config()
	m.must(os.WriteFile(m.File, bytes.ReplaceAll(config, []byte(m.install()), []byte(m.Dir+"/elsewhere")), 0o644))
	m.run("cp", "-a", m.install(), m.Dir+"/elsewhere") // somebody moved it, and then something else is there
	m.eachIn(m.Dir+"/elsewhere", next)
	reload()
	m.awaits(next.Sum())
	a = says(m.advised(daemontest.Name), "somebody pointed its configuration at", "enable "+e.Thumbprint[:12]+" --services IIS` makes it serve")
	m.states(m.enable(e, ledger.IIS, enabling.Options{}), enabling.Enabled)
	m.helped(daemontest.Name, a)
}

// eachIn puts another pair in the place of every installed one below a directory.
func (m *mailServer) eachIn(dir string, p daemontest.Pair) {
	m.Helper()
	files, _ := filepath.Glob(filepath.Join(dir, "*", "v*", "*.pem"))
	for _, path := range files {
		data := map[string][]byte{"fullchain.pem": p.Chain, "key.pem": p.Key}[filepath.Base(path)]
		m.must(os.WriteFile(path, data, 0o600))
	}
}

func (m *mailServer) awaits(sum string) {
	m.Helper()
	if last, ok := daemontest.Await(m.urls[0], daemontest.Name, sum, 10*time.Second); !ok {
		m.Fatalf("it serves %s", last)
	}
}

// A table of names of Postfix is renewed by postmap, not by a reload.
func TestAdviceAboutATableOfNamesHelps(t *testing.T) {
	if os.Getenv("CERTDESK_ALL") == "" {
		t.Skip("SKIPPED without CERTDESK_ALL: it runs Postfix")
	}
	s := kinds[1].withSlots(t)
	name := slotNames[0]
	next := daemontest.NewCA(t).Issue(t, daemontest.Wish{Names: []string{name}})
	var both string
	for _, p := range s.survey().Ports {
		if p.Name == name {
			both = p.Files.Cert
		}
	}
	s.must(os.WriteFile(both, append(bytes.Clone(next.Key), next.Chain...), 0o600))
	s.run("postfix", "-c", s.Config, "reload")
	time.Sleep(time.Second)
	a := s.advised(name)
	if !strings.Contains(a.Do, "`postmap -F ") {
		t.Fatalf("%+v", a)
	}
	s.run(strings.Fields(strings.Trim(a.Do[:strings.LastIndex(a.Do, "`")], "`"))...)
	s.helped(name, a)
}
