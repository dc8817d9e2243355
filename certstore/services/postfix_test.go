package services

import (
	"crypto/x509"
	"fmt"
	"strings"
	"testing"
)

// postfixFrom makes a configuration as postconf would read it: parameters of main.cf that stand on one line each.
func postfixFrom(main, master string) *postfixConf {
	p := &postfixConf{main: "/etc/postfix/main.cf", master: "/etc/postfix/master.cf", texts: newTexts(), value: map[string]string{"inet_interfaces": "all"}}
	p.texts.was[p.main], p.texts.was[p.master] = main, master
	for _, name := range asked {
		if s, ok := findSetting(main, name); ok {
			p.value[name] = strings.Join(strings.Fields(main[s.valueFrom:s.valueTo]), " ")
		}
	}
	if p.value["smtpd_tls_key_file"] == "" {
		p.value["smtpd_tls_key_file"] = p.value["smtpd_tls_cert_file"]
	}
	for _, name := range []string{"chain_files", "cert_file"} {
		if p.value["tlsproxy_tls_"+name] == "" {
			p.value["tlsproxy_tls_"+name] = p.value["smtpd_tls_"+name]
		}
	}
	p.entries = parseMaster(master)
	return p
}

const (
	legacyMain = "smtpd_tls_cert_file = /old.pem\nsmtpd_tls_key_file = /old.key\nsmtpd_tls_security_level = may\n"
	chainMain  = "smtpd_tls_chain_files = /a.pem,\n  /b.pem\nsmtpd_tls_cert_file = /ignored\nsmtpd_tls_security_level=may\n"
	smtpLine   = "smtp inet n - y - - smtpd\n"
	subLine    = "submission inet n - y - - smtpd\n  -o syslog_name=postfix/submission\n"
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
		{"postscreen with files of its own", legacyMain + "tlsproxy_tls_cert_file = /p.pem\n", "smtp inet n - y - 1 postscreen\n", "smtp://127.0.0.1:25 /old.pem+/old.key FIXED"},
		{"addresses", legacyMain + "inet_interfaces = 192.0.2.1, [2001:db8::1]\n", smtpLine + "[::1]:2525 inet n - y - - smtpd\n",
			"smtp://192.0.2.1:25 smtp://[2001:db8::1]:25 /old.pem+/old.key; smtp://[::1]:2525 /old.pem+/old.key"},
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
func show(sites []Site) string {
	var all []string
	for _, s := range sites {
		var words []string
		for _, l := range s.Listen {
			words = append(words, l.URL())
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
	one := []versionFiles{{"/i/v2/fullchain.pem", "/i/v2/key.pem", "/i/v2/combined.pem"}}
	two := append(one, versionFiles{"/i/v2/fullchain-ecdsa.pem", "/i/v2/key-ecdsa.pem", "/i/v2/combined-ecdsa.pem"})
	for _, c := range []struct {
		name, main, master string
		files              []versionFiles
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
		{name: "the last of two settings", main: "smtpd_tls_chain_files = /x\nsmtpd_tls_chain_files=/y\nsmtpd_tls_security_level = may", master: smtpLine, files: one,
			wantMain: "smtpd_tls_chain_files = /x\nsmtpd_tls_chain_files=/i/v2/combined.pem\nsmtpd_tls_security_level = may"},
		{name: "nothing set, no newline at the end", main: "smtpd_tls_security_level = may", master: smtpLine, files: one,
			wantMain: "smtpd_tls_security_level = may\nsmtpd_tls_chain_files = /i/v2/combined.pem\n"},
		{name: "an override is changed where it stands", main: legacyMain, master: subLine + "\t-o smtpd_tls_chain_files=/s.pem,/t.pem # x\n", files: two, warning: "no longer count",
			wantMain:   legacyMain + "smtpd_tls_chain_files = /i/v2/combined.pem, /i/v2/combined-ecdsa.pem\n",
			wantMaster: subLine + "\t-o smtpd_tls_chain_files=/i/v2/combined.pem,/i/v2/combined-ecdsa.pem # x\n"},
		{name: "an override in braces", main: chainMain, master: subLine + " -o {smtpd_tls_chain_files = /s.pem}\n", files: two,
			wantMain:   "smtpd_tls_chain_files = /i/v2/combined.pem, /i/v2/combined-ecdsa.pem\nsmtpd_tls_cert_file = /ignored\nsmtpd_tls_security_level=may\n",
			wantMaster: subLine + " -o {smtpd_tls_chain_files = /i/v2/combined.pem, /i/v2/combined-ecdsa.pem}\n"},
		{name: "a port of its own that is not meant stays", main: legacyMain, master: smtpLine + subLine + "  -o smtpd_tls_cert_file=/s.pem\n", files: one, listen: []string{"smtp://127.0.0.1:25"},
			wantMain: "smtpd_tls_cert_file = /i/v2/fullchain.pem\nsmtpd_tls_key_file = /i/v2/key.pem\nsmtpd_tls_security_level = may\n"},
		{name: "a port that shares is named", main: legacyMain, master: smtpLine + subLine, files: one, listen: []string{"smtp://127.0.0.1:25"}, warning: "port submission shares main.cf",
			wantMain: "smtpd_tls_cert_file = /i/v2/fullchain.pem\nsmtpd_tls_key_file = /i/v2/key.pem\nsmtpd_tls_security_level = may\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := postfixFrom(c.main, c.master)
			chosen, err := choose(Instance{Listen: c.listen}, p.sites(), &x509.Certificate{DNSNames: []string{"a.test"}})
			if err != nil {
				t.Fatal(err)
			}
			e, err := p.edit(chosen.sites, c.files)
			if err != nil {
				t.Fatal(err)
			}
			if got := e.texts[p.main]; got != c.wantMain {
				t.Errorf("main.cf is\n%s\nwant\n%s", got, c.wantMain)
			}
			if got := e.texts[p.master]; got != c.wantMaster {
				t.Errorf("master.cf is\n%s\nwant\n%s", got, c.wantMaster)
			}
			if said := strings.Join(e.warnings, "\n"); (c.warning == "") != (said == "") || !strings.Contains(said, c.warning) {
				t.Errorf("warnings: %q", said)
			}
			if again := postfixFrom(e.text(p.main, c.main), e.text(p.master, c.master)); !pointsAt(again, chosen, e.pairs) {
				t.Errorf("afterwards: %s", show(again.sites()))
			}
		})
	}
}

func (e edited) text(path, before string) string {
	if text, ok := e.texts[path]; ok {
		return text
	}
	return before
}

func pointsAt(p *postfixConf, c choice, pairs []Installed) bool {
	for _, s := range p.sites() {
		for _, meant := range c.sites {
			if s.index == meant.index && fmt.Sprint(s.Pairs) != fmt.Sprint(pairs) {
				return false
			}
		}
	}
	return true
}

func TestPostfixRefusesWhatWouldChangeAnotherPort(t *testing.T) {
	p := postfixFrom(chainMain, smtpLine+subLine+"  -o smtpd_tls_chain_files=/s.pem\n")
	if _, err := p.edit(p.sites()[:1], []versionFiles{{"/c", "/k", "/b"}}); err != nil {
		t.Errorf("an override of its own protects it: %v", err)
	}
	p = postfixFrom("smtpd_tls_security_level = may\n", smtpLine+subLine+"  -o smtpd_tls_cert_file=/s.pem\n")
	if _, err := p.edit(p.sites()[:1], []versionFiles{{"/c", "/k", "/b"}}); err == nil || !strings.Contains(err.Error(), "submission") {
		t.Error(err)
	}
}

func TestPostfixNamesItsSNITables(t *testing.T) {
	dir := t.TempDir()
	put(t, dir+"/sni", "# names\nmail.a.test /k.pem,\n  /l.pem\n.b.test /m.pem\n")
	p := postfixFrom(legacyMain+"tls_server_sni_maps = hash:"+dir+"/sni, ldap:/etc/sni.cf\n", smtpLine)
	want := "smtp://127.0.0.1:25 /old.pem+/old.key; smtp://127.0.0.1:25 *.b.test /m.pem+/m.pem FIXED; smtp://127.0.0.1:25 mail.a.test /k.pem+/k.pem /l.pem+/l.pem FIXED; smtp://127.0.0.1:25 FIXED"
	if got := show(p.sites()); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	leaf := &x509.Certificate{DNSNames: []string{"mail.a.test", "mail.c.test"}}
	if c, err := (Instance{}).choose(Wish{Server: "mail.c.test"}, p.sites(), leaf); err != nil || len(c.sites) != 1 || len(c.left) != 3 || !strings.Contains(c.left[1].Fixed, "postmap -F") {
		t.Errorf("%+v %v", c, err)
	}
	if _, err := choose(Instance{Name: "mail.a.test"}, p.sites(), leaf); err == nil || !strings.Contains(err.Error(), "postmap -F") {
		t.Error(err)
	}
	if c, err := choose(Instance{Name: "mail.c.test"}, p.sites(), leaf); err != nil || len(c.proofs) != 1 || c.proofs[0].Name != "mail.c.test" {
		t.Errorf("%+v %v", c, err)
	}
}
