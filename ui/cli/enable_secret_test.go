package cli

import (
	"os"
	"strings"
	"testing"

	"certdesk/certstore/daemontest"
)

// secretLines are the lines of a key that no output may have.
func secretLines(key string) (lines []string) {
	for _, l := range strings.Split(key, "\n") {
		if len(l) > 20 && !strings.Contains(l, "-----") {
			lines = append(lines, l)
		}
	}
	return lines
}

// showsNone holds that a run showed nothing of a key, on either stream, as text or as JSON.
func showsNone(t *testing.T, what string, r result, key string) {
	t.Helper()
	for _, line := range secretLines(key) {
		if strings.Contains(r.out, line) || strings.Contains(r.err, line) {
			t.Errorf("%s shows a line of the key:\n%s%s", what, r.out, r.err)
			return
		}
	}
}

// Issue 9, kind 3: whatever stands where certdesk changes files, no way of enabling shows a key that is in it.
func TestNoWayOfEnablingShowsAKey(t *testing.T) {
	t.Parallel()
	pair := daemontest.NewCA(t).Issue(t, daemontest.Wish{RSA: true})
	key := string(pair.Key)
	encrypted := strings.ReplaceAll(key, " PRIVATE KEY", " ENCRYPTED PRIVATE KEY")
	for name, text := range map[string]string{"a key": key, "key and chain": key + string(pair.Chain), "chain and key": string(pair.Chain) + key, "an encrypted key": encrypted} {
		o := newOffice(t)
		v := o.newVoice("UM", "tls")
		for _, file := range []string{"fullchain.pem", "key.pem", "combined.pem"} {
			if err := os.WriteFile(v.dir+"/"+file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		e := o.valid("voice.example.org", "--services", "UM")
		for _, more := range [][]string{{"--print"}, {"--print", "--json"}, {}, {"--json"}} {
			r := o.run(append([]string{"enable", e.Thumbprint}, more...)...)
			showsNone(t, name+" "+strings.Join(more, " "), r, key)
			if len(more) > 0 && more[0] == "--print" {
				contains(t, r.out, "holds a private key: not shown")
			}
		}
	}
}

// A key that was pasted into a configuration is not shown by the plan that changes another line of it.
func TestAPlanShowsNoKeyOfAConfiguration(t *testing.T) {
	t.Parallel()
	daemontest.Need(t, "postconf")
	pair := daemontest.NewCA(t).Issue(t, daemontest.Wish{RSA: true})
	key := string(pair.Key)
	o := newOffice(t)
	for _, err := range []error{os.Mkdir(o.path("etc"), 0o755), os.WriteFile(o.path("both.pem"), append(pair.Key, pair.Chain...), 0o600)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	o.write("etc/master.cf", "31025 inet n - n - - smtpd\n")
	o.write("etc/main.cf", "smtpd_tls_security_level = may\ninet_interfaces = 127.0.0.1\nsmtpd_tls_chain_files = "+o.path("both.pem")+
		"\n# the old one, in case:\n# "+strings.ReplaceAll(key, "\n", "\n# ")+"\n")
	o.daemon(&daemontest.Daemon{Config: o.path("etc")}, "postfix", "SMTP")
	e := o.valid(daemontest.Name, "--services", "SMTP")
	for _, more := range [][]string{{"--print"}, {"--print", "--json"}} {
		r := o.must(append([]string{"enable", e.Thumbprint}, more...)...)
		showsNone(t, strings.Join(more, " "), r, key)
		contains(t, r.out, "main.cf", "not shown")
	}
	o.write("etc/main.cf", strings.ReplaceAll(key, "\n", "\n"))
	r := o.run("enable", e.Thumbprint, "--print")
	showsNone(t, "a main.cf that is a key", r, key)
}
