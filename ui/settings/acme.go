package settings

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"certdesk/certstore"
	"certdesk/certstore/acme"
	"certdesk/certstore/config"
	"certdesk/certstore/trust"
	"certdesk/ui/kit"
	"certdesk/ui/words"
	"certdesk/wizard"
)

// How names are proven, by what decides what else is asked for.
var (
	byHTTP = where("challenge", "", "http-01")
	byTLS  = where("challenge", "tls-alpn-01")
	byDNS  = where("challenge", "dns-01")

	inDNSBy = func(who string) func(func(string) string) bool {
		return func(value func(string) string) bool { return byDNS(value) && value(askedWho) == who }
	}
	itself = func(value func(string) string) bool { return byHTTP(value) && value("webroot") == "" }
	rarely = func(also func(func(string) string) bool) func(func(string) string) bool {
		return func(value func(string) string) bool { return also(value) && value(askedMore) == "more" }
	}
	always = func(func(string) string) bool { return true }
)

// The questions that are no keys: who puts records into DNS, and whether to ask for what few need.
const (
	askedWho  = "who"
	askedMore = "more"
)

// ofACME asks for a CA that certificates are ordered from.
var ofACME = []asked{
	{key: "name", label: "Name", empty: "house", hint: "What it is called here, one word."},
	{key: "directory", label: "Directory", empty: "https://ca.example.org/acme/directory",
		hint: "The address of its ACME directory, as the CA gives it; a step-ca of the house has one too."},
	{key: "contact", label: "Mail address", empty: "postmaster@example.org", hint: "The CA writes there if it has to."},
	{key: "accept_terms", label: "Its terms", shape: asYesNo,
		hint:    "They are shown when it is tried: read them, then come back and accept them.",
		options: options("", "not accepted yet", "yes", "read and accepted")},
	{key: "challenge", label: "Names proven", shape: asChoice,
		hint: "How the CA sees that a name is yours. Wildcards need a record in DNS.",
		options: options("", "by this server on port 80", "tls-alpn-01", "by this server on port 443",
			"dns-01", "by a record in DNS, each time anew", "dns-persist-01", "by a record in DNS that stands")},
	{key: "webroot", label: "Web root", empty: "certdesk answers on port 80 itself", only: byHTTP,
		hint: "The directory that a web server here gives out on port 80, such as /var/www/html."},
	{key: askedWho, label: "Put there", shape: asChoice, only: byDNS, hint: "Who changes the zone when a name is proven.",
		stands: firstOf("dns.acme_dns", "dns.command"),
		options: options("", "by its server (RFC 2136)", "dns.acme_dns", "by acme-dns", "dns.command",
			"by a command of yours")},
	{key: "dns.server", label: "DNS server", empty: "192.0.2.53:53", only: inDNSBy(""),
		hint: "The zone's primary server, HOST:PORT; it must take dynamic updates. It is asked when this is tried."},
	{key: "dns.tsig_name", label: "TSIG key", empty: "certdesk.", only: inDNSBy(""),
		hint: "The key's name, as the server knows it."},
	{key: "dns.tsig_file", label: "Key file", empty: "/etc/certdesk/tsig.key", only: inDNSBy(""),
		hint: "The file that tsig-keygen wrote; only root may be able to write it."},
	{key: "dns.acme_dns", label: "acme-dns", empty: "https://auth.example.org", only: inDNSBy("dns.acme_dns"),
		hint: "Its address. Each name has a CNAME that leads there."},
	{key: "dns.acme_dns_file", label: "Account file", empty: "/etc/certdesk/acme-dns.json", only: inDNSBy("dns.acme_dns"),
		hint: "What it answered to the registration (POST /register), as JSON; only root may be able to write it."},
	{key: "dns.command", label: "Command", shape: asCommand, empty: "/usr/local/sbin/dns-record",
		only: inDNSBy("dns.command"), hint: "It is run with: present NAME VALUE, or cleanup NAME VALUE, behind its own " +
			"words. `certdesk acme add --help` tells the rest."},
	{key: "ca_file", label: "Its own root", empty: "the system's roots",
		hint: "A PEM file with the root of its HTTPS: for a CA of the house."},
	{key: "eab_kid", label: "Customer id", empty: "none", hint: "The key identifier (EAB), where the CA gave you one."},
	{key: "eab_key_file", label: "Customer key", empty: "none", hint: "The file with the key that came with it."},
	{key: "profile", label: "Profile", empty: "the CA's choice", hint: "Which of its profiles; trying it lists them."},
	{key: "staging", label: "For trying", empty: "none",
		hint: "The address of its directory for trying: new names are tried there first."},
	{key: "key", label: "Renewal's key", shape: asChoice, hint: "A key that DANE or a partner pins is kept.",
		options: options("", "a new one each time", "reuse", "the same one")},
	{key: askedMore, label: "Ask for more", shape: asChoice, hint: "For a server behind a front, or a CA of the house.",
		stands: func(has func(string) bool) string {
			if slices.ContainsFunc(furtherKeys, has) {
				return "more"
			}
			return ""
		},
		options: options("", "no", "more", "ports, resolver and patience")},
	{key: "http_listen", label: "Answers at", empty: "port 80 of this server", only: rarely(itself),
		hint: "HOST:PORT, where a front before this server passes port 80 on to, such as 127.0.0.1:8080."},
	{key: "http_port", label: "Asked at", shape: asNumber, empty: "port 80", only: rarely(byHTTP),
		hint: "The port at which the CA asks: another than 80 at a CA of the house alone."},
	{key: "tls_listen", label: "Answers at", empty: "port 443 of this server", only: rarely(byTLS),
		hint: "HOST:PORT, where a front before this server passes port 443 on to, such as 127.0.0.1:8443."},
	{key: "tls_port", label: "Asked at", shape: asNumber, empty: "port 443", only: rarely(byTLS),
		hint: "The port at which the CA asks: another than 443 at a CA of the house alone."},
	{key: "dns.propagation", label: "Patience", empty: "2m", only: rarely(byDNS),
		hint: "How long all name servers of a zone are waited for, such as 2m."},
	{key: "resolver", label: "Resolver", empty: "those of this host", only: rarely(always),
		hint: "HOST:PORT, who is asked for names as the CA sees them."},
}

// furtherKeys are those that few need.
var furtherKeys = []string{"http_listen", "http_port", "tls_listen", "tls_port", "dns.propagation", "resolver"}

// firstOf is the first of some keys that the file has, "" for none.
func firstOf(keys ...string) func(has func(string) bool) string {
	return func(has func(string) bool) string {
		for _, key := range keys {
			if has(key) {
				return key
			}
		}
		return ""
	}
}

func acmeSetting(i int) setting {
	return setting{name: fmt.Sprintf("CA %d", i+1), table: "acme", at: i, asks: ofACME,
		about: "A CA that certificates are ordered from (ACME): it proves the names, and what it issues renews itself."}
}

// acmeRows are the CAs of a file, and the ways to another: Let's Encrypt, whose addresses are known, and any.
func acmeRows(f config.File) (list []row) {
	for i, ca := range f.Config.ACME {
		list = append(list, row{acmeSetting(i), kit.Printable(ca.Name + ": " + ca.Directory),
			lineOf(f, config.Change{Table: "acme", At: i})})
	}
	next := acmeSetting(len(f.Config.ACME))
	_, err := f.Config.CA(config.LetsEncrypt.Name)
	if err != nil {
		known := next
		known.given = map[string]any{"name": config.LetsEncrypt.Name, "directory": config.LetsEncrypt.Directory,
			"staging": config.LetsEncrypt.Staging}
		list = append(list, addRow(known, "Let's Encrypt, to order certificates from"))
	}
	return append(list, addRow(next, "another CA to order from, such as a step-ca of the house"))
}

// authority is the CA that a setting is about; false where it is about none, or takes one out.
func (s setting) authority(c config.Config) (config.ACME, bool) {
	if s.table != "acme" || s.at >= len(c.ACME) {
		return config.ACME{}, false
	}
	return c.ACME[s.at], true
}

// triedCA asks a CA what it says of itself, tries how names are proven to it, and tells of both.
func triedCA(ctx context.Context, store *certstore.Store, env wizard.Env, ca config.ACME) (list []trust.Finding) {
	said, err := store.DirectoryOf(ctx, ca)
	if err != nil {
		list = append(list, failed(trust.Error, ca, err))
	} else {
		list = saidOf(said, ca)
	}
	list = append(list, finding(trust.Info, "Names are proven by "+kit.Printable(wizard.ProvenBy(ca))+"."))
	seen, err := store.ProofAhead(ctx, ca, env.Likely())
	if err != nil {
		list = append(list, failed(trust.Error, ca, err))
	}
	if seen.Name != nil {
		list = append(list, failed(trust.Warning, ca, seen.Name))
	}
	if seen.Text != "" {
		list = append(list, finding(trust.Info, words.Stop(words.SentenceCase(kit.Printable(seen.Text)))))
	}
	return list
}

// failed is a finding that an error tells of, with what helps; what is a key of the file is called as the form calls it.
func failed(severity trust.Severity, ca config.ACME, err error) trust.Finding {
	text, hint := words.Failure(err)
	if !strings.HasPrefix(text, ca.Name) {
		text = words.SentenceCase(text)
	}
	text = strings.Join(words.NotEmpty(words.Stop(text), words.Stop(words.SentenceCase(hint))), " ")
	text = strings.NewReplacer(" in [[acme]]", "", " in [acme.dns]", "").Replace(text)
	return finding(severity, keyInText.ReplaceAllStringFunc(text, inForm))
}

// keyInText is a word that may be a key.
var keyInText = regexp.MustCompile(`\b(webroot|[a-z]+(_[a-z]+)+)\b`)

func inForm(key string) string {
	for _, a := range ofACME {
		if a.key == key || a.key == "dns."+key {
			return `"` + a.label + `"`
		}
	}
	return key
}

// termsShown is the finding that shows terms which nobody has accepted.
const termsShown = "terms-shown"

func saidOf(said acme.Directory, ca config.ACME) (list []trust.Finding) {
	profiles := slices.Sorted(maps.Keys(said.Profiles))
	all := kit.Printable(strings.Join(profiles, ", "))
	switch {
	case said.Terms != "" && !ca.AcceptTerms:
		list = append(list, trust.Finding{Severity: trust.Error, Code: termsShown, Text: "It has terms: " +
			kit.Printable(said.Terms) + " - read them, then go back and choose that they are accepted."})
	case said.Terms != "":
		list = append(list, finding(trust.Info, "Its terms are accepted: "+kit.Printable(said.Terms)))
	}
	if said.ExternalAccount && ca.EABKid == "" {
		list = append(list, finding(trust.Error, "It wants to know which of its customers asks: give the customer id and "+
			"the file with its key."))
	}
	switch {
	case ca.Profile != "" && !slices.Contains(profiles, ca.Profile):
		list = append(list, finding(trust.Error, "It has no profile "+kit.Printable(ca.Profile)+"; there is "+all+"."))
	case len(profiles) > 0:
		list = append(list, finding(trust.Info, "It has the profiles "+all+"."))
	}
	return list
}
