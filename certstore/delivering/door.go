package delivering

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"certdesk/certstore/config"
	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
	"certdesk/certstore/services/daemon"
)

// Letter is what is brought. Its texts are printable; Text has lines that end in "\n".
type Letter struct {
	ID      string // the same where it is brought once more
	Subject string
	Text    string
	At      time.Time
	Data    any // what programs are told: certdesk's own JSON
}

// Door is one way to one receiver.
type Door struct {
	ID     string // a sum: the same receiver by the same way has the same
	Name   string // for people: "postmaster@example.org by mail"
	Mail   bool   // it is a mail address
	On     []string
	Digest string
	Number int // of its section, from 1

	bring func(ctx context.Context, l Letter) (receipt string, err error)
}

// Bring brings a letter, and gives what the other side said. Errors: Failed, and those of what the section names.
func (d Door) Bring(ctx context.Context, l Letter) (receipt string, err error) {
	return d.bring(ctx, l)
}

// Doors are the ways that sections name, each once: where two name the same receiver he is told of what either says.
func Doors(sections []config.Notify, server string) (list []Door) {
	for i, n := range sections {
		for _, d := range doorsOf(n, server) {
			d.Number, d.On, d.Digest = i+1, heard(n), n.Often()
			at := slices.IndexFunc(list, func(o Door) bool { return o.ID == d.ID })
			if at < 0 {
				list = append(list, d)
				continue
			}
			list[at].On = append(list[at].On, d.On...)
		}
	}
	return list
}

func heard(n config.Notify) []string {
	return slices.DeleteFunc(slices.Clone(config.Events), func(event string) bool { return !n.Hears(event) })
}

func doorsOf(n config.Notify, server string) (list []Door) {
	for _, to := range n.Mail {
		m := mailer{n, to, server}
		list = append(list, Door{ID: sum("mail", strings.ToLower(to)), Name: to + " by mail", Mail: true, bring: m.bring})
	}
	if n.HasWebhook() {
		w := webhook{n}
		list = append(list, Door{ID: sum("webhook", n.Webhook, n.WebhookFile), Name: w.name(), bring: w.bring})
	}
	if len(n.Command) > 0 {
		c := command{n.Command}
		list = append(list, Door{ID: sum(append([]string{"command"}, n.Command...)...),
			Name: "the command " + printable.Text(filepath.Base(n.Command[0])), bring: c.bring})
	}
	return list
}

// sum stands for texts from which nobody can read them.
func sum(texts ...string) string {
	h := sha256.Sum256([]byte(strings.Join(texts, "\x00")))
	return hex.EncodeToString(h[:8])
}

// name is the host of a webhook, or the file that holds it.
func (w webhook) name() string {
	if w.n.WebhookFile != "" {
		return "the webhook of " + printable.Text(w.n.WebhookFile)
	}
	u, err := url.Parse(w.n.Webhook)
	if err != nil { // the configuration was checked
		return "a webhook"
	}
	return printable.Text(u.Host) + " by webhook"
}

// secret is the one line of a file.
func secret(what, path string) (string, error) {
	data, err := daemon.ReadFile(path)
	if err != nil {
		return "", fail.New(fail.NotPermitted, "run certdesk as a user who may read it, or name another file",
			"%s: %w", what, daemon.Cannot("read", path, err))
	}
	text := strings.TrimRight(string(data), "\r\n")
	if text == "" || strings.ContainsAny(text, "\r\n\x00") {
		return "", fail.New(fail.InvalidConfig, "write it into the file, alone on one line", "%s: %s does not hold one line",
			what, printable.Text(path))
	}
	return text, nil
}

// failed is an error of the outer world, whose texts are made printable.
func failed(hint, format string, args ...any) error {
	for i := range args {
		if text, ok := args[i].(string); ok {
			args[i] = printable.Text(text)
		}
	}
	return fail.New(fail.Failed, hint, format, args...)
}

// shortened is a foreign line that fits into a sentence.
func shortened(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return printable.Text(daemon.Shorten(strings.TrimSpace(cmp.Or(line, text))))
}
