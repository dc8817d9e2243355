package services

import (
	"context"
	"net"
	"os"
	"strconv"
	"testing"
	"time"

	"certdesk/certstore/daemontest"
	"certdesk/certstore/services/daemon"
)

// A desk asks every minute: nginx is asked again where a file, a directory or a port shows that something has changed,
// and an answer is kept no longer than is safe.
func TestADaemonIsAskedAgainWhereSomethingHasChanged(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	dir := t.TempDir()
	config, more, empty := dir+"/nginx.conf", dir+"/more/one.conf", dir+"/sites/one.conf"
	daemontest.Put(t, more, "server { listen 127.0.0.1:"+strconv.Itoa(port)+" ssl; ssl_certificate a.pem; ssl_certificate_key a.key; }")
	daemontest.Put(t, config, "pid "+dir+"/nginx.pid; http { include more/*.conf; include sites/*.conf; }")
	if err := os.Mkdir(dir+"/sites", 0o755); err != nil {
		t.Fatal(err)
	}
	long := time.Now().Add(-time.Hour)
	age := func() {
		long = long.Add(time.Second)
		for _, path := range []string{dir, dir + "/bin", dir + "/more", dir + "/sites", config, more, empty, dir + "/a.pem", dir + "/nginx.pid"} {
			os.Chtimes(path, long, long)
		}
	}
	runs := 0
	h := daemon.Host{Bin: []string{dir + "/bin"}, Memory: &daemon.Memory{}, Run: func(context.Context, daemon.Command) (daemon.Output, error) {
		runs++
		return daemon.Output{Stderr: "nginx version: nginx/1.26"}, nil
	}}
	daemontest.Put(t, dir+"/bin/nginx", "")
	os.Chmod(dir+"/bin/nginx", 0o755)
	asked := func(what string, want bool, sites int) {
		t.Helper()
		before := runs
		h.Memory.Begin()
		s, err := New(h, daemon.Instance{Use: "IIS", Driver: "nginx", Config: config})
		if err != nil {
			t.Fatal(err)
		}
		state, err := s.Look(t.Context())
		if err != nil || len(state.Sites) != sites {
			t.Errorf("%s: %d sites, %v", what, len(state.Sites), err)
		}
		if got := runs > before; got != want {
			t.Errorf("%s: asked %v, want %v", what, got, want)
		}
	}
	asked("the first time", true, 1)
	asked("files of this very second", true, 1)
	age()
	asked("the first time with files that have settled", true, 1)
	asked("the same again", false, 1)
	for _, c := range []struct {
		what  string
		sites int
		do    func()
	}{
		{"another text", 1, func() { daemontest.Put(t, more, "# longer\n"+daemontest.Read(t, more)) }},
		{"the certificate came", 1, func() { daemontest.Put(t, dir+"/a.pem", "x") }},
		{"it runs", 1, func() { daemontest.Put(t, dir+"/nginx.pid", "1") }},
		{"a file more in an empty directory", 2, func() {
			daemontest.Put(t, empty, "server { listen 8 ssl; ssl_certificate b.pem; ssl_certificate_key b.key; }")
		}},
		{"nobody listens there any more", 2, func() { l.Close() }},
		{"somebody wants to know for sure", 2, func() { h.Memory.Forget() }},
	} {
		c.do()
		asked(c.what, true, c.sites)
		age()
		asked(c.what+", settled", true, c.sites)
		asked(c.what+", and nothing more", false, c.sites)
	}
}
