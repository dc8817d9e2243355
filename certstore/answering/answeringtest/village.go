// Package answeringtest is a village of servers on loopback, which stand at the addresses and ports of a zone of the
// tests.
package answeringtest

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"certdesk/certstore/answering"
	"certdesk/certstore/daemontest"
	"certdesk/certstore/dnstest"
	"certdesk/certstore/evidence"
	"certdesk/certstore/probe"
)

// Village are servers on loopback at ports of their own. Each host of its zone has an address below 127, and what goes
// to a well-known port of it comes to the server that stands for that.
type Village struct {
	CA *daemontest.CA

	t    testing.TB
	zone strings.Builder
	dns  *dnstest.Server

	mu     sync.Mutex
	at     map[string]string // "127.0.0.2:443" to where it really listens
	dialed []string
}

// New makes a village without houses.
func New(t testing.TB) *Village {
	t.Helper()
	return &Village{t: t, CA: daemontest.NewCA(t), at: map[string]string{}}
}

// Issue is a certificate of the village's CA for some names.
func (v *Village) Issue(names ...string) daemontest.Pair {
	v.t.Helper()
	return v.CA.Issue(v.t, daemontest.Wish{Names: names})
}

// Web has a server for https at an address.
func (v *Village) Web(address string, h http.HandlerFunc, p daemontest.Pair) {
	v.t.Helper()
	s := httptest.NewUnstartedServer(h)
	s.TLS = &tls.Config{Certificates: []tls.Certificate{p.TLS(v.t)}}
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	v.t.Cleanup(s.Close)
	v.put(address+":443", s.Listener.Addr())
}

// Plain has a server for http at an address.
func (v *Village) Plain(address string, h http.HandlerFunc) {
	s := httptest.NewServer(h)
	v.t.Cleanup(s.Close)
	v.put(address+":80", s.Listener.Addr())
}

// At has what listens somewhere stand for a port.
func (v *Village) At(address, really string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.at[address] = really
}

func (v *Village) put(address string, really net.Addr) { v.At(address, really.String()) }

// TLS has a port that speaks TLS from the first byte.
func (v *Village) TLS(address string, p daemontest.Pair) {
	c := p.TLS(v.t)
	v.listen(address, func(conn net.Conn) {
		secure := tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{c}})
		if secure.Handshake() == nil {
			fmt.Fprint(secure, "* OK ready\r\n")
			_, _ = secure.Read(make([]byte, 1))
		}
	})
}

// SMTP has a mail server with STARTTLS.
func (v *Village) SMTP(address string, p daemontest.Pair) {
	c := p.TLS(v.t)
	v.listen(address, func(conn net.Conn) {
		fmt.Fprint(conn, "220 mail ESMTP\r\n")
		for lines := bufio.NewScanner(conn); lines.Scan(); {
			switch word, _, _ := strings.Cut(strings.ToUpper(lines.Text()), " "); word {
			case "EHLO":
				fmt.Fprint(conn, "250-mail\r\n250 STARTTLS\r\n")
			case "STARTTLS":
				fmt.Fprint(conn, "220 go on\r\n")
				tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{c}}).Handshake()
				return
			}
		}
	})
}

// Silent takes connections and says nothing.
func (v *Village) Silent(at string) {
	v.listen(at, func(net.Conn) { time.Sleep(20 * time.Second) })
}

func (v *Village) listen(at string, talk func(net.Conn)) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		v.t.Fatal(err)
	}
	v.t.Cleanup(func() { l.Close() })
	v.put(at, l.Addr())
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				talk(conn)
				conn.Close()
			}()
		}
	}()
}

// really is where a port of the village listens; what nobody stands for refuses.
func (v *Village) really(address string) string {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.dialed = append(v.dialed, address)
	if at := v.at[address]; at != "" {
		return at
	}
	return "127.0.0.1:1"
}

// Dialed are the ports that somebody went to.
func (v *Village) Dialed() []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return slices.Clone(v.dialed)
}

// Dial reaches a port of the village.
func (v *Village) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	return (&net.Dialer{}).DialContext(ctx, network, v.really(address))
}

// Ask asks a port of the village as probe.Ask does.
func (v *Village) Ask(ctx context.Context, r probe.Request) probe.Report {
	meant := r.Target
	r.Host, r.Port, _ = net.SplitHostPort(v.really(r.Address()))
	report := probe.Ask(ctx, r)
	report.Target = meant
	return report
}

// Has adds records to the zone, before anybody is asked.
func (v *Village) Has(records ...string) {
	for _, r := range records {
		v.zone.WriteString(r + "\n")
	}
}

// Asked are the questions to its name server.
func (v *Village) Asked() []string { return v.dns.Asked() }

// Asker asks in the village, whose zone is whole now.
func (v *Village) Asker(r answering.Reader) answering.Asker {
	v.t.Helper()
	v.dns = dnstest.New(v.t, v.zone.String())
	names, err := evidence.New(v.dns.At)
	if err != nil {
		v.t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(v.CA.Root)
	policies := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}, DialContext: func(ctx context.Context,
		network, address string) (net.Conn, error) {
		host, number, _ := net.SplitHostPort(address)
		return v.Dial(ctx, network, net.JoinHostPort(names.Place(ctx, host).Addresses[0].String(), number))
	}}
	return answering.Asker{Reader: r, DNS: evidence.NewFinder(names, policies), Dial: v.Dial}
}
