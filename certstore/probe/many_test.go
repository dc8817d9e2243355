package probe_test

import (
	"context"
	"net"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"certdesk/certstore/daemontest"
	"certdesk/certstore/probe"
)

// Of 500 listeners, some of which never answer, none waits for another: all together take about as long as the
// slowest one. It is measured and told; what is held is that they do not wait in turn.
func TestFiveHundredListeners(t *testing.T) {
	const listeners, silent, timeout = 500, 50, 5 * time.Second
	config := serving(t, daemontest.NewCA(t).Issue(t, daemontest.Wish{Names: []string{host}}))
	var requests []probe.Request
	for i := range listeners {
		req := request(t, probe.TLS, secure(t, config))
		req.Timeout = time.Minute // both ends of 450 handshakes, on a busy machine under the race detector
		if i < silent {
			req = request(t, probe.SMTP, listen(t, script("hang")))
			req.Timeout = timeout
		}
		requests = append(requests, req)
	}
	began := time.Now()
	reports := probe.All(t.Context(), requests, 0, probe.Ask)
	took := time.Since(began)
	var slowest time.Duration
	for i, r := range reports {
		if want := map[bool]probe.Result{true: probe.NoAnswer, false: probe.Answers}[i < silent]; r.Result != want || r.Target != requests[i].Target {
			t.Errorf("%d: %s %q, want %s", i, r.Result, r.Text, want)
		}
		slowest = max(slowest, r.Took)
	}
	t.Logf("%d listeners, %d of them silent: %v; the slowest one %v", listeners, silent, took, slowest)
	if took > 2*slowest {
		t.Errorf("%d listeners took %v, the slowest one %v", listeners, took, slowest)
	}
}

func TestNoMoreThanTheLimitAreAskedAtOnce(t *testing.T) {
	var open, most atomic.Int32
	ask := func(_ context.Context, req probe.Request) string {
		most.Store(max(most.Load(), open.Add(1)))
		time.Sleep(5 * time.Millisecond)
		open.Add(-1)
		return req.Port
	}
	var requests []probe.Request
	for _, port := range []string{"1", "2", "3", "4", "5", "6", "7", "8", "9"} {
		requests = append(requests, probe.Request{Target: probe.Target{Port: port}})
	}
	for i, port := range probe.All(t.Context(), requests, 3, ask) {
		if port != requests[i].Port {
			t.Errorf("answer %d is that of port %s", i, port)
		}
	}
	if most.Load() != 3 {
		t.Errorf("%d were open at once, want 3", most.Load())
	}
}

// Nothing is left behind: a desk probes for weeks.
func TestConnectionsAreClosed(t *testing.T) {
	t.Parallel()
	ended := make(chan struct{}, 100)
	address := listen(t, func(conn net.Conn) {
		script("220 mail", "250 STARTTLS", "454 no")(conn)
		ended <- struct{}{}
	})
	requests := slices.Repeat([]probe.Request{request(t, probe.SMTP, address)}, 20)
	_ = probe.All(t.Context(), requests, 0, probe.Ask)
	for i := range requests {
		select {
		case <-ended:
		case <-time.After(5 * time.Second):
			t.Fatalf("%d of %d connections are still open", len(requests)-i, len(requests))
		}
	}
}
