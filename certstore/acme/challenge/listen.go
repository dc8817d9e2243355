package challenge

import (
	"errors"
	"fmt"
	"net"
	"syscall"

	"certdesk/certstore/fail"
	"certdesk/certstore/services/daemon"
)

// listen takes a port on all addresses, of IPv4 and of IPv6, or on none: an authority asks at any of them. A host
// without one of the two has only the other.
func listen(port int, instead string) (all []net.Listener, err error) {
	for _, network := range []string{"tcp4", "tcp6"} {
		l, err := net.Listen(network, fmt.Sprintf(":%d", port))
		if noWay(err) {
			continue
		}
		if err != nil {
			closeAll(all)
			return nil, notFree(port, instead, err)
		}
		all = append(all, l)
	}
	if len(all) == 0 {
		return nil, fail.New(fail.Failed, "", "this host has neither IPv4 nor IPv6")
	}
	return all, nil
}

func closeAll(all []net.Listener) {
	for _, l := range all {
		l.Close()
	}
}

// notFree says why a port cannot be taken, and who has it. Instead is what else would do.
func notFree(port int, instead string, err error) error {
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		host := daemon.Host{}
		holder := host.ListenerBut(host.Listening(), 0, daemon.Listener{Port: port})
		if holder == "" {
			holder = "another program"
		}
		return fail.New(fail.Failed, instead, "port %d is not free: %s listens there", port, holder)
	case errors.Is(err, syscall.EACCES):
		return fail.New(fail.NotPermitted, "run certdesk as root, or "+instead,
			"port %d may not be opened by this user", port)
	}
	return fail.New(fail.Failed, instead, "port %d cannot be opened: %s", port, cause(err))
}
