package daemontest

import (
	"os"
	"os/user"
	"testing"
)

// Dovecot starts imap, imaps, pop3 and pop3s, and lmtp and sieve where they are installed, in the syntax of version 2.3.
// A second pair is the one of the other kind of key.
func Dovecot(t testing.TB, pair Pair, more ...Pair) *Daemon {
	t.Helper()
	dovecot, doveadm := Need(t, "dovecot"), Need(t, "doveadm")
	config, ports := dovecotConfig, []string{"imap", "imaps", "pop3", "pop3s"}
	for _, more := range []struct{ file, port, config string }{
		{"lmtpd", "lmtp", lmtpConfig}, {"managesieved", "sieve", sieveConfig},
	} {
		if _, err := os.Stat("/usr/share/dovecot/protocols.d/" + more.file + ".protocol"); err == nil {
			config, ports = config+more.config, append(ports, more.port)
		}
	}
	d := newDaemon(t, pair, ports...)
	d.mkdir("run", "state", "mail")
	config = d.write("dovecot.conf", config+d.more(more, "ssl_alt_cert = <%CERT%\nssl_alt_key = <%KEY%\n")+unprivileged(t))
	d.Config, d.Reload = config, []string{doveadm, "-c", config, "reload"}
	return d.serve(dovecot, "-F", "-c", config)
}

// unprivileged lets somebody else than root start it.
func unprivileged(t testing.TB) string {
	t.Helper()
	me, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	if me.Uid == "0" {
		return ""
	}
	group, err := user.LookupGroupId(me.Gid)
	if err != nil {
		t.Fatal(err)
	}
	return "default_internal_user = " + me.Username + "\ndefault_login_user = " + me.Username + "\ndefault_internal_group = " + group.Name +
		"\nservice anvil {\n  chroot =\n}\nservice imap-login {\n  chroot =\n}\nservice pop3-login {\n  chroot =\n}\n"
}

const dovecotConfig = `protocols = imap pop3
listen = 127.0.0.1
base_dir = @DIR@/run
state_dir = @DIR@/state
log_path = @DIR@/log
ssl = yes
ssl_cert = <@CERT@
ssl_key = <@KEY@
ssl_min_protocol = TLSv1.2
disable_plaintext_auth = yes
mail_location = maildir:@DIR@/mail/%u
passdb {
  driver = static
  args = nopassword=y
}
userdb {
  driver = static
  args = uid=mail gid=mail home=@DIR@/mail/%u
}
first_valid_uid = 1
service imap-login {
  inet_listener imap {
    port = @imap@
  }
  inet_listener imaps {
    port = @imaps@
    ssl = yes
  }
}
service pop3-login {
  inet_listener pop3 {
    port = @pop3@
  }
  inet_listener pop3s {
    port = @pop3s@
    ssl = yes
  }
}
`

// lmtpConfig and sieveConfig add the services that few have installed.
const (
	lmtpConfig = `protocols = $protocols lmtp
service lmtp {
  inet_listener lmtp {
    port = @lmtp@
  }
}
`
	sieveConfig = `protocols = $protocols sieve
service managesieve-login {
  inet_listener sieve {
    port = @sieve@
  }
}
`
)
