package config

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"certdesk/certstore/evidence"
	"certdesk/certstore/names"
	"certdesk/certstore/printable"
)

// Themes are the choices of colours.
var Themes = []string{"auto", "light", "dark", "mono"}

var (
	roles   = []string{"hub", "edge", "both"}
	uses    = []string{"IIS", "SMTP", "POP", "IMAP", "UM"}
	drivers = []string{"postfix", "exim", "dovecot", "nginx", "apache", "haproxy", "kamailio", "coturn", "command"}
)

// check holds the values to their choices and normalises the server's name.
func (c *Config) check() error {
	if err := oneOf("role", c.Role, roles); err != nil {
		return err
	}
	if err := oneOf("theme", c.Theme, Themes); err != nil {
		return err
	}
	if err := c.AcceptedDomains.Check(); err != nil {
		return err
	}
	if c.Server != "" {
		n, err := names.Normalize(c.Server)
		if err != nil || n.Kind != names.DNS || strings.HasPrefix(n.Value, "*") {
			return fmt.Errorf("server %q is not a host name", printable.Text(c.Server))
		}
		c.Server = n.Value
	}
	for _, text := range c.RevocationAllow {
		if _, ok := network(text); !ok {
			return fmt.Errorf("revocation_allow %q is neither an address nor a network such as 10.0.0.0/8", printable.Text(text))
		}
	}
	if c.DNS != "" && c.DNS != evidence.Off {
		if _, err := evidence.Address(c.DNS); err != nil {
			return err
		}
	}
	if err := c.Publish.Check(); err != nil {
		return err
	}
	for _, text := range c.PublicAddresses {
		if _, err := netip.ParseAddr(text); err != nil {
			return fmt.Errorf("public_addresses has %q, which is no IP address", printable.Text(text))
		}
	}
	for i, s := range c.Services {
		if err := oneOf(fmt.Sprintf("use of service %d", i+1), s.Use, uses); err != nil {
			return err
		}
		if err := oneOf(fmt.Sprintf("driver of service %d", i+1), s.Driver, drivers); err != nil {
			return err
		}
	}
	if err := checkACME(c.ACME); err != nil {
		return err
	}
	if err := checkNotify(c.Notify); err != nil {
		return err
	}
	return checkFilters(c.Filters)
}

// checkFilters wants each filter to have a name of its own and to show something; the desk says what it does not
// understand of one, since no slip in a filter may keep the desk from opening.
func checkFilters(list []Filter) error {
	seen := map[string]bool{}
	for i, f := range list {
		switch {
		case f.Name == "":
			return fmt.Errorf("filter %d has no name", i+1)
		case f.Show == "":
			return fmt.Errorf("the filter %q does not say what to show", printable.Text(f.Name))
		case seen[f.Name]:
			return fmt.Errorf("there are two filters called %q", printable.Text(f.Name))
		}
		seen[f.Name] = true
	}
	return nil
}

// oneOf leaves a key that is not there alone. What a later version will take is accepted, and not offered.
func oneOf(key, value string, choices []string) error {
	if value == "" || slices.Contains(choices, value) {
		return nil
	}
	offered := slices.DeleteFunc(slices.Clone(choices), func(c string) bool { return slices.Contains(laterDrivers, c) })
	return fmt.Errorf("%s is %q, but must be one of %s", key, printable.Text(value), strings.Join(offered, ", "))
}
