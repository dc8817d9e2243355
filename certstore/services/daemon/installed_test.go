package daemon

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"certdesk/certstore/daemontest"
)

func TestFilesThatDoNotBelongTogether(t *testing.T) {
	ca := daemontest.NewCA(t)
	a, b, r := ca.Issue(t, daemontest.Wish{}), ca.Issue(t, daemontest.Wish{}), ca.Issue(t, daemontest.Wish{RSA: true})
	dir := t.TempDir()
	file := func(name string, parts ...[]byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, bytes.Join(parts, nil), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	own, both := file("a.pem", a.Chain), file("both", a.Key, a.Chain)
	for _, c := range []struct {
		name  string
		files Installed
		bad   bool
	}{
		{"a pair", Installed{own, file("a.key", a.Key)}, false},
		{"a pair in one file", Installed{both, both}, false},
		{"the key of another", Installed{own, file("b.key", b.Key)}, true},
		{"a key of another type", Installed{own, file("r.key", r.Key)}, true},
		{"several keys, one of them its", Installed{own, file("two.key", r.Key, a.Key)}, false},
		{"no key to be read", Installed{own, filepath.Join(dir, "none")}, false},
		{"no certificate", Installed{filepath.Join(dir, "none"), own}, false},
		{"a file without a key", Installed{own, own}, false},
	} {
		if got := c.files.Mismatch(); got != c.bad {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
