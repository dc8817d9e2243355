package daemontest

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const coturnConf = `listening-ip=127.0.0.1
relay-ip=127.0.0.1
listening-port=%d
tls-listening-port=%d
cert=%s/fullchain.pem
pkey=%s/key.pem
realm=example.test
lt-cred-mech
user=a:b
userdb=DIR/turndb
pidfile=DIR/pid
log-file=DIR/log
simple-log
no-cli
no-udp
no-dtls
`

// Coturn runs a TURN server that reads its pair from a directory, where it has to lie already.
func Coturn(t testing.TB, install string) *Daemon {
	t.Helper()
	Need(t, "turnserver", "openssl")
	root := dir(t)
	n := ports(t, 2)
	d := &Daemon{Dir: root, Config: filepath.Join(root, "turnserver.conf"), Log: filepath.Join(root, "log"),
		pid: filepath.Join(root, "pid"), URLs: []string{fmt.Sprintf("tls://127.0.0.1:%d", n[1])}}
	write(t, d.Config, strings.ReplaceAll(fmt.Sprintf(coturnConf, n[0], n[1], install, install), "DIR", root))
	cmd := exec.Command("turnserver", "-c", d.Config)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go cmd.Wait()
	until(15*time.Second, func() bool { return d.PID() > 0 })
	return d.started(t)
}

// PIDFile is where the daemon writes its number.
func (d *Daemon) PIDFile() string { return d.pid }
