// Package settings shows what the configuration file says, key by key with where each value comes from, and changes
// one: asked, tried, shown as a difference of the file, saved.
//
// Its promise: nothing is written before "Save it" is pressed on the page that shows what will be written; what could
// not be opened again is not saved; comments and order of the file stay.
package settings

import (
	"certdesk/certstore/config"
	"certdesk/ui/kit/form"
)

// setting is what one row shows and one form asks: a key of the file, or the keys of a service or a filter.
type setting struct {
	name  string
	about string // what it is for, one sentence
	unset string // what holds where the file does not say
	table string
	at    int // which service or filter
	asks  []asked

	adds  bool           // it is not in the file: saving adds it
	given map[string]any // of a service that was found: what its form begins with
}

// asked is one key as a form asks for it.
type asked struct {
	key, label, hint, empty string

	shape   shape
	options []form.Option
	only    string // asked for where the driver is that one
}

// shape is how a value is typed.
type shape int

// The shapes.
const (
	line      shape = iota
	asList          // texts with commas between
	asCommand       // a command, with blanks between its words
	asChoice        // one of the options
	asYesNo         // one of the options, of which "yes" and "no" are true and false
)

func (s setting) change(key string) config.Change {
	return config.Change{Table: s.table, At: s.at, Key: key}
}

// several says that there may be more than one of its kind, each of which can be taken out.
func (s setting) several() bool { return s.table == "service" || s.table == "filter" }

func options(pairs ...string) (list []form.Option) {
	for i := 0; i+1 < len(pairs); i += 2 {
		list = append(list, form.Option{Value: pairs[i], Text: pairs[i+1]})
	}
	return list
}

// single are the settings of which there is one.
var single = []setting{
	{name: "Accepted domains", table: "accepted_domains", unset: "none",
		about: "The mail domains of the organisation: a new request offers them, and autodiscover for each.",
		asks: []asked{{key: "names", label: "Domains", shape: asList, empty: "example.org, example.com",
			hint: "Mail domains with commas between. A request offers each of them, and autodiscover below each."}}},
	{name: "Domains: Postfix", table: "accepted_domains", unset: "not asked",
		about: "A Postfix configuration: the domains that it takes mail for are accepted domains too.",
		asks: []asked{{key: "postfix", label: "Directory", empty: "/etc/postfix",
			hint: "The directory with main.cf. Its lists, files and tables are read; what cannot be listed is said."}}},
	{name: "Domains: LDAP", table: "accepted_domains.ldap", unset: "not asked", asks: ofDirectory,
		about: "Active Directory with Exchange, or another directory: its accepted domains are offered too."},
	{name: "Server name", about: "What clients call this server: the name of a new certificate where none is typed.",
		asks: []asked{{key: "server", label: "Server name", empty: "mail.example.org",
			hint: "This server's full name, as clients ask for it. Left empty: what this host calls itself."}}},
	{name: "Extra roots", unset: "none beside the system's",
		about: "PEM files of CA certificates that are trusted beside the system's, such as the house's own CA.",
		asks: []asked{{key: "trust", label: "Files", shape: asList, empty: "/etc/ssl/internal-root.pem",
			hint: "PEM files with commas between. What they hold, and what becomes trusted by it, is shown before it is saved."}}},
	{name: "Colours", unset: "auto", about: "The colours of the desk; --theme wins over it.",
		asks: []asked{{key: "theme", label: "Colours", shape: asChoice, hint: "They are shown at once; esc takes them back.",
			options: options("", "as the terminal says", "light", "for a light background", "dark", "for a dark background",
				"mono", "none")}}},
	{name: "Role", unset: "not said", about: "Hub or edge: the same certificate may not serve SMTP on both.",
		asks: []asked{{key: "role", label: "Role", shape: asChoice, hint: "It is shown in the header.",
			options: options("", "not said", "hub", "hub: mail inside the organisation", "edge",
				"edge: mail to and from the internet", "both", "both")}}},
	{name: "Peers", unset: "none", about: "Servers that must not present the same SMTP certificate as this one " +
		"(EdgeSync).",
		asks: []asked{{key: "peers", label: "Servers", shape: asList, empty: "edge01.example.org:25",
			hint: "HOST:PORT with commas between."}}},
	{name: "Readers", unset: "nobody else", about: "A group that may read the store, and never its keys.",
		asks: []asked{{key: "readers", label: "Group", empty: "helpdesk",
			hint: "A group of this host. Left empty: only the store's owner reads it."}}},
	{name: "Looks for services", unset: "yes",
		about: "Daemons are looked for in their usual places, where no service is named below.",
		asks: []asked{{key: "discover", label: "Look for them", shape: asYesNo,
			hint:    "Once a service is named, only those that are named are used.",
			options: options("", "yes, where none is named", "no", "no")}}},
	{name: "Installed in", unset: "/etc/ssl/certdesk", about: "The directory from which services read their certificates.",
		asks: []asked{{key: "install", label: "Directory", empty: "/etc/ssl/certdesk",
			hint: "Certificates that are enabled from now on are put below it."}}},
	{name: "Asked CAs", unset: "public addresses alone",
		about: "Networks in which a CA of the house is asked whether it has revoked a certificate.",
		asks: []asked{{key: "revocation_allow", label: "Networks", shape: asList, empty: "10.0.0.0/8",
			hint: "Networks with commas between. Public addresses are always asked, by http alone."}}},
	{name: "DNS server", unset: "those of this host",
		about: "Who is asked about names. What it says to be proven by DNSSEC is believed, so it should run on this host.",
		asks: []asked{{key: "dns", label: "Address", empty: "127.0.0.1",
			hint: "Left empty: the servers of /etc/resolv.conf, of which only one of this host is believed."}}},
	{name: "Public addresses", unset: "this host's own",
		about: "Addresses that lead to this host although it does not have them: those of the router before it.",
		asks: []asked{{key: "public_addresses", label: "Addresses", shape: asList, empty: "192.0.2.10",
			hint: "With commas between. A name that has one of them leads here."}}},
}

// ofDirectory asks for a directory.
var ofDirectory = []asked{
	{key: "url", label: "URL", empty: "ldaps://dc01.example.org", hint: "A domain controller, or another LDAP server."},
	{key: "start_tls", label: "StartTLS", shape: asYesNo, hint: "For ldap:// alone: the connection is encrypted first.",
		options: options("", "no", "yes", "yes")},
	{key: "bind_dn", label: "Account", empty: "cn=reader,dc=example,dc=org",
		hint: "Any account that may read there. Left empty: nobody's."},
	{key: "password_file", label: "Password file", empty: "/etc/certdesk/ldap.password",
		hint: "A file that holds the account's password and nothing else; only root may write it."},
	{key: "ca_file", label: "CA file", empty: "the system's roots", hint: "PEM certificates of its CA."},
	{key: "base", label: "Search below", empty: "what the directory says", hint: "Left empty: where Exchange keeps its " +
		"configuration."},
	{key: "filter", label: "Filter", empty: "(objectClass=msExchAcceptedDomain)",
		hint: "For a directory without Exchange, such as (objectClass=mailDomain)."},
	{key: "attribute", label: "Attribute", empty: "msExchAcceptedDomainName", hint: "The one that has the domain."},
}

// ofService asks for a service.
var ofService = []asked{
	{key: "use", label: "Service", shape: asChoice, hint: "What clients use it for.",
		options: options("SMTP", "SMTP", "IMAP", "IMAP", "POP", "POP", "IIS", "IIS: the web site", "UM", "UM: voice")},
	{key: "driver", label: "Daemon", shape: asChoice, hint: "How its configuration is read.",
		options: options("postfix", "Postfix", "dovecot", "Dovecot", "nginx", "nginx", "apache", "Apache", "command",
			"another, by commands of yours")},
	{key: "config", label: "Configuration", empty: "the usual one",
		hint: "The directory or file that the daemon is started with."},
	{key: "listen", label: "Ports", shape: asList, empty: "every port of its configuration",
		hint: "What to prove, with commas between: smtp://127.0.0.1:25, smtps://127.0.0.1:465, imaps://127.0.0.1:993."},
	{key: "name", label: "Name", empty: "none",
		hint: "The name that a client asks for (SNI), where it is another than the server's."},
	{key: "install", label: "Put into", empty: "/etc/voice/tls", only: "command",
		hint: "fullchain.pem, key.pem and combined.pem are put here."},
	{key: "owner", label: "Owner", empty: "root:root", only: "command", hint: "user:group of these files."},
	{key: "check", label: "Check", shape: asCommand, empty: "voiced --check", only: "command",
		hint: "The command that says whether its configuration is right."},
	{key: "reload", label: "Reload", shape: asCommand, empty: "systemctl reload voiced", only: "command",
		hint: "The command after which it reads the files again."},
}

// ofFilter asks for a filter.
var ofFilter = []asked{
	{key: "name", label: "Name", empty: "soon", hint: "What it is called; the first nine are on the digits 1 to 9."},
	{key: "show", label: "Shows", empty: "days<30 svc:smtp", hint: "What / takes on the table."},
}
