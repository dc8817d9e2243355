//go:build unix

package config

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"certdesk/certstore/fail"
)

// TestWhatAConfigurationNamesIsGuardedToo opens one file after the other to everybody.
func TestWhatAConfigurationNamesIsGuardedToo(t *testing.T) {
	dir := t.TempDir()
	named := map[string]string{}
	for _, name := range []string{"root.pem", "ca.pem", "password", "checker", "reloader", "script", "hook", "acme.pem", "eab.key", "tsig.key", "acme-dns", "dns-hook",
		"main.cf", "exim.conf", "smtp.password", "room", "token", "secret", "mta", "pager"} {
		named[name] = filepath.Join(dir, name)
		if err := os.WriteFile(named[name], nil, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	path := write(t, fmt.Sprintf(`trust = [%q]
[accepted_domains]
postfix = %q
exim = %q
[accepted_domains.ldap]
password_file = %q
ca_file = %q
[[service]]
use = "UM"
driver = "command"
install = "/etc/voice/tls"
check = [%q, "--check"]
reload = [%q]
[[service]]
use = "UM"
driver = "command"
install = "/etc/voice/other"
check = ["/bin/sh", %q]
reload = ["timeout", "5", %q]
[[acme]]
name = "a"
directory = "https://a.test/dir"
ca_file = %q
eab_kid = "x"
eab_key_file = %q
challenge = "dns-01"
dns = { server = "127.0.0.1:53", tsig_name = "x.", tsig_file = %q }
[[acme]]
name = "b"
directory = "https://b.test/dir"
challenge = "dns-01"
dns = { acme_dns = "https://b.test/", acme_dns_file = %q }
[[acme]]
name = "c"
directory = "https://c.test/dir"
challenge = "dns-01"
dns = { command = [%q, "x"] }
[[notify]]
mail = ["a@b.test"]
smtp = "smtp://a.test"
user = "a"
password_file = %q
webhook_file = %q
shape = "matrix"
token_file = %q
[[notify]]
mail = ["a@b.test"]
sendmail = %q
webhook = "https://a.test/"
secret_file = %q
command = [%q, "x"]
`, named["root.pem"], dir, named["exim.conf"], named["password"], named["ca.pem"], named["checker"], named["reloader"], named["script"], named["hook"], named["acme.pem"], named["eab.key"], named["tsig.key"], named["acme-dns"], named["dns-hook"],
		named["smtp.password"], named["room"], named["token"], named["mta"], named["secret"], named["pager"]))
	if _, err := Load(path); err != nil {
		t.Fatalf("all as it should be: %v", err)
	}
	for name, file := range named {
		if err := os.Chmod(file, 0o702); err != nil {
			t.Fatal(err)
		}
		_, err := Load(path)
		if !fail.Is(err, fail.UnsafeConfig) || !strings.Contains(fail.Of(err).Hint, "chmod go-w "+file) {
			t.Errorf("%s may be written by everybody: error %v, hint %q", name, err, fail.Of(err).Hint)
		}
		if err := os.Chmod(file, 0o700); err != nil {
			t.Fatal(err)
		}
	}
}
