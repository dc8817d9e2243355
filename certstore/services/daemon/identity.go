package daemon

import (
	"os"
	"slices"
	"strings"
)

// Same says whether two instances are one service, whatever else was written about it since: the same use of the same
// daemon for the same name. Two that list ports and have none in common are two services of that daemon; a list that
// was changed and still has a port of before is the same one.
func (in Instance) Same(other Instance) bool {
	return strings.EqualFold(in.Use, other.Use) && in.SameDaemon(other) && strings.EqualFold(in.Name, other.Name) &&
		sharePort(in.Listen, other.Listen)
}

// SameDaemon says whether two instances are of one daemon, so that a change of one may change the other.
func (in Instance) SameDaemon(other Instance) bool {
	return in.Driver == other.Driver && Clean(in.Config) == Clean(other.Config) &&
		Clean(in.Install) == Clean(other.Install)
}

// sharePort says whether two lists of listeners have one in common; an empty list is all ports. What cannot be read
// is compared as it is written.
func sharePort(a, b []string) bool {
	if len(a) == 0 || len(b) == 0 {
		return true
	}
	for _, x := range a {
		for _, y := range b {
			if x == y || samePort(x, y) {
				return true
			}
		}
	}
	return false
}

func samePort(x, y string) bool {
	l, errX := ParseListener(x)
	m, errY := ParseListener(y)
	return errX == nil && errY == nil && l.at(m)
}

// usual are the configurations that a driver's daemon comes with, that of the most usual package first.
var usual = map[string][]string{
	"postfix": {"/etc/postfix"},
	"dovecot": {"/etc/dovecot/dovecot.conf"},
	"nginx":   {"/etc/nginx/nginx.conf"},
	"apache":  {"/etc/apache2/apache2.conf", "/etc/httpd/conf/httpd.conf"},
	"command": nil,
}

// Usual says whether the instance is the daemon as its package configures it.
func (in Instance) Usual() bool {
	known, ok := usual[in.Driver]
	return !ok || in.Config == "" || slices.Contains(known, Clean(in.Config))
}

// UsualConfig is the configuration that a driver's daemon is started with here when nobody says another.
func (h Host) UsualConfig(driver string) string {
	known := usual[driver]
	for _, path := range known {
		if _, err := os.Stat(h.Path(path)); err == nil {
			return h.Path(path)
		}
	}
	if len(known) == 0 {
		return ""
	}
	return h.Path(known[0])
}
