package drivers

import (
	"fmt"
	"net"
	"os"
	"slices"
	"strings"
	"testing"

	"certdesk/certstore/daemontest"
	"certdesk/certstore/services/daemon"
)

// procOf makes a /proc with listening sockets, by address and port in hex, and whose they are.
func procOf(t *testing.T, sockets map[string]int, names map[int]string) daemon.Host {
	t.Helper()
	h := daemon.Host{Root: t.TempDir()}
	tables := map[int]string{4: "  sl  local_address rem_address   st\n", 6: "  sl  local_address rem_address   st\n"}
	inode := 1000
	for local, pid := range sockets {
		inode++
		family := 4
		if len(local) > 13 {
			family = 6
		}
		tables[family] += fmt.Sprintf("   0: %s 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 %d 1\n", local, inode)
		daemontest.Put(t, h.Path(fmt.Sprintf("/proc/%d/stat", pid)), fmt.Sprintf("%d (%s) S 1", pid, names[pid]))
		os.Mkdir(h.Path(fmt.Sprintf("/proc/%d/fd", pid)), 0o755)
		os.Symlink(fmt.Sprintf("socket:[%d]", inode), h.Path(fmt.Sprintf("/proc/%d/fd/%d", pid, inode)))
	}
	daemontest.Put(t, h.Path("/proc/net/tcp"), tables[4])
	daemontest.Put(t, h.Path("/proc/net/tcp6"), tables[6])
	daemontest.Put(t, h.Path("/proc/self/stat"), "1 (self) S 1")
	return h
}

func TestWhoListens(t *testing.T) {
	h := procOf(t, map[string]int{"00000000:0019": 11, "0100007F:01D1": 12, "00000000000000000000000001000000:024B": 13}, map[int]string{11: "exim4", 12: "stun nel)", 13: "master"})
	for _, c := range []struct {
		pid  int
		at   daemon.Listener
		want string
	}{
		{0, daemon.Listener{Scheme: "smtp", Host: "", Port: 25}, "exim4 (pid 11)"},
		{0, daemon.Listener{Scheme: "smtp", Host: "192.0.2.1", Port: 25}, "exim4 (pid 11)"},
		{0, daemon.Listener{Scheme: "smtp", Host: "::1", Port: 25}, ""},
		{11, daemon.Listener{Scheme: "smtp", Host: "", Port: 25}, ""},
		{13, daemon.Listener{Scheme: "smtp", Host: "", Port: 25}, "exim4 (pid 11)"},
		{0, daemon.Listener{Scheme: "smtps", Host: "127.0.0.1", Port: 465}, "stun nel) (pid 12)"},
		{0, daemon.Listener{Scheme: "smtps", Host: "192.0.2.1", Port: 465}, ""},
		{0, daemon.Listener{Scheme: "smtp", Host: "::1", Port: 587}, "master (pid 13)"},
		{0, daemon.Listener{Scheme: "smtp", Host: "", Port: 2525}, ""},
	} {
		if got := h.ListenerBut(h.Listening(), c.pid, c.at); got != c.want {
			t.Errorf("%v but %d: %q, want %q", c.at, c.pid, got, c.want)
		}
	}
}

// TestThisProcessListens holds the fake /proc to the real one.
func TestThisProcessListens(t *testing.T) {
	for _, address := range []string{"127.0.0.1:0", "[::1]:0"} {
		l, err := net.Listen("tcp", address)
		if err != nil {
			t.Logf("not tried: %v", err)
			continue
		}
		defer l.Close()
		at := l.Addr().(*net.TCPAddr)
		here := daemon.Listener{Scheme: "smtp", Host: at.IP.String(), Port: at.Port}
		if got := (daemon.Host{}).ListenerBut((daemon.Host{}).Listening(), 0, here); !strings.HasSuffix(got, fmt.Sprintf("(pid %d)", os.Getpid())) {
			t.Errorf("%s is answered by %q", at, got)
		}
		if got := (daemon.Host{}).ListenerBut((daemon.Host{}).Listening(), os.Getpid(), here); got != "" {
			t.Errorf("%s is answered by %q", at, got)
		}
	}
}

func TestPostfixIsNotChangedWhereAnotherAnswers(t *testing.T) {
	const master = smtpLine + subLine
	exim := procOf(t, map[string]int{"00000000:0019": 11, "00000000:024B": 11}, map[int]string{11: "exim4"})
	twin := procOf(t, map[string]int{"00000000:0019": 11}, map[int]string{11: "master"})
	half := procOf(t, map[string]int{"00000000:0019": 12, "00000000:024B": 11}, map[int]string{11: "stunnel4", 12: "master"})
	daemontest.Put(t, half.Path("/queue/pid/master.pid"), "12")
	for name, c := range map[string]struct {
		host  daemon.Host
		fixed []string
	}{
		"another mail server, and this one stands idle": {exim, []string{"port 25 is answered by exim4 (pid 11), not by this Postfix", "port 587 is answered by exim4"}},
		"another instance": {twin, []string{"port 25 is answered by another Postfix, master (pid 11), not by this Postfix", ""}},
		"one port alone":   {half, []string{"", "port 587 is answered by stunnel4 (pid 11), not by this Postfix"}},
		"nobody":           {procOf(t, nil, nil), []string{"", ""}},
	} {
		t.Run(name, func(t *testing.T) {
			p := postfixFrom(legacyMain+"queue_directory = "+c.host.Path("/queue")+"\n", master)
			r := p.reading(c.host)
			said := strings.Join(r.Warnings, "\n")
			for i, want := range c.fixed {
				if got := r.Sites[i].Fixed; (want == "") != (got == "") || !strings.Contains(got, want) || !strings.Contains(said, want) {
					t.Errorf("port %d: %q; warnings %q", i, got, said)
				}
			}
		})
	}
}

func TestPostfixNamesWhatItLeavesAlone(t *testing.T) {
	p := postfixFrom(legacyMain+"multi_instance_directories = /etc/postfix-out, /etc/postfix-in\n", "25 inet n - n - - smtpd\n10024 inet n - n - - smtpd -o smtpd_upstream_proxy_protocol=haproxy\n")
	r := p.reading(daemon.Host{Root: t.TempDir()})
	said := strings.Join(r.Warnings, "\n")
	if want := "/etc/postfix-out, /etc/postfix-in"; !strings.Contains(said, want) {
		t.Errorf("%q does not say %q", said, want)
	}
	if len(r.Warnings) != 1 || r.Sites[0].Proxied != nil || !slices.Equal(r.Sites[1].Proxied, r.Sites[1].Listen) {
		t.Errorf("%q %+v", r.Warnings, r.Sites)
	}
	screened := postfixFrom(legacyMain+"postscreen_upstream_proxy_protocol = haproxy\npostscreen_greet_wait = 1m\nsmtpd_delay_reject = no\nsmtpd_client_restrictions = permit_mynetworks, sleep 5\n", screenLines)
	if s := screened.sites()[0]; s.Proxied == nil || s.Wait.Seconds() != 65 {
		t.Errorf("%+v", s)
	}
	if s := postfixFrom(legacyMain, screenLines).sites()[0]; s.Proxied != nil || s.Wait.Seconds() != 6 {
		t.Errorf("%+v", s)
	}
	if !slices.Equal(p.sites()[0].Own, []string{"mail.a.test"}) {
		t.Errorf("%v", p.sites()[0].Own)
	}
}
