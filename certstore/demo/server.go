package demo

import (
	"bufio"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"certdesk/certstore/port"
	"certdesk/certstore/services/daemon"
)

// patience is how long one client of the demo is listened to.
const patience = 10 * time.Second

// maxLine is the longest line a client of the demo may send, in bytes.
const maxLine = 4 << 10

// server plays one daemon. It speaks just enough of its protocols that a client comes to a TLS handshake, and serves
// what its configuration named when it was last told to read it.
type server struct {
	use    string
	config string
	ports  []listener
	pair   atomic.Pointer[tls.Certificate]
}

type listener struct {
	net.Listener
	scheme port.Scheme
}

// listen takes free ports of loopback, which nobody beside this machine reaches.
func listen(use string, schemes []port.Scheme) (*server, error) {
	s := &server{use: use}
	for _, scheme := range schemes {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			s.close()
			return nil, err
		}
		s.ports = append(s.ports, listener{l, scheme})
		go s.accept(l, scheme)
	}
	return s, nil
}

func (s *server) close() {
	for _, l := range s.ports {
		l.Close()
	}
}

// configure writes the configuration as it is before anything is enabled.
func (s *server) configure(path string) error {
	s.config = path
	text := "# " + s.use + " of the demo: certdesk itself listens here, for as long as the demo is open.\n"
	for _, l := range s.ports {
		text += wordListen + string(l.scheme) + "://" + l.Addr().String() + "\n"
	}
	return os.WriteFile(path, []byte(text), 0o600)
}

// reload reads the configured pair. What cannot be read leaves the one that is served.
func (s *server) reload() error {
	data, err := daemon.ReadFile(s.config)
	if err != nil {
		return err
	}
	site, err := siteOf(s.config, string(data))
	if err != nil {
		return err
	}
	if len(site.Pairs) == 0 {
		s.pair.Store(nil)
		return nil
	}
	pair, err := tls.LoadX509KeyPair(site.Pairs[0].Cert, site.Pairs[0].Key)
	if err == nil {
		s.pair.Store(&pair)
	}
	return err
}

func (s *server) accept(l net.Listener, scheme port.Scheme) {
	for {
		conn, err := l.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			time.Sleep(10 * time.Millisecond)
			continue
		}
		go s.talk(conn, scheme)
	}
}

// talk is one conversation, from the greeting to the goodbye.
func (s *server) talk(conn net.Conn, scheme port.Scheme) {
	defer func() { conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(patience))
	spoken := speech[scheme]
	if !scheme.StartTLS() {
		conn = s.secured(conn)
	}
	in := bufio.NewReaderSize(conn, maxLine)
	if _, err := io.WriteString(conn, spoken.greeting); err != nil {
		return
	}
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return
		}
		reply, then := spoken.answer(strings.TrimRight(string(line), "\r\n"))
		if _, err := io.WriteString(conn, reply); err != nil || then == ends {
			return
		}
		if then == startsTLS {
			conn = s.secured(conn)
			in = bufio.NewReaderSize(conn, maxLine)
		}
	}
}

var errNoCertificate = errors.New("nothing is enabled for this service of the demo yet")

func (s *server) secured(conn net.Conn) net.Conn {
	return tls.Server(conn, &tls.Config{GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
		if pair := s.pair.Load(); pair != nil {
			return pair, nil
		}
		return nil, errNoCertificate
	}})
}
