package challenge

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
)

// The handshake of tls-alpn-01 is made at each address, and what else is served there is named.
func TestTheHandshakeProves(t *testing.T) {
	port, servers := newDNSServers(t, "127.0.0.1")
	servers["127.0.0.1"].add(t, "mail.example.test. A 127.0.0.1", "mail.example.test. AAAA ::1",
		"b.example.test. A 127.0.0.1")
	ordinary := httptest.NewUnstartedServer(http.NotFoundHandler())
	ordinary.Config.ErrorLog = log.New(io.Discard, "", 0)
	ordinary.TLS = &tls.Config{}
	ordinary.StartTLS()
	number := ordinary.Listener.Addr().(*net.TCPAddr).Port
	s, err := New(Options{Type: TLSALPN01, TLSPort: number, Resolver: fmt.Sprintf("127.0.0.1:%d", port)})
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	proof := Proof{Type: TLSALPN01, Name: "mail.example.test", Token: "t", KeyAuthorization: "t.thumb"}
	second, address := proof, proof
	second.Name, address.Name = "b.example.test", "127.0.0.1"
	check(t, s.Present(ctx, proof), "is not free")
	check(t, s.Try(ctx, second), "b.example.test at 127.0.0.1:"+fmt.Sprint(number)+" ")
	ordinary.Close()
	for _, p := range []Proof{proof, proof, second, address} {
		check(t, s.Present(ctx, p), "")
	}
	check(t, s.Try(ctx, proof), "")
	check(t, s.Try(ctx, second), "")
	check(t, s.Try(ctx, address), "")
	older := proof
	older.KeyAuthorization = "older"
	check(t, s.Try(ctx, older), "serves another proof")
	if _, err := tls.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", number),
		&tls.Config{ServerName: proof.Name, InsecureSkipVerify: true}); err == nil {
		t.Error("a client that does not ask for the protocol is served")
	}
	older.Token = "older"
	check(t, s.Remove(ctx, older), "")
	check(t, s.Try(ctx, proof), "")
	check(t, s.Remove(ctx, proof), "")
	check(t, s.Try(ctx, proof), "makes no handshake for acme-tls/1")
	check(t, s.Close(), "")
	check(t, s.Try(ctx, second), "connection refused")
}
