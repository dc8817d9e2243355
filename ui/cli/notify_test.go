package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"mime/quotedprintable"
	"os"
	"strings"
	"testing"
	"time"

	"certdesk/certstore/daemontest"
	"certdesk/certstore/notifying"
	"certdesk/ui/cli/wire"
)

// notify adds tables to the configuration of the office.
func (o *office) notify(tables string) {
	o.t.Helper()
	text, err := os.ReadFile(o.config)
	if err != nil {
		o.t.Fatal(err)
	}
	o.write("certdesk.toml", string(text)+"\n"+tables)
}

func (o *office) hook(h *daemontest.Hook) string {
	return fmt.Sprintf("[[notify]]\nwebhook_file = %q\nca_file = %q\ndigest = \"never\"\n", o.write("room", h.URL+"\n"), h.RootsFile)
}

func TestNotifyTest(t *testing.T) {
	o := newOffice(t)
	r := o.run("notify", "--test")
	if contains(t, r.err, "nobody is told of anything", "[[notify]]"); r.code != 4 {
		t.Errorf("exit %d", r.code)
	}
	if r := o.run("notify", "anna"); r.code != 2 {
		t.Errorf("exit %d", r.code)
	}
	h := daemontest.NewHook(t)
	o.notify(o.hook(h) + "[[notify]]\nmail = [\"anna@example.org\"]\nsendmail = \"/bin/false\"\non = [\"revoked\"]\n")
	contains(t, o.must("notify").out, "the webhook of "+o.path("room")+"\n    told of everything; digest never\n    nothing was told yet\nanna@example.org by mail\n    told of revoked; digest monthly\n")
	r = o.run("notify", "--test")
	if contains(t, r.out, "the webhook of "+o.path("room")+": 127.0.0.1 took it: 200 OK\n", "anna@example.org by mail: FAILED: /bin/false took no mail"); r.code != 1 {
		t.Errorf("exit %d", r.code)
	}
	contains(t, r.err, "1 of 2 receivers could not be told", "hint: see its log")
	posts := h.Posts()
	var data notifying.Data
	if err := json.Unmarshal([]byte(posts[0].Body), &data); err != nil || !data.Test || len(posts) != 1 || !strings.HasPrefix(data.Subject, "a test") || data.Server != "ex2007ee.proexchange.global" {
		t.Errorf("%v %+v", err, posts)
	}
	h.Answers(daemontest.Says(302, "", "Location: /"+daemontest.HookSecret))
	var out wire.Notify
	r = o.run("notify", "--test", "--json")
	o.decode(r.out, &out)
	if r.code != 1 || len(out.Receivers) != 2 || out.Receivers[0].Test.Delivered || out.Receivers[0].Test.Error == nil || strings.Contains(r.out+r.err, daemontest.HookSecret) {
		t.Errorf("%s%s", r.out, r.err)
	}
	o.write("certdesk.toml", "[[notify]]\nmail = [\"anna@example.org\"]\nsendmail = \"/bin/true\"\n")
	contains(t, o.must("notify", "--test").err, "warning: everybody is told by mail alone", "may be what stops the mail")
}

// The timer's run tells once, whoever runs it; the store, the page and every command say who was told, and nothing has
// the address of the webhook.
func TestTheTimersRunTells(t *testing.T) {
	o := newOffice(t)
	h := daemontest.NewHook(t)
	e := o.valid("mail.example.org", "--friendly-name", "smtp 2026")
	o.notify(o.hook(h))
	said := o.must("renew", "--due").out
	if len(h.Posts()) != 0 || said != "nothing here renews itself\n" {
		t.Errorf("nothing has happened: %q", said)
	}
	o.now = o.now.AddDate(0, 11, 10)
	said = o.must("renew", "--due").out
	contains(t, said, "told the webhook of "+o.path("room")+": smtp 2026 expires in ", " days (certdesk, ex2007ee.proexchange.global)\n")
	posts := h.Posts()
	var data notifying.Data
	if err := json.Unmarshal([]byte(posts[0].Body), &data); err != nil || len(posts) != 1 || len(data.Items) != 1 {
		t.Fatalf("%v %+v", err, posts)
	}
	if i := data.Items[0]; i.Event != "expiring" || i.Thumbprint != e.Thumbprint || i.Command != "certdesk renew "+e.Thumbprint[:12] || i.Status != "expiring" || i.NotAfter == nil {
		t.Errorf("%+v", i)
	}
	contains(t, data.Text, "smtp 2026 expires in", "Status      expiring", "CN=mail.example.org, "+e.Thumbprint[:12], "Command     certdesk renew "+e.Thumbprint[:12])
	said += o.must("renew", "--due").out + o.must("show", e.Thumbprint).out + o.must("history").out + o.must("history", "--json").out + o.must("notify").out
	if posts := h.Posts(); len(posts) != 0 {
		t.Errorf("told twice: %+v", posts)
	}
	contains(t, said, "Told", "the webhook of "+o.path("room")+": smtp 2026 expires in", "told last on 2 Nov 2027")
	h.Answers(daemontest.Says(404, "no_team "+daemontest.HookSecret))
	o.now = o.now.AddDate(0, 0, 16)
	r := o.run("renew", "--due")
	if contains(t, r.err, "could not be told: 127.0.0.1", "404 Not Found"); r.code != 1 {
		t.Errorf("exit %d", r.code)
	}
	before := o.snapshot()
	var due wire.Renewals
	r = o.run("renew", "--due", "--json")
	o.decode(r.out, &due)
	if len(due.Told) != 1 || due.Told[0].Delivered {
		t.Errorf("%+v", due.Told)
	}
	o.unchanged(before) // the same reason is written down once
	check := o.run("check")
	contains(t, check.out, "could not be told since 18 Nov 2027")
	doctor := o.run("doctor")
	contains(t, doctor.out, "could not be told since 18 Nov 2027")
	said += r.out + r.err + o.must("notify").out + o.must("show", e.Thumbprint, "--json").out + check.out + doctor.out
	h.Answers(nil)
	o.must("notify", "--test")
	contains(t, o.must("history").out, ": a test\n")
	if strings.Contains(o.run("check").out, "could not be told") {
		t.Error("a test has reached him")
	}
	contains(t, o.must("renew", "--due").out, "smtp 2026 expires in 4 days")
	if strings.Contains(o.run("check").out+o.run("doctor").out, "could not be told") {
		t.Error("it is told again")
	}
	if journal, _ := os.ReadFile(o.store() + "/journal"); strings.Contains(said+string(journal), daemontest.HookSecret) {
		t.Error("the address of the webhook is told")
	}
}

// What people read in their mail program is what a real mail server took, by SMTP and by its sendmail, in the letters of
// any language.
func TestMailIsReceived(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	box := daemontest.PostfixWithMailboxes(t, daemontest.NewCA(t).Issue(t, daemontest.Wish{}))
	e := o.valid("mail.example.org", "--friendly-name", "Köln "+strings.Repeat("größer ", 7))
	to := "helpdesk@" + daemontest.MailDomain
	o.notify(fmt.Sprintf("[[notify]]\nmail = [%q]\nsmtp = %q\n", to, box.URLs[0]))
	contains(t, o.must("notify", "--test").out, to+" by mail: ", " took it: 2.0.0 Ok: queued as ")
	subjects := func(n int) (list []string) {
		for _, m := range box.Received(t, n) {
			subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
			text, _ := io.ReadAll(quotedprintable.NewReader(m.Body))
			if err != nil || m.Header.Get("To") != "<"+to+">" || m.Header.Get("Auto-Submitted") != "auto-generated" || !strings.Contains(string(text), "-- \n") {
				t.Errorf("%v %+v %s", err, m.Header, text)
			}
			list = append(list, subject)
		}
		return list
	}
	if got := subjects(1); got[0] != "a test: you would be told (certdesk, ex2007ee.proexchange.global)" {
		t.Error(got)
	}
	o.must("renew", "--due")
	if got := subjects(1); got[0] != "digest of 2026-11 (certdesk, ex2007ee.proexchange.global)" {
		t.Error(got)
	}
	o.now = o.now.AddDate(0, 11, 10)
	o.must("renew", "--due")
	if got := subjects(1); !strings.HasPrefix(got[0], "Köln größer größer") || !strings.HasSuffix(got[0], "expires in 20 days (certdesk, ex2007ee.proexchange.global)") {
		t.Error(got)
	}
	o.now = o.now.Add(6 * time.Hour)
	o.must("renew", "--due")
	subjects(0)
	o.must("remove", e.Thumbprint, "--yes")
	o.must("renew", "--due")
	subjects(0)
}
