package config

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/url"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

// ACME is a certification authority that speaks ACME (RFC 8555).
type ACME struct {
	Name        string `toml:"name"`
	Directory   string `toml:"directory"`
	Staging     string `toml:"staging"` // the CA's directory for trying: what comes from it nobody trusts
	Contact     string `toml:"contact"` // a mail address
	AcceptTerms bool   `toml:"accept_terms"`
	Profile     string `toml:"profile"`   // "" for the CA's own choice
	Challenge   string `toml:"challenge"` // one of Challenges, or "" for the first
	Webroot     string `toml:"webroot"`   // http-01: where the web server looks; "" for a server of our own
	CAFile      string `toml:"ca_file"`   // the roots of the CA's own HTTPS; "" for the system's
	EABKid      string `toml:"eab_kid"`
	EABKeyFile  string `toml:"eab_key_file"`
	Key         string `toml:"key"`         // new or reuse, at renewal; "" for new
	HTTPPort    int    `toml:"http_port"`   // at which the CA asks; 0 for 80, as all public ones do
	TLSPort     int    `toml:"tls_port"`    // likewise for 443
	HTTPListen  string `toml:"http_listen"` // host:port that a front passes the CA's question on to; "" for the port itself
	TLSListen   string `toml:"tls_listen"`  // likewise for tls-alpn-01
	Resolver    string `toml:"resolver"`    // who is asked before the CA is, as the CA sees it; "" for the system's

	DNS ACMEDNS `toml:"dns"`
}

// ACMEDNS says who puts records into DNS: a server that takes updates (RFC 2136), acme-dns, or a command.
type ACMEDNS struct {
	Server      string   `toml:"server"` // host:port
	TSIGName    string   `toml:"tsig_name"`
	TSIGFile    string   `toml:"tsig_file"`
	AcmeDNS     string   `toml:"acme_dns"` // its address
	AcmeDNSFile string   `toml:"acme_dns_file"`
	Command     []string `toml:"command"`
	Propagation string   `toml:"propagation"` // how long to wait for all name servers, such as 2m
}

// LetsEncrypt is the authority whose addresses everybody knows.
var LetsEncrypt = ACME{Name: "letsencrypt", Directory: "https://acme-v02.api.letsencrypt.org/directory",
	Staging: "https://acme-staging-v02.api.letsencrypt.org/directory"}

// Changes write an authority into a configuration, as the one of that number.
func (a ACME) Changes(number int) (list []Change) {
	add := func(key string, value any, is bool) {
		if is {
			list = append(list, Change{Table: "acme", At: number, Key: key, Value: value})
		}
	}
	texts := func(pairs ...string) {
		for i := 0; i+1 < len(pairs); i += 2 {
			add(pairs[i], pairs[i+1], pairs[i+1] != "")
		}
	}
	texts("name", a.Name, "directory", a.Directory, "staging", a.Staging, "contact", a.Contact, "profile", a.Profile,
		"challenge", a.Challenge, "webroot", a.Webroot, "ca_file", a.CAFile, "eab_kid", a.EABKid,
		"eab_key_file", a.EABKeyFile, "key", a.Key, "http_listen", a.HTTPListen, "tls_listen", a.TLSListen,
		"resolver", a.Resolver)
	add("http_port", int64(a.HTTPPort), a.HTTPPort != 0)
	add("tls_port", int64(a.TLSPort), a.TLSPort != 0)
	add("accept_terms", true, a.AcceptTerms)
	d := a.DNS
	texts("dns.server", d.Server, "dns.tsig_name", d.TSIGName, "dns.tsig_file", d.TSIGFile, "dns.acme_dns", d.AcmeDNS,
		"dns.acme_dns_file", d.AcmeDNSFile, "dns.propagation", d.Propagation)
	add("dns.command", d.Command, len(d.Command) > 0)
	return list
}

// Challenges are the ways of proving a name; the first is the usual one.
var Challenges = []string{"http-01", "tls-alpn-01", "dns-01", "dns-persist-01"}

// RenewalKeys say which key a renewal has.
var RenewalKeys = []string{"new", "reuse"}

// Proves is how names are proven.
func (a ACME) Proves() string { return cmp.Or(a.Challenge, Challenges[0]) }

// Wait is how long DNS is waited for; 0 where nothing is said.
func (d ACMEDNS) Wait() time.Duration {
	wait, err := time.ParseDuration(d.Propagation)
	if err != nil {
		return 0
	}
	return wait
}

func (d ACMEDNS) isEmpty() bool {
	return d.Server+d.TSIGName+d.TSIGFile+d.AcmeDNS+d.AcmeDNSFile+d.Propagation == "" && len(d.Command) == 0
}

// CA finds an authority by its name; case does not count. Errors: NotFound.
func (c Config) CA(name string) (ACME, error) {
	var known []string
	for _, a := range c.ACME {
		if strings.EqualFold(a.Name, name) {
			return a, nil
		}
		known = append(known, a.Name)
	}
	if len(known) == 0 {
		return ACME{}, fail.New(fail.NotFound, "`certdesk acme add` sets one up, or write an [[acme]] table",
			"no CA is configured in an [[acme]] table, so none is called %q", printable.Text(name))
	}
	return ACME{}, fail.New(fail.NotFound, "there is "+printable.Text(strings.Join(known, ", ")),
		"no CA called %q is configured", printable.Text(name))
}

// word is what an authority, a profile or a key may be called.
var word = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)

func checkACME(list []ACME) error {
	seen := map[string]bool{}
	for i, a := range list {
		called := fmt.Sprintf("acme %d", i+1)
		if a.Name == "" {
			return errors.New(called + " has no name")
		}
		if !word.MatchString(a.Name) {
			return fmt.Errorf("the name of %s is %q, but must be a word of letters, digits, dots and hyphens", called,
				printable.Text(a.Name))
		}
		if seen[strings.ToLower(a.Name)] {
			return fmt.Errorf("there are two CAs called %q", a.Name)
		}
		seen[strings.ToLower(a.Name)] = true
		if err := a.Check(); err != nil {
			return fmt.Errorf("%s: %w", a.Name, err)
		}
	}
	return nil
}

// Check says what is wrong with an authority, in half a sentence.
func (a ACME) Check() error {
	for _, err := range []error{
		directory("directory", a.Directory, true), directory("staging", a.Staging, false), contact(a.Contact),
		oneOf("challenge", a.Challenge, Challenges), oneOf("key", a.Key, RenewalKeys),
		port("http_port", a.HTTPPort), port("tls_port", a.TLSPort), resolver("resolver", a.Resolver),
		listens("http_listen", a.HTTPListen), listens("tls_listen", a.TLSListen),
		absolute("webroot", a.Webroot), absolute("ca_file", a.CAFile), absolute("eab_key_file", a.EABKeyFile),
	} {
		if err != nil {
			return err
		}
	}
	switch {
	case a.Profile != "" && !word.MatchString(a.Profile):
		return fmt.Errorf("profile %q is not a word that a CA would use", printable.Text(a.Profile))
	case a.Webroot != "" && a.Proves() != "http-01":
		return fmt.Errorf("webroot is for challenge = \"http-01\", not for %s", a.Challenge)
	case a.HTTPListen != "" && (a.Proves() != "http-01" || a.Webroot != ""):
		return errors.New("http_listen is for challenge = \"http-01\" without webroot, where certdesk answers itself")
	case a.TLSListen != "" && a.Proves() != "tls-alpn-01":
		return fmt.Errorf("tls_listen is for challenge = \"tls-alpn-01\", not for %s", a.Proves())
	case (a.EABKid == "") != (a.EABKeyFile == ""):
		return errors.New("eab_kid and eab_key_file come from the CA together: give both or none")
	case strings.EqualFold(a.Directory, a.Staging):
		return errors.New("staging is the same address as directory")
	}
	return a.DNS.check(a.Proves())
}

func (d ACMEDNS) check(challenge string) error {
	for _, err := range []error{
		resolver("dns.server", d.Server), absolute("dns.tsig_file", d.TSIGFile),
		absolute("dns.acme_dns_file", d.AcmeDNSFile), directory("dns.acme_dns", d.AcmeDNS, false),
	} {
		if err != nil {
			return err
		}
	}
	ways := 0
	for _, is := range []bool{d.Server != "", d.AcmeDNS != "", len(d.Command) > 0} {
		if is {
			ways++
		}
	}
	switch {
	case challenge != "dns-01" && !d.isEmpty():
		return fmt.Errorf("[acme.dns] is for challenge = \"dns-01\", not for %s", challenge)
	case challenge == "dns-01" && ways != 1:
		return errors.New("dns-01 needs [acme.dns] with one of server, acme_dns and command")
	case (d.TSIGName == "") != (d.TSIGFile == ""):
		return errors.New("dns.tsig_name and dns.tsig_file belong together: give both or none")
	case d.TSIGName != "" && d.Server == "":
		return errors.New("dns.tsig_name is for dns.server")
	case (d.AcmeDNS == "") != (d.AcmeDNSFile == ""):
		return errors.New("dns.acme_dns and dns.acme_dns_file belong together: give both or none")
	case d.Propagation != "" && (d.Wait() <= 0 || d.Wait() > time.Hour):
		return fmt.Errorf("dns.propagation is %q, but must be a time such as \"2m\", an hour at most",
			printable.Text(d.Propagation))
	}
	return nil
}

// directory wants an https address. What a CA says decides which names are proven and what is trusted, so it is never
// taken in plain text (RFC 8555, section 6.1).
func directory(key, text string, needed bool) error {
	if text == "" && !needed {
		return nil
	}
	if text == "" {
		return fmt.Errorf("%s is missing: the CA says which address its directory has", key)
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.Fragment != "" {
		return fmt.Errorf("%s is %q, but must be an address such as https://ca.example.org/directory", key,
			printable.Text(text))
	}
	return nil
}

func contact(text string) error {
	if text == "" {
		return nil
	}
	a, err := mail.ParseAddress(text)
	if err != nil || a.Address != text || a.Name != "" {
		return fmt.Errorf("contact is %q, but must be one mail address", printable.Text(text))
	}
	return nil
}

func port(key string, n int) error {
	if n < 0 || n > 65535 {
		return fmt.Errorf("%s is %d, which is no port", key, n)
	}
	return nil
}

func resolver(key, text string) error {
	if text == "" {
		return nil
	}
	host, _, err := net.SplitHostPort(text)
	if err != nil || host == "" || printable.Text(text) != text {
		return fmt.Errorf("%s is %q, but must be host:port such as 192.0.2.53:53", key, printable.Text(text))
	}
	return nil
}

func listens(key, text string) error {
	if text == "" {
		return nil
	}
	_, number, err := net.SplitHostPort(text)
	n, wrong := strconv.Atoi(number)
	if err != nil || wrong != nil || n < 1 || n > 65535 || printable.Text(text) != text {
		return fmt.Errorf("%s is %q, but must be host:port such as 127.0.0.1:8080", key, printable.Text(text))
	}
	return nil
}

func absolute(key, path string) error {
	if path != "" && !filepath.IsAbs(path) {
		return fmt.Errorf("%s is %q, but must be a whole path, from / on", key, printable.Text(path))
	}
	return nil
}
