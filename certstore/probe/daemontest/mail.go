package daemontest

import (
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Postfix starts smtp, submission and smtps. It needs root. More than one pair is served by kind of key.
func Postfix(t testing.TB, pair Pair, more ...Pair) *Daemon {
	t.Helper()
	postfix := Need(t, "postfix")
	if os.Geteuid() != 0 {
		missing(t, "Postfix starts for root alone")
	}
	d := newDaemon(t, pair, "smtp", "submission", "smtps")
	d.Config, d.log = filepath.Join(d.Dir, "etc"), filepath.Join(d.Dir, "maillog")
	d.write("etc/main.cf", postfixMain+d.eccert(more))
	d.write("etc/master.cf", postfixMaster)
	d.mkdir("queue", "data")
	own(t, filepath.Join(d.Dir, "data"), "postfix")
	d.Reload = []string{postfix, "-c", d.Config, "reload"}
	d.run(postfix, "-c", d.Config, "start")
	t.Cleanup(d.stopMaster)
	d.await(nil)
	return d
}

// stopMaster ends Postfix by its own process id. `postfix stop` would wait for seconds where nobody reaps the dead master.
func (d *Daemon) stopMaster() {
	text, err := os.ReadFile(filepath.Join(d.Dir, "queue", "pid", "master.pid"))
	pid, notNumber := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil || notNumber != nil {
		d.t.Errorf("Postfix's process id: %v %v", err, notNumber)
		return
	}
	master, err := os.FindProcess(pid)
	if err != nil {
		d.t.Errorf("Postfix's process: %v", err)
		return
	}
	_ = master.Signal(syscall.SIGTERM)
	for range 500 {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil || strings.Contains(string(stat), ") Z ") {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	_ = master.Kill()
}

// eccert serves a second, ECDSA pair beside the first.
func (d *Daemon) eccert(more []Pair) string {
	return d.more(more, "smtpd_tls_eccert_file = %CERT%\nsmtpd_tls_eckey_file = %KEY%\n")
}

// more installs further pairs beside the first and gives the directives that name them.
func (d *Daemon) more(pairs []Pair, directives string) (text string) {
	d.t.Helper()
	for i, p := range pairs {
		cert, key := filepath.Join(d.Dir, fmt.Sprintf("cert%d.pem", i+2)), filepath.Join(d.Dir, fmt.Sprintf("key%d.pem", i+2))
		p.Install(d.t, cert, key)
		text += strings.NewReplacer("%CERT%", cert, "%KEY%", key).Replace(directives)
	}
	return text
}

func own(t testing.TB, path, name string) {
	t.Helper()
	u, err := user.Lookup(name)
	if err != nil {
		t.Fatal(err)
	}
	uid, _ := strconv.Atoi(u.Uid)
	if err := os.Chown(path, uid, 0); err != nil {
		t.Fatal(err)
	}
}

// asRoot is text that a configuration needs where root starts the daemon.
func asRoot(text string) string {
	if os.Geteuid() == 0 {
		return text
	}
	return ""
}

const postfixMain = `compatibility_level = 3.6
queue_directory = @DIR@/queue
data_directory = @DIR@/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
multi_instance_name = postfix-daemontest
multi_instance_enable = no
maillog_file = @DIR@/maillog
maillog_file_prefixes = @DIR@
myhostname = mail.example.test
mydestination = example.test, localhost
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
alias_maps =
alias_database =
smtpd_peername_lookup = no
smtpd_tls_security_level = may
smtpd_tls_cert_file = @CERT@
smtpd_tls_key_file = @KEY@
smtpd_tls_loglevel = 1
`

const postfixMaster = `127.0.0.1:@smtp@ inet n - n - - smtpd
127.0.0.1:@submission@ inet n - n - - smtpd -o smtpd_tls_security_level=encrypt -o syslog_name=submission
127.0.0.1:@smtps@ inet n - n - - smtpd -o smtpd_tls_wrappermode=yes -o syslog_name=smtps
pickup    unix  n - n 60    1 pickup
cleanup   unix  n - n -     0 cleanup
qmgr      unix  n - n 300   1 qmgr
tlsmgr    unix  - - n 1000? 1 tlsmgr
rewrite   unix  - - n -     - trivial-rewrite
bounce    unix  - - n -     0 bounce
defer     unix  - - n -     0 bounce
trace     unix  - - n -     0 bounce
verify    unix  - - n -     1 verify
flush     unix  n - n 1000? 0 flush
proxymap  unix  - - n -     - proxymap
smtp      unix  - - n -     - smtp
relay     unix  - - n -     - smtp
showq     unix  n - n -     - showq
error     unix  - - n -     - error
retry     unix  - - n -     - error
discard   unix  - - n -     - discard
local     unix  - n n -     - local
virtual   unix  - n n -     - virtual
lmtp      unix  - - n -     - lmtp
anvil     unix  - - n -     1 anvil
scache    unix  - - n -     1 scache
postlog   unix-dgram n - n - 1 postlogd
`
