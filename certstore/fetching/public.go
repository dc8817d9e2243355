package fetching

import (
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"syscall"
	"time"
)

// transport reaches hosts of the public internet, and of networks that are allowed, and nothing else: a certificate is
// somebody else's text, and what it names must not make this server knock at its neighbours' doors. The address is
// judged when it is dialled, whatever name led to it and whatever that name said before. No proxy is asked, which would
// dial in our place.
func (w Web) transport() http.RoundTripper {
	dialer := &net.Dialer{Timeout: 5 * time.Second, Control: w.mayDial}
	return &http.Transport{
		DialContext:            dialer.DialContext,
		DisableKeepAlives:      true,
		DisableCompression:     true,
		ResponseHeaderTimeout:  5 * time.Second,
		MaxResponseHeaderBytes: 16 << 10,
	}
}

// PrivateError says that an address is not one of the public internet and was not dialled.
type PrivateError struct{ Address string }

func (e PrivateError) Error() string {
	return e.Address + " is not a public internet address, and certdesk fetches from no others"
}

// mayDial refuses to dial an address that is neither of the public internet nor allowed.
func (w Web) mayDial(_, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil || !isPublic(at.Addr()) && !w.allows(at.Addr()) {
		return PrivateError{address}
	}
	return nil
}

func (w Web) allows(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	return slices.ContainsFunc(w.Allow, func(p netip.Prefix) bool { return p.Contains(a) })
}

// notPublic are the special blocks of IANA's registries, beside those that netip knows, within what isPublic takes.
var notPublic = prefixes("0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
	"198.18.0.0/15",
	"198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")

// publicIPv6 is all that is routed; what maps IPv4 into IPv6 (::ffff:0:0/96, 64:ff9b::/96) lies outside.
var publicIPv6 = netip.MustParsePrefix("2000::/3")

func isPublic(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	if !a.IsGlobalUnicast() || a.IsPrivate() || a.Is6() && !publicIPv6.Contains(a) {
		return false
	}
	for _, p := range notPublic {
		if p.Contains(a) {
			return false
		}
	}
	return true
}

func prefixes(texts ...string) (list []netip.Prefix) {
	for _, text := range texts {
		list = append(list, netip.MustParsePrefix(text))
	}
	return list
}

// Cause is what went wrong, without the address that the sentence around it names.
func Cause(err error) error {
	var at *url.Error
	if errors.As(err, &at) {
		err = at.Err
	}
	var name *net.DNSError
	if errors.As(err, &name) {
		return errors.New(name.Err)
	}
	var op *net.OpError
	if errors.As(err, &op) {
		err = op.Err
	}
	var call *os.SyscallError
	if errors.As(err, &call) {
		return call.Err
	}
	return err
}
