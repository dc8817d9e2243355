package config

import (
	"path/filepath"

	"certdesk/certstore/guard"
)

// obeyed refuses a configuration that names a file or a program which somebody else may write: a root from it would
// be trusted, a program from it would be run. Errors: UnsafeConfig.
func (c Config) obeyed() error {
	for _, path := range c.named() {
		if err := guard.File(path.what, path.path); err != nil {
			return err
		}
	}
	for _, argv := range c.commands() {
		if err := guard.Command("the program", argv); err != nil {
			return err
		}
	}
	return nil
}

// commands are those of the configuration that certdesk runs.
func (c Config) commands() (list [][]string) {
	for _, s := range c.Services {
		list = append(list, s.Check, s.Reload)
	}
	for _, a := range c.ACME {
		list = append(list, a.DNS.Command)
	}
	for _, n := range c.Notify {
		list = append(list, n.Command)
		if n.Sendmail != "" {
			list = append(list, []string{n.Sendmail})
		}
	}
	return list
}

type namedFile struct{ what, path string }

// named are the files of the configuration that certdesk believes.
func (c Config) named() (list []namedFile) {
	for _, path := range c.Trust {
		list = append(list, namedFile{"the file of trusted roots", path})
	}
	if dir := c.AcceptedDomains.Postfix; dir != "" { // it may name libraries, which postmap loads
		list = append(list, namedFile{"the configuration of Postfix", filepath.Join(dir, "main.cf")})
	}
	if path := c.AcceptedDomains.Exim; path != "" { // it may name commands, which Exim runs to expand a list
		list = append(list, namedFile{"the configuration of Exim", path})
	}
	for _, f := range []namedFile{{"the password file", c.AcceptedDomains.LDAP.PasswordFile},
		{"the file of CA certificates", c.AcceptedDomains.LDAP.CAFile},
		{"the password file", c.Publish.PasswordFile}, {"the file of CA certificates", c.Publish.CAFile}} {
		if f.path != "" {
			list = append(list, f)
		}
	}
	for _, a := range c.ACME {
		for _, f := range []namedFile{{"the file of CA certificates", a.CAFile}, {"the file of the account's key from the CA",
			a.EABKeyFile}, {"the TSIG key file", a.DNS.TSIGFile}, {"the file of acme-dns", a.DNS.AcmeDNSFile}} {
			if f.path != "" {
				list = append(list, f)
			}
		}
	}
	for _, n := range c.Notify {
		for _, f := range []namedFile{{"the password file", n.PasswordFile},
			{"the file of the webhook's address", n.WebhookFile},
			{"the file of the webhook's secret", n.SecretFile}, {"the file of the access token", n.TokenFile},
			{"the file of CA certificates", n.CAFile}} {
			if f.path != "" {
				list = append(list, f)
			}
		}
	}
	return list
}
