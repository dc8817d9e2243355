// Package config reads certdesk's one configuration file.
//
// Its promise: a file that loads was understood whole. An unknown key, a value of the wrong type or one outside
// its choices is refused with its line, and what this version does not act on yet is said, not skipped.
package config

import (
	"net/netip"
	"slices"
	"strings"

	"certdesk/certstore/domains"
	"certdesk/certstore/publishing"
)

// DefaultPath is where the configuration lies when none is named; it may be missing.
const DefaultPath = "/etc/certdesk/certdesk.toml"

// Config is the configuration file, key by key. The zero value is what certdesk runs on without one.
type Config struct {
	Server  string   `toml:"server"`  // this server's full name, lower case; "" to ask the host
	Role    string   `toml:"role"`    // hub, edge, both, or "" for not said
	Peers   []string `toml:"peers"`   // host:port
	Readers string   `toml:"readers"` // a group that may read the store, never its keys
	Trust   []string `toml:"trust"`   // PEM files of roots beside the system's
	// networks and addresses beside the public internet that CAs are asked at whether they revoked something
	RevocationAllow []string        `toml:"revocation_allow"`
	AcceptedDomains domains.Sources `toml:"accepted_domains"`
	Services        []Service       `toml:"service"`
	Discover        *bool           `toml:"discover"` // look for daemons where no service is named; left out: yes
	// the directory that services read certificates from; "" for /etc/ssl/certdesk
	Install string           `toml:"install"`
	Filters []Filter         `toml:"filter"`
	ACME    []ACME           `toml:"acme"`
	Notify  []Notify         `toml:"notify"`
	Publish publishing.Place `toml:"publish"` // a directory that what services have is published in
	Theme   string           `toml:"theme"`   // auto, light, dark, mono, or "" for not said; --theme wins
	// a DNS server whose word that an answer is proven is believed; "" for those of the host, "off" for none
	DNS string `toml:"dns"`
	// addresses that lead to this host beside its own: those of a router that passes its ports on
	PublicAddresses []string `toml:"public_addresses"`
}

// Networks are those of RevocationAllow.
func (c Config) Networks() (list []netip.Prefix) {
	for _, text := range c.RevocationAllow {
		if p, ok := network(text); ok {
			list = append(list, p)
		}
	}
	return list
}

// network reads an address, or several as in 10.0.0.0/8.
func network(text string) (netip.Prefix, bool) {
	if !strings.Contains(text, "/") {
		a, err := netip.ParseAddr(text)
		if err != nil || a.Zone() != "" {
			return netip.Prefix{}, false
		}
		return netip.PrefixFrom(a, a.BitLen()), true
	}
	p, err := netip.ParsePrefix(text)
	return p, err == nil
}

// Filter is a filter of the desk's table under a name, in the words the desk takes.
type Filter struct {
	Name string `toml:"name"`
	Show string `toml:"show"` // such as "days<30 svc:smtp"
}

// Service is a daemon that serves certificates.
type Service struct {
	Use     string   `toml:"use"`     // IIS, SMTP, POP, IMAP or UM
	Driver  string   `toml:"driver"`  // postfix, exim, dovecot, nginx, ... or command
	Config  string   `toml:"config"`  // the directory or file the daemon is started with
	Listen  []string `toml:"listen"`  // scheme://host:port
	Name    string   `toml:"name"`    // the name a client asks for
	Install string   `toml:"install"` // driver command: where the files are put
	Owner   string   `toml:"owner"`   // driver command: user:group
	Check   []string `toml:"check"`   // driver command: argv
	Reload  []string `toml:"reload"`  // driver command: argv
}

// Unused says, one sentence each, which parts of the configuration this version does not act on.
func (c Config) Unused() []string {
	var out []string
	if c.AcceptedDomains.LDAP.URL == "" && c.AcceptedDomains.LDAP != (domains.LDAP{}) {
		out = append(out, "accepted_domains.ldap is not asked: it has no url")
	}
	for _, s := range c.Services {
		if slices.Contains(laterDrivers, s.Driver) {
			out = append(out, "the [[service]] with driver "+s.Driver+" is not read by this version")
		}
	}
	return out
}

// laterDrivers have a name in the configuration and no driver in this version; command does for each of them.
var laterDrivers = []string{"exim", "haproxy", "kamailio", "coturn"}

// Public are the addresses of PublicAddresses; what is none was refused when the file was read.
func (c Config) Public() (list []netip.Addr) {
	for _, text := range c.PublicAddresses {
		if a, err := netip.ParseAddr(text); err == nil {
			list = append(list, a)
		}
	}
	return list
}

// Discovers says whether services are looked for: only where none is named, and unless it is switched off.
func (c Config) Discovers() bool {
	return len(c.Services) == 0 && (c.Discover == nil || *c.Discover)
}
