package cli

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"certdesk/certstore/formats"
)

// voice is a daemon of one port for the command driver: it takes the pair of its directory when its reload command was
// run, as most do.
type voice struct {
	o        *office
	dir, url string
	stop     func()

	mu   sync.Mutex
	pair *tls.Certificate
}

// newVoice starts one, and names it in the configuration for a use. more are further lines of its [[service]]; what
// they say last counts.
func (o *office) newVoice(use, scheme string, more ...string) *voice {
	o.t.Helper()
	v := &voice{o: o, dir: o.path("voice-" + use)}
	if err := os.Mkdir(v.dir, 0o755); err != nil {
		o.t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		o.t.Fatal(err)
	}
	v.url = scheme + "://" + l.Addr().String()
	served := tls.NewListener(l, &tls.Config{GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return v.serving() }})
	v.stop = func() { _ = l.Close() }
	o.t.Cleanup(v.stop)
	go func() {
		for {
			c, err := served.Accept()
			if err != nil {
				return
			}
			go func() { defer c.Close(); _ = c.(*tls.Conn).Handshake() }()
		}
	}()
	o.service(use, fmt.Sprintf("install = %q\nlisten = [%q]", v.dir, v.url), more...)
	return v
}

// service names a daemon of the command driver in the configuration.
func (o *office) service(use, what string, more ...string) {
	o.t.Helper()
	script := o.script("reload-"+use, "touch "+o.path("voice-"+use+"/reloaded"))
	text := fmt.Sprintf("[[service]]\nuse = %q\ndriver = \"command\"\n%s\n%s\n", use, what, strings.Join(more, "\n"))
	if !strings.Contains(text, "reload =") {
		text += fmt.Sprintf("reload = [%q]\n", script)
	}
	was, err := os.ReadFile(o.config)
	if err != nil {
		o.t.Fatal(err)
	}
	o.write("certdesk.toml", string(was)+text)
}

// script is a program of the test's own.
func (o *office) script(name, text string) string {
	o.t.Helper()
	path := o.write(name+".sh", "#!/bin/sh\n"+text+"\n")
	if err := os.Chmod(path, 0o755); err != nil {
		o.t.Fatal(err)
	}
	return path
}

var errNoPair = errors.New("no pair")

func (v *voice) serving() (*tls.Certificate, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if os.Remove(filepath.Join(v.dir, "reloaded")) == nil {
		v.load()
	}
	if v.pair == nil {
		return nil, errNoPair
	}
	return v.pair, nil
}

func (v *voice) load() {
	if pair, err := tls.LoadX509KeyPair(filepath.Join(v.dir, "fullchain.pem"), filepath.Join(v.dir, "key.pem")); err == nil {
		v.pair = &pair
	}
}

// serves is the SHA-256 of what it serves.
func (v *voice) serves() string {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.pair == nil {
		return ""
	}
	return formats.SHA256(v.pair.Certificate[0])
}

// install puts a certificate with its key where the daemon reads them, as somebody without certdesk does.
func (v *voice) install(t *testing.T, bundle string) {
	t.Helper()
	cert, key, ok := strings.Cut(bundle, "-----BEGIN PRIVATE KEY-----")
	if !ok {
		t.Fatal("no key in it")
	}
	v.o.write(filepath.Join(filepath.Base(v.dir), "fullchain.pem"), cert)
	v.o.write(filepath.Join(filepath.Base(v.dir), "key.pem"), "-----BEGIN PRIVATE KEY-----"+key)
	v.load()
}
