// Package dnstest is a DNS server of the tests: it answers from a zone over the real wire, ill where a name says so.
package dnstest

import (
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/miekg/dns"
)

// Server answers by UDP and TCP at one address. A label of a name says how it is answered: slow., drop. (not at all),
// lame. (refused), tc. (cut short by UDP), badid., wrongq. (another question's), huge. (60 kB, by TCP), loop. (aliases
// in a circle), bogus. (SERVFAIL, unless it is not to be checked).
type Server struct {
	At     string
	Signed []string // zones of which answers are said to be proven, to whoever asks for that

	records map[string][]dns.RR
	mu      sync.Mutex
	asked   []string // "A mail.example.org."
}

// New starts a server with the records of a zone file, whose names are whole.
func New(t testing.TB, zone string, signed ...string) *Server {
	t.Helper()
	s := &Server{records: map[string][]dns.RR{}}
	for _, name := range signed {
		s.Signed = append(s.Signed, dns.Fqdn(name))
	}
	parser := dns.NewZoneParser(strings.NewReader("$TTL 300\n"+zone), ".", "zone")
	for record, ok := parser.Next(); ok; record, ok = parser.Next() {
		name := dns.CanonicalName(record.Header().Name)
		s.records[name] = append(s.records[name], record)
	}
	if err := parser.Err(); err != nil {
		t.Fatal(err)
	}
	s.start(t)
	return s
}

func (s *Server) start(t testing.TB) {
	t.Helper()
	packets, listener, err := both()
	for n := 0; err != nil && n < 20; n++ { // the port is somebody's by TCP
		packets, listener, err = both()
	}
	if err != nil {
		t.Fatal(err)
	}
	s.At = packets.LocalAddr().String()
	for _, server := range []*dns.Server{{PacketConn: packets, Handler: s}, {Listener: listener, Handler: s}} {
		ready := make(chan struct{})
		server.NotifyStartedFunc = func() { close(ready) }
		go server.ActivateAndServe()
		<-ready
		t.Cleanup(func() { server.Shutdown() })
	}
}

// both listens by UDP and TCP at one port.
func both() (net.PacketConn, net.Listener, error) {
	packets, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		return nil, nil, err
	}
	listener, err := net.Listen("tcp", packets.LocalAddr().String())
	if err != nil {
		packets.Close()
	}
	return packets, listener, err
}

// Asked are the questions so far.
func (s *Server) Asked() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.asked)
}

// ServeDNS answers one question.
func (s *Server) ServeDNS(w dns.ResponseWriter, r *dns.Msg) {
	q := r.Question[0]
	name := dns.CanonicalName(q.Name)
	s.mu.Lock()
	s.asked = append(s.asked, dns.TypeToString[q.Qtype]+" "+name)
	s.mu.Unlock()
	m := new(dns.Msg)
	m.SetReply(r)
	m.RecursionAvailable = true
	s.fill(m, name, q.Qtype)
	opt := r.IsEdns0()
	wants := r.AuthenticatedData || opt != nil && opt.Do()
	m.AuthenticatedData = wants && !r.CheckingDisabled && s.signed(name)
	if spoiled(w, m, name, r.CheckingDisabled) {
		w.WriteMsg(m)
	}
}

func (s *Server) signed(name string) bool {
	return slices.ContainsFunc(s.Signed, func(zone string) bool { return dns.IsSubDomain(zone, name) })
}

// fill puts in what the zone has, along aliases.
func (s *Server) fill(m *dns.Msg, name string, kind uint16) {
	for range 9 {
		here := s.records[name]
		next := ""
		for _, record := range here {
			alias, is := record.(*dns.CNAME)
			if record.Header().Rrtype == kind || is {
				m.Answer = append(m.Answer, record)
			}
			if is && kind != dns.TypeCNAME {
				next = dns.CanonicalName(alias.Target)
			}
		}
		if next == "" {
			if len(here) == 0 && !s.within(name) {
				m.Rcode = dns.RcodeNameError
			}
			return
		}
		name = next
	}
}

// within says whether names lie below one that has no records itself.
func (s *Server) within(name string) bool {
	for has := range s.records {
		if strings.HasSuffix(has, "."+name) {
			return true
		}
	}
	return false
}

// spoiled says whether there is an answer, spoiled by each label of the name that stands for an illness.
func spoiled(w dns.ResponseWriter, m *dns.Msg, name string, unchecked bool) bool {
	for _, label := range dns.SplitDomainName(name) {
		if !illness(w, m, label, unchecked) {
			return false
		}
	}
	return true
}

// illness spoils the answer to a name that has such a label; false: there is none.
func illness(w dns.ResponseWriter, m *dns.Msg, kind string, unchecked bool) bool {
	_, udp := w.LocalAddr().(*net.UDPAddr)
	switch kind {
	case "drop":
		return false
	case "slow":
		time.Sleep(700 * time.Millisecond)
	case "lame":
		m.Answer, m.Rcode = nil, dns.RcodeRefused
	case "bogus":
		if m.AuthenticatedData = false; !unchecked {
			m.Answer, m.Rcode = nil, dns.RcodeServerFailure
		}
	case "tc":
		if udp {
			m.Answer, m.Truncated = nil, true
		}
	case "huge":
		if udp {
			m.Answer, m.Truncated = nil, true
			break
		}
		for range 230 {
			m.Extra = append(m.Extra, &dns.TXT{Hdr: header(m, dns.TypeTXT), Txt: []string{strings.Repeat("x", 250)}})
		}
	case "badid":
		m.Id++
	case "wrongq":
		m.Question[0].Name = "other.example.org."
	case "loop":
		m.Rcode, m.Answer = dns.RcodeSuccess, []dns.RR{&dns.CNAME{Hdr: header(m, dns.TypeCNAME), Target: m.Question[0].Name}}
	}
	return true
}

// header is that of a record of the name asked for.
func header(m *dns.Msg, kind uint16) dns.RR_Header {
	return dns.RR_Header{Name: m.Question[0].Name, Rrtype: kind, Class: dns.ClassINET, Ttl: 60}
}
