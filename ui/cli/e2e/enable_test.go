//go:build linux

package e2e

import (
	"os/exec"
	"testing"
	"time"

	"certdesk/certstore/daemontest"
)

// TestTheDeskEnablesOnARealDaemon opens the desk on an empty store beside a running web server, takes in what it serves,
// renews it, and enables the new one; openssl has the last word. Then the server is made to serve the old one again.
func TestTheDeskEnablesOnARealDaemon(t *testing.T) {
	t.Parallel()
	need(t, "tmux")
	ca := daemontest.NewCA(t)
	first := ca.Issue(t, daemontest.Wish{})
	d := daemontest.Nginx(t, first)
	s := newSite(t)
	before := s.read(d.File)
	s.write(s.file("root.pem"), string(daemontest.PEM(ca.Root)))
	s.write(s.config, `server = "mail.example.test"
trust = ["`+s.file("root.pem")+`"]
install = "`+s.file("installed")+`"
[[service]]
use = "IIS"
driver = "nginx"
config = "`+d.Config+`"
`)
	p := newTmux(t).desk(s, "admin")
	p.shows("not in the store", "ports 1/2") // the other name of the server has no certificate of its own
	p.does("into the store?", "a")
	p.awake()
	p.does("is in the store now, with its key", "Enter")
	p.shows(" IIS ")

	next := ca.Issue(t, daemontest.Wish{})
	s.write(s.file("next.pem"), string(next.Key)+string(next.Chain))
	if r := s.run("import", s.file("next.pem"), "--friendly-name", "next one"); r.code != 0 {
		t.Fatal(r.err)
	}
	p.goTo("next one", "j")
	p.does("Which services are given next one?", "e")
	p.does("What will be done, and nothing else", "Tab", "Enter")
	p.awake()
	p.does("is enabled for IIS (nginx ", "Tab", "Enter")
	p.shows("proven by")
	if last, ok := daemontest.Await(d.URLs[0], daemontest.Name, next.Sum(), 10*time.Second); !ok {
		t.Errorf("openssl sees %s", last)
	}
	p.does("ports 1/2", "Enter")

	s.write(d.File, before)
	if out, err := exec.Command("nginx", "-c", d.Config, "-s", "reload").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if last, ok := daemontest.Await(d.URLs[0], daemontest.Name, first.Sum(), 10*time.Second); !ok {
		t.Fatalf("the server serves %s", last)
	}
	p.does("do not serve what they should", "t")
	p.does("old one served", "q")
}
