package drivers

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"certdesk/certstore/services/daemon"
)

// postfixDefaults are what Postfix gives parameters that main.cf does not.
var postfixDefaults = assignments(`
inet_interfaces = all
inet_protocols = all
myhostname = mail.a.test
queue_directory = /var/spool/postfix
smtpd_service_name = smtpd
tlsproxy_service_name = tlsproxy
smtpd_tls_chain_files =
smtpd_tls_cert_file =
smtpd_tls_key_file = $smtpd_tls_cert_file
smtpd_tls_eccert_file =
smtpd_tls_eckey_file = $smtpd_tls_eccert_file
smtpd_tls_dcert_file =
smtpd_tls_dkey_file = $smtpd_tls_dcert_file
smtp_tls_chain_files =
smtp_tls_cert_file =
smtp_tls_key_file = $smtp_tls_cert_file
tlsproxy_tls_chain_files = $smtpd_tls_chain_files
tlsproxy_tls_cert_file = $smtpd_tls_cert_file
tlsproxy_tls_key_file = $smtpd_tls_key_file
tlsproxy_client_chain_files = $smtp_tls_chain_files
tlsproxy_client_cert_file = $smtp_tls_cert_file
tlsproxy_client_key_file = $smtp_tls_key_file
postscreen_greet_wait = ${stress?{2}:{6}}s
`)

// postfixFrom makes a configuration as postconf would read it.
func postfixFrom(main, master string) *postfixConf {
	p := &postfixConf{dir: "/etc/postfix", main: "/etc/postfix/main.cf", master: "/etc/postfix/master.cf", standard: true, texts: newTexts(), raw: maps.Clone(postfixDefaults)}
	p.texts.was[p.main], p.texts.was[p.master] = main, master
	for _, line := range logicalLines(main) {
		name, _, _ := line.setting()
		p.raw[name], _ = mainValue(main, name)
	}
	p.entries = parseMaster(master)
	p.tables = p.readTables()
	return p
}

const (
	legacyMain = "smtpd_tls_cert_file = /old.pem\nsmtpd_tls_key_file = /old.key\nsmtpd_tls_security_level = may\n"
	chainMain  = "smtpd_tls_chain_files = /a.pem,\n  /b.pem\nsmtpd_tls_cert_file = /ignored\nsmtpd_tls_security_level=may\n"
	smtpLine   = "smtp inet n - y - - smtpd\n"
	subLine    = "submission inet n - y - - smtpd\n  -o syslog_name=postfix/submission\n"
	wrapLine   = "465 inet n - y - - smtpd\n  -o smtpd_tls_wrappermode=yes\n"
	ownLine    = wrapLine + "  -o smtpd_tls_cert_file=/own.pem\n  -o smtpd_tls_key_file=/own.key\n"

	screenLines = "smtp inet n - y - 1 postscreen\nsmtpd pass - - y - - smtpd\ntlsproxy unix - - y - 0 tlsproxy\n"
)

func TestPostfixFindsWhatIsEffectiveOnEachPort(t *testing.T) {
	for _, c := range []struct{ name, main, master, want string }{
		{"the older parameters", legacyMain, smtpLine + subLine, "smtp://127.0.0.1:25 /old.pem+/old.key; smtp://127.0.0.1:587 /old.pem+/old.key"},
		{"chain files win", chainMain, smtpLine, "smtp://127.0.0.1:25 /a.pem+/a.pem /b.pem+/b.pem"},
		{"no key named", "smtpd_tls_cert_file = /both.pem\nsmtpd_use_tls = yes\n", smtpLine, "smtp://127.0.0.1:25 /both.pem+/both.pem"},
		{"no TLS", "smtpd_tls_cert_file = /old.pem\n", smtpLine, ""},
		{"TLS off on one port", legacyMain, smtpLine + subLine + "  -o smtpd_tls_security_level=none\n", "smtp://127.0.0.1:25 /old.pem+/old.key"},
		{"wrapper", legacyMain, "smtps inet n - y - - smtpd -o smtpd_tls_wrappermode=yes\n", "smtps://127.0.0.1:465 /old.pem+/old.key"},
		{"an override of the chain", legacyMain, subLine + "  -o smtpd_tls_chain_files=/s.pem,/t.pem\n", "smtp://127.0.0.1:587 /s.pem+/s.pem /t.pem+/t.pem"},
		{"an override in braces", legacyMain, subLine + "  -o { smtpd_tls_chain_files = /s.pem, /t.pem }\n", "smtp://127.0.0.1:587 /s.pem+/s.pem /t.pem+/t.pem"},
		{"the last override counts", legacyMain, subLine + "  -o smtpd_tls_cert_file=/1.pem -o smtpd_tls_cert_file=/2.pem -osmtpd_tls_key_file=/2.key\n", "smtp://127.0.0.1:587 /2.pem+/2.key"},
		{"an override that main.cf's chain beats", chainMain, subLine + "  -o smtpd_tls_cert_file=/2.pem\n", "smtp://127.0.0.1:587 /a.pem+/a.pem /b.pem+/b.pem"},
		{"an override that names a parameter", legacyMain, subLine + "  -o smtpd_tls_chain_files=${smtpd_tls_cert_file}\n", "smtp://127.0.0.1:587 /old.pem+/old.pem"},
		{"two types of the older kind", legacyMain + "smtpd_tls_eccert_file = /ec.pem\n", smtpLine, "smtp://127.0.0.1:25 /old.pem+/old.key /ec.pem+/ec.pem"},
		{"postscreen", legacyMain, "smtp inet n - y - 1 postscreen\nsmtpd pass - - y - - smtpd\n", "smtp://127.0.0.1:25 /old.pem+/old.key"},
		{"postscreen with files of its own", legacyMain + "tlsproxy_tls_cert_file = /p.pem\n", "smtp inet n - y - 1 postscreen\ntlsproxy unix - - y - 0 tlsproxy\n", "smtp://127.0.0.1:25 /old.pem+/old.key FIXED"},
		{"addresses", legacyMain + "inet_interfaces = 192.0.2.1, [2001:db8::1]\n", smtpLine + "[::1]:2525 inet n - y - - smtpd\n",
			"smtp://192.0.2.1:25 smtp://[2001:db8::1]:25 /old.pem+/old.key; smtp://[::1]:2525 /old.pem+/old.key"},
		{"IPv6 alone", legacyMain + "inet_protocols = ipv6\n", smtpLine + "127.0.0.1:2525 inet n - y - - smtpd\n", "smtp://[::1]:25 /old.pem+/old.key"},
		{"the loopback of IPv6", legacyMain + "inet_protocols = ipv6\ninet_interfaces = loopback-only\n", smtpLine, "smtp://[::1]:25 /old.pem+/old.key"},
		{"IPv4 alone", legacyMain + "inet_protocols = ipv4\ninet_interfaces = 192.0.2.1, [2001:db8::1]\n", smtpLine, "smtp://192.0.2.1:25 /old.pem+/old.key"},
		{"a name and a variable for an address", legacyMain + "inet_interfaces = $myhostname, localhost\n", smtpLine, "smtp://mail.a.test:25 smtp://127.0.0.1:25 /old.pem+/old.key"},
		{"a port by its name", legacyMain, "127.0.0.1:smtp inet n - y - - smtpd\nsubmissions inet n - y - - smtpd\n\t-o smtpd_tls_wrappermode=yes\n", "smtp://127.0.0.1:25 /old.pem+/old.key; smtps://127.0.0.1:465 /old.pem+/old.key"},
		{"a variable of its own", legacyMain + "sub = /sub.pem\n", subLine + "  -o smtpd_tls_cert_file=$sub -o smtpd_tls_key_file=$(sub)\n", "smtp://127.0.0.1:587 /sub.pem+/sub.pem"},
		{"a key that follows an override", "smtpd_tls_cert_file = /old.pem\nsmtpd_tls_security_level = may\n", subLine + "  -o smtpd_tls_cert_file=/sub.pem\n", "smtp://127.0.0.1:587 /sub.pem+/sub.pem"},
		{"a condition", legacyMain + "sub =\n", subLine + "  -o { smtpd_tls_cert_file = ${sub?{/no.pem}:{/yes.pem}} }\n", "smtp://127.0.0.1:587 /yes.pem+/old.key"},
		{"a variable that nothing sets", legacyMain, smtpLine + subLine + "  -o smtpd_tls_cert_file=$nowhere\n", "smtp://127.0.0.1:25 /old.pem+/old.key; smtp://127.0.0.1:587 FIXED"},
		{"a path below the queue", "smtpd_tls_cert_file = etc/c.pem\nsmtpd_tls_security_level = may\n", smtpLine, "smtp://127.0.0.1:25 /var/spool/postfix/etc/c.pem+/var/spool/postfix/etc/c.pem"},
		{"a path below the configuration", "smtpd_tls_cert_file = $config_directory/c.pem\nsmtpd_tls_security_level = may\n", smtpLine, "smtp://127.0.0.1:25 /etc/postfix/c.pem+/etc/postfix/c.pem"},
		{"TLS demanded in the old way", "smtpd_tls_cert_file = /c.pem\nsmtpd_enforce_tls = yes\n", smtpLine, "smtp://127.0.0.1:25 /c.pem+/c.pem"},
		{"the smtpd behind postscreen has its own", legacyMain, screenLines[:len(screenLines)-len("tlsproxy unix - - y - 0 tlsproxy\n")] + "  -o smtpd_tls_chain_files=/s.pem\n", "smtp://127.0.0.1:25 /s.pem+/s.pem"},
		{"ports that are shut", legacyMain + "master_service_disable = !submission/inet, inet\n", smtpLine + subLine, "smtp://127.0.0.1:587 /old.pem+/old.key"},
		{"a port that is shut", legacyMain + "master_service_disable = smtp/inet\n", smtpLine + subLine, "smtp://127.0.0.1:587 /old.pem+/old.key"},
		{"not a port of smtpd", legacyMain, "465 inet n - y - - other\nsmtp unix - - y - - smtp\n#smtp inet n - y - - smtpd\n", ""},
		{"comments within an entry", legacyMain, "smtp inet n - y - -\n# why\n\n  smtpd\n  -o smtpd_tls_cert_file=/x\n", "smtp://127.0.0.1:25 /x+/old.key"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := show(postfixFrom(c.main, c.master).sites()); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// show writes sites in one line.
func show(sites []daemon.Site) string {
	var all []string
	for _, s := range sites {
		var words []string
		for _, l := range s.Listen {
			words = append(words, l.URL())
			if slices.Contains(s.Proxied, l) {
				words = append(words, "PROXY")
			}
		}
		words = append(words, s.Names...)
		for _, p := range s.Pairs {
			words = append(words, p.Cert+"+"+p.Key)
		}
		if s.Fixed != "" {
			words = append(words, "FIXED")
		}
		all = append(all, strings.Join(words, " "))
	}
	return strings.Join(all, "; ")
}

func TestPostfixEdits(t *testing.T) {
	one := []daemon.Files{{Cert: "/i/v2/fullchain.pem", Key: "/i/v2/key.pem", Combined: "/i/v2/combined.pem"}}
	two := append(one, daemon.Files{Cert: "/i/v2/fullchain-ecdsa.pem", Key: "/i/v2/key-ecdsa.pem", Combined: "/i/v2/combined-ecdsa.pem"})
	at25, at465, own := []string{"smtp://127.0.0.1:25"}, []string{"smtps://127.0.0.1:465"}, "\n  -o smtpd_tls_chain_files=/i/v2/combined.pem\n"
	for _, c := range []struct {
		name, main, master string
		files              []daemon.Files
		listen             []string
		wantMain           string
		wantMaster         string
		warning            string
	}{
		{name: "the administrator's way is kept", main: legacyMain, master: smtpLine, files: one,
			wantMain: "smtpd_tls_cert_file = /i/v2/fullchain.pem\nsmtpd_tls_key_file = /i/v2/key.pem\nsmtpd_tls_security_level = may\n"},
		{name: "two need the chain", main: legacyMain, master: smtpLine, files: two, warning: "no longer count",
			wantMain: legacyMain + "smtpd_tls_chain_files = /i/v2/combined.pem, /i/v2/combined-ecdsa.pem\n"},
		{name: "what was ours goes", main: "smtpd_tls_cert_file=/i/v1/fullchain.pem\n# stays\nsmtpd_tls_key_file=/i/v1/key.pem\nsmtpd_tls_security_level = may\n", master: smtpLine, files: two,
			wantMain: "# stays\nsmtpd_tls_security_level = may\nsmtpd_tls_chain_files = /i/v2/combined.pem, /i/v2/combined-ecdsa.pem\n"},
		{name: "a chain over several lines", main: chainMain, master: smtpLine, files: one,
			wantMain: "smtpd_tls_chain_files = /i/v2/combined.pem\nsmtpd_tls_cert_file = /ignored\nsmtpd_tls_security_level=may\n"},
		{name: "comments within a chain stay", main: "smtpd_tls_chain_files =\n  # the first\n  /a.pem,\n# the second\n  /b.pem\nsmtpd_tls_security_level=may\n", master: smtpLine, files: one,
			wantMain: "smtpd_tls_chain_files = /i/v2/combined.pem\n  # the first\n# the second\nsmtpd_tls_security_level=may\n"},
		{name: "the last of two settings", main: "smtpd_tls_chain_files = /x\nsmtpd_tls_chain_files=/y\nsmtpd_tls_security_level = may", master: smtpLine, files: one,
			wantMain: "smtpd_tls_chain_files = /x\nsmtpd_tls_chain_files=/i/v2/combined.pem\nsmtpd_tls_security_level = may"},
		{name: "the sign and the value on lines of their own", main: "smtpd_tls_chain_files\n =\n# why\n /a.pem\n /b.pem\nsmtpd_tls_security_level\n\t= may\n", master: smtpLine, files: one,
			wantMain: "smtpd_tls_chain_files\n = /i/v2/combined.pem\n# why\nsmtpd_tls_security_level\n\t= may\n"},
		{name: "the older parameters on lines of their own", main: "smtpd_tls_cert_file\n = /old.pem\nsmtpd_tls_key_file\n  = /old.key\nsmtpd_tls_security_level = may\n", master: smtpLine, files: one,
			wantMain: "smtpd_tls_cert_file\n = /i/v2/fullchain.pem\nsmtpd_tls_key_file\n  = /i/v2/key.pem\nsmtpd_tls_security_level = may\n"},
		{name: "an override in braces over several lines", main: legacyMain, master: subLine + "  -o\n  { smtpd_tls_chain_files =\n# why\n  /s.pem,\n  /t.pem }\n  -o {smtpd_tls_loglevel\n = 1}\n", files: one,
			wantMaster: subLine + "  -o\n  { smtpd_tls_chain_files =\n# why\n  /i/v2/combined.pem\n   }\n  -o {smtpd_tls_loglevel\n = 1}\n"},
		{name: "nothing set, no newline at the end", main: "smtpd_tls_security_level = may", master: smtpLine, files: one,
			wantMain: "smtpd_tls_security_level = may\nsmtpd_tls_chain_files = /i/v2/combined.pem\n"},
		{name: "an override is changed where it stands", main: legacyMain, master: subLine + "\t-o smtpd_tls_chain_files=/s.pem,/t.pem # x\n", files: two,
			wantMaster: subLine + "\t-o smtpd_tls_chain_files=/i/v2/combined.pem,/i/v2/combined-ecdsa.pem # x\n"},
		{name: "an override in braces", main: chainMain, master: subLine + " -o {smtpd_tls_chain_files = /s.pem}\n", files: two,
			wantMaster: subLine + " -o {smtpd_tls_chain_files = /i/v2/combined.pem, /i/v2/combined-ecdsa.pem}\n"},
		{name: "a port of its own that is not meant stays", main: legacyMain, master: smtpLine + ownLine, files: one, listen: at25,
			wantMain: "smtpd_tls_cert_file = /i/v2/fullchain.pem\nsmtpd_tls_key_file = /i/v2/key.pem\nsmtpd_tls_security_level = may\n"},
		{name: "a port whose key alone is main.cf's stays", main: legacyMain, master: smtpLine + subLine + "  -o smtpd_tls_cert_file=/s.pem\n", files: one, listen: at25,
			wantMaster: smtpLine[:len(smtpLine)-1] + own + subLine + "  -o smtpd_tls_cert_file=/s.pem\n"},
		{name: "a port that shares main.cf and is not meant stays", main: legacyMain, master: smtpLine + subLine, files: one, listen: at25,
			wantMaster: smtpLine[:len(smtpLine)-1] + own + subLine},
		{name: "a port of the chain that is not meant stays", main: chainMain, master: smtpLine + subLine, files: one, listen: at25,
			wantMaster: smtpLine[:len(smtpLine)-1] + own + subLine},
		{name: "a port with its own pair alone is meant", main: legacyMain, master: smtpLine + ownLine, files: one, listen: at465,
			wantMaster: smtpLine + "465 inet n - y - - smtpd\n  -o smtpd_tls_wrappermode=yes\n  -o smtpd_tls_cert_file=/i/v2/fullchain.pem\n  -o smtpd_tls_key_file=/i/v2/key.pem\n"},
		{name: "two keys on a port with its own pair", main: legacyMain, master: smtpLine + ownLine, files: two, listen: at465, warning: "of 465 stays in master.cf and no longer counts",
			wantMaster: smtpLine + ownLine + "  -o smtpd_tls_chain_files=/i/v2/combined.pem,/i/v2/combined-ecdsa.pem\n"},
		{name: "a certificate for a variable", main: legacyMain + "own = /o.pem\n", master: smtpLine + wrapLine + "  -o smtpd_tls_cert_file=$own -o smtpd_tls_key_file=${own}\n", files: one, listen: at465,
			wantMaster: smtpLine + wrapLine + "  -o smtpd_tls_cert_file=/i/v2/fullchain.pem -o smtpd_tls_key_file=/i/v2/key.pem\n"},
		{name: "an override that names main.cf's is not changed with it", main: legacyMain, master: smtpLine + wrapLine + "  -o smtpd_tls_chain_files=$smtpd_tls_cert_file\n", files: one, listen: at25,
			wantMaster: smtpLine[:len(smtpLine)-1] + own + wrapLine + "  -o smtpd_tls_chain_files=$smtpd_tls_cert_file\n"},
		{name: "a chain that would win over another port's own pair", main: "smtpd_tls_security_level = may\n", master: smtpLine + ownLine, files: one, listen: at25,
			wantMaster: smtpLine[:len(smtpLine)-1] + own + ownLine},
		{name: "no newline behind the last entry", main: legacyMain, master: wrapLine + smtpLine[:len(smtpLine)-1], files: one, listen: at25,
			wantMaster: wrapLine + smtpLine[:len(smtpLine)-1] + own[:len(own)-1]},
		{name: "a client that follows is told of", main: legacyMain + "smtp_tls_cert_file = $smtpd_tls_cert_file\nsmtp_tls_key_file = $smtpd_tls_key_file\n", master: smtpLine, files: one, warning: "Postfix as a client presents",
			wantMain: "smtpd_tls_cert_file = /i/v2/fullchain.pem\nsmtpd_tls_key_file = /i/v2/key.pem\nsmtpd_tls_security_level = may\nsmtp_tls_cert_file = $smtpd_tls_cert_file\nsmtp_tls_key_file = $smtpd_tls_key_file\n"},
		{name: "a client that follows in one half is not torn", main: legacyMain + "smtp_tls_cert_file = $smtpd_tls_cert_file\nsmtp_tls_key_file = /old.key\n", master: smtpLine, files: one, warning: "no longer count",
			wantMain: legacyMain + "smtp_tls_cert_file = $smtpd_tls_cert_file\nsmtp_tls_key_file = /old.key\nsmtpd_tls_chain_files = /i/v2/combined.pem\n"},
		{name: "a service that sends and follows", main: legacyMain, master: smtpLine + "relay unix - - y - - smtp -o smtp_tls_chain_files=$smtpd_tls_chain_files\n", files: two, warning: "Postfix as a client presents",
			wantMain: legacyMain + "smtpd_tls_chain_files = /i/v2/combined.pem, /i/v2/combined-ecdsa.pem\n"},
		{name: "postscreen alone", main: legacyMain, master: screenLines + subLine, files: one, listen: at25,
			wantMaster: strings.NewReplacer("smtpd\n", "smtpd"+own, "tlsproxy\n", "tlsproxy"+strings.ReplaceAll(own, "smtpd", "tlsproxy")).Replace(screenLines) + subLine},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := postfixFrom(c.main, c.master)
			chosen := sitesAt(t, p.sites(), c.listen)
			e, err := p.edit(chosen, c.files)
			if err != nil {
				t.Fatal(err)
			}
			if got := e.Texts[p.main]; got != c.wantMain {
				t.Errorf("main.cf is\n%s\nwant\n%s", got, c.wantMain)
			}
			if got := e.Texts[p.master]; got != c.wantMaster {
				t.Errorf("master.cf is\n%s\nwant\n%s", got, c.wantMaster)
			}
			if said := strings.Join(e.Warnings, "\n"); (c.warning == "") != (said == "") || !strings.Contains(said, c.warning) {
				t.Errorf("warnings: %q", said)
			}
			if again := postfixFrom(textOf(e, p.main, c.main), textOf(e, p.master, c.master)); !pointsAt(again, chosen, e.Pairs) {
				t.Errorf("afterwards: %s", show(again.sites()))
			}
		})
	}
}

func textOf(e daemon.Edited, path, before string) string {
	if text, ok := e.Texts[path]; ok {
		return text
	}
	return before
}

// sitesAt are the sites of these ports, all where none are given.
func sitesAt(t *testing.T, sites []daemon.Site, ports []string) []daemon.Site {
	t.Helper()
	asked, err := daemon.ParseListeners(ports)
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(sites, func(s daemon.Site) bool { return len(asked) > 0 && !daemon.AnyAt(s.Listen, asked) || s.Fixed != "" })
}

func pointsAt(p *postfixConf, chosen []daemon.Site, pairs []daemon.Installed) bool {
	for _, s := range p.sites() {
		for _, meant := range chosen {
			if s.Index == meant.Index && fmt.Sprint(s.Pairs) != fmt.Sprint(pairs) {
				return false
			}
		}
	}
	return true
}
