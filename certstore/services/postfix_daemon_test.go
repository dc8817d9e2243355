package services

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"certdesk/certstore/daemontest"
	"certdesk/certstore/services/daemon"
)

// postfixWorld is one Postfix with SNI tables of both kinds, a port with its own pair, and one of IPv6.
type postfixWorld struct {
	*daemontest.Daemon
	ca                             *daemontest.CA
	main, named, other, below, own daemontest.Pair
	renewed                        daemontest.Pair // in mail.a.test's file, and not live
	dir                            string          // of the tables and their files
	v6                             string
}

var firstPort = regexp.MustCompile(`127\.0\.0\.1:(\d+)`)

func makePostfixWorld(t *testing.T) *postfixWorld {
	t.Helper()
	w := &postfixWorld{ca: daemontest.NewCA(t), dir: t.TempDir()}
	w.main, w.own = w.ca.Issue(t, daemontest.Wish{}), w.ca.Issue(t, daemontest.Wish{})
	w.named, w.other = w.ca.Issue(t, daemontest.Wish{Names: []string{"mail.a.test"}}), w.ca.Issue(t, daemontest.Wish{Names: []string{"mail.b.test"}})
	w.below = w.ca.Issue(t, daemontest.Wish{Names: []string{"*.c.test"}})
	for name, p := range map[string]daemontest.Pair{"a": w.named, "b": w.other, "c": w.below, "own": w.own} {
		daemontest.Put(t, filepath.Join(w.dir, name+".pem"), string(p.Key)+string(p.Chain))
	}
	daemontest.Put(t, w.dir+"/sni", "# the names\nmail.a.test "+w.dir+"/a.pem\nmail.b.test\n  "+w.dir+"/b.pem\n")
	daemontest.Put(t, w.dir+"/text", ".c.test "+w.dir+"/c.pem\n")
	if _, err := (daemon.Host{}).Succeed(context.Background(), []string{"postmap", "-F", "hash:" + w.dir + "/sni"}); err != nil {
		t.Fatal(err)
	}
	w.Daemon = daemontest.Postfix(t, w.main, func(file, text string) string {
		if file == "main.cf" {
			return strings.Replace(text, "inet_protocols = ipv4", "inet_protocols = all\nown = "+w.dir+"/own.pem\ntls_server_sni_maps = hash:"+w.dir+"/sni,\n  texthash:"+w.dir+"/text", 1)
		}
		port := firstPort.FindStringSubmatch(text)[1]
		w.v6 = "smtp://[::1]:" + port
		text = strings.Replace(text, "-o syslog_name=smtps", "-o syslog_name=smtps\n  -o smtpd_tls_cert_file=$own -o {smtpd_tls_key_file = ${own?{$own}:{/none}}}", 1)
		return text + "[::1]:" + port + " inet n - n - - smtpd\n"
	})
	return w
}

func (w *postfixWorld) service(t *testing.T, in daemon.Instance) *Service {
	t.Helper()
	in.Use, in.Driver, in.Config = "SMTP", "postfix", w.Config
	s, err := New(daemon.Host{Install: filepath.Join(w.Dir, "installed")}, in)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// hold says what every port and name serves.
func (w *postfixWorld) hold(t *testing.T) {
	t.Helper()
	for _, url := range append(w.URLs[:2:2], w.v6) {
		served(t, []daemon.Proof{{URL: url, Name: ""}}, w.main.Sum())
	}
	served(t, []daemon.Proof{{URL: w.URLs[2], Name: ""}}, w.own.Sum())
	for _, url := range []string{w.URLs[0], w.URLs[2]} {
		served(t, []daemon.Proof{{URL: url, Name: "mail.a.test"}}, w.named.Sum())
		served(t, []daemon.Proof{{URL: url, Name: "mail.b.test"}}, w.other.Sum())
		served(t, []daemon.Proof{{URL: url, Name: "any.c.test"}}, w.below.Sum())
	}
}

// TestPostfixSlots gives each port and name of one Postfix a certificate of its own, one by one, and asks all of them
// after each.
func TestPostfixSlots(t *testing.T) {
	if daemontest.Plain("postfix") {
		t.Skip("the full run has it")
	}
	t.Parallel()
	w := makePostfixWorld(t)
	w.hold(t)
	t.Run("a name of an indexed table", w.indexedName)
	t.Run("rolled back to a table that was older than its files", w.rolledBack)
	t.Run("an index that cannot be made", w.unmade)
	t.Run("another process makes the index", w.finished)
	t.Run("a name of a table that is read as it stands", w.plainName)
	t.Run("a port with its own pair", w.ownPort)
	t.Run("a port that shares main.cf", w.sharingPort)
}

func (w *postfixWorld) indexedName(t *testing.T) {
	os.Chmod(w.dir+"/sni.db", 0o644)
	before := daemontest.Read(t, w.dir+"/sni")
	s := w.service(t, daemon.Instance{Name: "mail.a.test"})
	w.named = w.ca.Issue(t, daemontest.Wish{Names: []string{"mail.a.test"}})
	p := enable(t, s, w.named)
	w.hold(t)
	if want := strings.Replace(before, w.dir+"/a.pem", p.Pairs[0].Cert, 1); daemontest.Read(t, w.dir+"/sni") != want {
		t.Errorf("the table is\n%s", daemontest.Read(t, w.dir+"/sni"))
	}
	for _, path := range []string{w.dir + "/sni", w.dir + "/sni.db", p.Pairs[0].Cert} {
		if c, err := contentOf(path); err != nil || c.Mode != 0o600 {
			t.Errorf("%s has mode %04o %v", path, c.Mode, err)
		}
	}
	if p.Commands[0] != "postmap -F -c "+w.Config+" hash:"+w.dir+"/sni" || strings.Contains(p.Diff(), "PRIVATE") {
		t.Errorf("%q\n%s", p.Commands, p.Diff())
	}
	if again := plan(t, s, w.named); !again.Nothing {
		t.Errorf("a second plan would change\n%s", again.Diff())
	}
}

// rolledBack has a table whose index is older than a file of it: made anew from the old text it would be another one.
func (w *postfixWorld) rolledBack(t *testing.T) {
	w.renewed = w.ca.Issue(t, daemontest.Wish{Names: []string{"mail.a.test"}})
	now := plan(t, w.service(t, daemon.Instance{Name: "mail.a.test"}), w.named).Pairs[0].Cert
	os.WriteFile(now, append(w.renewed.Key, w.renewed.Chain...), 0o600)
	before, _ := contentOf(w.dir + "/sni.db")
	text, _ := contentOf(w.dir + "/sni")
	s := w.service(t, daemon.Instance{Name: "mail.b.test"})
	next := w.ca.Issue(t, daemontest.Wish{Names: []string{"mail.b.test"}})
	p := plan(t, s, next)
	if !strings.Contains(strings.Join(p.Warnings, "\n"), "goes live for mail.a.test as well") {
		t.Errorf("%q", p.Warnings)
	}
	if err := apply(s, p); err != nil {
		t.Fatal(err)
	}
	served(t, []daemon.Proof{{URL: w.URLs[0], Name: "mail.b.test"}}, next.Sum())
	if err := undone(w.service(t, daemon.Instance{Name: "mail.b.test"}), p.Switch); err != nil {
		t.Fatal(err)
	}
	w.hold(t)
	for path, want := range map[string]Content{w.dir + "/sni.db": before, w.dir + "/sni": text} {
		if c, err := contentOf(path); err != nil || !c.same(want) {
			t.Errorf("%s is not as it was: %v", path, err)
		}
	}
}

// unmade has a file of another name go between the plan and the switch: postmap fails, when it has begun to write.
func (w *postfixWorld) unmade(t *testing.T) {
	s := w.service(t, daemon.Instance{Name: "mail.a.test"})
	p := plan(t, s, w.ca.Issue(t, daemontest.Wish{Names: []string{"mail.a.test"}}))
	file := daemontest.Read(t, w.dir+"/b.pem")
	before, _ := contentOf(w.dir + "/sni.db")
	os.Remove(w.dir + "/b.pem")
	err := s.Apply(p)
	if err == nil || !strings.Contains(err.Error(), "postmap") || !strings.Contains(err.Error(), "b.pem") {
		t.Errorf("it was made without b.pem: %v", err)
	}
	daemontest.Put(t, w.dir+"/b.pem", file)
	if err := undone(s, p.Switch); err != nil {
		t.Fatal(err)
	}
	if c, err := contentOf(w.dir + "/sni.db"); err != nil || !c.same(before) {
		t.Errorf("the index is not as it was: %v", err)
	}
	w.hold(t)
}

// finished follows a process that died when the text was changed and its index was not.
func (w *postfixWorld) finished(t *testing.T) {
	next := w.ca.Issue(t, daemontest.Wish{Names: []string{"mail.b.test"}})
	s := w.service(t, daemon.Instance{Name: "mail.b.test"})
	p := plan(t, s, next)
	if err := s.publish(p); err != nil {
		t.Fatal(err)
	}
	for _, c := range p.Changes {
		if c.After.Kind == Built {
			continue
		}
		if err := c.move(c.Before, c.After); err != nil {
			t.Fatal(err)
		}
	}
	other := w.service(t, daemon.Instance{Name: "mail.b.test"})
	if err := other.Resume(p.Switch); err != nil {
		t.Fatal(err)
	}
	if err := other.Reload(context.Background()); err != nil {
		t.Fatal(err)
	}
	w.other = next
	w.named = w.renewed // it goes live with it, as the plan says
	w.hold(t)
}

func (w *postfixWorld) plainName(t *testing.T) {
	w.below = w.ca.Issue(t, daemontest.Wish{Names: []string{"*.c.test"}})
	if p := enable(t, w.service(t, daemon.Instance{Name: "any.c.test"}), w.below); len(p.Commands) != 2 || len(p.Changes) != 1 {
		t.Errorf("%q\n%s", p.Commands, p.Diff())
	}
	w.hold(t)
}

// ownPort changes a port twice, as it is renewed: what it serves is never main.cf's.
func (w *postfixWorld) ownPort(t *testing.T) {
	main := daemontest.Read(t, w.File)
	for range 2 {
		w.own = w.ca.Issue(t, daemontest.Wish{})
		enable(t, w.service(t, daemon.Instance{Listen: w.URLs[2:]}), w.own)
		w.hold(t)
	}
	if daemontest.Read(t, w.File) != main {
		t.Error("main.cf was changed")
	}
}

func (w *postfixWorld) sharingPort(t *testing.T) {
	before, rest := w.main, w.service(t, daemon.Instance{Listen: []string{w.URLs[0]}})
	next := w.ca.Issue(t, daemontest.Wish{})
	enable(t, rest, next)
	served(t, []daemon.Proof{{URL: w.URLs[0], Name: ""}}, next.Sum())
	served(t, []daemon.Proof{{URL: w.URLs[1], Name: ""}, {URL: w.v6, Name: ""}}, before.Sum())
	served(t, []daemon.Proof{{URL: w.URLs[2], Name: ""}}, w.own.Sum())
}
