package drivers

import (
	"strings"
	"testing"

	"certdesk/certstore/services/daemon"
)

// The parsers read files that anybody may have written: none may crash, and what one says a value is must stand at the
// place where it would be changed.

func FuzzMaster(f *testing.F) {
	f.Add(masterExample)
	f.Add("smtp inet n - y - - smtpd\n -o {a = b} -oc=d -o e\n")
	f.Fuzz(func(t *testing.T, text string) {
		for _, e := range parseMaster(text) {
			for _, o := range e.options {
				if got := e.line.text[o.valueFrom:o.valueTo]; got != o.value {
					t.Fatalf("%q stands at %d, not %q", got, o.valueFrom, o.value)
				}
			}
		}
	})
}

const masterExample = subLine + "  -o smtpd_tls_chain_files=/a,/b\n  -o { smtpd_tls_cert_file = /c d }\n"

func FuzzMainCF(f *testing.F) {
	f.Add(legacyMain)
	f.Add("smtpd_tls_cert_file=\n  /a\n# c\n  /b")
	f.Add("smtpd_tls_cert_file = x\r\n")
	f.Add("smtpd_tls_cert_file\n =\n# c\n /a\n")
	f.Fuzz(func(t *testing.T, text string) {
		const name = "smtpd_tls_cert_file"
		now := rewrite(text, setParameter(text, name, "/new"))
		if got, ok := mainValue(now, name); !ok || got != "/new" {
			t.Fatalf("%q became %q", text, now)
		}
		if again := rewrite(now, setParameter(now, name, "/new")); again != now {
			t.Fatalf("a second time: %q, %q", now, again)
		}
		rewrite(now, dropParameter(now, name))
	})
}

func FuzzSNITable(f *testing.F) {
	f.Add("# c\nmail.a.test /a.pem,\n  /b.pem\n  # d\n  /c.pem,\n.b.test\n /d.pem")
	f.Add("{ a.test = /x, /y }, ${b?{c}:{d}} $(e)")
	f.Fuzz(func(t *testing.T, text string) {
		table := &sniTable{path: "/sni", text: text, lines: parseSNI(text)}
		for _, name := range table.names() {
			p := &postfixConf{texts: newTexts()}
			p.texts.was["/sni"] = text
			for _, line := range table.lines {
				if line.name == name {
					p.replaceFiles(table, line, "/new")
				}
			}
			now := &sniTable{text: text, lines: parseSNI(rewrite(text, p.texts.edits["/sni"]))}
			if got := now.files(name); len(got) != 1 || got[0] != "/new" {
				t.Fatalf("%q in %q has %q", name, text, got)
			}
		}
		parseInline(text)
		x := expansion{value: func(name string) (string, bool) { return text, true }}
		x.expand(text)
	})
}

func FuzzDoveconf(f *testing.F) {
	f.Add(dovecotPorts)
	f.Add("local_name \"a\" {\nprotocol imap {\nssl_cert = <x\n}\n}}\n{")
	f.Add("ssl_cert = \\\n <x # y\r\nssl_key =\nlocal ::1/64 {\nssl=no\n}")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := readDovecot("/d.conf", map[string]string{"/d.conf": text})
		if err != nil {
			return
		}
		for _, filter := range s.filters {
			for _, a := range filter.set {
				if a.from > a.to || a.to > a.end || !strings.Contains(text[a.from:a.to], "\\") && text[a.from:a.to] != a.raw {
					t.Fatalf("%q stands at %d to %d, not %q", text[a.from:a.to], a.from, a.to, a.raw)
				}
			}
		}
		s.conf(daemon.Host{}, daemon.Instance{Use: "IMAP"}, text, nil).sites()
		withoutProtocols(addToSection(text, "IMAP", "protocol imap {\n}\n"))
	})
}

func FuzzNginx(f *testing.F) {
	f.Add("http { server { listen 443 ssl; ssl_certificate \"/a b\"; ssl_certificate_key /k; } }")
	f.Add("a ${b}c '\\'' \"\\\"\" ; # x\n}")
	f.Fuzz(func(t *testing.T, text string) {
		nodes, err := parseNginx("f", text)
		if err != nil {
			return
		}
		var walk func([]*nginxNode)
		walk = func(nodes []*nginxNode) {
			for _, d := range nodes {
				if d.from < 0 || d.to > len(text) || d.from >= d.to || d.argFrom > d.argTo || d.argTo > d.to {
					t.Fatalf("%+v does not lie in %q", d, text)
				}
				walk(d.children)
			}
		}
		walk(nodes)
		for _, d := range nodes {
			nginxListen(d.arg(0))
		}
	})
}

func FuzzApache(f *testing.F) {
	f.Add("<VirtualHost *:443>\n SSLCertificateFile \\\n \"/a b\"\n</VirtualHost>\n<IfModule !x>\ny\n</IfModule>")
	f.Add("a\\\n\\\n")
	f.Add("SSLCertificateFile /a\\\nb 'c\\'d' e\n")
	f.Fuzz(func(t *testing.T, text string) {
		for i, l := range parseApache("f", text) {
			if l.from > l.to || l.valueFrom > l.valueTo || l.valueTo > len(text) {
				t.Fatalf("%+v does not lie in %q", l, text)
			}
			ends := l.valueTo == len(text) || strings.IndexByte(" \t\n", text[l.valueTo]) >= 0
			if l.value == "" || !ends || strings.HasPrefix(l.name, "<") {
				continue
			}
			now := text[:l.valueFrom] + "/new" + text[l.valueTo:]
			if all := parseApache("f", now); i >= len(all) || all[i].value != "/new" || all[i].name != l.name {
				t.Fatalf("%q became %q", text, now)
			}
		}
		parseApacheDump(text)
	})
}
