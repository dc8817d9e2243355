package daemontest

import (
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strings"
	"testing"
)

const dovecotConf = `# A comment that stays.
protocols = imap pop3
listen = 127.0.0.1
base_dir = DIR/run
state_dir = DIR/state
log_path = DIR/log
ssl = yes
ssl_cert = <DIR/tls/cert.pem
ssl_key = <DIR/tls/key.pem
ssl_min_protocol = TLSv1.2
mail_location = maildir:DIR/mail/%%u
mail_max_userip_connections = 0
passdb {
  driver = static
  args = nopassword=y
}
userdb {
  driver = static
  args = uid=mail gid=mail home=DIR/mail/%%u
}
first_valid_uid = 1
service imap-login {
  inet_listener imap {
    port = %d
  }
  inet_listener imaps {
    port = %d
    ssl = yes
  }
}
service pop3-login {
  inet_listener pop3 {
    port = %d
  }
  inet_listener pop3s {
    port = %d
    ssl = yes
  }
}
`

// asSelf lets Dovecot run for a user who is not root.
const asSelf = `default_internal_user = USER
default_login_user = USER
default_internal_group = GROUP
service anvil {
  chroot =
}
service imap-login {
  chroot =
}
service pop3-login {
  chroot =
}
`

// Dovecot runs imap, imaps, pop3 and pop3s, in this order of URLs. adapt may change dovecot.conf first.
func Dovecot(t testing.TB, p Pair, adapt ...func(root, text string) string) *Daemon {
	t.Helper()
	Need(t, "dovecot", "doveconf", "doveadm", "openssl")
	root := dir(t, "run", "state", "tls", "mail")
	n := ports(t, 4)
	d := &Daemon{Dir: root, Config: filepath.Join(root, "dovecot.conf"), Cert: filepath.Join(root, "tls/cert.pem"),
		Key: filepath.Join(root, "tls/key.pem"),
		Log: filepath.Join(root, "log"), pid: filepath.Join(root, "run/master.pid")}
	d.File = d.Config
	for i, scheme := range []string{"imap", "imaps", "pop3", "pop3s"} {
		d.URLs = append(d.URLs, fmt.Sprintf("%s://127.0.0.1:%d", scheme, n[i]))
	}
	text := strings.ReplaceAll(fmt.Sprintf(dovecotConf, n[0], n[1], n[2], n[3]), "DIR", root)
	if os.Geteuid() != 0 {
		text += strings.NewReplacer("USER", me(t).Username, "GROUP", myGroup(t)).Replace(asSelf)
	}
	for _, a := range adapt {
		text = a(root, text)
	}
	write(t, d.Config, text)
	d.stop, d.Reload = []string{"doveadm", "-c", d.Config, "stop"}, []string{"doveadm", "-c", d.Config, "reload"}
	p.Install(t, d.Cert, d.Key)
	run(t, "dovecot", "-c", d.Config)
	return d.started(t)
}

const dovecotMore = `protocols = imap pop3 sieve submission lmtp
service managesieve-login {
  inet_listener sieve {
    port = %d
  }
}
service submission-login {
  inet_listener submission {
    port = %d
  }
}
service lmtp {
  inet_listener lmtp {
    port = %d
  }
}
`

// WholeDovecot runs sieve, smtp (submission) and lmtp as well, their URLs behind those of Dovecot.
func WholeDovecot(t testing.TB, p Pair, adapt ...func(root, text string) string) *Daemon {
	t.Helper()
	NeedRoot(t)
	for _, program := range []string{"managesieve-login", "submission-login", "lmtp"} {
		if _, err := os.Stat("/usr/lib/dovecot/" + program); err != nil {
			t.Skip("Dovecot has no " + program + " here")
		}
	}
	n := ports(t, 3)
	more := func(_, text string) string { return text + fmt.Sprintf(dovecotMore, n[0], n[1], n[2]) }
	d := Dovecot(t, p, append(adapt, more)...)
	for i, scheme := range []string{"sieve", "smtp", "lmtp"} {
		d.URLs = append(d.URLs, fmt.Sprintf("%s://127.0.0.1:%d", scheme, n[i]))
	}
	return d
}

func me(t testing.TB) *user.User {
	u, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func myGroup(t testing.TB) string {
	g, err := user.LookupGroupId(me(t).Gid)
	if err != nil {
		t.Fatal(err)
	}
	return g.Name
}
