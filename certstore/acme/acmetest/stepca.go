package acmetest

import (
	"encoding/json"
	"fmt"
	"net"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// StepCA is a running step-ca, the authority that a house has of its own: it suggests no moment for a renewal (no ARI),
// has no profiles, and its certificates are for clients too.
type StepCA struct {
	Directory string
	RootFile  string // what its certificates and its own HTTPS end at
	HTTPPort  int    // where it looks for http-01
	DNS       string // host:port of the server that it asks, which answers 127.0.0.1 for all
}

// StartStepCA starts one that ends with the test and issues for a life. It signs with a key, whose chain ends at a root.
func StartStepCA(t testing.TB, root, chain, key []byte, life time.Duration) *StepCA {
	t.Helper()
	path := program(t, "step-ca", stepCAs)
	files := &Pebble{dir: t.TempDir()} // its DNS server and its directory
	files.startDNS(t)
	listen := freeAddress(t)
	s := &StepCA{Directory: "https://" + listen + "/acme/acme/directory", RootFile: files.write(t, "root.pem", root),
		HTTPPort: freePort(t), DNS: files.DNS}
	lives := map[string]string{"minTLSCertDuration": "5m", "defaultTLSCertDuration": life.String(),
		"maxTLSCertDuration": life.String()}
	text, err := json.Marshal(map[string]any{
		"root": s.RootFile, "crt": files.write(t, "ca.pem", chain), "key": files.write(t, "ca.key", key),
		"address": listen, "dnsNames": []string{"127.0.0.1"}, "logger": map[string]string{"format": "text"},
		"db":        map[string]string{"type": "bbolt", "dataSource": filepath.Join(files.dir, "ca.db")},
		"authority": map[string]any{"provisioners": []any{map[string]any{"type": "ACME", "name": "acme", "claims": lives}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, files.write(t, "ca.json", text), "--insecure", "--resolver", s.DNS,
		"--acme-http-port", fmt.Sprint(s.HTTPPort), "--acme-tls-port", fmt.Sprint(freePort(t)))
	run(t, cmd, filepath.Join(files.dir, "ca.log"))
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	await(t, func() bool {
		c, err := net.Dial("tcp", listen)
		if err == nil {
			c.Close()
		}
		return err == nil
	}, cmd)
	return s
}
