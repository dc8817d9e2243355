package certstore

import (
	"crypto/tls"
	"errors"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"certdesk/certstore/services"
)

// voice is a daemon of one port that reads its pair when it is told to, as most do: the reload command touches a file.
// It is the cheap counterpart for what is not about a daemon's own ways; those are held to real ones.
type voice struct {
	dir, url string

	mu     sync.Mutex
	pair   *tls.Certificate
	seen   time.Time
	deaf   bool // it takes no notice of a reload
	broken bool // it answers no handshake any more
}

func newVoice(t *testing.T) *voice {
	t.Helper()
	v := &voice{dir: filepath.Join(t.TempDir(), "voice")}
	if err := os.Mkdir(v.dir, 0o755); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	v.url = "tls://" + l.Addr().String()
	served := tls.NewListener(l, &tls.Config{GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return v.serving() }})
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := served.Accept()
			if err != nil {
				return
			}
			go func() { c.(*tls.Conn).Handshake(); c.Close() }()
		}
	}()
	return v
}

var errNoPair = errors.New("no pair")

func (v *voice) serving() (*tls.Certificate, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	info, err := os.Stat(filepath.Join(v.dir, "reloaded"))
	if err == nil && info.ModTime().After(v.seen) {
		v.seen = info.ModTime()
		if pair, err := tls.LoadX509KeyPair(filepath.Join(v.dir, "fullchain.pem"), filepath.Join(v.dir, "key.pem")); err == nil && !v.deaf {
			v.pair = &pair
		}
	}
	if v.pair == nil || v.broken {
		return nil, errNoPair
	}
	return v.pair, nil
}

func (v *voice) set(deaf, broken bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.deaf, v.broken = deaf, broken
}

// as is the instance of the command driver that means it, in some use.
func (v *voice) as(use string) services.Instance {
	return services.Instance{Use: use, Driver: "command", Install: v.dir, Listen: []string{v.url}, Reload: []string{"/usr/bin/touch", filepath.Join(v.dir, "reloaded")}}
}
