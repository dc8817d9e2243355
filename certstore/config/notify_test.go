package config

import (
	"reflect"
	"strings"
	"testing"

	"certdesk/certstore/fail"
)

const told = `[[notify]]
on      = ["expiring", "renewal-failed", "revoked", "not-served", "recovered"]
mail    = ["postmaster@proexchange.global", "anna@proexchange.global"]
smtp    = "smtp://127.0.0.1:25"

[[notify]]
webhook     = "https://chat.example.org/hooks/T0/B0/canary"
shape       = "slack"
digest      = "never"

[[notify]]
webhook_file = "/etc/certdesk/room"
shape        = "matrix"
token_file   = "/etc/certdesk/matrix.token"
command      = ["/usr/local/bin/page", "--urgent"]
`

func TestWhoIsToldIsReadWhole(t *testing.T) {
	c, err := Load(write(t, told))
	if err != nil {
		t.Fatal(err)
	}
	want := []Notify{
		{On: Events, Mail: []string{"postmaster@proexchange.global", "anna@proexchange.global"}, SMTP: "smtp://127.0.0.1:25"},
		{Webhook: "https://chat.example.org/hooks/T0/B0/canary", Shape: "slack", Digest: "never"},
		{WebhookFile: "/etc/certdesk/room", Shape: "matrix", TokenFile: "/etc/certdesk/matrix.token", Command: []string{"/usr/local/bin/page", "--urgent"}},
	}
	if !reflect.DeepEqual(c.Notify, want) {
		t.Errorf("got  %+v\nwant %+v", c.Notify, want)
	}
	if n := c.Notify[1]; !n.Hears("revoked") || n.Often() != "never" || n.Shaped() != "slack" || c.Notify[0].Often() != "monthly" || c.Notify[0].Shaped() != "json" {
		t.Errorf("%+v", n)
	}
	if n := (Notify{On: []string{"revoked"}}); n.Hears("expiring") || !n.Hears("revoked") {
		t.Error("it hears what it was not told to")
	}
	for smtp, want := range map[string]string{"smtp://a.test": "a.test:25", "smtps://a.test": "a.test:465", "smtp://[::1]:2525/": "[::1]:2525"} {
		if at, _, err := (Notify{SMTP: smtp}).Server(); err != nil || at != want {
			t.Errorf("%s: %s, %v", smtp, at, err)
		}
	}
}

func TestWhoCannotBeToldIsRefused(t *testing.T) {
	const head, mail = "[[notify]]\n", "[[notify]]\nmail = [\"a@b.test\"]\n"
	const hook = head + "webhook = \"https://b.test/canary\"\n"
	for _, c := range []struct{ text, want string }{
		{head + "digest = \"weekly\"\n", "notify 1: it tells nobody"},
		{mail + head, "notify 2: it tells nobody"},
		{mail + "on = []\n", "on names no event"},
		{mail + "on = [\"expired\"]\n", `on is "expired", but must be one of expiring, renewal-failed`},
		{mail + "on = [\"\"]\n", "on is"},
		{mail + "digest = \"daily\"\n", "digest is"},
		{head + "mail = [\"a@b.test\\nBcc: c@d.test\"]\n", "must be a mail address"},
		{head + "mail = [\"Anna <a@b.test>\"]\n", "must be a mail address"},
		{head + "mail = [\"a@b.test, c@d.test\"]\n", "must be a mail address"},
		{head + "mail = [\"-oQ/tmp@b.test\"]\n", "must be a mail address"},
		{head + "mail = [\"ä@b.test\"]\n", "must be a mail address"},
		{mail + "from = \"nobody\"\n", "from has"},
		{mail + "smtp = \"127.0.0.1:25\"\n", "smtp is"}, {mail + "smtp = \"http://a\"\n", "smtp is"}, {mail + "smtp = \"smtp://a:b@c\"\n", "smtp is"},
		{mail + "smtp = \"smtp://a\"\nsendmail = \"/usr/sbin/sendmail\"\n", "two ways"},
		{mail + "sendmail = \"sendmail\"\n", "must be a whole path"},
		{mail + "user = \"u\"\n", "user is for smtp"}, {mail + "smtp = \"smtp://a\"\nuser = \"u\"\n", "belong together"},
		{hook + "from = \"a@b.test\"\n", "mail names no address"},
		{head + "webhook = \"http://b.test/canary\"\n", "webhook must be an address"},
		{head + "webhook = \"https://u:canary@b.test/\"\n", "webhook must be an address"},
		{head + "webhook = \"ftp://canary\"\n", "webhook must be an address"}, {head + "webhook = \"https:///canary\"\n", "webhook must be an address"},
		{hook + "webhook_file = \"/x\"\n", "are the same thing"}, {hook + "shape = \"irc\"\n", "shape is"},
		{hook + "shape = \"slack\"\nsecret_file = \"/x\"\n", "secret_file is for"},
		{hook + "shape = \"matrix\"\n", "belong together"}, {hook + "token_file = \"/x\"\n", "belong together"},
		{hook + "shape = \"matrix\"\ntoken_file = \"/x\"\n", "that of a room of Matrix"},
		{mail + "shape = \"slack\"\n", "there is none"},
		{head + "command = [\"\"]\n", "command names no program"},
		{mail + "webhok = \"x\"\n", "unknown key notify.webhok"},
		{head + "webhook = https://b.test/canary\n", "the value of webhook needs quotes"},
	} {
		_, err := Load(write(t, c.text))
		if !fail.Is(err, fail.InvalidConfig) || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error()+fail.Of(err).Hint, "canary") {
			t.Errorf("%q: %v", c.text, err)
		}
	}
}

// The address of a webhook is what lets somebody post there: neither the page that shows what would be written nor the
// history has it.
func TestTheAddressOfAWebhookIsNotShown(t *testing.T) {
	f, err := Read(write(t, told))
	if err != nil {
		t.Fatal(err)
	}
	change := func(key string, value any) Change { return Change{Table: "notify", At: 1, Key: key, Value: value} }
	for _, c := range []Change{change("webhook", "https://chat.example.org/hooks/canary2"), change("digest", nil), change("shape", "teams"), change("", nil),
		change("webhook", nil), {Table: "notify", At: 3, Key: "webhook", Value: "https://other.example.org/canary3"}} {
		var list []Change
		if c.Key == "webhook" && c.Value == nil {
			list = append(list, change("shape", nil), change("command", []string{"/bin/true"}))
		}
		d, err := f.With(append(list, c)...)
		if err != nil {
			t.Fatal(err)
		}
		said := d.Diff()
		for _, told := range d.Tell() {
			said += told.Key + told.Old + told.New
		}
		if strings.Contains(said, "canary") || c.Key != "digest" && !strings.Contains(said, "(not shown, ") || !strings.Contains(d.Diff(), "\n+") && !strings.Contains(d.Diff(), "\n-") {
			t.Errorf("%+v:\n%s", c, said)
		}
	}
}
