package config

import (
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/url"
	"slices"
	"strings"

	"certdesk/certstore/printable"
)

// Notify says who is told of what, and by which ways.
type Notify struct {
	On     []string `toml:"on"`     // of Events; left out: all of them
	Digest string   `toml:"digest"` // one of Digests, or "" for the first

	Mail         []string `toml:"mail"`     // addresses; each gets a message of its own
	From         string   `toml:"from"`     // "" for certdesk at this server
	SMTP         string   `toml:"smtp"`     // smtp://host:port or smtps://; "" for Sendmail
	Sendmail     string   `toml:"sendmail"` // the program; "" for the usual one
	User         string   `toml:"user"`     // the account there, where SMTP wants one
	PasswordFile string   `toml:"password_file"`

	Webhook     string `toml:"webhook"`      // an address; whoever has it may post there
	WebhookFile string `toml:"webhook_file"` // or a file that holds it
	Shape       string `toml:"shape"`        // one of Shapes, or "" for the first
	SecretFile  string `toml:"secret_file"`  // shape json: what the message is signed with
	TokenFile   string `toml:"token_file"`   // shape matrix: the access token
	CAFile      string `toml:"ca_file"`      // the roots of TLS with the webhook and by SMTP; "" for the system's

	Command []string `toml:"command"` // a program that gets the message as JSON on standard input
}

// Events are what somebody can be told of.
var Events = []string{"expiring", "renewal-failed", "revoked", "not-served", "recovered"}

// Digests are how often everything is summed up; the first is the usual one.
var Digests = []string{"monthly", "weekly", "never"}

// Shapes are what a webhook is sent; the first is certdesk's own JSON. Mattermost takes that of Slack.
var Shapes = []string{"json", "slack", "teams", "matrix", "discord"}

// Sendmail is where every mail server puts the program that takes mail.
const Sendmail = "/usr/sbin/sendmail"

// Hears says whether a section is told of an event.
func (n Notify) Hears(event string) bool { return len(n.On) == 0 || slices.Contains(n.On, event) }

// Shaped is the shape of what the webhook is sent.
func (n Notify) Shaped() string { return cmp.Or(n.Shape, Shapes[0]) }

// Often is how often everything is summed up.
func (n Notify) Often() string { return cmp.Or(n.Digest, Digests[0]) }

// HasWebhook says whether there is a webhook.
func (n Notify) HasWebhook() bool { return n.Webhook != "" || n.WebhookFile != "" }

func checkNotify(list []Notify) error {
	for i, n := range list {
		if err := n.check(); err != nil {
			return fmt.Errorf("notify %d: %w", i+1, err)
		}
	}
	return nil
}

// check says what is wrong with a section, in half a sentence that holds no address of a webhook.
func (n Notify) check() error {
	if len(n.Mail) == 0 && !n.HasWebhook() && len(n.Command) == 0 {
		return errors.New("it tells nobody: give mail, webhook or command")
	}
	if n.On != nil && len(n.On) == 0 {
		return errors.New("on names no event: leave it out for all of them")
	}
	for _, event := range n.On {
		if err := oneOf("on", cmp.Or(event, " "), Events); err != nil {
			return err
		}
	}
	for _, err := range []error{oneOf("digest", n.Digest, Digests), oneOf("shape", n.Shape, Shapes),
		absolute("sendmail", n.Sendmail), absolute("password_file", n.PasswordFile), absolute("webhook_file", n.WebhookFile),
		absolute("secret_file", n.SecretFile), absolute("token_file", n.TokenFile), absolute("ca_file", n.CAFile),
		n.checkMail(), n.checkWebhook()} {
		if err != nil {
			return err
		}
	}
	if len(n.Command) > 0 && n.Command[0] == "" {
		return errors.New("command names no program")
	}
	return nil
}

func (n Notify) checkMail() error {
	for _, address := range n.Mail {
		if err := mailbox("mail", address); err != nil {
			return err
		}
	}
	if n.From != "" {
		if err := mailbox("from", n.From); err != nil {
			return err
		}
	}
	switch {
	case len(n.Mail) == 0 && (n.From+n.SMTP+n.Sendmail+n.User != ""):
		return errors.New("from, smtp, sendmail and user are for mail, and mail names no address")
	case n.SMTP != "" && n.Sendmail != "":
		return errors.New("smtp and sendmail are two ways for one message: give one of them")
	case n.User != "" && n.SMTP == "":
		return errors.New("user is for smtp")
	case (n.User == "") != (n.PasswordFile == ""):
		return errors.New("user and password_file belong together: give both or none")
	case n.SMTP != "":
		_, _, err := n.Server()
		return err
	}
	return nil
}

// Server is where mail is given to by SMTP: host:port, and whether TLS begins with the first byte.
func (n Notify) Server() (address string, tls bool, err error) {
	u, err := url.Parse(n.SMTP)
	if err != nil || u.Scheme != "smtp" && u.Scheme != "smtps" || u.Hostname() == "" || u.User != nil ||
		strings.Trim(u.Path, "/")+u.RawQuery+u.Fragment != "" || printable.Text(u.Host) != u.Host {
		return "", false, fmt.Errorf("smtp is %q, but must be such as smtp://127.0.0.1:25 or smtps://mail.example.org:465",
			printable.Text(n.SMTP))
	}
	tls = u.Scheme == "smtps"
	usual := "25"
	if tls {
		usual = "465"
	}
	return net.JoinHostPort(u.Hostname(), cmp.Or(u.Port(), usual)), tls, nil
}

// mailbox wants one address that goes into a header and a command as it is.
func mailbox(key, text string) error {
	a, err := mail.ParseAddress(text)
	isPlain := err == nil && a.Address == text && a.Name == "" && !strings.HasPrefix(text, "-") &&
		!strings.ContainsAny(text, "\"<>(),:;\\ \t\r\n") && len(text) <= 254
	for _, r := range text {
		isPlain = isPlain && r > ' ' && r < 0x7f
	}
	if !isPlain {
		return fmt.Errorf("%s has %q, but must be a mail address such as postmaster@example.org", key, printable.Text(text))
	}
	return nil
}

func (n Notify) checkWebhook() error {
	switch {
	case n.Webhook != "" && n.WebhookFile != "":
		return errors.New("webhook and webhook_file are the same thing: give one of them")
	case !n.HasWebhook() && n.Shape+n.SecretFile+n.TokenFile != "":
		return errors.New("shape, secret_file and token_file are for a webhook, and there is none")
	case n.SecretFile != "" && n.Shaped() != "json":
		return fmt.Errorf("secret_file is for shape = \"json\", not for %s", n.Shape)
	case (n.TokenFile != "") != (n.Shaped() == "matrix"):
		return errors.New("shape = \"matrix\" and token_file belong together: give both or none")
	case n.Webhook != "":
		_, err := n.Address(n.Webhook)
		return err
	}
	return nil
}

// Address reads the address of a webhook. It is https, for whoever reads it may post there too; within this host http
// will do. The error does not say it.
func (n Notify) Address(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || u.User != nil || u.Fragment != "" || printable.Text(text) != text ||
		u.Scheme != "https" && (u.Scheme != "http" || !isLoopback(u.Hostname())) {
		return nil, errors.New("webhook must be an address such as https://chat.example.org/hooks/NAME")
	}
	if n.Shaped() == "matrix" && !strings.HasSuffix(u.Path, "/send/m.room.message") {
		return nil, errors.New("webhook must be that of a room of Matrix: " +
			"https://HOST/_matrix/client/v3/rooms/!ROOM:HOST/send/m.room.message")
	}
	return u, nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// isSecret says whether the value of a key is never shown, nor written anywhere else.
func isSecret(table, key string) bool { return table == "notify" && key == "webhook" }

// hidden stands for a value that is not shown. It keeps the host, and how its sum begins: what changed can be seen.
func hidden(value string) string {
	value = strings.Trim(value, `"'`)
	instead := fmt.Sprintf("(not shown, %x)", sha256.Sum256([]byte(value)))
	instead = instead[:len("(not shown, ")+4] + ")"
	u, err := url.Parse(value)
	if err != nil || u.Hostname() == "" {
		return quote(instead)
	}
	return quote(u.Scheme + "://" + printable.Text(u.Hostname()) + "/" + instead)
}

// withoutSecrets is a text of the configuration for people.
func withoutSecrets(text string) string {
	list := statements(text)
	for i := len(list) - 1; i >= 0; i-- {
		st := list[i]
		if !st.header && len(st.path) > 1 && isSecret(st.path[0], st.path[len(st.path)-1]) {
			text = text[:st.value.from] + hidden(text[st.value.from:st.value.to]) + text[st.value.to:]
		}
	}
	return text
}
