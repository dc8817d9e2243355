package config

import (
	"fmt"
	"slices"
	"strings"

	"certdesk/certstore/names"
	"certdesk/certstore/printable"
)

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
	if c.Server != "" {
		n, err := names.Normalize(c.Server)
		if err != nil || n.Kind != names.DNS || strings.HasPrefix(n.Value, "*") {
			return fmt.Errorf("server %q is no host name", printable.Text(c.Server))
		}
		c.Server = n.Value
	}
	for i, s := range c.Services {
		if err := oneOf(fmt.Sprintf("use of service %d", i+1), s.Use, uses); err != nil {
			return err
		}
		if err := oneOf(fmt.Sprintf("driver of service %d", i+1), s.Driver, drivers); err != nil {
			return err
		}
	}
	return nil
}

// oneOf leaves a key that is not there alone.
func oneOf(key, value string, choices []string) error {
	if value == "" || slices.Contains(choices, value) {
		return nil
	}
	return fmt.Errorf("%s is %q, which is none of %s", key, printable.Text(value), strings.Join(choices, ", "))
}
