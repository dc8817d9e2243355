package delivering

import (
	"cmp"
	"context"
	"net/mail"
	"strings"
	"time"

	"certdesk/certstore/config"
	"certdesk/certstore/fail"
	"certdesk/certstore/names"
	"certdesk/certstore/services/daemon"
)

// mailer brings a letter to one address.
type mailer struct {
	n      config.Notify
	to     string
	server string // this server's full name
}

// sendmailTime is how long the program of the mail server may take: it puts the message into a queue.
const sendmailTime = 30 * time.Second

func (m mailer) bring(ctx context.Context, l Letter) (string, error) {
	if m.n.SMTP != "" {
		return m.bySMTP(ctx, l)
	}
	return m.bySendmail(ctx, l)
}

// host is this server's name as mail may say it.
func (m mailer) host() string {
	n, err := names.Normalize(m.server)
	if err != nil || n.Kind != names.DNS || strings.HasPrefix(n.Value, "*") {
		return "localhost"
	}
	return n.Value
}

// from is who sends it. The name of a server may make no address, as root's own would not either.
func (m mailer) from() string {
	from := cmp.Or(m.n.From, "certdesk@"+m.host())
	if _, err := mail.ParseAddress(from); err != nil {
		return "certdesk@localhost"
	}
	return from
}

func (m mailer) message(l Letter) []byte { return l.message(m.from(), m.to, m.host()) }

// bySendmail gives the message to the mail server of this host: into its queue, without TLS, whatever has become of
// certificates. The address stands in the message and in no argument.
func (m mailer) bySendmail(ctx context.Context, l Letter) (string, error) {
	program := cmp.Or(m.n.Sendmail, config.Sendmail)
	message := strings.ReplaceAll(string(m.message(l)), "\r\n", "\n")
	out, err := daemon.Exec(ctx, daemon.Command{Argv: []string{program, "-t", "-i", "-f", m.from()}, In: []byte(message),
		Time: sendmailTime})
	const hint = "see its log; or name a mail server by smtp = \"smtp://host:25\""
	switch {
	case err != nil:
		return "", failed(hint, "%s", fail.Sentence(err))
	case out.Exit != 0:
		return "", failed(hint, "%s took no mail (exit status %d): %s", program, out.Exit, cmp.Or(out.Reason(),
			"it does not say why"))
	}
	return "in the queue of " + program, nil
}
