package services

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aymanbagabas/go-udiff"

	"certdesk/certstore/daemontest"
	"certdesk/certstore/services/daemon"
)

// fixture is a running daemon with the instance that means it.
type fixture struct {
	*daemontest.Daemon
	ca   *daemontest.CA
	old  daemontest.Pair // what it served at first, and other names and ports go on serving
	now  daemontest.Pair // what it serves
	host daemon.Host
	in   daemon.Instance
	urls []string // those of the instance
}

// world says how each daemon of the tests is made.
type world struct {
	name  string
	start func(t *testing.T, p daemontest.Pair) *daemontest.Daemon
	in    daemon.Instance
	urls  func(d *daemontest.Daemon) []string
}

func worlds() []world {
	all := func(d *daemontest.Daemon) []string { return d.URLs }
	return []world{
		{"postfix", func(t *testing.T, p daemontest.Pair) *daemontest.Daemon { return daemontest.Postfix(t, p) }, daemon.Instance{Use: "SMTP", Driver: "postfix"}, all},
		{"dovecot imap", func(t *testing.T, p daemontest.Pair) *daemontest.Daemon { return daemontest.Dovecot(t, p) }, daemon.Instance{Use: "IMAP", Driver: "dovecot"},
			func(d *daemontest.Daemon) []string { return d.URLs[:2] }},
		{"dovecot pop", func(t *testing.T, p daemontest.Pair) *daemontest.Daemon { return daemontest.Dovecot(t, p) }, daemon.Instance{Use: "POP", Driver: "dovecot"},
			func(d *daemontest.Daemon) []string { return d.URLs[2:] }},
		{"nginx", func(t *testing.T, p daemontest.Pair) *daemontest.Daemon { return daemontest.Nginx(t, p) }, daemon.Instance{Use: "IIS", Driver: "nginx"}, all},
		{"apache", func(t *testing.T, p daemontest.Pair) *daemontest.Daemon { return daemontest.Apache(t, p) }, daemon.Instance{Use: "IIS", Driver: "apache"}, all},
	}
}

func worldOf(name string) world {
	for _, w := range worlds() {
		if w.name == name {
			return w
		}
	}
	panic(name)
}

func (w world) make(t *testing.T) *fixture {
	t.Helper()
	ca := daemontest.NewCA(t)
	f := &fixture{ca: ca, old: ca.Issue(t, daemontest.Wish{}), in: w.in}
	f.now = f.old
	f.Daemon = w.start(t, f.old)
	f.host = daemon.Host{Install: filepath.Join(f.Dir, "installed")}
	f.in.Config = f.Config
	f.urls = w.urls(f.Daemon)
	return f
}

// TestDaemons holds one instance of each daemon to all that is promised, one thing after the other, and all daemons at
// once: they are waited for most of the time.
func TestDaemons(t *testing.T) {
	t.Parallel()
	var all sync.WaitGroup
	defer all.Wait()
	for _, w := range worlds() {
		if daemontest.Plain(w.in.Driver) {
			continue
		}
		all.Go(func() { t.Run(w.name, func(t *testing.T) { w.hold(t) }) })
	}
}

func (w world) hold(t *testing.T) {
	f := w.make(t)
	link := f.trap(t)
	tests := []struct {
		name string
		run  func(t *testing.T, f *fixture)
	}{
		{"served on every port", servedOnEveryPort},
		{"two key types", twoKeyTypes},
		{"many swaps under a visitor", manySwaps},
		{"a fault: key of another certificate", func(t *testing.T, f *fixture) { fault(t, f, otherKey) }},
		{"a fault: key gone", func(t *testing.T, f *fixture) { fault(t, f, noKey) }},
		{"one that died is started", died},
		{"another process finishes or undoes", otherProcess},
	}
	switch {
	case w.in.Use == "POP":
		tests = tests[:3] // the rest is the same daemon as for IMAP
	case w.name != "nginx":
		tests = tests[:6] // a process is followed by another one in the same way under each daemon
	}
	for _, test := range tests {
		if !t.Run(test.name, func(t *testing.T) { test.run(t, f) }) {
			return
		}
	}
	link(t)
}

// trap makes the configured paths links into a pair of others, as Debian's are, and gives what holds that it was not
// written through them.
func (f *fixture) trap(t *testing.T) func(t *testing.T) {
	t.Helper()
	shared := filepath.Join(f.Dir, "snakeoil")
	os.Mkdir(shared, 0o755)
	for _, path := range []string{f.Cert, f.Key} {
		to := filepath.Join(shared, filepath.Base(path))
		if err := errors.Join(os.Rename(path, to), os.Symlink(to, path)); err != nil {
			t.Fatal(err)
		}
	}
	return func(t *testing.T) {
		t.Helper()
		if daemontest.Read(t, f.Cert) != string(f.old.Chain) || daemontest.Read(t, f.Key) != string(f.old.Key) {
			t.Error("the shared pair was written")
		}
		if target, err := os.Readlink(f.Cert); err != nil || !strings.HasPrefix(target, shared) {
			t.Errorf("the link was touched: %q %v", target, err)
		}
	}
}

func (f *fixture) service(t *testing.T) *Service {
	t.Helper()
	s, err := New(f.host, f.in)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func plan(t *testing.T, s *Service, pairs ...daemontest.Pair) Plan {
	t.Helper()
	var all []Pair
	for _, p := range pairs {
		all = append(all, pairOfTest(p))
	}
	got, err := s.Plan(context.Background(), all...)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// enable does what the transaction does, in its order; the proof is openssl's.
func enable(t *testing.T, s *Service, pairs ...daemontest.Pair) Plan {
	t.Helper()
	p := plan(t, s, pairs...)
	if err := apply(s, p); err != nil {
		t.Fatalf("%v\n%s", err, strings.Join(s.Trouble(), "\n"))
	}
	served(t, p.Prove, pairs[0].Sum())
	if err := pruned(s, p.Switch); err != nil {
		t.Fatal(err)
	}
	return p
}

func apply(s *Service, p Plan) error {
	if err := s.Apply(p); err != nil {
		return err
	}
	if err := s.Check(context.Background(), p.Switch); err != nil {
		return err
	}
	return s.Reload(context.Background())
}

func served(t *testing.T, proofs []daemon.Proof, sum string) {
	t.Helper()
	if len(proofs) == 0 {
		t.Fatal("nothing to prove")
	}
	for _, p := range proofs {
		if last, ok := daemontest.Await(p.URL, p.Name, sum, 30*time.Second); !ok {
			t.Errorf("%s (%s) serves %q, want %s", p.URL, p.Name, last, sum)
		}
	}
}

func servedOnEveryPort(t *testing.T, f *fixture) {
	os.Chmod(f.File, 0o640)
	if os.Geteuid() == 0 {
		os.Chown(f.File, 0, 12)
	}
	before, _ := contentOf(f.File)
	s := f.service(t)
	next := f.ca.Issue(t, daemontest.Wish{})
	f.now = next
	p := enable(t, s, next)
	if got := proofURLs(p.Prove); strings.Join(got, " ") != strings.Join(f.urls, " ") {
		t.Errorf("to prove: %v, want %v", got, f.urls)
	}
	after, _ := contentOf(f.File)
	if after.Mode != before.Mode || after.UID != before.UID || after.GID != before.GID {
		t.Errorf("mode and owner were %v, are %v", before, after)
	}
	unrelated(t, string(before.Data), string(after.Data))
	f.untouchedOthers(t)
	again := plan(t, s, next)
	if !again.Nothing || len(again.Changes)+len(again.Files) > 0 || again.Version != p.Version {
		t.Errorf("a second plan would change something: %+v", again)
	}
	secret(t, p)
}

// untouchedOthers holds that ports and names that are not meant serve what they did.
func (f *fixture) untouchedOthers(t *testing.T) {
	t.Helper()
	for _, url := range f.URLs {
		if !slices.Contains(f.urls, url) {
			served(t, []daemon.Proof{{URL: url, Name: ""}}, f.old.Sum())
		}
	}
	if f.in.Use == "IIS" {
		served(t, []daemon.Proof{{URL: f.urls[0], Name: "www.example.org"}}, f.old.Sum())
	}
}

func proofURLs(proofs []daemon.Proof) []string {
	var all []string
	for _, p := range proofs {
		if !slices.Contains(all, p.URL) {
			all = append(all, p.URL)
		}
	}
	return all
}

// unrelated holds that no line went or changed but those of the certificate.
func unrelated(t *testing.T, before, after string) {
	t.Helper()
	changed := 0
	hunks := strings.SplitAfter(udiff.Unified("before", "after", before, after), "\n")
	for _, l := range hunks[min(2, len(hunks)):] {
		if !strings.HasPrefix(l, "+") && !strings.HasPrefix(l, "-") {
			continue
		}
		changed++
		text := strings.TrimSpace(l[1:])
		about := strings.Contains(strings.ToLower(text), "cert") || strings.Contains(text, "ssl_key") || strings.Contains(text, "tls_key_file") ||
			strings.HasPrefix(text, "protocol ") || text == "}"
		if !about {
			t.Errorf("changed: %s", l)
		}
	}
	if changed == 0 || changed > 8 {
		t.Errorf("%d lines changed", changed)
	}
}

// secret holds that a key is readable by its owner alone.
func secret(t *testing.T, p Plan) {
	t.Helper()
	keys := 0
	for _, f := range p.Files {
		info, err := os.Stat(f.Path)
		if err != nil {
			t.Fatal(err)
		}
		want := os.FileMode(0o644)
		if strings.Contains(daemontest.Read(t, f.Path), "PRIVATE KEY") {
			want = 0o600
			keys++
		}
		if info.Mode().Perm() != want || f.Secret != (want == 0o600) {
			t.Errorf("%s has mode %04o", f.Path, info.Mode().Perm())
		}
	}
	if keys != 1 {
		t.Errorf("%d copies of the key", keys)
	}
}

// manySwaps has a client connect without pause meanwhile.
func manySwaps(t *testing.T, f *fixture) {
	swaps := 3
	if os.Getenv("CERTDESK_ALL") != "" {
		swaps = 20
	}
	s := f.service(t)
	pairs := []daemontest.Pair{f.ca.Issue(t, daemontest.Wish{}), f.ca.Issue(t, daemontest.Wish{RSA: true})}
	v := daemontest.Visit(t, f.urls)
	for i := range swaps {
		f.now = pairs[i%2]
		enable(t, s, f.now)
	}
	v.Leave()
	t.Logf("%s: %d of %d handshakes failed and %d connections were refused during %d switches %v", f.in.Driver, v.Failed, v.All, v.Refused, swaps, v.Why)
	if v.All < 10 || v.Failed+v.Refused > v.All/20 {
		t.Errorf("%d of %d handshakes failed, %d were refused", v.Failed, v.All, v.Refused)
	}
	names, err := versions(s.dir())
	if err != nil || len(names) != 2 {
		t.Errorf("%d versions are kept: %v %v", len(names), names, err)
	}
	if config := daemontest.Read(t, f.File); strings.Count(config, s.dir()) > 2 {
		t.Errorf("the configuration grows:\n%s", config)
	}
}

// The faults are what another program or an unlucky hand may do between the switch and the reload.
func otherKey(t *testing.T, f *fixture, p Plan) {
	other := f.ca.Issue(t, daemontest.Wish{})
	for _, file := range p.Files {
		if file.Secret {
			os.WriteFile(file.Path, []byte(strings.Replace(string(file.Data), string(p.pairKey()), string(other.Key), 1)), 0o600)
		}
	}
}

func noKey(t *testing.T, f *fixture, p Plan) {
	for _, file := range p.Files {
		if file.Secret {
			os.Remove(file.Path)
		}
	}
}

func fault(t *testing.T, f *fixture, hurt func(t *testing.T, f *fixture, p Plan)) {
	s := f.service(t)
	before, _ := contentOf(f.File)
	next := f.ca.Issue(t, daemontest.Wish{})
	p := plan(t, s, next)
	if err := s.Apply(p); err != nil {
		t.Fatal(err)
	}
	hurt(t, f, p)
	said := s.Reload(context.Background())
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); {
		if last, ok := daemontest.Await(p.Prove[0].URL, p.Prove[0].Name, next.Sum(), 300*time.Millisecond); ok {
			t.Fatalf("the broken pair is served: %s", last)
		}
		if said != nil || len(s.Trouble()) > 0 {
			break
		}
	}
	t.Logf("reload: %v; log: %q", said, s.Trouble())
	if said == nil && len(s.Trouble()) == 0 {
		t.Error("neither the reload nor the log tells the reason")
	}
	if err := undone(s, p.Switch); err != nil {
		t.Fatal(err)
	}
	served(t, p.Prove, f.now.Sum())
	if after, _ := contentOf(f.File); !after.same(before) {
		t.Errorf("not as it was: %+v", after)
	}
	if _, err := os.Stat(p.Version); err == nil {
		t.Error("the version that failed is still there")
	}
}

// pairKey finds the key in a plan's files.
func (p Plan) pairKey() []byte {
	for _, f := range p.Files {
		if i := strings.Index(string(f.Data), "-----END PRIVATE KEY-----\n"); i >= 0 {
			return f.Data[:i+len("-----END PRIVATE KEY-----\n")]
		}
	}
	return nil
}

// twoKeyTypes has a daemon serve RSA and ECDSA side by side, and then one of them alone.
func twoKeyTypes(t *testing.T, f *fixture) {
	s := f.service(t)
	ec, rsa := f.ca.Issue(t, daemontest.Wish{}), f.ca.Issue(t, daemontest.Wish{RSA: true})
	p := plan(t, s, rsa, ec)
	if err := apply(s, p); err != nil {
		t.Fatal(err)
	}
	for _, url := range f.urls {
		for cipher, want := range map[string]string{"ECDHE-RSA-AES128-GCM-SHA256": rsa.Sum(), "ECDHE-ECDSA-AES128-GCM-SHA256": ec.Sum()} {
			if last, ok := daemontest.Await(url, daemontest.Name, want, 30*time.Second, "-tls1_2", "-cipher", cipher); !ok {
				t.Errorf("%s with %s serves %q", url, cipher, last)
			}
		}
	}
	if again := plan(t, s, rsa, ec); !again.Nothing {
		t.Errorf("a second plan would change\n%s", again.Diff())
	}
	f.now = ec
	enable(t, s, ec)
	for _, url := range f.urls {
		last := "?"
		for end := time.Now().Add(20 * time.Second); last != "" && time.Now().Before(end); { // a process of before may live on for a moment
			last = daemontest.Served(url, daemontest.Name, "-tls1_2", "-cipher", "ECDHE-RSA-AES128-GCM-SHA256")
		}
		if last != "" {
			t.Errorf("%s still serves RSA: %s", url, last)
		}
	}
}

// died holds that Rollback brings back what ran.
func died(t *testing.T, f *fixture) {
	s := f.service(t)
	p := plan(t, s, f.ca.Issue(t, daemontest.Wish{}))
	if err := s.Apply(p); err != nil {
		t.Fatal(err)
	}
	f.Stop(t)
	if err := s.Reload(context.Background()); err == nil {
		t.Error("a daemon that does not run was reloaded")
	}
	if state, err := s.Look(context.Background()); err != nil || state.Running {
		t.Errorf("it is stopped: %+v %v", state, err)
	}
	if err := undone(s, p.Switch); err != nil {
		t.Fatal(err)
	}
	served(t, p.Prove, f.now.Sum())
}

func otherProcess(t *testing.T, f *fixture) {
	next := f.ca.Issue(t, daemontest.Wish{})
	p := plan(t, f.service(t), next)
	if err := f.service(t).Apply(p); err != nil {
		t.Fatal(err)
	}
	other := f.service(t)
	sw := followed(t, other, p)
	if err := errors.Join(other.Check(context.Background(), sw), other.Reload(context.Background())); err != nil {
		t.Fatal(err)
	}
	served(t, sw.Prove, next.Sum())
	if err := undone(other, sw); err != nil {
		t.Fatal(err)
	}
	served(t, sw.Prove, f.now.Sum())
	if begun, err := other.Begun(sw); begun || err != nil {
		t.Error(begun, err)
	}
}

// TestApacheIsStartedThoughItDiesBehindItsReload rolls back at once, while it is still dying.
func TestApacheIsStartedThoughItDiesBehindItsReload(t *testing.T) {
	t.Parallel()
	f := worldOf("apache").make(t)
	s := f.service(t)
	p := plan(t, s, f.ca.Issue(t, daemontest.Wish{}))
	if err := s.Apply(p); err != nil {
		t.Fatal(err)
	}
	otherKey(t, f, p)
	if err := errors.Join(s.Reload(context.Background()), undone(s, p.Switch)); err != nil {
		t.Fatal(err)
	}
	served(t, p.Prove, f.old.Sum())
}

func TestRollbackLeavesWhatSomebodyElseChanged(t *testing.T) {
	t.Parallel()
	f := worldOf("nginx").make(t)
	s := f.service(t)
	p := plan(t, s, f.ca.Issue(t, daemontest.Wish{}))
	if err := s.Apply(p); err != nil {
		t.Fatal(err)
	}
	changed := daemontest.Read(t, f.File) + "# mine\n"
	os.WriteFile(f.File, []byte(changed), 0o644)
	if err := s.Apply(p); err == nil {
		t.Error("a plan for other files was applied")
	}
	err := undone(s, p.Switch)
	if err == nil || !strings.Contains(err.Error(), "changed by somebody else") || daemontest.Read(t, f.File) != changed {
		t.Error(err)
	}
	if begun, _ := s.Begun(p.Switch); !begun {
		t.Error("it counts as put back")
	}
}

func TestCommandServesCoturn(t *testing.T) {
	t.Parallel()
	daemontest.Need(t, "turnserver")
	ca := daemontest.NewCA(t)
	install := t.TempDir()
	old := ca.Issue(t, daemontest.Wish{RSA: true})
	in := daemon.Instance{Use: "UM", Driver: "command", Install: install, Check: []string{"true"}, Listen: []string{"tls://127.0.0.1:5349"}}
	first, err := New(daemon.Host{}, in)
	if err != nil {
		t.Fatal(err)
	}
	if err := first.Apply(plan(t, first, old)); err != nil {
		t.Fatal(err)
	}
	d := daemontest.Coturn(t, install)
	in.Listen = d.URLs
	in.Reload = []string{"sh", "-c", fmt.Sprintf("kill -USR2 $(cat %s)", d.PIDFile())}
	s, err := New(daemon.Host{}, in)
	if err != nil {
		t.Fatal(err)
	}
	served(t, []daemon.Proof{{URL: d.URLs[0], Name: ""}}, old.Sum())
	next := ca.Issue(t, daemontest.Wish{RSA: true})
	p := enable(t, s, next)
	if again := plan(t, s, next); !again.Nothing {
		t.Errorf("a second plan would change\n%s", again.Diff())
	}
	if len(p.Changes) != 1 || p.Changes[0].After.Kind != Link {
		t.Errorf("more than one link is flipped: %s", p.Diff())
	}
	p = plan(t, s, ca.Issue(t, daemontest.Wish{RSA: true}))
	if err := apply(s, p); err != nil {
		t.Fatal(err)
	}
	if err := undone(s, p.Switch); err != nil {
		t.Fatal(err)
	}
	served(t, p.Prove, next.Sum())
}
