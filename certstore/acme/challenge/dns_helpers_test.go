package challenge

import (
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"certdesk/certstore/fail"

	"github.com/miekg/dns"
)

// fakeDNS is a name server at one address of this host.
type fakeDNS struct {
	mu      sync.Mutex
	records []dns.RR

	// behave changes an answer, or gives nil for none at all.
	behave func(answer *dns.Msg, tcp bool) *dns.Msg
}

// newDNSServers runs a server at each of these addresses, all at one port.
func newDNSServers(t *testing.T, hosts ...string) (port int, all map[string]*fakeDNS) {
	t.Helper()
	for range 20 {
		port, all = startAll(t, hosts)
		if all != nil {
			return port, all
		}
	}
	t.Fatal("no port is free at all addresses")
	return 0, nil
}

func startAll(t *testing.T, hosts []string) (port int, all map[string]*fakeDNS) {
	var servers []*dns.Server
	stop := func() {
		for _, s := range servers {
			if s.Listener != nil {
				s.Listener.Close()
			}
			if s.PacketConn != nil {
				s.PacketConn.Close()
			}
		}
	}
	all = map[string]*fakeDNS{}
	for _, host := range hosts {
		l, err := net.Listen("tcp", fmt.Sprintf("%s:%d", host, port))
		if err != nil {
			stop()
			return 0, nil
		}
		port = l.Addr().(*net.TCPAddr).Port
		f := &fakeDNS{}
		servers = append(servers, &dns.Server{Listener: l, Handler: f})
		c, err := net.ListenPacket("udp", fmt.Sprintf("%s:%d", host, port))
		if err != nil {
			stop()
			return 0, nil
		}
		servers = append(servers, &dns.Server{PacketConn: c, Handler: f})
		all[host] = f
	}
	for _, s := range servers {
		go s.ActivateAndServe()
	}
	t.Cleanup(stop)
	return port, all
}

// does sets how a server behaves.
func (f *fakeDNS) does(behave func(answer *dns.Msg, tcp bool) *dns.Msg) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.behave = behave
}

// add takes records in the form of a zone file.
func (f *fakeDNS) add(t *testing.T, lines ...string) {
	t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, line := range lines {
		rr, err := dns.NewRR(line)
		if err != nil {
			t.Fatal(err)
		}
		f.records = append(f.records, rr)
	}
}

func (f *fakeDNS) ServeDNS(w dns.ResponseWriter, r *dns.Msg) {
	f.mu.Lock()
	defer f.mu.Unlock()
	answer := new(dns.Msg)
	answer.SetReply(r)
	answer.Authoritative = true
	f.answer(answer, r.Question[0])
	if f.behave != nil {
		answer = f.behave(answer, w.RemoteAddr().Network() == "tcp")
	}
	if answer != nil {
		w.WriteMsg(answer)
	}
}

// answer finds what is asked for, follows a CNAME, and tells the zone where there is nothing, as servers do.
func (f *fakeDNS) answer(m *dns.Msg, q dns.Question) {
	known := false
	for _, rr := range f.records {
		if !strings.EqualFold(rr.Header().Name, q.Name) {
			continue
		}
		known = true
		alias, isAlias := rr.(*dns.CNAME)
		if rr.Header().Rrtype == q.Qtype || isAlias {
			m.Answer = append(m.Answer, rr)
		}
		if isAlias && q.Qtype != dns.TypeCNAME {
			f.answer(m, dns.Question{Name: alias.Target, Qtype: q.Qtype})
		}
	}
	if !known {
		m.Rcode = dns.RcodeNameError
	}
	if len(m.Answer) > 0 {
		m.Rcode = dns.RcodeSuccess
		return
	}
	best := slices.IndexFunc(f.records, func(rr dns.RR) bool {
		return rr.Header().Rrtype == dns.TypeSOA && dns.IsSubDomain(rr.Header().Name, q.Name)
	})
	if best >= 0 {
		m.Ns = []dns.RR{f.records[best]}
	}
}

// code lets a server answer with nothing but a code.
func code(rcode int) func(*dns.Msg, bool) *dns.Msg {
	return func(answer *dns.Msg, _ bool) *dns.Msg {
		answer.Answer, answer.Ns, answer.Rcode, answer.Authoritative = nil, nil, rcode, false
		return answer
	}
}

func silent(*dns.Msg, bool) *dns.Msg { return nil }

// cut is the answer of which UDP carries nothing.
func cut(answer *dns.Msg, tcp bool) *dns.Msg {
	if !tcp {
		answer.Truncated, answer.Answer = true, nil
	}
	return answer
}

func late(by time.Duration) func(*dns.Msg, bool) *dns.Msg {
	return func(answer *dns.Msg, _ bool) *dns.Msg {
		time.Sleep(by)
		return answer
	}
}

// zoneAt is example.test with a server at each of these addresses, as the resolver tells it.
func zoneAt(t *testing.T, resolver *fakeDNS, hosts ...string) {
	t.Helper()
	resolver.add(t, "example.test. SOA ns1.example.test. h.example.test. 1 1 1 1 1")
	for i, host := range hosts {
		name := fmt.Sprintf("ns%d.example.test.", i+1)
		resolver.add(t, "example.test. NS "+name, name+" A "+host)
	}
}

// check wants an error that says something, or none where want is "".
func check(t *testing.T, err error, want string) {
	t.Helper()
	switch {
	case want == "" && err != nil:
		t.Errorf("%v (hint %s)", err, fail.Of(err).Hint)
	case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
		t.Errorf("error %v, want %q", err, want)
	}
}
