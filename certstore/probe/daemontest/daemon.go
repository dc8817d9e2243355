package daemontest

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Daemon is a running private instance.
type Daemon struct {
	Dir       string            // its own folder, readable by everybody
	Config    string            // what the daemon was started with: Postfix's directory, the others' file
	Cert, Key string            // the PEM files it serves: chain leaf first, and key
	Ports     map[string]string // scheme to host:port: smtp submission smtps, imap imaps pop3 pop3s, https
	Reload    []string          // argv, absolute, that makes it read its files again

	t   testing.TB
	log string
}

// Log is what the daemon has logged.
func (d *Daemon) Log() string {
	data, _ := os.ReadFile(d.log)
	return string(data)
}

// Need gives the absolute path of a program; without it the test is skipped, or fails in CI.
func Need(t testing.TB, program string) string {
	t.Helper()
	for _, dir := range append(filepath.SplitList(os.Getenv("PATH")), "/usr/sbin", "/sbin") {
		if path, err := exec.LookPath(filepath.Join(dir, program)); err == nil {
			return path
		}
	}
	missing(t, program+" is not installed")
	return ""
}

func missing(t testing.TB, why string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatal(why)
	}
	t.Skip("SKIPPED: " + why)
}

// newDaemon makes the folder and puts the pair into it. The folder is not t.TempDir: that one others may not enter,
// and its removal fails while a daemon still writes.
func newDaemon(t testing.TB, pair Pair, schemes ...string) *Daemon {
	t.Helper()
	dir, err := os.MkdirTemp("", "daemontest")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	d := &Daemon{t: t, Dir: dir, Cert: filepath.Join(dir, "cert.pem"), Key: filepath.Join(dir, "key.pem"),
		Ports: map[string]string{}, log: filepath.Join(dir, "log")}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	pair.Install(t, d.Cert, d.Key)
	for i, address := range freePorts(t, len(schemes)) {
		d.Ports[schemes[i]] = address
	}
	return d
}

// freePorts are all held at once, so that none comes twice.
func freePorts(t testing.TB, n int) (addresses []string) {
	t.Helper()
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		addresses = append(addresses, l.Addr().String())
	}
	return addresses
}

// write puts a file into the daemon's folder; @WORD@ stands for a scheme's port, DIR, CERT or KEY.
func (d *Daemon) write(name, text string) string {
	d.t.Helper()
	pairs := []string{"@DIR@", d.Dir, "@CERT@", d.Cert, "@KEY@", d.Key}
	for scheme, address := range d.Ports {
		_, port, _ := net.SplitHostPort(address)
		pairs = append(pairs, "@"+scheme+"@", port)
	}
	path := filepath.Join(d.Dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		d.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(strings.NewReplacer(pairs...).Replace(text)), 0o644); err != nil {
		d.t.Fatal(err)
	}
	return path
}

func (d *Daemon) mkdir(names ...string) {
	d.t.Helper()
	for _, name := range names {
		if err := os.Mkdir(filepath.Join(d.Dir, name), 0o755); err != nil {
			d.t.Fatal(err)
		}
	}
}

// run carries out a command to its end.
func (d *Daemon) run(argv ...string) {
	d.t.Helper()
	if out, err := exec.Command(argv[0], argv[1:]...).CombinedOutput(); err != nil {
		d.t.Fatalf("%s: %v\n%s%s", strings.Join(argv, " "), err, out, d.Log())
	}
}

// serve starts a daemon that stays in the foreground, and ends it with the test.
func (d *Daemon) serve(argv ...string) *Daemon {
	d.t.Helper()
	said, err := os.Create(filepath.Join(d.Dir, "stderr"))
	if err != nil {
		d.t.Fatal(err)
	}
	defer said.Close()
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Stdout, cmd.Stderr = said, said
	if err := cmd.Start(); err != nil {
		d.t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { _ = cmd.Wait(); close(ended) }()
	d.t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM) // all of them take it as "stop at once"
		select {
		case <-ended:
		case <-time.After(5 * time.Second):
			_ = cmd.Process.Kill()
			<-ended
		}
	})
	d.await(ended)
	return d
}

// await waits until every port is open.
func (d *Daemon) await(ended <-chan struct{}) {
	d.t.Helper()
	until := time.Now().Add(20 * time.Second)
	for scheme, address := range d.Ports {
		for !open(address) {
			select {
			case <-ended:
				until = time.Time{}
			case <-time.After(20 * time.Millisecond):
			}
			if time.Now().After(until) {
				said, _ := os.ReadFile(filepath.Join(d.Dir, "stderr"))
				d.t.Fatalf("%s at %s does not open\n%s%s", scheme, address, said, d.Log())
			}
		}
	}
}

// open looks for a listener without connecting to it where the system tells: a connection that is dropped at once is
// in every daemon's log.
func open(address string) bool {
	table, err := os.ReadFile("/proc/net/tcp")
	if err != nil {
		conn, err := net.Dial("tcp", address)
		if err == nil {
			_ = conn.Close()
		}
		return err == nil
	}
	a, _ := net.ResolveTCPAddr("tcp", address)
	return strings.Contains(string(table), fmt.Sprintf("0100007F:%04X 00000000:0000 0A", a.Port))
}
