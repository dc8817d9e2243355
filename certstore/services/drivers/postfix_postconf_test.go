package drivers

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"certdesk/certstore/daemontest"
	"certdesk/certstore/services/daemon"
)

// TestPostfixAgreesWithPostconf holds our reading of odd configurations to postconf's, which starts no daemon. Where the
// two differ a port is left alone, so what is not FIXED here was read alike; and after a change it is once more.
func TestPostfixAgreesWithPostconf(t *testing.T) {
	daemontest.Need(t, "postconf")
	one := []daemon.Files{{Cert: "/i/v2/fullchain.pem", Key: "/i/v2/key.pem", Combined: "/i/v2/combined.pem"}}
	const base = "compatibility_level = 3.6\nmyhostname = mail.a.test\nsmtpd_tls_security_level = may\n"
	for name, c := range map[string]struct{ main, master, want string }{
		"comments and lines that continue": {"smtpd_tls_chain_files =\n# one\n /a.pem,\n\n  # two\n\t/b.pem\n", "smtp\n  inet n - y - -\n# why\n smtpd\n",
			"smtp://127.0.0.1:25 /a.pem+/a.pem /b.pem+/b.pem"},
		"every part on a line of its own": {"smtpd_tls_chain_files\n =\n# one\n /a.pem,\n /b.pem\n", "smtp inet n - y - - smtpd -o\n { smtpd_tls_security_level =\n# why\n encrypt }\n",
			"smtp://127.0.0.1:25 /a.pem+/a.pem /b.pem+/b.pem"},
		"an override in braces over lines": {"", subLine + " -o { smtpd_tls_chain_files =\n# one\n /a.pem,\n /b.pem\n }\n", "smtp://127.0.0.1:587 /a.pem+/a.pem /b.pem+/b.pem"},
		"the last setting counts":          {"smtpd_tls_cert_file=/a\nsmtpd_tls_cert_file = /b\n", smtpLine, "smtp://127.0.0.1:25 /b+/b"},
		"a key that follows":               {"smtpd_tls_cert_file = /a\n", subLine + " -o smtpd_tls_cert_file=/s.pem\n", "smtp://127.0.0.1:587 /s.pem+/s.pem"},
		"conditions":                       {"dir = /d\nnone =\n", subLine + " -o {smtpd_tls_cert_file = ${none?{/no}:{${dir}/c pem}}} -o smtpd_tls_key_file=${none:$dir/k}\n", "smtp://127.0.0.1:587 /d/c pem+/d/k"},
		"braces around an option's value":  {"dir = /d\n", subLine + " -o smtpd_tls_cert_file=${dir?{/x}:{/y}}\n", "smtp://127.0.0.1:587 /x+/x"},
		"the configuration's own":          {"smtpd_tls_cert_file = $config_directory/c.pem\n", smtpLine, "smtp://127.0.0.1:25 DIR/c.pem+DIR/c.pem"},
		"two options in one word":          {"", subLine + " -osmtpd_tls_chain_files=/s.pem -v -o syslog_name=x\n", "smtp://127.0.0.1:587 /s.pem+/s.pem"},
		"what nothing sets":                {"smtpd_tls_cert_file = /a\n", smtpLine + subLine + " -o smtpd_tls_cert_file=$nothing\n", "smtp://127.0.0.1:25 /a+/a; smtp://127.0.0.1:587 FIXED"},
		"a comparison":                     {"smtpd_tls_cert_file = /a\n", smtpLine + subLine + " -o {smtpd_tls_cert_file = ${{1} == {1} ? {/x} : {/y}}}\n", "smtp://127.0.0.1:25 /a+/a; smtp://127.0.0.1:587 FIXED"},
		"a service by number and its name": {"smtpd_tls_cert_file = /a\n", "127.0.0.1:smtp inet n - y - - smtpd\n[::1]:submission inet n - y - - smtpd\n", "smtp://127.0.0.1:25 /a+/a; smtp://[::1]:587 /a+/a"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			settled(t, dir+"/main.cf", base+c.main)
			settled(t, dir+"/master.cf", c.master)
			r := readPostfix(t, dir)
			if got, want := show(r.Sites), strings.ReplaceAll(c.want, "DIR", dir); got != want {
				t.Fatalf("got  %s\nwant %s", got, want)
			}
			e, err := r.Edit(r.Sites[:1], one)
			if err != nil {
				t.Fatal(err)
			}
			for path, text := range e.Texts {
				settled(t, path, text)
			}
			after := readPostfix(t, dir)
			for i, s := range after.Sites {
				want := r.Sites[i].Pairs
				if i == 0 {
					want = e.Pairs
				}
				if describePairs(s.Pairs) != describePairs(want) || s.Fixed != r.Sites[i].Fixed && i > 0 {
					t.Errorf("afterwards: %s\n%s%s", show(after.Sites), daemontest.Read(t, dir+"/main.cf"), daemontest.Read(t, dir+"/master.cf"))
				}
			}
		})
	}
}

// settled writes a file that looks older than it is: Postfix waits until one is that has just been changed.
func settled(t *testing.T, path, text string) {
	t.Helper()
	daemontest.Put(t, path, text)
	old := time.Now().Add(-time.Minute)
	if err := os.Chtimes(path, old, old); err != nil {
		t.Fatal(err)
	}
}

func readPostfix(t *testing.T, dir string) *daemon.Reading {
	t.Helper()
	r, err := postfix{}.Read(context.Background(), daemon.Host{Root: t.TempDir()}, daemon.Instance{Config: dir}) // whoever has its ports
	if err != nil {
		t.Fatal(err)
	}
	return r
}
