package certstore

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"testing"
	"time"

	"certdesk/certstore/enabling"
	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
	"certdesk/certstore/services"
)

// manyPorts are real TLS listeners on addresses of their own, the first of which is slow.
func manyPorts(t testing.TB, n int, slow time.Duration, pair tls.Certificate) (urls []string) {
	t.Helper()
	l, err := net.Listen("tcp", "0.0.0.0:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	port := l.Addr().(*net.TCPAddr).Port
	for i := range n {
		urls = append(urls, fmt.Sprintf("tls://127.9.%d.%d:%d", i/250, 1+i%250, port))
	}
	config := &tls.Config{Certificates: []tls.Certificate{pair}}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				if c.LocalAddr().(*net.TCPAddr).IP.String() == "127.9.0.1" {
					time.Sleep(slow)
				}
				tls.Server(c, config).Handshake()
				c.Close()
			}()
		}
	}()
	return urls
}

func TestFiveHundredPortsTakeAboutAsLongAsTheSlowest(t *testing.T) {
	t.Parallel()
	const slow = 3 * time.Second
	f := newFixture(t)
	e := f.bought(request("voice.example.org"))
	key, err := f.store.objects.Key(e.SPKI)
	f.must(err)
	leaf, err := f.store.objects.Certificate(e.SHA256)
	f.must(err)
	urls := manyPorts(t, 500, slow, tls.Certificate{Certificate: [][]byte{leaf.Raw, f.ca.middle.Raw}, PrivateKey: key, Leaf: leaf})
	f.serving(services.Instance{Use: "UM", Driver: "command", Install: t.TempDir(), Listen: urls})
	began := time.Now()
	v := f.survey()
	took := time.Since(began)
	served := 0
	for _, p := range v.Ports {
		if p.Served == e.ID {
			served++
		}
	}
	t.Logf("%d ports in %v, the slowest takes %v", len(v.Ports), took, slow)
	if len(v.Ports) != 500 || served != 500 || took > slow+20*time.Second {
		t.Errorf("%d ports, %d served, in %v", len(v.Ports), served, took)
	}
}

// What cannot be looked at is told, and what is bound to it is proven all the same.
func TestAServiceThatCannotBeLookedAtIsToldAndStillProven(t *testing.T) {
	t.Parallel()
	f, v := newFixture(t), newVoice(t)
	f.serving(v.as("UM"))
	e := f.bought(request("voice.example.org"))
	f.enable(e, ledger.UM, enabling.Options{})
	f.serving(services.Instance{Use: "SMTP", Driver: "postfix", Config: "/nowhere/postfix"}, services.Instance{Use: "UM", Driver: "exim"})
	s := f.survey()
	if len(s.Troubles) != 2 || len(s.Ports) != 1 || s.Right() != 1 || s.Ports[0].Bound != e.ID {
		t.Errorf("%+v", s)
	}
	_, err := f.store.PlanEnable(f.Context(), enabling.Request{ID: e.ID, Services: ledger.UM})
	f.wants(err, fail.InvalidConfig)
	ctx, stop := context.WithCancel(context.Background())
	stop()
	if _, err := f.store.Survey(ctx); err == nil {
		t.Error("a survey that was stopped is no error")
	}
}
