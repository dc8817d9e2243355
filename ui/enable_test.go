package ui

import (
	"context"
	"crypto/x509"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/fail"
	"certdesk/certstore/formats"
	"certdesk/certstore/names"
	"certdesk/certstore/probe"
	"certdesk/certstore/services"
	"certdesk/certstore/trust"
	"certdesk/ui/screen"
	"certdesk/ui/words"
)

// leafOf is what a port sends, as far as the desk looks at it.
func leafOf(name string, days int) *x509.Certificate {
	return &x509.Certificate{DNSNames: []string{name}, NotAfter: noon.AddDate(0, 0, days)}
}

var postfix = services.Instance{Use: "SMTP", Driver: "postfix", Config: "/etc/postfix"}

// port is one of Postfix's, with what it serves.
func port(listen string, result probe.Result, served int64, leaf *x509.Certificate) certstore.Port {
	p := certstore.Port{Service: postfix, Listen: listen, Bound: 3, Expected: "3", Served: served}
	p.Report.Result, p.Report.Leaf = result, leaf
	return p
}

// mixed is a survey in which one port still serves the old certificate, one nothing, and a web server something else.
func mixed() *certstore.Survey {
	web := certstore.Port{Service: services.Instance{Use: "IIS", Driver: "nginx"}, Listen: "https://127.0.0.1:443", Name: "shop.proexchange.global"}
	web.Report.Result, web.Report.Leaf, web.Report.SHA256 = probe.Answers, leafOf("shop.proexchange.global", 40), strings.Repeat("ab", 32)
	silent := port("smtp://127.0.0.1:587", probe.Refused, 0, nil)
	silent.Report.Text = "connection refused: nothing listens there"
	stranger := certificate(0, "shop.proexchange.global", "valid", trust.Valid, 40, 90, "shop.proexchange.global")
	stranger.SHA256 = web.Report.SHA256
	return &certstore.Survey{At: noon, Ports: []certstore.Port{
		port("smtp://127.0.0.1:25", probe.Matches, 3, leafOf("webmail.belgianbeers.rock", 80)),
		port("smtps://127.0.0.1:465", probe.Old, 5, leafOf("webmail.belgianbeers.rock", -40)), silent, web,
	}, Strangers: []certstore.Stranger{{Entry: stranger, Service: web.Service, Serves: []services.Proof{{URL: web.Listen, Name: web.Name}},
		Files: services.Installed{Cert: "/etc/nginx/shop.pem", Key: "/etc/nginx/shop.key"}}},
		Troubles: []string{"IMAP (dovecot): doveconf could not be run"}}
}

// surveyedDesk is the article's desk when its ports have been asked.
func surveyedDesk(r *driver) {
	v := mixed()
	entries := article()
	entries[2].Services = certstore.SMTP
	r.app.d.Survey = v
	r.run(r.app.own(listedMsg{listing: prepare(words.SeenBy(v, entries), sorting{})}))
}

func planScene(r *driver) *enableScreen {
	e, _ := r.app.d.Entry(3)
	had, _ := r.app.d.Entry(5)
	s := newEnable(r.app.d, e)
	r.run(r.app.push(s))
	r.send(servicesMsg{here: []services.Instance{postfix, {Use: "IMAP", Driver: "dovecot"}}})
	s.busy.Stop()
	sp := certstore.ServicePlan{Service: postfix, Replaces: &certstore.Replaced{Entry: had}, Warnings: []string{"clients lose these names, which are served now: old.belgianbeers.rock"}}
	sp.Plan.Files = []services.File{{Path: "/etc/ssl/certdesk/postfix-smtp/v2-00000000/combined.pem", Mode: 0o600, Owner: "root:root", Secret: true}}
	before := "smtpd_tls_security_level = may\nsmtpd_tls_chain_files = /etc/ssl/certdesk/postfix-smtp/v1-aaaaaaaa/combined.pem\nmyhostname = mail01\n"
	after := strings.Replace(before, "v1-aaaaaaaa", "v2-00000000", 1)
	sp.Plan.Changes = []services.Change{{Path: "/etc/postfix/main.cf", Before: services.Content{Kind: services.Regular, Data: []byte(before)}, After: services.Content{Kind: services.Regular, Data: []byte(after)}}}
	sp.Plan.Commands = []string{"postfix -c /etc/postfix check", "postfix -c /etc/postfix reload"}
	sp.Plan.Prove = []services.Proof{{URL: "smtp://127.0.0.1:25"}, {URL: "smtps://127.0.0.1:465"}}
	r.send(plannedMsg{plan: certstore.EnablePlan{Entry: e, Services: []certstore.ServicePlan{sp}}}, screen.WakeMsg{})
	return s
}

func stepsScene(r *driver) {
	s := planScene(r)
	s.busy.Start(r.app.d, "enabling webmail 2025")
	for _, step := range []certstore.Step{certstore.StepRecord, certstore.StepApply, certstore.StepCheck, certstore.StepReload} {
		r.send(stepMsg{certstore.EnableStep{Service: postfix, Step: step, Done: true}, false})
		s.steps = append(s.steps, certstore.EnableStep{Service: postfix, Step: step, Done: true})
	}
	s.steps = append(s.steps, certstore.EnableStep{Service: postfix, Step: certstore.StepProof, Ports: mixed().Ports[:2]})
}

func backScene(r *driver) {
	planScene(r)
	served := port("smtp://127.0.0.1:25", probe.Matches, 5, leafOf("webmail.belgianbeers.rock", -40))
	r.send(outcomesMsg{outcomes: []certstore.Outcome{{Service: postfix, State: certstore.RolledBack, Ports: []certstore.Port{served},
		Err:     fail.New(fail.Failed, "", "not every port serves it: smtp://127.0.0.1:25: it refuses STARTTLS"),
		Trouble: []string{"postfix/smtpd: warning: cannot get RSA private key from file"}}}})
}

func TestTheTableTellsWhatPortsServe(t *testing.T) {
	r := articleDesk(t, 140, 24)
	surveyedDesk(r)
	r.sees("old one served", "not in the store", "ports 2/4")
	r.onto(3)
	r.sees("smtps://127.0.0.1:465 still serves the old certificate", "Next: e reloads")
	r.keys("t")
	r.sees("2 of 4 ports do not serve what they should", "nothing listens there", "it should be webmail 2025", "doveconf could not be run")
	r.keys("q")
	r.onto(words.StrangerID(strings.Repeat("ab", 32)))
	r.sees("IIS (nginx) serves shop.proexchange.global, which is not in this store")
	r.keys("a")
	r.sees("Take shop.proexchange.global into the store?", "/etc/nginx/shop.key")
	r.keys("esc", "x", "D", "R")
	if r.depth() != 1 {
		t.Errorf("a verb of the store's entries acts on what is not in it:\n%s", r.screen())
	}
	r.keys("*")
	if n := r.marked(); n != 8 {
		t.Errorf("%d are marked", n)
	}
}

// voiceAt is a desk on a store with one service, whose port serves what the prober is told.
func voiceAt(t *testing.T, ask func(context.Context, probe.Request) probe.Report) (r *driver, install string) {
	t.Helper()
	dir := t.TempDir()
	install = filepath.Join(dir, "voice")
	ca, _ := theCA()
	if err := errors.Join(os.WriteFile(dir+"/root.pem", formats.CertPEM(ca.Raw), 0o600), os.Mkdir(install, 0o755)); err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return noon }
	store, err := certstore.Open(context.Background(), certstore.Options{Dir: dir + "/store", Now: now, NewKey: smallKeys, Trust: []string{dir + "/root.pem"}, Ask: ask,
		Services: []services.Instance{{Use: "UM", Driver: "command", Install: install, Listen: []string{"tls://127.0.0.1:5061"}, Reload: []string{"/bin/true"}}}})
	if err != nil {
		t.Fatal(err)
	}
	return drive(t, screen.Config{Store: store, Env: articleEnv(), Server: "mail01.proexchange.global", Now: now}, 100, 30), install
}

// served answers as a port does that serves what is installed, to whomever asks.
func served(install string) func(context.Context, probe.Request) probe.Report {
	return func(_ context.Context, req probe.Request) probe.Report {
		r := probe.Report{Target: req.Target, Result: probe.Refused, Text: "nothing listens there"}
		leaf, err := services.Installed{Cert: filepath.Join(install, "fullchain.pem")}.Leaf()
		if err != nil {
			return r
		}
		r.Leaf, r.Sent, r.SHA256, r.Text, r.Result = leaf, []*x509.Certificate{leaf}, formats.SHA256(leaf.Raw), "", probe.Answers
		if req.Expect.Wanted != "" {
			r.Result = probe.Another
			if r.SHA256 == req.Expect.Wanted {
				r.Result = probe.Matches
			}
		}
		return r
	}
}

func (r *driver) selfSigned(name string) certstore.Entry {
	r.t.Helper()
	made, err := r.app.d.Store.New(context.Background(), certstore.Request{SelfSigned: true, Subject: names.Subject{{Type: "CN", Value: name}}, Names: []names.Name{{Kind: names.DNS, Value: name}}, Key: certstore.KeySpec{Algorithm: "rsa", Bits: 2048}})
	if err != nil {
		r.t.Fatal(err)
	}
	r.run(r.app.relist())
	r.onto(made.Entry.ID)
	return made.Entry
}

func TestEnableLeadsFromTheServicesToTheProof(t *testing.T) {
	var r *driver
	install := ""
	r, install = voiceAt(t, func(ctx context.Context, req probe.Request) probe.Report { return served(install)(ctx, req) })
	e := r.selfSigned("voice.proexchange.global")
	r.keys("e")
	r.sees("Which services are given", "[x] UM", "No service is configured or found for")
	r.keys("tab", "enter")
	r.sees("What will be done, and nothing else", "fullchain.pem", "proof    tls://127.0.0.1:5061", "self-signed")
	if left, _ := os.ReadDir(install); len(left) > 0 {
		t.Fatalf("the plan touched something: %v", left)
	}
	r.keys("tab", "enter")
	if left, _ := os.ReadDir(install); len(left) > 0 {
		t.Fatal("a key that was in flight enabled it")
	}
	r.wait()
	r.keys("tab", "enter")
	r.sees("is enabled for UM", "serves it, proven on 1 port", "tls://127.0.0.1:5061")
	r.keys("enter")
	r.sees("..U..", "ports 1/1")
	r.keys("D", "tab", "enter")
	r.wait()
	r.keys("tab", "enter")
	r.sees("was not removed", "is in use")
	if got := r.entries()[0]; got.ID != e.ID || got.Services != certstore.UM {
		t.Errorf("%+v", got)
	}
}

func TestWhatIsServedAndNotInTheStoreIsTakenIn(t *testing.T) {
	var r *driver
	install := ""
	r, install = voiceAt(t, func(ctx context.Context, req probe.Request) probe.Report { return served(install)(ctx, req) })
	other, _ := voiceAt(t, nil)
	e := other.selfSigned("voice.proexchange.global")
	for from, to := range map[string]string{"certs/" + e.SHA256 + ".pem": "fullchain.pem", "keys/" + e.SPKI + ".key": "key.pem"} {
		data, err := os.ReadFile(filepath.Join(other.app.d.Store.Dir(), from))
		if err := errors.Join(err, os.WriteFile(filepath.Join(install, to), data, 0o600), os.WriteFile(filepath.Join(install, "combined.pem"), data, 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	r.run(r.app.survey())
	r.sees("not in the store", "ports 1/1")
	r.keys("home", "a")
	r.wait()
	r.sees("Take voice.proexchange.global into the store?")
	r.keys("enter")
	r.sees("is in the store now, with its key", "..U..")
	if list := r.entries(); len(list) != 1 || !list[0].HasKey || list[0].SHA256 != e.SHA256 {
		t.Errorf("%+v", list)
	}
}

func TestAnImportGoesOnToEnable(t *testing.T) {
	var r *driver
	install := ""
	r, install = voiceAt(t, func(ctx context.Context, req probe.Request) probe.Report { return served(install)(ctx, req) })
	r.keys("n", "esc")
	e := r.selfSigned("voice.proexchange.global")
	s := newImport(r.app.d, r.app.imports).(*importScreen)
	r.run(r.app.push(s))
	r.send(importedMsg{entry: r.entries()[0]})
	r.sees("e enables it now", "e enable")
	r.keys("e")
	r.sees("Which services are given " + words.Title(e))
	r.keys("esc")
	if r.depth() != 1 {
		t.Errorf("%d screens are open", r.depth())
	}
}
