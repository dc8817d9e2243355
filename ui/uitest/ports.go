package uitest

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
	"certdesk/certstore/enabling"
	"certdesk/certstore/formats"
	"certdesk/certstore/probe"
	"certdesk/certstore/services"
	"certdesk/certstore/trust"
	desk "certdesk/ui/enabling"
	"certdesk/ui/screen"
	"certdesk/ui/words"
)

// LeafOf is what a port sends, as far as the desk looks at it.
func LeafOf(name string, days int) *x509.Certificate {
	return &x509.Certificate{DNSNames: []string{name}, NotAfter: Noon.AddDate(0, 0, days)}
}

// Postfix is the service of the scenes.
var Postfix = services.Instance{Use: "SMTP", Driver: "postfix", Config: "/etc/postfix"}

// Port is one of Postfix's, with what it serves.
func Port(listen string, result probe.Result, served int64, leaf *x509.Certificate) enabling.Port {
	p := enabling.Port{Service: Postfix, Listen: listen, Bound: 3, Expected: "3", Served: served}
	p.Report.Result, p.Report.Leaf = result, leaf
	return p
}

// Mixed is a survey in which one port still serves the old certificate, one nothing, and a web server something else.
func Mixed() *enabling.Survey {
	web := enabling.Port{Service: services.Instance{Use: "IIS", Driver: "nginx"}, Listen: "https://127.0.0.1:443",
		Name: "shop.proexchange.global"}
	web.Report.Result, web.Report.Leaf, web.Report.SHA256 = probe.Answers, LeafOf("shop.proexchange.global", 40),
		strings.Repeat("ab", 32)
	silent := Port("smtp://127.0.0.1:587", probe.Refused, 0, nil)
	silent.Report.Text = "connection refused: nothing listens there"
	stranger := Certificate(0, "shop.proexchange.global", "valid", trust.Valid, 40, 90, "shop.proexchange.global")
	stranger.SHA256 = web.Report.SHA256
	return &enabling.Survey{At: Noon, Ports: []enabling.Port{
		Port("smtp://127.0.0.1:25", probe.Matches, 3, LeafOf("webmail.belgianbeers.rock", 80)),
		Port("smtps://127.0.0.1:465", probe.Old, 5, LeafOf("webmail.belgianbeers.rock", -40)), silent, web,
	}, Strangers: []enabling.Stranger{{Entry: stranger, Service: web.Service,
		Serves: []services.Proof{{URL: web.Listen, Name: web.Name}},
		Files:  services.Installed{Cert: "/etc/nginx/shop.pem", Key: "/etc/nginx/shop.key"}}},
		Troubles: []string{"IMAP (dovecot): doveconf could not be run"}}
}

// SurveyedDesk is the article's desk when its ports have been asked.
func SurveyedDesk(r *Driver) {
	v := Mixed()
	entries := Article()
	entries[2].Services = certstore.SMTP
	r.Desk.Survey = v
	r.Relisted(words.SeenBy(v, entries)...)
}

// VoiceAt is a desk on a store with one service, whose port serves what the prober is told.
func VoiceAt(t *testing.T, ask func(context.Context, probe.Request) probe.Report) (r *Driver, install string) {
	t.Helper()
	dir := t.TempDir()
	install = filepath.Join(dir, "voice")
	ca, _ := CA()
	if err := errors.Join(os.WriteFile(dir+"/root.pem", formats.CertPEM(ca.Raw), 0o600),
		os.Mkdir(install, 0o755)); err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return Noon }
	store, err := certstore.Open(certstore.Options{Dir: dir + "/store", Now: now, NewKey: SmallKeys,
		Trust: []string{dir + "/root.pem"}, Ask: ask,
		Services: []services.Instance{{Use: "UM", Driver: "command", Install: install,
			Listen: []string{"tls://127.0.0.1:5061"}, Reload: []string{"/bin/true"}}}})
	if err != nil {
		t.Fatal(err)
	}
	return Drive(t, screen.Config{Store: store, Env: ArticleEnv(), Server: "mail01.proexchange.global", Now: now},
		100, 30), install
}

// Served answers as a port does that serves what is installed, to whomever asks.
func Served(install string) func(context.Context, probe.Request) probe.Report {
	return func(_ context.Context, req probe.Request) probe.Report {
		r := probe.Report{Target: req.Target, Result: probe.Refused, Text: "nothing listens there"}
		leaf, err := services.Installed{Cert: filepath.Join(install, "fullchain.pem")}.Leaf()
		if err != nil {
			return r
		}
		r.Leaf, r.Sent, r.SHA256, r.Text, r.Result = leaf, []*x509.Certificate{leaf}, formats.SHA256(leaf.Raw), "",
			probe.Answers
		if req.Expect.Wanted != "" {
			r.Result = probe.Another
			if r.SHA256 == req.Expect.Wanted {
				r.Result = probe.Matches
			}
		}
		return r
	}
}

// PlanScene shows the plan of giving an entry to Postfix, as the store answers.
func PlanScene(r *Driver) screen.Screen {
	e, _ := r.Desk.Entry(3)
	had, _ := r.Desk.Entry(5)
	r.To(screen.ToEnable{Entry: e})
	r.Send(desk.ServicesMsg{Here: []services.Instance{Postfix, {Use: "IMAP", Driver: "dovecot"}}})
	sp := enabling.ServicePlan{Service: Postfix, Replaces: &enabling.Replaced{Entry: had},
		Warnings: []string{"clients lose these names, which are served now: old.belgianbeers.rock"}}
	sp.Plan.Files = []services.File{{Path: "/etc/ssl/certdesk/postfix-smtp/v2-00000000/combined.pem", Mode: 0o600,
		Owner: "root:root", Secret: true}}
	before := "smtpd_tls_security_level = may\nsmtpd_tls_chain_files = " +
		"/etc/ssl/certdesk/postfix-smtp/v1-aaaaaaaa/combined.pem\nmyhostname = mail01\n"
	after := strings.Replace(before, "v1-aaaaaaaa", "v2-00000000", 1)
	sp.Plan.Changes = []services.Change{{Path: "/etc/postfix/main.cf",
		Before: services.Content{Kind: services.Regular, Data: []byte(before)},
		After:  services.Content{Kind: services.Regular, Data: []byte(after)}}}
	sp.Plan.Commands = []string{"postfix -c /etc/postfix check", "postfix -c /etc/postfix reload"}
	sp.Plan.Prove = []services.Proof{{URL: "smtp://127.0.0.1:25"}, {URL: "smtps://127.0.0.1:465"}}
	r.Send(desk.PlannedMsg{Plan: enabling.Plan{Entry: e, Services: []enabling.ServicePlan{sp}}},
		screen.WakeMsg{})
	return r.App.Top()
}
