package delivering

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/smtp"
	"net/textproto"
	"time"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

// smtpTime is what giving a message to a mail server may take; less in tests.
var smtpTime = 40 * time.Second

// dial connects; to another place in tests.
var dial = (&net.Dialer{Timeout: 10 * time.Second}).DialContext

// smtpTurn is one connection to a mail server.
type smtpTurn struct {
	mailer
	host    string // of the address
	address string
	client  *smtp.Client
	doubt   string // why the server's certificate is not trusted
}

// bySMTP gives the message to a mail server. TLS is used where it is offered, as between mail servers: one whose
// certificate is not trusted is told of and used all the same, since this may be what is written about. Where an
// account is named it must be trusted, for there is a password.
func (m mailer) bySMTP(ctx context.Context, l Letter) (string, error) {
	ctx, stop := context.WithTimeout(ctx, smtpTime)
	defer stop()
	address, implicit, err := m.n.Server()
	if err != nil {
		return "", fail.New(fail.InvalidConfig, "", "%w", err)
	}
	t := smtpTurn{mailer: m, address: address}
	t.host, _, _ = net.SplitHostPort(address)
	said, err := t.run(ctx, l, implicit)
	var answer *textproto.Error
	switch {
	case err == nil && t.doubt != "":
		return said + "; its certificate is not trusted: " + t.doubt, nil
	case err == nil:
		return said, nil
	case ctx.Err() != nil:
		return "", failed("", "%s did not answer in time", address)
	case errors.As(err, &answer):
		return "", failed("", "%s refused it: %d %s", address, answer.Code, shortened(answer.Msg))
	}
	return "", failed("", "%s: %s", address, cause(err))
}

func (t *smtpTurn) run(ctx context.Context, l Letter, implicit bool) (string, error) {
	roots, err := rootsOf(t.n.CAFile)
	if err != nil {
		return "", err
	}
	conn, err := dial(ctx, "tcp", t.address)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	secured := &tls.Config{ServerName: t.host, RootCAs: roots, InsecureSkipVerify: true, VerifyConnection: t.verify(roots)}
	if implicit {
		conn = tls.Client(conn, secured)
	}
	if t.client, err = smtp.NewClient(conn, t.host); err != nil {
		return "", err
	}
	if err := t.client.Hello(t.mailer.host()); err != nil {
		return "", err
	}
	if err := t.secure(secured, implicit); err != nil {
		return "", err
	}
	return t.give(l)
}

// secure begins TLS and logs in. Within this host nothing has to be hidden unless there is a password.
func (t *smtpTurn) secure(secured *tls.Config, implicit bool) error {
	offered, _ := t.client.Extension("STARTTLS")
	if !implicit && offered && (t.n.User != "" || !within(t.host)) {
		if err := t.client.StartTLS(secured); err != nil {
			return err
		}
	}
	if t.n.User == "" {
		return nil
	}
	password, err := secret("the password of "+printable.Text(t.n.User), t.n.PasswordFile)
	if err != nil {
		return err
	}
	return t.client.Auth(smtp.PlainAuth("", t.n.User, password, t.host)) // which wants TLS, but for this host
}

// verify says whether the server's certificate is trusted, and refuses it where there is a password to be stolen.
func (t *smtpTurn) verify(roots *x509.CertPool) func(tls.ConnectionState) error {
	return func(s tls.ConnectionState) error {
		err := trusted(s, roots, t.host)
		switch {
		case err == nil || within(t.host):
			return nil
		case t.n.User != "":
			return err
		}
		t.doubt = cause(err)
		return nil
	}
}

// give hands the message over, and gives what the server said when it took it.
func (t *smtpTurn) give(l Letter) (string, error) {
	if err := t.client.Mail(t.from()); err != nil {
		return "", err
	}
	if err := t.client.Rcpt(t.to); err != nil {
		return "", err
	}
	said, err := t.data(t.message(l))
	if err != nil {
		return "", err
	}
	_ = t.client.Quit() // it has the message, whatever it says now
	return t.address + " took it: " + cmp.Or(shortened(said), "OK"), nil
}

// data sends the message, and gives the last answer, which the library would keep for itself.
func (t *smtpTurn) data(message []byte) (string, error) {
	text := t.client.Text
	id, err := text.Cmd("DATA")
	if err != nil {
		return "", err
	}
	text.StartResponse(id)
	defer text.EndResponse(id)
	if _, _, err := text.ReadResponse(354); err != nil {
		return "", err
	}
	w := text.DotWriter()
	if _, err := w.Write(message); err != nil {
		return "", err
	}
	if err := w.Close(); err != nil {
		return "", err
	}
	_, said, err := text.ReadResponse(250)
	return said, err
}
