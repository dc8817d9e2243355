package config

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"certdesk/certstore/fail"
)

// authorities are two as the contract has them: one of the world's, one of the house.
const authorities = `[[acme]]
name         = "letsencrypt"
directory    = "https://acme-v02.api.letsencrypt.org/directory"
staging      = "https://acme-staging-v02.api.letsencrypt.org/directory"
contact      = "postmaster@proexchange.global"
accept_terms = true
profile      = "tlsserver"
challenge    = "http-01"
webroot      = "/var/www/html"
key          = "reuse"

[[acme]]
name         = "house"
directory    = "https://ca.corp.test:9000/acme/acme/directory"
challenge    = "dns-01"
ca_file      = "/etc/ssl/corp-root.pem"
eab_kid      = "kid-1"
eab_key_file = "/etc/certdesk/eab.key"
http_port    = 8080
resolver     = "192.0.2.1:53"
[acme.dns]
server      = "192.0.2.53:53"
tsig_name   = "certdesk."
tsig_file   = "/etc/certdesk/tsig.key"
propagation = "2m"
`

func TestAuthoritiesAreReadWhole(t *testing.T) {
	c, err := Load(write(t, authorities))
	if err != nil {
		t.Fatal(err)
	}
	want := []ACME{
		{Name: "letsencrypt", Directory: "https://acme-v02.api.letsencrypt.org/directory", Staging: "https://acme-staging-v02.api.letsencrypt.org/directory",
			Contact: "postmaster@proexchange.global", AcceptTerms: true, Profile: "tlsserver", Challenge: "http-01", Webroot: "/var/www/html", Key: "reuse"},
		{Name: "house", Directory: "https://ca.corp.test:9000/acme/acme/directory", Challenge: "dns-01", CAFile: "/etc/ssl/corp-root.pem", EABKid: "kid-1",
			EABKeyFile: "/etc/certdesk/eab.key", HTTPPort: 8080, Resolver: "192.0.2.1:53",
			DNS: ACMEDNS{Server: "192.0.2.53:53", TSIGName: "certdesk.", TSIGFile: "/etc/certdesk/tsig.key", Propagation: "2m"}},
	}
	if !reflect.DeepEqual(c.ACME, want) {
		t.Errorf("got  %+v\nwant %+v", c.ACME, want)
	}
	if house, err := c.CA("HOUSE"); err != nil || house.Name != "house" || house.DNS.Wait() != 2*time.Minute || house.Proves() != "dns-01" {
		t.Error(house, err)
	}
	if _, err := c.CA("zerossl"); !fail.Is(err, fail.NotFound) || !strings.Contains(fail.Of(err).Hint, "letsencrypt, house") {
		t.Error(err)
	}
	if _, err := (Config{}).CA("x"); !fail.Is(err, fail.NotFound) || (ACME{}).Proves() != "http-01" {
		t.Error(err)
	}
}

func TestAWrongAuthorityIsRefusedByName(t *testing.T) {
	const head = "[[acme]]\nname = \"le\"\ndirectory = \"https://ca.test/dir\"\n"
	const dns = head + "challenge = \"dns-01\"\n"
	for _, c := range []struct{ name, text, want string }{
		{"no name", "[[acme]]\ndirectory = \"https://ca.test/dir\"\n", "acme 1 has no name"},
		{"hostile name", "[[acme]]\nname = \"a\\u001b[31m\"\n", "the name of acme 1 is"},
		{"one name twice", head + strings.Replace(head, "le", "LE", 1), `two CAs called "LE"`},
		{"no directory", "[[acme]]\nname = \"le\"\n", "le: directory is missing"},
		{"plain text", "[[acme]]\nname = \"le\"\ndirectory = \"http://ca.test/dir\"\n", "must be an address such as https://"},
		{"loopback in plain text", "[[acme]]\nname = \"le\"\ndirectory = \"http://127.0.0.1:14000/dir\"\n", "must be an address such as https://"},
		{"a password in the address", "[[acme]]\nname = \"le\"\ndirectory = \"https://a:b@ca.test/dir\"\n", "must be an address such as https://"},
		{"no host", "[[acme]]\nname = \"le\"\ndirectory = \"https://:443/dir\"\n", "must be an address such as https://"},
		{"staging", head + "staging = \"ftp://x\"\n", "le: staging is"},
		{"staging is the same", head + "staging = \"https://CA.test/dir\"\n", "the same address"},
		{"contact", head + "contact = \"Anna <anna@a.test>\"\n", "must be one mail address"},
		{"contact with a scheme", head + "contact = \"mailto:anna@a.test\"\n", "must be one mail address"},
		{"profile", head + "profile = \"a b\"\n", "is not a word"},
		{"challenge", head + "challenge = \"http-02\"\n", `challenge is "http-02", but must be one of http-01, tls-alpn-01, dns-01, dns-persist-01`},
		{"key", head + "key = \"old\"\n", "must be one of new, reuse"},
		{"webroot, relative", head + "webroot = \"www\"\n", "must be a whole path"},
		{"webroot for another way", head + "webroot = \"/w\"\nchallenge = \"tls-alpn-01\"\n", "not for tls-alpn-01"},
		{"half an account", head + "eab_kid = \"x\"\n", "give both or none"},
		{"port", head + "http_port = 70000\n", "is no port"},
		{"where to answer", head + "http_listen = \"8080\"\n", "must be host:port such as 127.0.0.1:8080"},
		{"answered by a web server", head + "webroot = \"/w\"\nhttp_listen = \":8080\"\n", "http_listen is for challenge"},
		{"answered in another way", head + "tls_listen = \":8443\"\n", "tls_listen is for challenge"},
		{"port in quotes", head + "http_port = \"80\"\n", "line 4: acme.http_port takes a number, not text in quotes"},
		{"resolver", head + "resolver = \"192.0.2.1\"\n", "must be host:port"},
		{"dns without its challenge", head + "[acme.dns]\nserver = \"192.0.2.1:53\"\n", "not for http-01"},
		{"its challenge without dns", dns, "needs [acme.dns] with one of"},
		{"two ways", dns + "[acme.dns]\nserver = \"192.0.2.1:53\"\ncommand = [\"/bin/x\"]\n", "needs [acme.dns] with one of"},
		{"half a key", dns + "[acme.dns]\nserver = \"192.0.2.1:53\"\ntsig_name = \"a.\"\n", "belong together"},
		{"half of acme-dns", dns + "[acme.dns]\nacme_dns = \"https://a.test\"\n", "belong together"},
		{"acme-dns in plain text", dns + "[acme.dns]\nacme_dns = \"http://a.test\"\nacme_dns_file = \"/f\"\n", "dns.acme_dns is"},
		{"how long", dns + "[acme.dns]\nserver = \"192.0.2.1:53\"\npropagation = \"long\"\n", "must be a time"},
		{"too long", dns + "[acme.dns]\nserver = \"192.0.2.1:53\"\npropagation = \"25h\"\n", "an hour at most"},
		{"unknown key", head + "[acme.dns]\ntsig = \"x\"\n", "line 5: unknown key acme.dns.tsig"},
		{"one table", "[acme]\nname = \"le\"\n", "line 1: acme is one table of several: write [[acme]]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Load(write(t, c.text))
			if !fail.Is(err, fail.InvalidConfig) || !strings.Contains(err.Error(), c.want) || strings.ContainsAny(err.Error(), "\n\x1b") {
				t.Errorf("%v; want %s", err, c.want)
			}
		})
	}
}

func TestAnAuthorityIsChangedAlone(t *testing.T) {
	got, err := changed(authorities, []Change{{Table: "acme", At: 1, Key: "profile", Value: "shortlived"},
		{Table: "acme", At: 2, Key: "name", Value: "third"}, {Table: "acme", At: 2, Key: "directory", Value: "https://third.test/dir"}})
	want := strings.Replace(authorities, "resolver     = \"192.0.2.1:53\"\n", "resolver     = \"192.0.2.1:53\"\nprofile      = \"shortlived\"\n", 1) +
		"\n[[acme]]\nname = \"third\"\ndirectory = \"https://third.test/dir\"\n"
	if err != nil || got != want {
		t.Errorf("%v\n%s\nwant\n%s", err, got, want)
	}
}

// All that a CA has is written, a new one's and in the place of what was: its DNS as a table of its own, whose header goes
// with the last key.
func TestHowNamesAreProvenByDNSIsWritten(t *testing.T) {
	c, err := Load(write(t, authorities))
	if err != nil {
		t.Fatal(err)
	}
	house := c.ACME[1]
	house.Name, house.TLSPort, house.AcceptTerms = "third", 5001, true
	got, err := changed("# ours\n\n"+authorities, house.Changes(2))
	if err != nil || !strings.HasPrefix(got, "# ours\n\n"+authorities+"\n[[acme]]\nname = \"third\"\n") || !strings.HasSuffix(got, "\n\n[acme.dns]\n"+
		"server = \"192.0.2.53:53\"\ntsig_name = \"certdesk.\"\ntsig_file = \"/etc/certdesk/tsig.key\"\npropagation = \"2m\"\n") {
		t.Fatalf("%v\n%s", err, got)
	}
	again, err := Load(write(t, got))
	if err != nil || !reflect.DeepEqual(again.ACME[2], house) {
		t.Errorf("%v\n%+v\nwant\n%+v", err, again.ACME, house)
	}
}

func TestATableWithinIsChangedWhereItStands(t *testing.T) {
	const head, dotted = "[[acme]] # one\nname = \"a\"\n", "[[acme]]\nname = \"a\"\ndns.server = \"h:53\" # ours\n"
	const table = head + "\n# the key is made by hand\n[acme.dns]\nserver = \"h:53\" # ours\n\n[[acme]]\nname = \"b\"\n"
	set := func(at int, key string, value any) Change {
		return Change{Table: "acme", At: at, Key: key, Value: value}
	}
	for _, c := range []struct {
		name, text string
		change     Change
		want       string // "": it is refused
	}{
		{"a first key", head + "\n[[acme]]\nname = \"b\"\n", set(0, "dns.server", "h:53"),
			head + "\n[acme.dns]\nserver = \"h:53\"\n\n[[acme]]\nname = \"b\"\n"},
		{"another key", table, set(0, "dns.tsig_name", "k."), strings.Replace(table, "# ours\n", "# ours\ntsig_name = \"k.\"\n", 1)},
		{"another value", table, set(0, "dns.server", "i:53"), strings.Replace(table, "h:53", "i:53", 1)},
		{"a list", table, set(1, "dns.command", []string{"/x", "a b"}), table + "\n[acme.dns]\ncommand = [\"/x\", \"a b\"]\n"},
		{"the last key", table, set(0, "dns.server", nil), head + "\n[[acme]]\nname = \"b\"\n"},
		{"of the table around it", table, set(0, "profile", "p"), strings.Replace(table, "name = \"a\"\n", "name = \"a\"\nprofile = \"p\"\n", 1)},
		{"dotted", dotted, set(0, "dns.tsig_name", "k."), dotted + "dns.tsig_name = \"k.\"\n"},
		{"dotted, the last", dotted, set(0, "dns.server", nil), "[[acme]]\nname = \"a\"\n"},
		{"in braces", head + "dns = { server = \"h:53\" }\n", set(0, "dns.server", "i:53"), head + "dns = { server = \"i:53\" }\n"},
		{"more in braces", head + "dns = { server = \"h:53\" }\n", set(0, "dns.tsig_name", "k."), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := changed(c.text, []Change{c.change})
			if (err == nil) != (c.want != "") || err == nil && got != c.want {
				t.Errorf("%v\n%s\nwant\n%s", err, got, c.want)
			}
		})
	}
}
