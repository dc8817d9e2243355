package drivers

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"certdesk/certstore/daemontest"
	"certdesk/certstore/services/daemon"
)

const dovecotPorts = `listen = *, ::
protocols = imap pop3
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

// managed adds the protocols that go with IMAP.
const managed = `protocols = imap pop3 sieve submission lmtp
service managesieve-login {
  inet_listener sieve {
    port = 4190
  }
}
service submission-login {
  inet_listener submission {
    port = 587
    haproxy = yes
  }
}
service lmtp {
  inet_listener lmtp {
    port = 24
  }
}
`

// dovecotOf asks the real doveconf about a configuration, on a machine with three addresses.
func dovecotOf(t testing.TB, use, text string, files map[string]string) *dovecotConf {
	t.Helper()
	daemontest.Need(t, "doveconf")
	dir := t.TempDir()
	for name, text := range files {
		daemontest.Put(t, dir+"/"+name, text)
	}
	in := daemon.Instance{Use: use, Driver: "dovecot", Config: dir + "/dovecot.conf"}
	daemontest.Put(t, in.Config, text)
	return reread(t, in)
}

func reread(t testing.TB, in daemon.Instance) *dovecotConf {
	t.Helper()
	out, err := daemon.Host{}.Ask(context.Background(), []string{"doveconf", "-c", in.Config, "-P"})
	if err != nil {
		t.Fatal(err)
	}
	machine := []netip.Addr{netip.MustParseAddr("127.0.0.1"), netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("198.51.100.9")}
	d, err := newDovecot(daemon.Host{}, in, out.Stdout, machine)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

const both = "imap://127.0.0.1:143 imaps://127.0.0.1:993 "

func TestDovecotFindsWhatIsEffective(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, use, conf, want string }{
		{"global", "IMAP", "", both + "/g.pem+/g.key"},
		{"the other protocol", "POP", "", "pop3://127.0.0.1:110 /g.pem+/g.key"},
		{"a protocol block", "IMAP", "protocol imap {\n ssl_cert = </i.pem\n ssl_key = </i.key\n}\nprotocol pop3 {\n ssl_cert = </p.pem\n}\n", both + "/i.pem+/i.key"},
		{"a block that sets the key alone", "IMAP", "protocol imap {\n ssl_key = </i.key\n}\n", both + "/g.pem+/i.key"},
		{"all but", "IMAP", "protocol !pop3 {\n ssl_cert = </i.pem\n}\nprotocol !imap {\n ssl_cert = </x.pem\n}\n", both + "/i.pem+/g.key"},
		{"of two blocks for it, the first", "IMAP", "protocol !pop3 {\n ssl_cert = </i.pem\n}\nprotocol imap {\n ssl_cert = </x.pem\n}\n", both + "/i.pem+/g.key"},
		{"a second type", "IMAP", "ssl_alt_cert = </e.pem\nssl_alt_key = </e.key\n", both + "/g.pem+/g.key /e.pem+/e.key"},
		{"a path with spaces", "IMAP", "ssl_cert = < /with a space.pem # and a comment\n", both + "/with a space.pem+/g.key"},
		{"a name", "IMAP", "local_name a.test {\n ssl_cert = </a.pem\n ssl_key = </a.key\n}\n", both + "/g.pem+/g.key; " + both + "a.test /a.pem+/a.key"},
		{"names in quotes", "IMAP", "local_name \"a.test B.test\" {\n protocol imap {\n ssl_cert = </a.pem\n }\n}\n", both + "/g.pem+/g.key; " + both + "a.test b.test /a.pem+/g.key"},
		{"a name before a wildcard", "IMAP", "local_name a.b.test {\n ssl_cert = </a.pem\n}\nlocal_name *.b.test {\n ssl_cert = </w.pem\n}\n",
			both + "/g.pem+/g.key; " + both + "a.b.test /a.pem+/g.key; " + both + "*.b.test /w.pem+/g.key"},
		{"a name behind a wildcard is the wildcard's", "IMAP", "local_name *.b.test {\n ssl_cert = </w.pem\n}\nlocal_name a.b.test {\n ssl_cert = </a.pem\n}\n",
			both + "/g.pem+/g.key; " + both + "*.b.test /w.pem+/g.key; " + both + "a.b.test /w.pem+/g.key FIXED"},
		{"an address", "IMAP", "local 192.0.2.1 {\n ssl_cert = </a.pem\n}\n", both + "/g.pem+/g.key; imap://192.0.2.1:143 imaps://192.0.2.1:993 /a.pem+/g.key"},
		{"a network", "IMAP", "local 192.0.2.77/24 {\n ssl_cert = </a.pem\n}\n", both + "/g.pem+/g.key; imap://192.0.2.1:143 imaps://192.0.2.1:993 /a.pem+/g.key"},
		{"a name on an address", "IMAP", "local 192.0.2.1 {\n local_name a.test {\n ssl_cert = </a.pem\n }\n}\n",
			"imap://127.0.0.1:143 imap://192.0.2.1:143 imaps://127.0.0.1:993 imaps://192.0.2.1:993 /g.pem+/g.key; imap://192.0.2.1:143 imaps://192.0.2.1:993 a.test /a.pem+/g.key"},
		{"the loopback's block: the default is asked elsewhere", "IMAP", "local 127.0.0.1 {\n ssl_cert = </a.pem\n}\n",
			"imap://192.0.2.1:143 imaps://192.0.2.1:993 /g.pem+/g.key; " + both + "/a.pem+/g.key"},
		{"an address of another machine", "IMAP", "local 203.0.113.1 {\n ssl_cert = </a.pem\n}\n", both + "/g.pem+/g.key"},
		{"a name of the other protocol", "IMAP", "local_name a.test {\n protocol pop3 {\n ssl_cert = </a.pem\n }\n}\n", both + "/g.pem+/g.key"},
		{"a block without a certificate", "IMAP", "protocol imap {\n mail_max_userip_connections = 20\n}\n", both + "/g.pem+/g.key"},
		{"remote blocks are none of clients' names", "IMAP", "remote 10.0.0.0/8 {\n ssl_cert = </a.pem\n}\n", both + "/g.pem+/g.key"},
		{"a remote block for this host itself", "IMAP", "remote 127.0.0.0/8 {\n ssl_cert = </a.pem\n}\n", both + "/g.pem+/g.key FIXED"},
		{"a name that Dovecot refuses", "IMAP", "local_name a.test {\n ssl_cert = </a.pem\n}\nprotocol imap {\n ssl_cert = </i.pem\n}\n",
			both + "/i.pem+/g.key; " + both + "a.test /a.pem+/g.key FIXED"},
		{"no TLS", "IMAP", "ssl = no\n", ""},
		{"no TLS for one protocol", "POP", "protocol pop3 {\n ssl = no\n}\n", ""},
		{"protocol off", "IMAP", "protocols = pop3\n", ""},
		{"what goes with IMAP", "IMAP", managed, both + "/g.pem+/g.key; sieve://127.0.0.1:4190 /g.pem+/g.key; smtp://127.0.0.1:587 PROXY /g.pem+/g.key; lmtp://127.0.0.1:24 /g.pem+/g.key"},
		{"LMTP tells no names apart", "IMAP", "protocols = imap lmtp\nservice lmtp {\n inet_listener lmtp {\n port = 24\n }\n}\nlocal_name a.test {\n ssl_cert = </a.pem\n}\n",
			both + "/g.pem+/g.key; lmtp://127.0.0.1:24 /g.pem+/g.key; " + both + "a.test /a.pem+/g.key"},
		{"several listeners, one behind a proxy", "POP", "service pop3-login {\n inet_listener more {\n port = 1110\n address = 192.0.2.1, [2001:db8::1]\n haproxy = yes\n }\n}\n",
			"pop3://192.0.2.1:1110 PROXY pop3://[2001:db8::1]:1110 PROXY pop3://127.0.0.1:110 /g.pem+/g.key"},
		{"POP is by itself", "POP", managed, "pop3://127.0.0.1:110 /g.pem+/g.key"},
		{"without IMAP they go with POP", "POP", managed + "protocols = pop3 sieve\n", "pop3://127.0.0.1:110 /g.pem+/g.key; sieve://127.0.0.1:4190 /g.pem+/g.key"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := dovecotOf(t, c.use, dovecotPorts+c.conf, nil)
			if got := show(d.sites()); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// TestDovecotHasThousandsOfNames: panels write a block for each customer.
func TestDovecotHasThousandsOfNames(t *testing.T) {
	t.Parallel()
	var conf strings.Builder
	conf.WriteString(dovecotPorts)
	for i := range 2000 {
		fmt.Fprintf(&conf, "local_name mail.customer%d.test {\n ssl_cert = </%d.pem\n ssl_key = </%d.key\n}\n", i, i, i)
	}
	start := time.Now()
	source, err := readDovecot("/d.conf", map[string]string{"/d.conf": conf.String()})
	if err != nil {
		t.Fatal(err)
	}
	if sites := source.conf(daemon.Host{}, daemon.Instance{Use: "IMAP"}, conf.String(), nil).sites(); len(sites) != 2001 {
		t.Errorf("%d sites", len(sites))
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("it took %v", took)
	}
}

// TestDovecotTellsWhatItLeaves has parts that certdesk cannot ask or cannot find.
func TestDovecotTellsWhatItLeaves(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ conf, want string }{
		{"local 203.0.113.1 {\n ssl_cert = </a.pem\n}\n", "no address of local 203.0.113.1"},
		{"remote 10.0.0.0/8 {\n ssl_cert = </a.pem\n}\n", "remote 10.0.0.0/8 (dovecot.conf:"},
		{"local localhost {\n ssl_cert = </a.pem\n}\n", "cannot find where ssl_cert of local 127.0.0.1"},
		{"local_name a.test {\n ssl_cert = </a.pem\n}\nprotocol imap {\n ssl_cert = </i.pem\n}\n",
			"refuses some clients, since ssl_cert is set in local_name a.test (dovecot.conf:27) and in protocol imap (dovecot.conf:30)"},
		{"service stats {\n inet_listener http {\n port = 9900\n ssl = yes\n }\n}\n", "service stats speaks TLS on port 9900"},
	} {
		d := dovecotOf(t, "IMAP", dovecotPorts+c.conf, nil)
		var r daemon.Reading
		d.fill(&r)
		if said := strings.Join(append(r.Aside, r.Warnings...), "\n"); !strings.Contains(said, c.want) {
			t.Errorf("%q: %q", c.conf, said)
		}
	}
}

func TestDovecotNamesItsFiles(t *testing.T) {
	t.Parallel()
	d := dovecotOf(t, "IMAP", dovecotPorts+"ssl_cert = </later.pem\nssl_dh = <rel.dh\n!include conf.d/*.conf\n!include_try gone.conf\n", map[string]string{
		"conf.d/10.conf": "ssl_ca = </ca.pem\npassdb {\n driver = passwd-file\n args = scheme=CRYPT /users\n}\n", "conf.d/.hidden.conf": "ssl_ca = </hidden.pem\n"})
	var r daemon.Reading
	d.fill(&r)
	dir := strings.TrimSuffix(d.in.Config, "/dovecot.conf")
	named := strings.Join(r.Named, " ") + " "
	for _, want := range []string{"/g.pem", "/g.key", "/later.pem", "/ca.pem", "/users", dir + "/rel.dh", d.in.Config, dir + "/conf.d/10.conf"} {
		if !strings.Contains(named, want+" ") {
			t.Errorf("%s is not named: %s", want, named)
		}
	}
	if strings.Contains(named, "hidden") {
		t.Errorf("a dotfile was read: %s", named)
	}
}

// Dovecot takes a header from the addresses that are listed, and from nobody where none is.
func TestWhoseHeaderDovecotTakes(t *testing.T) {
	for conf, want := range map[string]string{
		"": "[]",
		"haproxy_trusted_networks = 10.0.0.0/8, 192.0.2.1 ::1\n": "[10.0.0.0/8 192.0.2.1/32 ::1/128]",
	} {
		sites := dovecotOf(t, "IMAP", dovecotPorts+managed+conf, nil).sites()
		i := slices.IndexFunc(sites, func(s daemon.Site) bool { return s.Proxied != nil })
		if got := sites[i].Heeds; got == nil || fmt.Sprint(got) != want {
			t.Errorf("%q: %v, want %s", conf, got, want)
		}
	}
}
