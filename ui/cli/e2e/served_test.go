//go:build linux

package e2e

import (
	"crypto/tls"
	"encoding/pem"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// servedScreens are those of services and their ports. There "waiting" and the two certificates are in the store, and a
// web server serves a third that is not.
var servedScreens = []deskScreen{
	{name: "ports", word: "The port serves what it should", open: func(p *pane, _ *site) { p.keys("t") }, serves: true},
	{name: "what is not in the store", word: "a adopts it", open: onStranger, serves: true},
	{name: "adopt", word: "into the store?", open: func(p *pane, s *site) { onStranger(p, s); p.keys("a") }, serves: true},
	{name: "enable", word: "Which services are given", open: func(p *pane, _ *site) { p.keys("e") }, serves: true},
	{name: "enable's plan", word: "What will be done", open: openPlan, serves: true},
	{name: "enable's button", word: "puts everything back if", open: func(p *pane, s *site) { openPlan(p, s); p.goTo("[ Enable it ]", "Tab") }, serves: true},
	{name: "enabled", word: "is enabled for IIS", open: func(p *pane, s *site) {
		openPlan(p, s)
		p.goTo("[ Enable it ]", "Tab")
		p.keys("Enter")
	}, serves: true},
}

func onStranger(p *pane, _ *site) {
	p.Helper()
	p.goTo("partner", "k")
}

func openPlan(p *pane, _ *site) {
	p.Helper()
	p.does("Which services are given", "e")
	p.goTo("[ Show the plan ]", "Tab")
	p.does("What will be done", "Enter")
	p.awake()
}

// serving puts a web server beside a site: it serves, from its directory, the partner's certificate, and reads it anew for
// each handshake.
func serving(t *testing.T, s *site) {
	t.Helper()
	dir := s.file("web")
	var both, chain, key []byte
	for rest := []byte(s.read(s.file("partner.pem"))); ; {
		var b *pem.Block
		if b, rest = pem.Decode(rest); b == nil {
			break
		}
		if text := pem.EncodeToMemory(b); b.Type == "CERTIFICATE" {
			chain = append(chain, text...)
		} else {
			key = text
		}
	}
	both = append(append(both, key...), chain...)
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"fullchain.pem": chain, "key.pem": key, "combined.pem": both} {
		s.write(filepath.Join(dir, name), string(data))
	}
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
		pair, err := tls.LoadX509KeyPair(filepath.Join(dir, "fullchain.pem"), filepath.Join(dir, "key.pem"))
		return &pair, err
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go answer(l)
	s.write(s.config, s.read(s.config)+"\n[[service]]\nuse = \"IIS\"\ndriver = \"command\"\ninstall = "+quoted([]string{dir})+"\nlisten = [\"tls://"+l.Addr().String()+"\"]\nreload = [\"/bin/true\"]\n")
}

func answer(l net.Listener) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		go func() {
			defer c.Close()
			c.SetDeadline(time.Now().Add(10 * time.Second))
			c.(*tls.Conn).Handshake()
			c.Read(make([]byte, 1))
		}()
	}
}
