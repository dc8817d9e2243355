package probe

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"time"
)

// proxyPatience is how long a port that said nothing is asked behind a PROXY protocol header.
const proxyPatience = 3 * time.Second

const hintProxy = "; if only a proxy may reach this port (PROXY protocol), name another port of the service under " +
	"listen"

// behindProxy asks a port again that closed without a word, as a proxy does that tells whom it speaks for. One that
// keeps silent is not asked: a greeting that is held back would take the header for a client that cannot wait.
func behindProxy(ctx context.Context, req Request, before Report, why *failure) (Report, *failure) {
	if why.result == NoAnswer {
		why.text += hintProxy
		return before, why
	}
	req.Proxy = true
	report, err := within(ctx, min(req.Timeout, proxyPatience), req)
	if err == nil || slices.Contains([]Result{NoKey, NoName, NoCertificate, Unknown}, err.result) {
		report.Took += before.Took
		return report, err
	}
	if req.Scheme.StartTLS() {
		why.text += hintProxy
	}
	return before, why
}

// sayProxy sends the header of version 1 (haproxy's proxy-protocol.txt, 2.1): this connection's own ends, so that
// nothing is said that is not so.
func sayProxy(req Request, conn net.Conn) error {
	if !req.Proxy {
		return nil
	}
	_, err := fmt.Fprintf(conn, "%s\r\n", proxyHeader(conn.LocalAddr(), conn.RemoteAddr()))
	return err
}

func proxyHeader(local, remote net.Addr) string {
	from, err := netip.ParseAddrPort(local.String())
	to, err2 := netip.ParseAddrPort(remote.String())
	if err != nil || err2 != nil {
		return "PROXY UNKNOWN"
	}
	kind, a, b := "TCP6", from.Addr().Unmap().WithZone(""), to.Addr().Unmap().WithZone("")
	if a.Is4() {
		kind = "TCP4"
	}
	return fmt.Sprintf("PROXY %s %s %s %d %d", kind, a, b, from.Port(), to.Port())
}
