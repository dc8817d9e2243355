package challenge

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"syscall"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
	"certdesk/certstore/services/daemon"
)

// What else would do where a port is not free.
const (
	webrootInstead  = "give the directory that the web server serves: webroot in [[acme]]"
	otherWayInstead = "prove by http-01 or dns-01, which leave that port to its server"
)

// listener is where the proof is answered: at the port that the authority asks, or where a front passes that on to.
func (w web) listener(port int, front string) string {
	return cmp.Or(front, fmt.Sprintf(":%d", port))
}

// listen takes a port on an address, or where none is given on all of IPv4 and of IPv6, or on none: an authority asks at
// any of them. A host without one of the two has only the other.
func listen(at, instead string) (all []net.Listener, err error) {
	host, number, err := net.SplitHostPort(at)
	if err != nil {
		return nil, fail.New(fail.InvalidConfig, "give host:port", "%q is no place to listen at", printable.Text(at))
	}
	networks := []string{"tcp4", "tcp6"}
	if host != "" {
		networks = []string{"tcp"}
	}
	for _, network := range networks {
		l, err := net.Listen(network, at)
		if noWay(err) {
			continue
		}
		if err != nil {
			closeAll(all)
			return nil, notFree(at, number, instead, err)
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
func notFree(at, number, instead string, err error) error {
	at = printable.Text(strings.TrimPrefix(at, ":"))
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		host := daemon.Host{}
		port, _ := strconv.Atoi(number)
		holder := host.ListenerBut(host.Listening(), 0, daemon.Listener{Port: port})
		if holder == "" {
			holder = "another program"
		}
		return fail.New(fail.Failed, instead, "port %s is not free: %s listens there", at, holder)
	case errors.Is(err, syscall.EACCES):
		return fail.New(fail.NotPermitted, "run certdesk as root, or "+instead,
			"port %s may not be opened by this user", at)
	}
	return fail.New(fail.Failed, instead, "port %s cannot be opened: %s", at, cause(err))
}
