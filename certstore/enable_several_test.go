package certstore

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"certdesk/certstore/daemontest"
	"certdesk/certstore/enabling"
	"certdesk/certstore/ledger"
	"certdesk/certstore/services"
)

// twoFiles is a fixture with an nginx that does not run, of two hosts in files of their own, each a service told apart
// by its port alone: both have their versions in one directory.
func twoFiles(t *testing.T) (f *fixture, list []services.Instance) {
	t.Helper()
	daemontest.Need(t, "nginx")
	f = newFixture(t)
	dir := f.TempDir()
	ca := daemontest.NewCA(t)
	old := ca.Issue(t, daemontest.Wish{})
	f.must(os.WriteFile(filepath.Join(dir, "old.pem"), old.Chain, 0o644))
	f.must(os.WriteFile(filepath.Join(dir, "old.key"), old.Key, 0o600))
	text := fmt.Sprintf("pid %[1]s/pid; error_log %[1]s/log; events {} "+
		"http { access_log off; client_body_temp_path %[1]s/tmp; include *.host; }", dir)
	f.must(os.WriteFile(filepath.Join(dir, "nginx.conf"), []byte(text), 0o644))
	for i, port := range []int{31443, 31444} {
		host := fmt.Sprintf("server { listen 127.0.0.1:%d ssl; server_name mail.example.test; "+
			"ssl_certificate %[2]s/old.pem; ssl_certificate_key %[2]s/old.key; }\n", port, dir)
		f.must(os.WriteFile(filepath.Join(dir, fmt.Sprintf("%d.host", i)), []byte(host), 0o644))
		list = append(list, services.Instance{Use: "IIS", Driver: "nginx", Config: filepath.Join(dir, "nginx.conf"),
			Listen: []string{fmt.Sprintf("https://127.0.0.1:%d", port)}})
	}
	f.store = f.openWith(Options{Dir: f.store.Dir(), Roots: rootsOf(nil, f.ca.root), Services: list,
		Host: services.Host{Install: filepath.Join(dir, "installed")}})
	return f, list
}

// whole holds that every file the hosts name is there.
func whole(t *testing.T, in services.Instance) {
	t.Helper()
	svc, err := services.New(services.Host{}, in)
	if err != nil {
		t.Fatal(err)
	}
	if err := svc.Ready(t.Context()); err != nil {
		t.Error(err)
	}
}

// Issue 9, kind 1: one enable for several entries of one daemon, over and over.
func TestSeveralServicesOfOneDaemonInOneEnable(t *testing.T) {
	t.Parallel()
	f, list := twoFiles(t)
	for range 4 {
		out := f.enable(f.bought(request("mail.example.test")), ledger.IIS, enabling.Options{})
		f.states(out, enabling.Unproven, enabling.Unproven)
		for _, o := range out {
			f.must(o.Err)
		}
		whole(t, list[0])
	}
	f.settled()
}

// A plan that waited while another service of the same daemon was enabled names the same version: it is refused, and
// takes nothing of the other's with it.
func TestAPlanWhoseVersionIsTakenTouchesNothing(t *testing.T) {
	t.Parallel()
	f, list := twoFiles(t)
	e := f.bought(request("mail.example.test"))
	waits := f.plan(e, ledger.IIS)
	waits.Services = waits.Services[:1]
	other := f.plan(e, ledger.IIS)
	other.Services = other.Services[1:]
	out, err := f.store.Enable(f.Context(), other, enabling.Options{})
	f.must(err)
	f.states(out, enabling.Unproven)
	f.unchanged("the plan that waited", func() {
		out, err = f.store.Enable(f.Context(), waits, enabling.Options{})
		f.must(err)
		f.states(out, enabling.LeftAlone)
	})
	if out[0].Err == nil || !strings.Contains(out[0].Err.Error(), "changed by somebody else in the meantime") {
		t.Error(out[0].Err)
	}
	whole(t, list[0])
}

// Where one daemon's configuration cannot be read, nobody knows what it names: older files stay, and that is said.
func TestOlderFilesStayWhereNobodyKnowsWhatIsRead(t *testing.T) {
	t.Parallel()
	f, list := twoFiles(t)
	machine := f.TempDir()
	f.must(os.MkdirAll(filepath.Join(machine, "etc/nginx"), 0o755))
	f.store = f.openWith(Options{Dir: f.store.Dir(), Roots: rootsOf(nil, f.ca.root), Services: list,
		Host: services.Host{Root: machine, Install: filepath.Join(filepath.Dir(list[0].Config), "installed")}})
	rounds := func() (out []enabling.Outcome) {
		for range 3 {
			out = f.enable(f.bought(request("mail.example.test")), ledger.IIS, enabling.Options{})
		}
		return out
	}
	versions := func() int {
		list, _ := filepath.Glob(filepath.Join(filepath.Dir(list[0].Config), "installed", "*", "v*"))
		return len(list)
	}
	if out := rounds(); out[1].Kept != "" || versions() != 3 {
		t.Errorf("%q, %d versions", out[1].Kept, versions())
	}
	f.must(os.WriteFile(filepath.Join(machine, "etc/nginx/nginx.conf"), []byte("http { server {"), 0o644))
	out := rounds()
	f.states(out, enabling.Unproven, enabling.Unproven)
	if !out[1].Fine() || !strings.Contains(out[1].Kept, "older files are kept: certdesk cannot tell what nginx reads") || versions() != 9 {
		t.Errorf("%q %v, %d versions", out[1].Kept, out[1].Err, versions())
	}
}
