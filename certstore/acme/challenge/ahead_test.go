package challenge

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// front passes what comes to a port on to another one, as a proxy of streams does; it gives the port.
func front(t *testing.T, to string) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			from, err := l.Accept()
			if err != nil {
				return
			}
			go pass(from, to)
		}
	}()
	return l.Addr().(*net.TCPAddr).Port
}

func pass(from net.Conn, at string) {
	defer from.Close()
	to, err := net.Dial("tcp", at)
	if err != nil {
		return
	}
	defer to.Close()
	go io.Copy(to, from)
	io.Copy(from, to)
}

func freeAt(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// Behind a front the proof is answered where the front leads to, and tried where the authority asks.
func TestAFrontLeadsToTheProof(t *testing.T) {
	port, servers := newDNSServers(t, "127.0.0.1")
	servers["127.0.0.1"].add(t, "mail.example.test. A 127.0.0.1")
	resolver, ctx := fmt.Sprintf("127.0.0.1:%d", port), context.Background()
	at, other := freeAt(t), freeAt(t)
	for _, c := range []struct {
		name, leads, want string
	}{{"to us", at, ""}, {"elsewhere", other, "mail.example.test"}} {
		for way, o := range map[string]Options{
			HTTP01:    {HTTPPort: front(t, c.leads), HTTPListen: at},
			TLSALPN01: {TLSPort: front(t, c.leads), TLSListen: at},
		} {
			t.Run(way+" "+c.name, func(t *testing.T) {
				o.Type, o.Resolver = way, resolver
				s, err := New(o)
				if err != nil {
					t.Fatal(err)
				}
				defer s.Close()
				seen, err := Ahead(ctx, s, web1.Name)
				check(t, err, "")
				if seen.Text != at+" is free" {
					t.Errorf("%+v", seen)
				}
				p := web1
				p.Type = way
				check(t, s.Present(ctx, p), "")
				check(t, s.Try(ctx, p), c.want)
				check(t, s.Remove(ctx, p), "")
			})
		}
	}
}

// What keeps names from being proven is seen before anything is ordered.
func TestWhatIsInTheWayIsSeenAhead(t *testing.T) {
	port, servers := newDNSServers(t, "127.0.0.1")
	servers["127.0.0.1"].add(t, "_acme-challenge.mail.example.test. TXT x")
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	dir := t.TempDir()
	ran := filepath.Join(dir, "ran")
	hook, plain := filepath.Join(dir, "hook"), filepath.Join(dir, "plain")
	for file, mode := range map[string]os.FileMode{hook: 0o700, plain: 0o600} {
		if err := os.WriteFile(file, []byte("#!/bin/sh\ntouch "+ran+"\n"), mode); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		name                string
		o                   Options
		text, ofName, ofAll string
	}{
		{"a port that is taken", Options{Type: HTTP01, HTTPListen: taken.Addr().String()}, "",
			"is not free: challenge.test", ""},
		{"a port of TLS that is taken", Options{Type: TLSALPN01, TLSListen: taken.Addr().String()}, "", "is not free", ""},
		{"a webroot", Options{Type: HTTP01, Webroot: dir}, "", "", ""},
		{"no webroot", Options{Type: HTTP01, Webroot: filepath.Join(dir, "no")}, "", "no such file or directory", ""},
		{"a command", Options{Type: DNS01, DNS: DNS{Command: []string{hook}}}, hook + " is there", "", ""},
		{"what cannot be run", Options{Type: DNS01, DNS: DNS{Command: []string{plain}}}, "", "",
			"the command that changes the DNS: cannot run " + plain},
		{"no command", Options{Type: DNS01, DNS: DNS{Command: []string{filepath.Join(dir, "no")}}}, "", "",
			"no such file or directory"},
		{"nobody there", Options{Type: DNS01, DNS: DNS{Server: freeAt(t)}}, "", "", "does not answer"},
		{"a standing record", Options{Type: DNSPersist01}, "", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.o.Resolver = fmt.Sprintf("127.0.0.1:%d", port)
			s, err := New(c.o)
			if err != nil {
				t.Fatal(err)
			}
			ctx, stop := context.WithTimeout(context.Background(), 20*time.Second)
			defer stop()
			seen, err := Ahead(ctx, s, "mail.example.test")
			check(t, err, c.ofAll)
			check(t, seen.Name, c.ofName)
			if !strings.HasPrefix(seen.Text, c.text) || c.text == "" && seen.Text != "" {
				t.Errorf("%q, want %q", seen.Text, c.text)
			}
		})
	}
	if _, err := os.Stat(ran); err == nil {
		t.Error("the command was run")
	}
}
