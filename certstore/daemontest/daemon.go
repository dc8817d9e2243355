package daemontest

import (
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// Daemon is a running private instance.
type Daemon struct {
	Dir    string   // all of it
	Config string   // what certdesk's configuration would name
	File   string   // the configuration file that names the certificate
	Cert   string   // the configured files
	Key    string   //
	Log    string   // the file it logs to
	URLs   []string // its ports, scheme://host:port
	pid    string   // its pid file
	Reload []string // argv that makes it read its files again
	stop   []string
}

// Name is the host name all daemons are configured for.
const Name = "mail.example.test"

// Need skips the test where a program is missing.
func Need(t testing.TB, programs ...string) {
	t.Helper()
	for _, p := range programs {
		if _, err := exec.LookPath(p); err != nil {
			missing(t, p+" is not installed")
		}
	}
}

// NeedRoot skips the test where the process is not root.
func NeedRoot(t testing.TB) {
	t.Helper()
	if os.Geteuid() != 0 {
		missing(t, "this daemon needs root")
	}
}

func missing(t testing.TB, why string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatalf("in CI nothing may be missing: %s", why)
	}
	t.Skipf("SKIPPED: %s", why)
}

// dir makes a directory that other users can enter, unlike t.TempDir's parent.
func dir(t testing.TB, below ...string) string {
	t.Helper()
	path, err := os.MkdirTemp("", "certdesk-daemon-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(path) })
	if err := os.Chmod(path, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, b := range below {
		if err := os.MkdirAll(filepath.Join(path, b), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

// taken is a file of which a byte is locked for each port that a test process was given, until it ends: packages are
// tested side by side, and a daemon takes its port later than it was found free.
var taken = sync.OnceValues(func() (*os.File, error) {
	return os.OpenFile(filepath.Join(os.TempDir(), "certdesk-test-ports"), os.O_CREATE|os.O_RDWR, 0o600)
})

var given struct {
	sync.Mutex
	ports map[int]bool
}

// ports finds free ports below those that the system gives to clients, so that no client is in a daemon's way.
func ports(t testing.TB, n int) []int {
	t.Helper()
	locks, err := taken()
	if err != nil {
		t.Fatal(err)
	}
	given.Lock()
	defer given.Unlock()
	if given.ports == nil {
		given.ports = map[int]bool{}
	}
	var all []int
	for len(all) < n {
		port := 12000 + rand.IntN(20000)
		if given.ports[port] || !free(port) {
			continue
		}
		mine := unix.Flock_t{Type: unix.F_WRLCK, Start: int64(port), Len: 1}
		if unix.FcntlFlock(locks.Fd(), unix.F_SETLK, &mine) != nil {
			continue
		}
		given.ports[port] = true
		all = append(all, port)
	}
	return all
}

func free(port int) bool {
	l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		return false
	}
	return l.Close() == nil
}

func write(t testing.TB, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// run runs a command to its end and shows what it said if it failed.
func run(t testing.TB, argv ...string) {
	t.Helper()
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.WaitDelay = time.Second
	var said strings.Builder
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Run(); err != nil && err != exec.ErrWaitDelay {
		t.Fatalf("%s: %v\n%s", strings.Join(argv, " "), err, &said)
	}
}

// started waits for the ports and registers the end.
func (d *Daemon) started(t testing.TB) *Daemon {
	t.Helper()
	t.Cleanup(func() { d.Stop(t) })
	for _, url := range d.URLs {
		_, address, _ := strings.Cut(url, "://")
		if !until(30*time.Second, func() bool { return open(address) }) {
			log, _ := os.ReadFile(d.Log)
			t.Fatalf("nothing answers at %s\n%s", url, log)
		}
	}
	return d
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

// Stop ends the daemon, if it runs, and waits for its end.
func (d *Daemon) Stop(t testing.TB) {
	pid := d.PID()
	if !alive(pid) {
		return
	}
	if len(d.stop) > 0 {
		exec.Command(d.stop[0], d.stop[1:]...).Run()
	} else if p, err := os.FindProcess(pid); err == nil {
		p.Signal(syscall.SIGTERM)
	}
	if !until(15*time.Second, func() bool { return !alive(pid) }) {
		if p, err := os.FindProcess(pid); err == nil {
			p.Kill()
		}
		t.Errorf("%s had to be killed", d.Config)
	}
}

// PID is the process of the daemon, 0 if its pid file names none.
func (d *Daemon) PID() int {
	data, _ := os.ReadFile(d.pid)
	pid, _ := strconv.Atoi(strings.TrimSpace(string(data)))
	return pid
}

// alive says whether a process runs: a zombie does not.
func alive(pid int) bool {
	if pid <= 1 {
		return false
	}
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err == nil && !strings.Contains(string(stat), ") Z ")
}

func until(limit time.Duration, done func() bool) bool {
	for end := time.Now().Add(limit); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if done() {
			return true
		}
	}
	return false
}
