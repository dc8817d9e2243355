package delivering

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"strings"
	"testing"
	"time"

	"certdesk/certstore/config"
	"certdesk/certstore/daemontest"
)

// Postfix takes the letter by SMTP, by TLS from the first byte and by its own sendmail, and what it keeps is the letter.
func TestPostfixTakesTheLetter(t *testing.T) {
	t.Parallel()
	box := daemontest.PostfixWithMailboxes(t, daemontest.NewCA(t).Issue(t, daemontest.Wish{}))
	to := "Postmaster@" + daemontest.MailDomain
	for _, n := range []config.Notify{{SMTP: box.URLs[0]}, {SMTP: box.URLs[2]}, {Sendmail: box.Sendmail}, {SMTP: box.URLs[0], From: "desk@example.test"}} {
		n.Mail = []string{to}
		receipt, err := Doors([]config.Notify{n}, "mail01.example.test")[0].Bring(t.Context(), letter())
		if err != nil || !strings.Contains(receipt, "queue") {
			t.Fatalf("%+v: %q, %v", n, receipt, err)
		}
		m := box.Received(t, 1)[0]
		subject, _ := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
		from := "certdesk@mail01.example.test"
		if n.From != "" {
			from = n.From
		}
		if !strings.HasPrefix(subject, `Zertifikat für Köln mail\u{d}\u{a}Bcc: x@evil.test`) || m.Header.Get("Message-Id") != "<0123456789abcdef@mail01.example.test>" ||
			m.Header.Get("Return-Path") != "<"+from+">" || m.Header.Get("Bcc") != "" || m.Header.Get("X-Original-To") != to {
			t.Errorf("%q %+v", subject, m.Header)
		}
		text := body(t, m)
		if !strings.Contains(text, "Häuser") || !strings.Contains(text, "\n.") || !strings.Contains(text, "From here on") || !strings.Contains(text, strings.Repeat("long ", 300)) {
			t.Errorf("%q", text)
		}
	}
	_, err := Doors([]config.Notify{{SMTP: box.URLs[0], Mail: []string{"a@elsewhere.test"}}}, "x")[0].Bring(t.Context(), letter())
	if err != nil {
		t.Errorf("from this host it relays: %v", err)
	}
	for smtp, want := range map[string]string{box.URLs[1]: "530 5.7.0 Must issue a STARTTLS command first", "smtp://127.0.0.1:1": "connection refused"} {
		_, err := Doors([]config.Notify{{SMTP: smtp, Mail: []string{to}}}, "x")[0].Bring(t.Context(), letter())
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", smtp, err)
		}
	}
	if _, err := Doors([]config.Notify{{Sendmail: "/bin/false", Mail: []string{to}}}, "x")[0].Bring(t.Context(), letter()); err == nil || !strings.Contains(err.Error(), "/bin/false took no mail (exit status 1)") {
		t.Error(err)
	}
}

func body(t *testing.T, m *mail.Message) string {
	t.Helper()
	text, err := io.ReadAll(quotedprintable.NewReader(m.Body))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// server is a mail server that misbehaves as no real one can be made to; it stands on an address of this host, taken for
// another one.
type server struct {
	address string
	said    chan string
}

func newServer(t *testing.T, serve func(c net.Conn, said chan<- string)) server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	s := server{l.Addr().String(), make(chan string, 100)}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				serve(c, s.said)
			}()
		}
	}()
	return s
}

// A server that hangs costs the time of one turn and no more; one that breaks off or refuses is quoted, printable.
func TestAMailServerThatMisbehaves(t *testing.T) {
	saved := smtpTime
	smtpTime = time.Second
	t.Cleanup(func() { smtpTime = saved })
	for name, c := range map[string]struct {
		serve func(c net.Conn, said chan<- string)
		want  string
	}{
		"it hangs":    {func(c net.Conn, _ chan<- string) { io.Copy(io.Discard, c) }, "did not answer in time"},
		"it hangs up": {func(net.Conn, chan<- string) {}, "EOF"},
		"it refuses": {func(c net.Conn, _ chan<- string) {
			fmt.Fprint(c, "554 5.7.1 not \x1b[2J you\r\n")
			io.Copy(io.Discard, c)
		}, `refused it: 554 5.7.1 not \u{1b}[2J you`},
	} {
		s := newServer(t, c.serve)
		began := time.Now()
		_, err := Doors([]config.Notify{{SMTP: "smtp://" + s.address, Mail: []string{"a@b.test"}}}, "x")[0].Bring(t.Context(), letter())
		if err == nil || !strings.Contains(err.Error(), c.want) || time.Since(began) > 5*time.Second {
			t.Errorf("%s: %v after %v", name, err, time.Since(began))
		}
	}
}

// A password is given to a server by TLS that is trusted, or within this host, and to nobody else; without one a
// certificate that is not trusted is told of, and the mail goes.
func TestAPasswordIsForATrustedServer(t *testing.T) {
	ca := daemontest.NewCA(t)
	pair := ca.Issue(t, daemontest.Wish{Names: []string{"smtp.example.test"}})
	key, err := tls.X509KeyPair(pair.Chain, pair.Key)
	if err != nil {
		t.Fatal(err)
	}
	s := newServer(t, func(c net.Conn, said chan<- string) {
		c = tls.Server(c, &tls.Config{Certificates: []tls.Certificate{key}})
		fmt.Fprint(c, "220 x\r\n")
		for lines := bufio.NewScanner(c); lines.Scan(); {
			said <- lines.Text()
			switch verb := strings.ToUpper(strings.Fields(lines.Text() + " x")[0]); verb {
			case "EHLO":
				fmt.Fprint(c, "250-x\r\n250 AUTH PLAIN\r\n")
			case "AUTH":
				fmt.Fprint(c, "235 ok\r\n")
			case "DATA":
				fmt.Fprint(c, "354 go on\r\n")
			case "MAIL", "RCPT", ".":
				fmt.Fprint(c, "250 queued\r\n")
			case "QUIT":
				return
			}
		}
	})
	roots := ca.RootFile(t)
	usual := dial
	dial = func(ctx context.Context, network, _ string) (net.Conn, error) { return usual(ctx, network, s.address) }
	t.Cleanup(func() { dial = usual })
	for _, c := range []struct {
		host, roots, want string
		user              bool
	}{
		{"smtp.example.test", roots, "", true}, {"smtp.example.test", "", "its chain ends at no root that is trusted", true},
		{"other.example.test", roots, "not other.example.test", true}, {"other.example.test", roots, "", false},
	} {
		n := config.Notify{SMTP: "smtps://" + c.host, Mail: []string{"a@b.test"}, CAFile: c.roots}
		if c.user {
			n.User, n.PasswordFile = "anna", file(t, "canary-horse\n")
		}
		receipt, err := Doors([]config.Notify{n}, "x")[0].Bring(t.Context(), letter())
		said := drain(s.said)
		switch {
		case c.want == "" && err != nil, c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(said, "AUTH")):
			t.Errorf("%+v: %q, %v; it was told %q", c, receipt, err, said)
		case c.user && c.want == "" && !strings.Contains(said, "AUTH PLAIN"):
			t.Errorf("%+v: %q", c, said)
		case !c.user && !strings.Contains(receipt, "its certificate is not trusted: "):
			t.Errorf("%+v: %q", c, receipt)
		}
	}
}

func drain(c chan string) string {
	var all []string
	for {
		select {
		case line := <-c:
			all = append(all, line)
		default:
			return strings.Join(all, "\n")
		}
	}
}
