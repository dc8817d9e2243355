package challenge

import (
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/miekg/dns"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

// maxAliases is how many CNAMEs are followed one after another.
const maxAliases = 10

// asker asks the DNS as an authority does: never /etc/hosts, and each server by itself.
type asker struct {
	resolvers []string // host:port
	port      int      // of a zone's servers
	patience  time.Duration
}

// newAsker takes the resolver of the options, or those of the system.
func newAsker(o Options) asker {
	a := asker{port: o.DNSPort, patience: 2 * time.Second}
	if o.Resolver != "" {
		a.resolvers = []string{o.Resolver}
		return a
	}
	conf, err := dns.ClientConfigFromFile("/etc/resolv.conf")
	if err != nil || len(conf.Servers) == 0 {
		conf = &dns.ClientConfig{Servers: []string{"127.0.0.1"}, Port: "53"} // resolv.conf(5)
	}
	for _, server := range conf.Servers {
		a.resolvers = append(a.resolvers, net.JoinHostPort(server, conf.Port))
	}
	return a
}

// key signs what is said to a server (TSIG, RFC 8945); the zero value signs nothing.
type key struct{ name, algorithm, secret string }

func (k key) secrets() map[string]string {
	if k.name == "" {
		return nil
	}
	return map[string]string{k.name: k.secret}
}

// exchange sends a message to one server: by UDP, once more where nothing comes back, and by TCP where the answer is
// cut or still nothing comes. The answer may come with an error: one whose signature is not accepted.
func (a asker) exchange(ctx context.Context, server string, m *dns.Msg, k key) (answer *dns.Msg, err error) {
	for _, network := range []string{"udp", "udp", "tcp"} {
		if network == "udp" && answer != nil && answer.Truncated {
			continue
		}
		answer, err = a.once(ctx, network, server, m.Copy(), k)
		var unsent net.Error
		tryAgain := errors.As(err, &unsent) && unsent.Timeout() || err == nil && answer.Truncated
		if ctx.Err() != nil || !tryAgain {
			break
		}
	}
	if err == nil && !sameQuestion(m, answer) {
		err = errors.New("the answer is to another question")
	}
	return answer, err
}

func sameQuestion(m, answer *dns.Msg) bool {
	if !answer.Response || len(answer.Question) == 0 {
		return answer.Response
	}
	asked, told := m.Question[0], answer.Question[0]
	return asked.Qtype == told.Qtype && strings.EqualFold(asked.Name, told.Name)
}

// once ends with ctx: the library looks at the deadline of ctx alone, so a watch closes the connection.
func (a asker) once(ctx context.Context, network, server string, m *dns.Msg, k key) (*dns.Msg, error) {
	if k.name != "" {
		m.SetTsig(k.name, k.algorithm, 300, time.Now().Unix())
	}
	client := &dns.Client{Net: network, Timeout: a.patience, UDPSize: 1232, TsigSecret: k.secrets()}
	conn, err := client.DialContext(ctx, server)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	answer, _, err := client.ExchangeWithConnContext(ctx, m, conn)
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	return answer, err
}

// question is one for a resolver; for a zone's own server it is asked without recursion.
func question(name string, kind uint16, recursive bool) *dns.Msg {
	m := new(dns.Msg)
	m.SetQuestion(dns.Fqdn(name), kind)
	m.RecursionDesired = recursive
	m.SetEdns0(1232, false)
	return m
}

// lookup asks the resolvers in their order until one knows. That a name does not exist is an answer too.
func (a asker) lookup(ctx context.Context, name string, kind uint16) (*dns.Msg, error) {
	var why error
	for _, server := range a.resolvers {
		answer, err := a.exchange(ctx, server, question(name, kind, true), key{})
		if err == nil && (answer.Rcode == dns.RcodeSuccess || answer.Rcode == dns.RcodeNameError) {
			return answer, nil
		}
		if ctx.Err() != nil {
			return nil, stopped(ctx)
		}
		why = fail.New(fail.Failed, "see that the DNS answers for this name: `dig "+dns.TypeToString[kind]+" "+
			shown(name)+"`", "the resolver %s %s to %s %s", printable.Text(server), reaction(answer, err),
			shown(name), dns.TypeToString[kind])
	}
	return nil, why
}

// reaction is what a server did that gave no answer to use.
func reaction(answer *dns.Msg, err error) string {
	switch {
	case err != nil:
		return "does not answer (" + cause(err) + ")"
	case dns.RcodeToString[answer.Rcode] != "":
		return "answers " + dns.RcodeToString[answer.Rcode]
	}
	return "answers " + strconv.Itoa(answer.Rcode)
}

// addresses are all at which a name may be asked, as its DNS says.
func (a asker) addresses(ctx context.Context, name string) (all []netip.Addr, err error) {
	if address, err := netip.ParseAddr(name); err == nil {
		return []netip.Addr{address}, nil
	}
	for _, kind := range []uint16{dns.TypeA, dns.TypeAAAA} {
		found, err := a.addressesOf(ctx, name, kind)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

// addressesOf follows CNAMEs that the resolver did not follow itself.
func (a asker) addressesOf(ctx context.Context, name string, kind uint16) (all []netip.Addr, err error) {
	for range maxAliases {
		answer, err := a.lookup(ctx, name, kind)
		if err != nil {
			return nil, err
		}
		alias := ""
		for _, rr := range answer.Answer {
			switch rr := rr.(type) {
			case *dns.A:
				all = appendAddress(all, rr.A)
			case *dns.AAAA:
				all = appendAddress(all, rr.AAAA)
			case *dns.CNAME:
				alias = rr.Target
			}
		}
		if len(all) > 0 || alias == "" {
			return all, nil
		}
		name = alias
	}
	return nil, fail.New(fail.Failed, "correct the CNAMEs", "%s leads through more than %d CNAMEs", shown(name),
		maxAliases)
}

func appendAddress(all []netip.Addr, ip net.IP) []netip.Addr {
	if address, ok := netip.AddrFromSlice(ip); ok {
		all = append(all, address.Unmap())
	}
	return all
}

// stopped is the error of what ended because ctx did.
func stopped(ctx context.Context) error {
	return fail.New(fail.Canceled, "", "the proof was stopped: %w", ctx.Err())
}

// cause is what went wrong on the way to a server, without its address, which the sentence around it names.
func cause(err error) string {
	var op *net.OpError
	var timeout net.Error
	var number syscall.Errno
	switch {
	case errors.As(err, &timeout) && timeout.Timeout():
		return "nothing came in time"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the connection ended before an answer"
	case errors.As(err, &number):
		err = number
	case errors.As(err, &op):
		err = op.Err
	}
	return printable.Text(err.Error())
}

// noWay says whether this host has no way to an address at all: it has no IPv6, as many have not.
func noWay(err error) bool {
	return errors.Is(err, syscall.ENETUNREACH) || errors.Is(err, syscall.EHOSTUNREACH) ||
		errors.Is(err, syscall.EADDRNOTAVAIL) || errors.Is(err, syscall.EAFNOSUPPORT)
}
