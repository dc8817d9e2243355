package config

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	ldapserver "certdesk/certstore/directory"
	"certdesk/certstore/domains"
	"certdesk/certstore/fail"
	"certdesk/certstore/publishing"
)

// contract is the file of the command line's contract, whole.
const contract = `server = "Mail01.proexchange.global"        # default: this host's FQDN
role   = "hub"                              # hub | edge | both; left out: not said
peers  = ["edge01.proexchange.global:25"]
readers = "helpdesk"
trust  = ["/etc/ssl/internal-root.pem"]

[accepted_domains]
names   = ["proexchange.global", "belgianbeers.rock"]
postfix = "/etc/postfix"

[accepted_domains.ldap]
url           = "ldaps://dc01.corp.test"
start_tls     = true
bind_dn       = "cn=reader,dc=corp,dc=test"
password_file = "/etc/certdesk/ldap.password"
ca_file       = "/etc/ssl/corp-root.pem"
base          = ""

[publish]
url           = "ldaps://dc02.corp.test"
bind_dn       = "cn=writer,dc=corp,dc=test"
password_file = "/etc/certdesk/publish.password"
entry         = "cn=mail01,dc=corp,dc=test"

[[service]]
use    = "SMTP"
driver = "postfix"
config = "/etc/postfix"
listen = ["smtp://127.0.0.1:25", "smtps://127.0.0.1:465"]
name   = "mail01.proexchange.global"

[[service]]
use     = "UM"
driver  = "command"
install = "/etc/voice/tls"
owner   = "voice:voice"
check   = ["voiced", "--check"]
reload  = ["systemctl", "reload", "voiced"]
listen  = ["tls://127.0.0.1:5061"]

[[filter]]
name = "soon"
show = "days<30 svc:smtp"
`

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "certdesk.toml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestTheContractsFileIsReadWhole(t *testing.T) {
	path := write(t, contract)
	got, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	want := Config{
		Publish: publishing.Place{Entry: "cn=mail01,dc=corp,dc=test", Server: ldapserver.Server{URL: "ldaps://dc02.corp.test",
			BindDN: "cn=writer,dc=corp,dc=test", PasswordFile: "/etc/certdesk/publish.password"}},
		Server: "mail01.proexchange.global", Role: "hub", Peers: []string{"edge01.proexchange.global:25"},
		Readers: "helpdesk", Trust: []string{"/etc/ssl/internal-root.pem"},
		AcceptedDomains: domains.Sources{
			Names: []string{"proexchange.global", "belgianbeers.rock"}, Postfix: "/etc/postfix",
			LDAP: domains.LDAP{URL: "ldaps://dc01.corp.test", StartTLS: true, BindDN: "cn=reader,dc=corp,dc=test", PasswordFile: "/etc/certdesk/ldap.password", CAFile: "/etc/ssl/corp-root.pem"},
		},
		Services: []Service{
			{Use: "SMTP", Driver: "postfix", Config: "/etc/postfix", Listen: []string{"smtp://127.0.0.1:25", "smtps://127.0.0.1:465"}, Name: "mail01.proexchange.global"},
			{Use: "UM", Driver: "command", Install: "/etc/voice/tls", Owner: "voice:voice", Check: []string{"voiced", "--check"}, Reload: []string{"systemctl", "reload", "voiced"}, Listen: []string{"tls://127.0.0.1:5061"}},
		},
		Filters: []Filter{{Name: "soon", Show: "days<30 svc:smtp"}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// Where certificates are published is refused where nobody could write there, or the password would be seen.
func TestWhereCertificatesArePublishedIsChecked(t *testing.T) {
	const good = "url = \"ldaps://dc.test\"\nbind_dn = \"cn=w\"\npassword_file = \"/x\"\nentry = \"cn=a,dc=b\"\n"
	for change, want := range map[string]string{
		"": "", "ldaps:/ldap:": "everybody to read", "cn=a,dc=b/nobody": "no name of an entry", "cn=w/": "without an account", "ldaps:/https:": "is none of a directory",
	} {
		old, now, _ := strings.Cut(change, "/")
		_, err := Load(write(t, "[publish]\n"+strings.Replace(good, old, now, 1)))
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v", change, err)
		}
	}
}

func TestWhatIsNotReadYetIsSaid(t *testing.T) {
	if got := (Config{Server: "a", Role: "hub", Readers: "x", Trust: []string{"/a"}, Peers: []string{"b:25"}, Services: []Service{{Driver: "nginx"}}}).Unused(); len(got) != 0 {
		t.Error(got)
	}
	if got := (Config{Services: []Service{{Driver: "exim"}}}).Unused(); len(got) != 1 {
		t.Error(got)
	}
}

func TestServicesAreLookedForUnlessNamedOrSwitchedOff(t *testing.T) {
	for text, want := range map[string]bool{"": true, "discover = true": true, "discover = false": false, "[[service]]\nuse = \"SMTP\"\ndriver = \"postfix\"": false} {
		c, err := Load(write(t, text))
		if err != nil || c.Discovers() != want {
			t.Errorf("%q: %v %v", text, c.Discovers(), err)
		}
	}
}

func TestAWrongFileIsRefusedWithKeyAndLine(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"unknown key", "role = \"hub\"\n\n# colour\ncolour = 1\n", "line 4: unknown key colour"},
		{"unknown key in a table", "[accepted_domains]\nnames = []\nname = \"x\"\n", "line 3: unknown key accepted_domains.name"},
		{"unknown key in the second service", "[[service]]\nuse = \"SMTP\"\n[[service]]\nport = 25\n", "line 4: unknown key service.port"},
		{"unknown table", "role = \"hub\"\n[extra]\na = 1\n", "line 2: unknown key extra"},
		{"unknown dotted key", "accepted_domains.ldap.port = 636\n", "line 1: unknown key accepted_domains.ldap.port"},
		{"unknown key in an inline table", "\naccepted_domains = { names = [], more = 1 }\n", "line 2: unknown key accepted_domains.more"},
		{"the first of several", "b = 1\na = 1\n", "line 1: unknown key b"},
		{"hostile key", "\"a\\u001b[31m\" = 1\n", `unknown key "a\u001b[31m"`},
		{"wrong type", "role = \"hub\"\nreaders = 7\n", "line 2: readers takes text in quotes, not a number"},
		{"text that should be a list", "trust = \"/a\"\n", `line 1: trust takes a list such as ["a", "b"], not text in quotes`},
		{"a number in a list", "[accepted_domains]\nnames = [\"a\", 7]\n", "line 2: accepted_domains.names takes text in quotes, not a number"},
		{"a table that should be several", "[service]\nuse = \"SMTP\"\n", "line 1: service is one table of several: write [[service]]"},
		{"text for a switch", "[accepted_domains.ldap]\nstart_tls = \"yes\"\n", "line 2: accepted_domains.ldap.start_tls takes true or false, not text in quotes"},
		{"a switch without a value of TOML's", "[accepted_domains.ldap]\nstart_tls = yes\n", "line 2: start_tls is true or false"},
		{"no quotes", "\nrole = hub\n", `line 2: the value of role needs quotes: role = "hub"`},
		{"no quotes around an address", "server = 10.0.0.1\n", `line 1: the value of server needs quotes: server = "10.0.0.1"`},
		{"no quotes around a path", "readers = /a b\n", `line 1: the value of readers needs quotes: readers = "/a b"`},
		{"no quotes, and hostile", "readers = a\u001b[31m\n", "line 1: "},
		{"no quotes before a comment", "role = hub # what it is\n", `line 1: the value of role needs quotes: role = "hub"`},
		{"nothing after the sign", "role =\n", "line 1: the value is missing"},
		{"one quote", "role = \"hub\n", "line 1: a quote is opened and not closed"},
		{"no value", "role\n", `line 1: a key is followed by "=" and its value`},
		{"a list that is not closed", "trust = [\"/a\"\n", "line"},
		{"given twice", "role = \"hub\"\nrole = \"hub\"\n", "line 2: "},
		{"role", "role = \"mailbox\"\n", `role is "mailbox", but must be one of hub, edge, both`},
		{"use", "[[service]]\nuse = \"smtp\"\n", "must be one of IIS, SMTP, POP, IMAP, UM"},
		{"driver", "[[service]]\ndriver = \"qmail\"\n", "must be one of postfix"},
		{"driver of the demo", "[[service]]\ndriver = \"demo\"\n", `driver of service 1 is "demo", but must be one of postfix`},
		{"theme", "theme = \"pink\"\n", `theme is "pink", but must be one of auto`},
		{"accepted domains", "[accepted_domains]\nnames = [\"*.a.test\"]\n", "entry 1 of accepted_domains.names"},
		{"server", "server = \"a_b\"\n", `server "a_b" is not a host name`},
		{"server, an address", "server = \"10.0.0.1\"\n", "is not a host name"},
		{"filter without a name", "[[filter]]\nshow = \"days<30\"\n", "filter 1 has no name"},
		{"filter that shows nothing", "[[filter]]\nname = \"soon\"\n", `the filter "soon" does not say what to show`},
		{"two filters of one name", "[[filter]]\nname = \"a\"\nshow = \"b\"\n[[filter]]\nname = \"a\"\nshow = \"c\"\n", `two filters called "a"`},
		{"larger than 1 MB", strings.Repeat("#", 1<<20+1), "larger than 1 MB"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Load(write(t, c.text))
			if !fail.Is(err, fail.InvalidConfig) || !strings.Contains(err.Error(), c.want) || strings.ContainsAny(err.Error(), "\n\x1b") {
				t.Errorf("%v; want %s", err, c.want)
			}
			for _, word := range []string{"incompatible", "destination", "int64", "slice", "last key"} {
				if strings.Contains(err.Error(), word) {
					t.Errorf("%v: %q is a programmer's word", err, word)
				}
			}
		})
	}
}

func TestAMissingFileIsAnErrorOnlyWhereItWasNamed(t *testing.T) {
	_, err := Load(filepath.Join(t.TempDir(), "none.toml"))
	if !fail.Is(err, fail.InvalidConfig) || fail.Of(err).Hint == "" {
		t.Error(err)
	}
	if _, err := os.Stat(DefaultPath); err == nil {
		t.Skip("SKIPPED: this host has a configuration of its own")
	}
	if c, err := Load(""); err != nil || !reflect.DeepEqual(c, Config{}) {
		t.Error(c, err)
	}
}

func TestEmptyAndMarkedFilesAreFine(t *testing.T) {
	for _, text := range []string{"", "# nothing\n", "\ufeffrole = \"hub\"\r\n"} {
		if _, err := Load(write(t, text)); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestWhatIsNoFileIsRefusedWithoutWaiting(t *testing.T) {
	if _, err := Load(t.TempDir()); !fail.Is(err, fail.InvalidConfig) || !strings.Contains(err.Error(), "not a regular file") {
		t.Error(err)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(contract)
	f.Add("[a.b]\n[[service]]\nx.y = 1")
	f.Fuzz(func(t *testing.T, text string) {
		if _, err := decode(text); err != nil && strings.ContainsAny(plain(err, text), "\n\x1b") {
			t.Fatalf("%q", plain(err, text))
		}
	})
}
