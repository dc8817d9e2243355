package drivers

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"certdesk/certstore/daemontest"
	"certdesk/certstore/services/daemon"
)

// edits gives the sites a certificate is for new files, and the texts of the files that change.
func edits(t *testing.T, d *dovecotConf, pick func(daemon.Site) bool, files ...daemon.Files) (daemon.Edited, error) {
	t.Helper()
	var sites []daemon.Site
	for _, s := range d.sites() {
		if s.Fixed == "" && pick(s) {
			sites = append(sites, s)
		}
	}
	return d.edit(context.Background(), sites, files)
}

func anySite(daemon.Site) bool       { return true }
func defaultSite(s daemon.Site) bool { return len(s.Names) == 0 }
func siteFor(name string) func(daemon.Site) bool {
	return func(s daemon.Site) bool { return strings.Contains(strings.Join(s.Names, " "), name) }
}

const newPair = "ssl_cert = </v/c\nssl_key = </v/k\n"

func ours(use, body string) string {
	return sectionBegin + use + " (written by certdesk enable)\n" + body + sectionEnd + use + "\n"
}

// imapBlock is what the section has for IMAP alone.
const imapBlock = "protocol imap {\n  ssl_cert = </v/c\n  ssl_key = </v/k\n}\n"

func TestDovecotEdits(t *testing.T) {
	t.Parallel()
	one := daemon.Files{Cert: "/v/c", Key: "/v/k", Combined: "/v/b"}
	two := daemon.Files{Cert: "/v/c2", Key: "/v/k2", Combined: "/v/b2"}
	for _, c := range []struct {
		name, conf string
		pick       func(daemon.Site) bool
		files      []daemon.Files
		want       string // behind the ports, where conf stood
		warning    string
	}{
		{"a protocol block", "", anySite, []daemon.Files{one}, ours("IMAP", imapBlock), ""},
		{"two types", "", anySite, []daemon.Files{one, two},
			ours("IMAP", "protocol imap {\n  ssl_cert = </v/c\n  ssl_key = </v/k\n  ssl_alt_cert = </v/c2\n  ssl_alt_key = </v/k2\n}\n"), ""},
		{"an inherited second type is taken back", "ssl_alt_cert = </e.pem\nssl_alt_key = </e.key\n", anySite, []daemon.Files{one},
			"ssl_alt_cert = </e.pem\nssl_alt_key = </e.key\n" + ours("IMAP", "protocol imap {\n  ssl_cert = </v/c\n  ssl_key = </v/k\n  ssl_alt_cert =\n  ssl_alt_key =\n}\n"), ""},
		{"a name where it stands, the default not", "local_name \"a.test b.test\" {\n\tssl_cert = </a.pem # A\n\tssl_key=</a.key\n}\n", siteFor("a.test"), []daemon.Files{one},
			"local_name \"a.test b.test\" {\n\tssl_cert = </v/c # A\n\tssl_key=</v/k\n}\n", "a.test b.test (dovecot.conf:27) is for POP as well"},
		{"three names and one beside them", "local_name \"a.test b.test c.test\" {\n ssl_cert = </a.pem\n ssl_key = </a.key\n}\nlocal_name d.test {\n ssl_cert = </d.pem\n ssl_key = </d.key\n}\n",
			siteFor("d.test"), []daemon.Files{one},
			"local_name \"a.test b.test c.test\" {\n ssl_cert = </a.pem\n ssl_key = </a.key\n}\nlocal_name d.test {\n ssl_cert = </v/c\n ssl_key = </v/k\n}\n", "POP as well"},
		{"a wildcard", "local_name *.b.test {\n ssl_cert = </a.pem\n ssl_key = </a.key\n}\n", siteFor("*.b.test"), []daemon.Files{one},
			"local_name *.b.test {\n " + strings.TrimSuffix(strings.ReplaceAll(newPair, "\n", "\n "), " ") + "}\n", "POP as well"},
		{"a name that has its key from outside", "local_name a.test {\n  ssl_cert = </a.pem\n}\n", siteFor("a.test"), []daemon.Files{one},
			"local_name a.test {\n  ssl_cert = </v/c\n  ssl_key = </v/k\n}\n", "POP as well"},
		{"a name with a second type", "local_name a.test {\n  ssl_cert = </a.pem\n  ssl_key = </a.key\n  ssl_alt_cert = </e.pem\n  ssl_alt_key = </e.key\n}\n", siteFor("a.test"), []daemon.Files{one},
			"local_name a.test {\n  ssl_cert = </v/c\n  ssl_key = </v/k\n  ssl_alt_cert = \n  ssl_alt_key = \n}\n", "POP as well"},
		{"a name within the protocol", "local_name a.test {\n protocol imap {\n ssl_cert = </a.pem\n ssl_key = </a.key\n }\n}\n", siteFor("a.test"), []daemon.Files{one},
			"local_name a.test {\n protocol imap {\n ssl_cert = </v/c\n ssl_key = </v/k\n }\n}\n", ""},
		{"the default beside a name for all protocols", "local_name a.test {\n ssl_cert = </a.pem\n ssl_key = </a.key\n}\n", defaultSite, []daemon.Files{one},
			"local_name a.test {\n ssl_cert = </a.pem\n ssl_key = </a.key\n}\n" + ours("IMAP", newPair), "IMAP and POP change together"},
		{"the default beside a name of the other protocol", "local_name a.test {\n protocol pop3 {\n ssl_cert = </a.pem\n ssl_key = </a.key\n }\n}\n", defaultSite, []daemon.Files{one},
			"local_name a.test {\n protocol pop3 {\n ssl_cert = </a.pem\n ssl_key = </a.key\n }\n}\n" + ours("IMAP", imapBlock), ""},
		{"an address with the protocol inside", "local 127.0.0.1 {\n protocol imap {\n ssl_cert = </a.pem\n ssl_key = </a.key\n }\n}\n", func(s daemon.Site) bool { return s.Listen[0].Host == "127.0.0.1" },
			[]daemon.Files{one}, "local 127.0.0.1 {\n protocol imap {\n ssl_cert = </v/c\n ssl_key = </v/k\n }\n}\n", ""},
		{"a network, and the default", "local 192.0.2.0/24 {\n ssl_cert = </a.pem\n ssl_key = </a.key\n}\n", anySite, []daemon.Files{one},
			"local 192.0.2.0/24 {\n ssl_cert = </v/c\n ssl_key = </v/k\n}\n" + ours("IMAP", newPair), "IMAP and POP change together"},
		{"a block for some clients' addresses, which a protocol block would make Dovecot refuse", "remote 10.0.0.0/8 {\n ssl_cert = </r.pem\n ssl_key = </r.key\n}\n", anySite, []daemon.Files{one},
			"remote 10.0.0.0/8 {\n ssl_cert = </r.pem\n ssl_key = </r.key\n}\n" + ours("IMAP", newPair), "IMAP and POP change together"},
		{"one that has its key from outside", "remote 10.0.0.0/8 {\n ssl_cert = </r.pem\n}\n", anySite, []daemon.Files{one},
			"remote 10.0.0.0/8 {\n ssl_cert = </r.pem\n ssl_key = </g.key\n}\n" + ours("IMAP", newPair), "remote 10.0.0.0/8 (dovecot.conf:27) is given as its own"},
		{"an admin's protocol block", "protocol imap {\n  ssl_cert = </i.pem\n  ssl_key = </i.key\n  ssl_key_password = secret\n}\n", anySite, []daemon.Files{one},
			"protocol imap {\n  ssl_cert = </v/c\n  ssl_key = </v/k\n  ssl_key_password = secret\n}\n", ""},
		{"everything that goes with IMAP", managed, anySite, []daemon.Files{one},
			managed + ours("IMAP", imapBlock+strings.ReplaceAll(imapBlock, "imap", "sieve")+strings.ReplaceAll(imapBlock, "imap", "submission")+strings.ReplaceAll(imapBlock, "imap", "lmtp")),
			"change together with IMAP, in the same Dovecot: ManageSieve, submission and LMTP"},
		{"our blocks give way to a name that came later", ours("IMAP", imapBlock) + "local_name a.test {\n ssl_cert = </a.pem\n ssl_key = </a.key\n}\n", defaultSite, []daemon.Files{two},
			ours("IMAP", "ssl_cert = </v/c2\nssl_key = </v/k2\n") + "local_name a.test {\n ssl_cert = </a.pem\n ssl_key = </a.key\n}\n", "IMAP and POP change together"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := dovecotOf(t, "IMAP", dovecotPorts+c.conf, nil)
			e, err := edits(t, d, c.pick, c.files...)
			if err != nil {
				t.Fatal(err)
			}
			got := strings.TrimPrefix(e.Texts[d.in.Config], dovecotPorts)
			if got != c.want || len(e.Texts) != 1 {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
			if said := strings.Join(e.Warnings, "\n"); (c.warning == "") != (said == "") || !strings.Contains(said, c.warning) {
				t.Errorf("warnings: %q", said)
			}
			again(t, d, e, c.pick)
		})
	}
}

// again writes what was planned, and holds that Dovecot reads it, and that another certificate goes to the same places.
func again(t *testing.T, d *dovecotConf, e daemon.Edited, pick func(daemon.Site) bool) {
	t.Helper()
	if daemontest.Plain("dovecot") {
		return
	}
	for path, text := range e.Texts {
		daemontest.Put(t, path, text)
	}
	then := reread(t, d.in)
	next, err := edits(t, then, pick, daemon.Files{Cert: "/v9/c", Key: "/v9/k", Combined: "/v9/b"})
	if err != nil {
		t.Fatalf("a second certificate: %v", err)
	}
	for path, text := range next.Texts {
		if strings.Count(text, "certdesk: begin") > strings.Count(e.Texts[path], "certdesk: begin") {
			t.Errorf("another section:\n%s", text)
		}
		daemontest.Put(t, path, text)
	}
	for _, s := range reread(t, d.in).sites() {
		if pick(s) && s.Fixed == "" && (len(s.Pairs) != 1 || s.Pairs[0] != (daemon.Installed{Cert: "/v9/c", Key: "/v9/k"})) {
			t.Errorf("%s has %v", s.Where, s.Pairs)
		}
	}
}

// TestDovecotGoesWhereItIsReadLast has files that are read behind our own.
func TestDovecotGoesWhereItIsReadLast(t *testing.T) {
	t.Parallel()
	named := "local_name shop.test {\n ssl_cert = </s.pem\n ssl_key = </s.key\n}\n"
	const dropIn = "conf.d/99-certdesk.conf"
	for _, c := range []struct {
		name  string
		tail  string
		files map[string]string
		want  []string // the files that change
	}{
		{"a drop-in", "!include conf.d/*.conf\n", map[string]string{"conf.d/10-ssl.conf": "ssl_cert = </o.pem\nssl_key = </o.key\n"}, []string{dropIn}},
		{"a drop-in for all", "!include conf.d/*.conf\n", map[string]string{"conf.d/10-ssl.conf": "ssl_cert = </o.pem\nssl_key = </o.key\n" + named}, []string{dropIn}},
		{"a panel's file behind it", "!include conf.d/*.conf\n", map[string]string{"conf.d/99-froxlor.conf": "ssl_cert = </o.pem\nssl_key = </o.key\n" + named}, []string{"conf.d/99-froxlor.conf"}},
		{"certificate and key in two files", "!include conf.d/*.conf\n", map[string]string{"conf.d/99-z.conf": "ssl_cert = </o.pem\n" + named, "conf.d/zz-keys.conf": "ssl_key = </o.key\n"},
			[]string{"conf.d/99-z.conf", "conf.d/zz-keys.conf"}},
		{"below the include", "!include conf.d/*.conf\nssl_cert = </o.pem\nssl_key = </o.key\n" + named, map[string]string{"conf.d/10-ssl.conf": ""}, []string{"dovecot.conf"}},
		{"local.conf", "!include conf.d/*.conf\n!include_try local.conf\n!include_try gone.conf\n", map[string]string{"conf.d/10-ssl.conf": named, "local.conf": "protocol imap {\n mail_max_userip_connections = 3\n}\nssl_cert = </o.pem\nssl_key = </o.key\n"},
			[]string{"local.conf"}},
		{"a protocol block in local.conf", "!include conf.d/*.conf\n!include_try local.conf\n", map[string]string{"conf.d/10-ssl.conf": "", "local.conf": "protocol imap {\n ssl_cert = </o.pem\n ssl_key = </o.key\n}\n"},
			[]string{"local.conf"}},
		{"braces, and a glob that leaves our file out", "!include conf.d/{20,10}-*.conf\n", map[string]string{"conf.d/10-ssl.conf": "ssl_cert = </o.pem\n" + named, "conf.d/20-ssl.conf": "ssl_cert = </p.pem\n"}, []string{"dovecot.conf"}},
		{"a dotfile that Dovecot does not read", "!include conf.d/*\n", map[string]string{"conf.d/.zz.conf": "ssl_cert = </x.pem\n", "conf.d/10-ssl.conf": named}, []string{dropIn}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := dovecotOf(t, "IMAP", dovecotPorts+c.tail, c.files)
			e, err := edits(t, d, defaultSite, daemon.Files{Cert: "/v/c", Key: "/v/k", Combined: "/v/b"})
			if err != nil {
				t.Fatal(err)
			}
			dir := strings.TrimSuffix(d.in.Config, "dovecot.conf")
			for _, name := range c.want {
				if e.Texts[dir+name] == "" {
					t.Errorf("%s does not change", name)
				}
			}
			if len(e.Texts) != len(c.want) {
				t.Errorf("changed: %v", e.Texts)
			}
			again(t, d, e, defaultSite)
		})
	}
}

// TestDovecotLeavesWhatOthersShare has blocks that were not asked for and depend on lines that change.
func TestDovecotLeavesWhatOthersShare(t *testing.T) {
	t.Parallel()
	shared := map[string]string{"tls.inc": "ssl_cert = </o.pem\nssl_key = </o.key\n"}
	for _, c := range []struct {
		name, conf string
		pick       func(daemon.Site) bool
		want       string
	}{
		{"a name that has its key from the default", "local_name a.test {\n ssl_cert = </a.pem\n}\n", defaultSite,
			"local_name a.test {\n ssl_cert = </a.pem\n ssl_key = </g.key\n}\n" + ours("IMAP", newPair)},
		{"an include of two names", "local_name a.test {\n  !include tls.inc\n}\nlocal_name b.test {\n  !include tls.inc\n}\n", siteFor("b.test"),
			"local_name a.test {\n  !include tls.inc\n}\nlocal_name b.test {\n  !include tls.inc\n  ssl_cert = </v/c\n  ssl_key = </v/k\n}\n"},
		{"an include of all and of a name", "!include tls.inc\nlocal_name b.test {\n  !include tls.inc\n}\n", siteFor("b.test"),
			"!include tls.inc\nlocal_name b.test {\n  !include tls.inc\n  ssl_cert = </v/c\n  ssl_key = </v/k\n}\n"},
		{"a protocol with the default's key", "protocol pop3 {\n  ssl_cert = </p.pem\n}\nlocal_name a.test {\n protocol imap {\n  ssl_key = </a.key\n }\n}\n", defaultSite,
			"protocol pop3 {\n  ssl_cert = </p.pem\n  ssl_key = </g.key\n}\nlocal_name a.test {\n protocol imap {\n  ssl_key = </a.key\n  ssl_cert = </g.pem\n }\n}\n" + ours("IMAP", newPair)},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := dovecotOf(t, "IMAP", dovecotPorts+c.conf, shared)
			e, err := edits(t, d, c.pick, daemon.Files{Cert: "/v/c", Key: "/v/k", Combined: "/v/b"})
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.TrimPrefix(e.Texts[d.in.Config], dovecotPorts); got != c.want || len(e.Texts) != 1 {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
			again(t, d, e, c.pick)
		})
	}
}

// TestDovecotKnowsAFileByAllItsLinks: two names have one file, over two links.
func TestDovecotKnowsAFileByAllItsLinks(t *testing.T) {
	t.Parallel()
	d := dovecotOf(t, "IMAP", dovecotPorts, map[string]string{"real/tls.inc": "ssl_cert = <o.pem\nssl_key = </o.key\n"})
	dir := filepath.Dir(d.in.Config)
	conf := dovecotPorts
	for _, name := range []string{"a", "b"} {
		if err := os.Symlink("real/tls.inc", filepath.Join(dir, name+".inc")); err != nil {
			t.Fatal(err)
		}
		conf += "local_name " + name + ".test {\n  !include " + name + ".inc\n}\n"
	}
	daemontest.Put(t, d.in.Config, conf)
	d = reread(t, d.in)
	e, err := edits(t, d, siteFor("b.test"), daemon.Files{Cert: "/v/c", Key: "/v/k", Combined: "/v/b"})
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Replace(conf, "  !include b.inc\n", "  !include b.inc\n  ssl_cert = </v/c\n  ssl_key = </v/k\n", 1)
	if len(e.Texts) != 1 || e.Texts[d.in.Config] != want {
		t.Errorf("%v", e.Texts)
	}
	if got := d.sites()[1].Pairs[0].Cert; got != filepath.Join(dir, "o.pem") {
		t.Errorf("a relative path begins at the link: %s", got)
	}
}

// TestDovecotProvesWhatChangesToo has a default that other protocols have as well, of which one alone is meant.
func TestDovecotProvesWhatChangesToo(t *testing.T) {
	t.Parallel()
	d := dovecotOf(t, "IMAP", dovecotPorts+managed+"local_name a.test {\n ssl_cert = </a.pem\n ssl_key = </a.key\n}\n", nil)
	e, err := edits(t, d, func(s daemon.Site) bool { return s.Where == "protocol imap" }, daemon.Files{Cert: "/v/c", Key: "/v/k", Combined: "/v/b"})
	if err != nil {
		t.Fatal(err)
	}
	want := "sieve://127.0.0.1:4190 /g.pem+/g.key; smtp://127.0.0.1:587 PROXY /g.pem+/g.key; lmtp://127.0.0.1:24 /g.pem+/g.key"
	if got := show(e.Shares); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if said := strings.Join(e.Warnings, "\n"); !strings.Contains(said, "IMAP and POP, ManageSieve, submission and LMTP change together") {
		t.Errorf("warnings: %q", said)
	}
}

// TestDovecotRefusesByName has a Dovecot that takes none of what is planned.
func TestDovecotRefusesByName(t *testing.T) {
	t.Parallel()
	d := dovecotOf(t, "IMAP", dovecotPorts, nil)
	d.host.Run = func(_ context.Context, c daemon.Command) (daemon.Output, error) {
		return daemon.Output{Exit: 89, Stderr: "doveconf: Fatal: Error in configuration file " + c.Argv[2] + ": Conflict in setting ssl_cert"}, nil
	}
	_, err := edits(t, d, anySite, daemon.Files{Cert: "/v/c", Key: "/v/k", Combined: "/v/b"})
	if err == nil || !strings.Contains(err.Error(), "found no place") || !strings.Contains(err.Error(), "(planned): Conflict") {
		t.Errorf("%v", err)
	}
	if daemontest.Read(t, d.in.Config) != dovecotPorts {
		t.Error("a plan changed the file")
	}
}

func TestASectionKeepsWhatItHas(t *testing.T) {
	text := addToSection(addToSection("a = b\n", "IMAP", "one\n"), "POP", "two\n") + "c = d\n"
	got := addToSection(text, "IMAP", "three\n")
	if want := strings.Replace(text, "one\n", "one\nthree\n", 1); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}
