package daemontest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const namedConf = `include "DIR/tsig.key";
include "DIR/other.key";
options {
  directory "DIR"; pid-file "DIR/named.pid"; session-keyfile "DIR/session.key";
  listen-on port PORT { 127.0.0.1; }; listen-on-v6 { none; };
  recursion no; dnssec-validation no; allow-transfer { none; };
};
controls {};
logging { channel own { file "DIR/named.log"; severity info; print-time yes; }; category default { own; }; };
zone "example.test" {
  type primary; file "DIR/example.test.zone"; dnssec-policy default; inline-signing yes; key-directory "DIR";
  update-policy { grant certdesk name _acme-challenge.mail.example.test. TXT; };
};
`

const namedZone = `$TTL 60
@ SOA ns hostmaster 1 3600 600 86400 60
@ NS ns
ns A 127.0.0.1
mail A 127.0.0.1
_acme-challenge.alias CNAME _acme-challenge.mail
`

// Named runs BIND with the signed zone example.test, of which the key certdesk may change one name. File is the
// certdesk key, Key that of another whom nothing is granted.
func Named(t testing.TB) *Daemon {
	t.Helper()
	Need(t, "named", "tsig-keygen")
	root := dir(t)
	port := ports(t, 1)[0]
	d := &Daemon{Dir: root, Config: filepath.Join(root, "named.conf"), File: filepath.Join(root, "tsig.key"),
		Key: filepath.Join(root, "other.key"), Log: filepath.Join(root, "named.log"), pid: filepath.Join(root, "named.pid"),
		URLs: []string{fmt.Sprintf("dns://127.0.0.1:%d", port)}}
	for name, file := range map[string]string{"certdesk": d.File, "other": d.Key} {
		made, err := exec.Command("tsig-keygen", "-a", "hmac-sha256", name).Output()
		if err != nil {
			t.Fatal(err)
		}
		replace(t, file, made, 0o600)
	}
	write(t, d.Config, strings.NewReplacer("DIR", root, "PORT", fmt.Sprint(port)).Replace(namedConf))
	write(t, filepath.Join(root, "example.test.zone"), namedZone)
	run(t, unconfined(t, root, "named"), "-c", d.Config, "-n", "1")
	return d.started(t)
}

// unconfined copies a program whose AppArmor profile, which goes by its path, would keep it from the test's directory.
func unconfined(t testing.TB, root, program string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(root, program)
	replace(t, copied, data, 0o755)
	return copied
}
