package drivers

import (
	"strings"
	"testing"

	"certdesk/certstore/daemontest"
	"certdesk/certstore/services/daemon"
)

// A path is read back as it was written, whatever an install directory is called, or is refused before anything is
// touched.
func TestPathsAreReadAsTheyAreWritten(t *testing.T) {
	for _, path := range []string{"/plain", "/a b", "/a'b", `/a"b`, `/a "b'`, `/a\b`, `/a\tb\\c`, "/a;{b}#c,d"} {
		nodes, err := parseNginx("f", "ssl_certificate "+nginxWord(path)+";")
		if err != nil || len(nodes) != 1 || nodes[0].arg(0) != path {
			t.Errorf("nginx: %q is written %s: %v", path, nginxWord(path), err)
		}
		if got := parseApache("f", writeCert(path)+"\n"); len(got) != 1 || got[0].value != path {
			t.Errorf("Apache: %q is written %s", path, apacheWord(path))
		}
	}
}

func TestAPathThatADaemonWouldMisreadIsRefused(t *testing.T) {
	daemontest.Need(t, "postconf")
	dir := t.TempDir()
	settled(t, dir+"/main.cf", legacyMain)
	settled(t, dir+"/master.cf", smtpLine)
	r := readPostfix(t, dir)
	for path, refused := range map[string]bool{"/a b": false, "/a$b": true, "/a\nb": true} {
		err := r.Sayable("postfix", []daemon.Files{{Cert: path}})
		if (err != nil) != refused || refused && !strings.Contains(err.Error(), "cannot hold a path") {
			t.Errorf("%q: %v", path, err)
		}
	}
}
