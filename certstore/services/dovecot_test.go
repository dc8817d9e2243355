package services

import (
	"crypto/x509"
	"strings"
	"testing"
)

const dovecotPorts = `listen = *, ::
protocols = " imap pop3"
ssl = yes
ssl_cert = </g.pem
ssl_key = </g.key
service imap-login {
  inet_listener imap {
    address =
    port = 143
    ssl = no
  }
  inet_listener imaps {
    port = 993
    ssl = yes
  }
}
service pop3-login {
  inet_listener pop3 {
    address = 127.0.0.1
    port = 110
  }
  inet_listener pop3s {
    port = 0
    ssl = yes
  }
}
`

const both = "imap://127.0.0.1:143 imaps://127.0.0.1:993 "

func TestDovecotFindsWhatIsEffective(t *testing.T) {
	for _, c := range []struct{ name, use, conf, want string }{
		{"global", "IMAP", "", both + "/g.pem+/g.key"},
		{"the other protocol", "POP", "", "pop3://127.0.0.1:110 /g.pem+/g.key"},
		{"a protocol block", "IMAP", "protocol imap {\n ssl_cert = </i.pem\n ssl_key = </i.key\n}\nprotocol pop3 {\n ssl_cert = </p.pem\n}\n", both + "/i.pem+/i.key"},
		{"a block that sets the key alone", "IMAP", "protocol imap {\n ssl_key = </i.key\n}\n", both + "/g.pem+/i.key"},
		{"all but", "IMAP", "protocol !pop3 {\n ssl_cert = </i.pem\n}\nprotocol !imap {\n ssl_cert = </x.pem\n}\n", both + "/i.pem+/g.key"},
		{"a second type", "IMAP", "ssl_alt_cert = </e.pem\nssl_alt_key = </e.key\n", both + "/g.pem+/g.key /e.pem+/e.key"},
		{"a name", "IMAP", "local_name a.test {\n ssl_cert = </a.pem\n ssl_key = </a.key\n}\n", both + "/g.pem+/g.key; " + both + "a.test /a.pem+/a.key"},
		{"names in quotes", "IMAP", "local_name \"a.test B.test\" {\n protocol imap {\n ssl_cert = </a.pem\n }\n}\n", both + "/g.pem+/g.key; " + both + "a.test b.test /a.pem+/g.key"},
		{"an address", "IMAP", "local 192.0.2.1 {\n ssl_cert = </a.pem\n}\n", both + "/g.pem+/g.key; imap://192.0.2.1:143 imaps://192.0.2.1:993 /a.pem+/g.key"},
		{"a name of the other protocol", "IMAP", "local_name a.test {\n protocol pop3 {\n ssl_cert = </a.pem\n }\n}\n", both + "/g.pem+/g.key"},
		{"a block without a certificate", "IMAP", "protocol imap {\n mail_max_userip_connections = 20\n}\n", both + "/g.pem+/g.key"},
		{"remote blocks are none of clients' names", "IMAP", "remote 10.0.0.0/8 {\n ssl_cert = </a.pem\n}\n", both + "/g.pem+/g.key"},
		{"no TLS", "IMAP", "ssl = no\n", ""},
		{"protocol off", "IMAP", "protocols = pop3\n", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := &dovecotConf{in: Instance{Use: c.use}, root: parseDoveconf(dovecotPorts + c.conf)}
			if got := show(d.sites()); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestDovecotEdits(t *testing.T) {
	one := []versionFiles{{"/v/c", "/v/k", "/v/b"}}
	two := append(one, versionFiles{"/v/c2", "/v/k2", "/v/b2"})
	for _, c := range []struct {
		name, conf string
		files      []versionFiles
		want       string
		warning    string
	}{
		{"a protocol block", "", one, "protocol imap {\n  ssl_cert = </v/c\n  ssl_key = </v/k\n}\n", ""},
		{"two types", "", two, "protocol imap {\n  ssl_cert = </v/c\n  ssl_key = </v/k\n  ssl_alt_cert = </v/c2\n  ssl_alt_key = </v/k2\n}\n", ""},
		{"an inherited second type is taken back", "ssl_alt_cert = </e.pem\nssl_alt_key = </e.key\n", one,
			"protocol imap {\n  ssl_cert = </v/c\n  ssl_key = </v/k\n  ssl_alt_cert =\n  ssl_alt_key =\n}\n", ""},
		{"a name for all protocols forbids a protocol block", "local_name a.test {\n ssl_cert = </a.pem\n}\n", one,
			"ssl_cert = </v/c\nssl_key = </v/k\nlocal_name a.test {\n  ssl_cert = </v/c\n  ssl_key = </v/k\n}\n", "IMAP and POP change together"},
		{"a name that the certificate does not have", "local_name other.test {\n protocol imap {\n ssl_cert = </a.pem\n }\n}\n", one,
			"protocol imap {\n  ssl_cert = </v/c\n  ssl_key = </v/k\n}\n", ""},
		{"a name within the protocol", "local_name a.test {\n protocol imap {\n ssl_cert = </a.pem\n }\n}\n", one,
			"protocol imap {\n  ssl_cert = </v/c\n  ssl_key = </v/k\n}\nlocal_name a.test {\n  protocol imap {\n    ssl_cert = </v/c\n    ssl_key = </v/k\n  }\n}\n", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := t.TempDir() + "/dovecot.conf"
			put(t, path, "first = line")
			d := &dovecotConf{in: Instance{Use: "IMAP", Config: path}, root: parseDoveconf(dovecotPorts + c.conf)}
			chosen, err := (Instance{}).choose(Wish{Server: "a.test"}, d.sites(), &x509.Certificate{DNSNames: []string{"a.test"}})
			if err != nil {
				t.Fatal(err)
			}
			e, err := d.edit(chosen.sites, c.files)
			if err != nil {
				t.Fatal(err)
			}
			want := "first = line\n" + sectionBegin + "IMAP (written by certdesk enable)\n" + c.want + sectionEnd + "IMAP\n"
			if e.texts[path] != want {
				t.Errorf("got\n%s\nwant\n%s", e.texts[path], want)
			}
			if said := strings.Join(e.warnings, "\n"); (c.warning == "") != (said == "") || !strings.Contains(said, c.warning) {
				t.Errorf("warnings: %q", said)
			}
		})
	}
}

func TestASectionIsReplacedWhereItStands(t *testing.T) {
	text := setSection(setSection("a = b\n", "IMAP", "one\n"), "POP", "two\n") + "c = d\n"
	got := setSection(text, "IMAP", "three\n")
	want := strings.Replace(text, "one\n", "three\n", 1)
	if got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	if again := setSection(got, "IMAP", "three\n"); again != got {
		t.Errorf("a second time it differs:\n%s", again)
	}
}

func TestDovecotWritesADropInWhereItIsIncluded(t *testing.T) {
	for _, c := range []struct {
		conf string
		want bool
	}{
		{"!include conf.d/*.conf\n", true}, {"  !include_try /x/conf.d/*.conf\n", true}, {"!include conf.d/99-*\n", true},
		{"#!include conf.d/*.conf\n", false}, {"!include conf.d/10-ssl.conf\n", false}, {"!include\n", false}, {"", false},
	} {
		if got := includes(c.conf, "/x", "/x/conf.d/99-certdesk.conf"); got != c.want {
			t.Errorf("%q: %v", c.conf, got)
		}
	}
}
