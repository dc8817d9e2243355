package challenge

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

// trial is one proof being tried.
type trial struct {
	web
	proof  Proof
	asked  int  // requests so far
	failed bool // something is wrong behind a redirect
}

// everywhere tries each address of a name and gathers what is wrong at which of them.
func (t *trial) everywhere(ctx context.Context, name string, try func(netip.Addr) error) error {
	addresses, err := t.addresses(ctx, name)
	if err != nil {
		return err
	}
	if len(addresses) == 0 {
		return fail.New(fail.Failed, "publish an A or AAAA record of this server", "the DNS knows no address of %s",
			printable.Text(name))
	}
	var wrong, unasked []string
	hint, behindNAT := "", false
	for _, address := range addresses {
		err := try(address)
		switch {
		case ctx.Err() != nil:
			return stopped(ctx)
		case noWay(err), errors.Is(err, errNAT):
			unasked = append(unasked, address.String())
			behindNAT = behindNAT || errors.Is(err, errNAT)
		case err != nil:
			wrong = append(wrong, fail.Sentence(err))
			hint = cmp.Or(hint, hintAt(address, len(addresses), fail.Of(err).Hint))
		}
	}
	if len(wrong) > 0 {
		return fail.New(fail.Failed, hint, "%s", strings.Join(wrong, "; "))
	}
	if len(unasked) == len(addresses) && !behindNAT {
		return fail.New(fail.Failed, "give this host a way there, or prove by DNS", "this host has no way to %s (%s)",
			printable.Text(name), strings.Join(unasked, ", "))
	}
	t.tellUnasked(name, unasked)
	return nil
}

// hintAt tells of the trap in which an address of IPv6 leads elsewhere than that of IPv4.
func hintAt(address netip.Addr, of int, hint string) string {
	if address.Is6() && of > 1 {
		return "an authority asks at the IPv6 address first: let it lead to this server too, or take its AAAA record away"
	}
	return hint
}

// tellUnasked tells of the addresses that only the authority can ask.
func (t *trial) tellUnasked(name string, unasked []string) {
	if len(unasked) > 0 {
		t.warn(fmt.Sprintf("%s was not tried at %s: it cannot be reached from this host, but a CA may ask there",
			printable.Text(name), strings.Join(unasked, ", ")))
	}
}

// errNAT says that an address did not answer which this host need not be able to reach.
var errNAT = errors.New("an address that is translated to this host's may not answer from within")

// unanswered is the error for an address that took no connection: errNAT where it is a public one of IPv4 and this host
// has none of its own. Routers that translate addresses seldom do it for those behind them.
func unanswered(address netip.Addr, err error, told *fail.Error) error {
	var op *net.OpError
	if !errors.As(err, &op) || op.Op != "dial" || !translated(address, ownAddresses()) {
		return told
	}
	return errNAT
}

func ownAddresses() (all []netip.Addr) {
	list, _ := net.InterfaceAddrs()
	for _, address := range list {
		prefix, err := netip.ParsePrefix(address.String())
		if err == nil {
			all = append(all, prefix.Addr())
		}
	}
	return all
}

// translated says whether an address of IPv4 can only be this host's by translation.
func translated(address netip.Addr, own []netip.Addr) bool {
	for _, mine := range own {
		if isPublic4(mine) {
			return false
		}
	}
	return isPublic4(address)
}

// shared is what providers give to customers whose addresses they translate (RFC 6598).
var shared = netip.MustParsePrefix("100.64.0.0/10")

func isPublic4(a netip.Addr) bool {
	return a.Is4() && a.IsGlobalUnicast() && !a.IsPrivate() && !shared.Contains(a)
}
