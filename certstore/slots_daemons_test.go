package certstore

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"certdesk/certstore/daemontest"
	"certdesk/certstore/enabling"
	"certdesk/certstore/ledger"
	"certdesk/certstore/services"
)

// slotNames have a certificate each on a daemon of slots, beside its default.
var slotNames = []string{"mail.a.test", "mail.b.test", "mail.c.test"}

// slotted is a daemon with a default and three names that have certificates of their own.
type slotted struct {
	*mailServer
	now map[string]string // what openssl has to see for each name; "" is for who asks for none
}

// withSlots starts a daemon of a kind with a slot for each name.
func (k kind) withSlots(t *testing.T) *slotted {
	t.Helper()
	f, ca := newFixture(t), daemontest.NewCA(t)
	def := ca.Issue(t, daemontest.Wish{})
	s := &slotted{now: map[string]string{"": def.Sum()}}
	pairs := t.TempDir()
	if err := os.Chmod(filepath.Dir(pairs), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range slotNames {
		old := ca.Issue(t, daemontest.Wish{Names: []string{name}})
		s.now[name] = old.Sum()
		at := filepath.Join(pairs, name)
		err := errors.Join(os.WriteFile(at+".pem", old.Chain, 0o644), os.WriteFile(at+".key", old.Key, 0o600),
			os.WriteFile(at+".both", append(bytes.Clone(old.Key), old.Chain...), 0o600))
		if err != nil {
			t.Fatal(err)
		}
	}
	d := k.start(t, def, func(file, text string) string { return slotText(t, k.driver, file, text, pairs) })
	s.mailServer = &mailServer{fixture: f, Daemon: d, urls: k.urls(d.URLs), in: services.Instance{Use: k.use, Driver: k.driver, Config: d.Config}}
	s.store = s.process()
	return s
}

// slotText adds the names to a daemon's configuration, as its administrator writes them.
func slotText(t *testing.T, driver, file, text, pairs string) string {
	t.Helper()
	block := map[string]string{
		"nginx":   "  server { listen 127.0.0.1:PORT ssl; server_name NAME; ssl_certificate AT.pem; ssl_certificate_key AT.key; return 200; }\n",
		"apache":  "<VirtualHost 127.0.0.1:PORT>\n  ServerName NAME\n  SSLEngine on\n  SSLCertificateFile AT.pem\n  SSLCertificateKeyFile AT.key\n</VirtualHost>\n",
		"dovecot": "local_name NAME {\n  ssl_cert = <AT.pem\n  ssl_key = <AT.key\n}\n",
		"postfix": "NAME AT.both\n",
	}[driver]
	more := ""
	for _, name := range slotNames {
		more += strings.NewReplacer("NAME", name, "AT", filepath.Join(pairs, name), "PORT", portIn(text)).Replace(block)
	}
	switch {
	case driver == "nginx":
		return strings.TrimSuffix(strings.TrimSpace(text), "}") + more + "}\n"
	case driver != "postfix":
		return text + more
	case file == "master.cf":
		return text
	}
	table := filepath.Join(pairs, "sni")
	err := os.WriteFile(table, []byte(more), 0o600)
	if out, failed := exec.Command("postmap", "-F", "hash:"+table).CombinedOutput(); errors.Join(err, failed) != nil {
		t.Fatalf("%v %v %s", err, failed, out)
	}
	return text + "tls_server_sni_maps = hash:" + table + "\n"
}

// portIn finds the port of a web server's configuration.
func portIn(text string) string {
	_, after, _ := strings.Cut(text, "127.0.0.1:")
	return after[:max(0, strings.IndexFunc(after, func(r rune) bool { return r < '0' || r > '9' }))]
}

// judged has openssl judge each name on every port: what changed, and what must not have.
func (s *slotted) judged(when string) {
	s.Helper()
	for name, sum := range s.now {
		for _, url := range s.urls {
			if last, ok := daemontest.Await(url, name, sum, 15*time.Second); !ok {
				s.Errorf("%s: %s asked for %q serves %q, not %s", when, url, name, last, sum)
			}
		}
	}
}

// A default and three names, on each daemon: one certificate after the other is enabled and goes to its slot alone; one
// that fails is put back, and no other slot notices.
func TestSlotsAreEnabledOneByOneAndNoOtherChanges(t *testing.T) {
	for _, k := range theDaemons() {
		t.Run(k.driver+" "+k.use, func(t *testing.T) {
			t.Parallel()
			s := k.withSlots(t)
			use, _ := ledger.ParseService(k.use)
			s.judged("before")
			var entries []ledger.Entry
			for _, name := range slotNames {
				e := s.bought(request(name))
				out := s.enable(e, use, enabling.Options{})
				s.states(out, enabling.Enabled)
				if !out[0].Whole() {
					t.Errorf("%s: %+v", name, out[0])
				}
				entries, s.now[name] = append(entries, e), e.SHA256
				s.judged("enabled " + name)
			}
			s.boundTo(entries, use)
			s.fails(use)
			s.boundTo(entries, use)
			s.renewed(use)
			s.takesTheDefault(use)
		})
	}
}

// BoundTo holds that each entry is bound to its own slot.
func (s *slotted) boundTo(entries []ledger.Entry, use ledger.Services) {
	s.Helper()
	list, err := s.store.Bindings(s.Context())
	s.must(err)
	slots := map[string]int64{}
	for _, b := range list {
		slots[b.Slot] = b.Entry
	}
	for i, e := range entries {
		if slots[slotNames[i]] != e.ID || s.entry(e.ID).Services != use {
			s.Errorf("bindings %v, want %s bound to %d", slots, slotNames[i], e.ID)
		}
	}
	v := s.survey()
	for _, p := range v.Ports {
		if slices.Contains(slotNames, p.Name) && (!p.Right() || p.Slot != p.Name) {
			s.Errorf("%s asked for %s: %s, slot %s", p.Listen, p.Name, p.Word(), p.Slot)
		}
	}
}

// fails gives a name another certificate whose key is lost under way.
func (s *slotted) fails(use ledger.Services) {
	s.Helper()
	before := s.config()
	next := s.bought(request(slotNames[1]))
	out := s.enable(next, use, enabling.Options{Watch: func(step enabling.Progress) {
		if step.Step == enabling.StepApply && step.Done {
			s.eachKey(func(path string, _ []byte) { s.must(os.Remove(path)) })
		}
	}, Patience: 5 * time.Second})
	s.states(out, enabling.RolledBack)
	if !bytes.Equal(before, s.config()) {
		s.Error("the configuration is not as it was")
	}
	s.judged("put back")
}

// renewed gives one certificate to two names at once, and twice, so that older versions are pruned.
func (s *slotted) renewed(use ledger.Services) {
	s.Helper()
	for i := range 2 {
		e := s.bought(request(slotNames[0], slotNames[2]))
		s.states(s.enable(e, use, enabling.Options{}), enabling.Enabled)
		s.now[slotNames[0]], s.now[slotNames[2]] = e.SHA256, e.SHA256
		s.judged(fmt.Sprintf("renewed %d", i+1))
	}
}

// takesTheDefault has a person give the default a certificate that no slot is for.
func (s *slotted) takesTheDefault(use ledger.Services) {
	s.Helper()
	e := s.bought(request("mail.x.test"))
	_, err := s.store.PlanEnable(s.Context(), enabling.Request{ID: e.ID, Services: use})
	if err == nil {
		s.Error("a certificate of another name is taken unasked")
	}
	if s.now[""] == "" || s.in.Use == "IIS" {
		return // the first host of a web server has a name, and is no default of its own
	}
	p, err := s.store.PlanEnable(s.Context(), enabling.Request{ID: e.ID, Services: use, Slots: []string{services.DefaultSlot}})
	s.must(err)
	out, err := s.store.Enable(s.Context(), p, enabling.Options{ReplaceSMTP: true})
	s.must(err)
	s.states(out, enabling.Enabled)
	s.now[""] = e.SHA256
	s.judged("default")
}

// A block of Dovecot for a name is for IMAP and POP: who enables one of them changes the other, which is proven with it
// and bound too, and is enabled with it in one go as well.
func TestWhatAnotherServiceSharesIsProvenAndBound(t *testing.T) {
	if os.Getenv("CERTDESK_ALL") == "" {
		t.Skip("SKIPPED without CERTDESK_ALL: it runs Dovecot")
	}
	t.Parallel()
	s := kind{"IMAP", "dovecot", daemontest.Dovecot, all}.withSlots(t)
	pop := s.in
	pop.Use = "POP"
	s.store = s.openWith(Options{Dir: s.store.Dir(), Roots: rootsOf(nil, s.ca.root), Services: []services.Instance{s.in, pop}, Host: services.Host{Install: s.install()}})
	for i, uses := range []ledger.Services{ledger.IMAP, ledger.IMAP | ledger.POP, ledger.POP} {
		e := s.bought(request(slotNames[0]))
		for _, o := range s.enable(e, uses, enabling.Options{}) {
			if !o.Whole() || o.State != enabling.Enabled {
				t.Errorf("%d: %+v", i, o)
			}
			for _, p := range o.Ports {
				if uses == ledger.IMAP|ledger.POP && !p.Service.Same(o.Service) {
					t.Errorf("%s has the handshake at %s of %s", ledger.ServiceTitle(o.Service), p.Listen, ledger.ServiceTitle(p.Service))
				}
			}
		}
		for _, o := range s.enable(e, uses, enabling.Options{}) {
			if o.State != enabling.Unchanged {
				t.Errorf("%d, enabled again: %+v", i, o)
			}
		}
		s.now[slotNames[0]] = e.SHA256
		s.judged(uses.String())
		if got := s.entry(e.ID).Services; got != ledger.IMAP|ledger.POP {
			t.Errorf("enabled for %v it is bound to %v", uses, got)
		}
		for _, p := range s.survey().Ports {
			if p.Name == slotNames[0] && !p.Right() {
				t.Errorf("%v: %s %s is %s", uses, ledger.ServiceTitle(p.Service), p.Listen, p.Word())
			}
		}
	}
}
