package daemontest

import (
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const mainCF = `# A comment that stays.
compatibility_level = 3.6
queue_directory = DIR/queue
data_directory = DIR/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
multi_instance_name = postfix-test
multi_instance_enable = no
maillog_file = DIR/maillog
maillog_file_prefixes = DIR
myhostname = mail.example.test
mydestination = example.test,
    localhost
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
alias_maps =
alias_database =
smtpd_peername_lookup = no
smtpd_tls_security_level = may
smtpd_tls_cert_file = DIR/tls/cert.pem
smtpd_tls_key_file=DIR/tls/key.pem
# smtpd_tls_cert_file = /not/this
smtpd_tls_loglevel = 1
smtp_tls_security_level = may
smtpd_client_connection_count_limit = 0
smtpd_client_connection_rate_limit = 0
`

const masterCF = `# service type  private unpriv  chroot  wakeup  maxproc command
127.0.0.1:%d inet n - n - - smtpd
127.0.0.1:%d inet n - n - - smtpd
  -o smtpd_tls_security_level=encrypt
  -o syslog_name=submission
127.0.0.1:%d inet n - n - - smtpd -o smtpd_tls_wrappermode=yes -o syslog_name=smtps
pickup    unix  n       -       n       60      1       pickup
cleanup   unix  n       -       n       -       0       cleanup
qmgr      unix  n       -       n       300     1       qmgr
tlsmgr    unix  -       -       n       1000?   1       tlsmgr
rewrite   unix  -       -       n       -       -       trivial-rewrite
bounce    unix  -       -       n       -       0       bounce
defer     unix  -       -       n       -       0       bounce
trace     unix  -       -       n       -       0       bounce
verify    unix  -       -       n       -       1       verify
flush     unix  n       -       n       1000?   0       flush
proxymap  unix  -       -       n       -       -       proxymap
smtp      unix  -       -       n       -       -       smtp
relay     unix  -       -       n       -       -       smtp
showq     unix  n       -       n       -       -       showq
error     unix  -       -       n       -       -       error
retry     unix  -       -       n       -       -       error
discard   unix  -       -       n       -       -       discard
local     unix  -       n       n       -       -       local
virtual   unix  -       n       n       -       -       virtual
lmtp      unix  -       -       n       -       -       lmtp
anvil     unix  -       -       n       -       1       anvil
scache    unix  -       -       n       -       1       scache
postlog   unix-dgram n  -       n       -       1       postlogd
`

// Postfix runs smtp, submission and smtps. adapt may change main.cf and master.cf first.
func Postfix(t testing.TB, p Pair, adapt ...func(file, text string) string) *Daemon {
	t.Helper()
	NeedRoot(t)
	Need(t, "postfix", "postconf", "openssl")
	root := dir(t, "etc", "queue", "data", "tls")
	if u, err := user.Lookup("postfix"); err == nil {
		uid, _ := strconv.Atoi(u.Uid)
		os.Chown(filepath.Join(root, "data"), uid, 0)
	}
	n := ports(t, 3)
	d := &Daemon{Dir: root, Config: filepath.Join(root, "etc"), File: filepath.Join(root, "etc", "main.cf"),
		Cert: filepath.Join(root, "tls/cert.pem"), Key: filepath.Join(root, "tls/key.pem"),
		Log: filepath.Join(root, "maillog"), pid: filepath.Join(root, "queue/pid/master.pid"),
		URLs: []string{fmt.Sprintf("smtp://127.0.0.1:%d", n[0]), fmt.Sprintf("smtp://127.0.0.1:%d", n[1]),
			fmt.Sprintf("smtps://127.0.0.1:%d", n[2])}}
	d.stop, d.Reload = []string{"postfix", "-c", d.Config, "stop"}, []string{"postfix", "-c", d.Config, "reload"}
	files := map[string]string{"main.cf": strings.ReplaceAll(mainCF, "DIR", root),
		"master.cf": fmt.Sprintf(masterCF, n[0], n[1], n[2])}
	for name, text := range files {
		for _, a := range adapt {
			text = a(name, text)
		}
		write(t, filepath.Join(d.Config, name), text)
	}
	p.Install(t, d.Cert, d.Key)
	run(t, "postfix", "-c", d.Config, "start")
	return d.started(t)
}
