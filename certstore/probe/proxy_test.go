package probe_test

import (
	"bufio"
	"crypto/tls"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"certdesk/certstore/daemontest"
	"certdesk/certstore/probe"
)

// proxied serves behind a PROXY protocol header of version 1, as haproxy's own rules have it, and closes on all else.
func proxied(serve func(net.Conn, *bufio.Reader)) func(net.Conn) {
	return func(conn net.Conn) {
		_ = conn.SetReadDeadline(time.Now().Add(200 * time.Millisecond))
		in := bufio.NewReader(conn)
		first, err := in.Peek(6)
		if err != nil || string(first) != "PROXY " {
			return
		}
		line, _ := in.ReadString('\n')
		if words := strings.Fields(line); len(words) != 6 || words[1] != "TCP4" || words[2] != "127.0.0.1" || !strings.HasSuffix(line, "\r\n") {
			return
		}
		_ = conn.SetReadDeadline(time.Time{})
		serve(conn, in)
	}
}

// buffered is a connection whose first bytes have been read already.
type buffered struct {
	net.Conn
	in *bufio.Reader
}

func (b buffered) Read(p []byte) (int, error) { return b.in.Read(p) }

// A port that wants the PROXY protocol is found out, asked as it wants to be, and named.
func TestThePROXYProtocolIsRecognised(t *testing.T) {
	ca := daemontest.NewCA(t)
	pair := ca.Issue(t, daemontest.Wish{Names: []string{host}})
	handshake := func(conn net.Conn, in *bufio.Reader) {
		c := tls.Server(buffered{conn, in}, serving(t, pair))
		_, _ = c.Read(make([]byte, 64)) // until the goodbye
	}
	mail := func(conn net.Conn, in *bufio.Reader) {
		for _, line := range []string{"220 mail", "250 STARTTLS", "220 go"} {
			if line != "220 mail" {
				_, _ = in.ReadString('\n')
			}
			_, _ = io.WriteString(conn, line+"\r\n")
		}
		handshake(conn, in)
	}
	postfix := func(serve func(net.Conn, *bufio.Reader)) func(net.Conn) {
		return func(conn net.Conn) {
			proxied(serve)(conn)
			_, _ = io.WriteString(conn, "421 4.3.0 mail Server local error\r\n")
		}
	}
	for name, c := range map[string]struct {
		scheme probe.Scheme
		serve  func(net.Conn)
		before bool
	}{
		"TLS from the first byte": {probe.TLS, proxied(handshake), false},
		"SMTP":                    {probe.SMTP, proxied(mail), false},
		"SMTP as Postfix":         {probe.SMTP, postfix(mail), false},
		"its port with TLS":       {probe.TLS, postfix(handshake), false},
		"known before":            {probe.SMTP, proxied(mail), true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			req := request(t, c.scheme, listen(t, c.serve))
			req.Proxy = c.before
			r := probe.Ask(t.Context(), req)
			if r.Result != probe.Answers || !r.Proxied || r.SHA256 != pair.Sum() || !strings.Contains(strings.Join(r.Notes, " "), "PROXY protocol") {
				t.Errorf("%s %q, proxied %v, %v", r.Result, r.Text, r.Proxied, r.Notes)
			}
		})
	}
}

// A port that closes for another reason is not taken for one that wants a header; where one might be the cause it is said.
func TestAPortThatClosesIsNotTakenForAProxied(t *testing.T) {
	atOnce := func(net.Conn) {}
	whenSpokenTo := func(conn net.Conn) { _, _ = conn.Read(make([]byte, 1)) }
	for scheme, serve := range map[probe.Scheme]func(net.Conn){probe.SMTP: atOnce, probe.TLS: whenSpokenTo} {
		r := probe.Ask(t.Context(), request(t, scheme, listen(t, serve)))
		hint := scheme == probe.SMTP
		if r.Result != probe.Refused || r.Proxied || strings.Contains(r.Text, "PROXY protocol") != hint {
			t.Errorf("%s: %s %q", scheme, r.Result, r.Text)
		}
	}
}

// A greeting that a daemon is set to hold back is waited for.
func TestAWaitAddsToTheTimeout(t *testing.T) {
	late := func(conn net.Conn) {
		time.Sleep(400 * time.Millisecond)
		_, _ = io.WriteString(conn, "554 no service\r\n")
	}
	req := request(t, probe.SMTP, listen(t, late))
	req.Timeout = 100 * time.Millisecond
	if r := probe.Ask(t.Context(), req); r.Result != probe.NoAnswer {
		t.Errorf("without: %s", r.Result)
	}
	req.Wait = 5 * time.Second
	if r := probe.Ask(t.Context(), req); r.Result != probe.Refused {
		t.Errorf("with: %s %q", r.Result, r.Text)
	}
}

// nginx with ssl_reject_handshake, and servers that know some names alone, say so in an alert.
func TestARefusalForANameIsNoFault(t *testing.T) {
	r := probe.Ask(t.Context(), request(t, probe.HTTPS, listen(t, answerHello("\x15\x03\x03\x00\x02\x02\x70"))))
	if r.Result != probe.NoName || r.Served() || !strings.Contains(r.Text, "no certificate for") {
		t.Errorf("%s %q", r.Result, r.Text)
	}
}
