// Package acmetest runs real ACME authorities for tests, Pebble and step-ca, with a DNS server that answers for every
// name, all on ports of loopback that nobody else has, and a front that has them fail as authorities do.
//
// Where the programs are not installed a test is skipped, and fails where CI is set.
package acmetest

import (
	"bytes"
	"crypto/x509"
	"debug/buildinfo"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"go/build"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// source is where a program comes from. .ci/run installs them at these versions.
type source struct{ of, version string }

var (
	pebbles = source{"github.com/letsencrypt/pebble/v2/cmd/", "v2.10.3"}
	stepCAs = source{"github.com/smallstep/certificates/cmd/", "v0.30.2"}
)

// Options say how a Pebble is started.
type Options struct {
	Env       []string          // PEBBLE_VA_NOSLEEP=1 and PEBBLE_WFE_NONCEREJECT=0 where nothing else is said
	Customers map[string]string // key identifier → base64url of its key: no account without one of them
	Blocked   []string          // names that are refused; a shorter name of the same end makes this Pebble panic
	DNS       string            // the server that is asked for names; "": one that answers 127.0.0.1 for all
	HTTPPort  int               // where it looks for http-01; 0: a free port
}

// Pebble is a running authority.
type Pebble struct {
	Directory string
	Roots     *x509.CertPool // of its own HTTPS
	RootsFile string         // the same, for a configuration
	HTTPPort  int            // where it looks for http-01
	TLSPort   int            // and for tls-alpn-01
	DNS       string         // host:port of the server that it asks

	o         Options
	dir       string
	api       pair
	listen    string
	manage    string // host:port of Pebble's own management
	challtest string // address of that of the DNS server
	process   *exec.Cmd
}

// Profiles are those that it has, with their days.
var Profiles = map[string]int{"default": 90, "tlsserver": 45, "shortlived": 6}

// Start starts an authority that ends with the test.
func Start(t testing.TB, o Options) *Pebble {
	t.Helper()
	p := &Pebble{o: o, dir: t.TempDir(), api: newPair(t), DNS: o.DNS, HTTPPort: o.HTTPPort, TLSPort: freePort(t),
		listen: freeAddress(t), manage: freeAddress(t), Roots: x509.NewCertPool()}
	if p.HTTPPort == 0 {
		p.HTTPPort = freePort(t)
	}
	if p.DNS == "" {
		p.startDNS(t)
	}
	p.Directory = "https://" + p.listen + "/dir"
	p.RootsFile = p.write(t, "api.pem", p.api.cert)
	p.write(t, "api.key", p.api.key)
	p.Roots.AppendCertsFromPEM(p.api.cert)
	p.configure(t)
	p.start(t)
	t.Cleanup(func() {
		p.stop()
		if text, _ := os.ReadFile(filepath.Join(p.dir, "pebble.log")); t.Failed() && strings.Contains(string(text), "panic") {
			t.Logf("Pebble says\n%s", text)
		}
	})
	return p
}

// Restart ends it and starts it anew, on the same ports: it has forgotten accounts, orders and its own keys.
func (p *Pebble) Restart(t testing.TB) {
	t.Helper()
	p.stop()
	p.start(t)
}

// Stop ends it.
func (p *Pebble) Stop() { p.stop() }

func (p *Pebble) write(t testing.TB, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(p.dir, name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func (p *Pebble) configure(t testing.TB) {
	t.Helper()
	profiles := map[string]any{}
	for name, days := range Profiles {
		profiles[name] = map[string]any{"description": fmt.Sprint(days, " days"), "validityPeriod": days * 24 * 3600}
	}
	text, err := json.Marshal(map[string]any{"pebble": map[string]any{
		"listenAddress": p.listen, "managementListenAddress": p.manage,
		"certificate": filepath.Join(p.dir, "api.pem"), "privateKey": filepath.Join(p.dir, "api.key"),
		"httpPort": p.HTTPPort, "tlsPort": p.TLSPort, "ocspResponderURL": "",
		"externalAccountBindingRequired": len(p.o.Customers) > 0, "externalAccountMACKeys": p.o.Customers,
		"domainBlocklist": p.o.Blocked,
		"retryAfter":      map[string]int{"authz": 0, "order": 0}, // polled as we please: a second each adds up
		"keyAlgorithm":    "ecdsa", "profiles": profiles,
	}})
	if err != nil {
		t.Fatal(err)
	}
	p.write(t, "pebble.json", text)
}

func (p *Pebble) start(t testing.TB) {
	t.Helper()
	p.process = exec.Command(program(t, "pebble", pebbles), "-config", filepath.Join(p.dir, "pebble.json"), "-dnsserver", p.DNS)
	p.process.Env = append(os.Environ(), append([]string{"PEBBLE_VA_NOSLEEP=1", "PEBBLE_WFE_NONCEREJECT=0"}, p.o.Env...)...)
	run(t, p.process, filepath.Join(p.dir, "pebble.log"))
	await(t, func() bool { _, err := p.managed("/roots/0", nil); return err == nil }, p.process)
}

func (p *Pebble) stop() {
	if p.process != nil {
		p.process.Process.Kill()
		p.process.Wait()
	}
	p.process = nil
}

// startDNS starts the server that answers for names.
func (p *Pebble) startDNS(t testing.TB) {
	t.Helper()
	p.DNS = freeAddress(t)
	manage := freeAddress(t)
	p.challtest = "http://" + manage
	cmd := exec.Command(program(t, "pebble-challtestsrv", pebbles), "-defaultIPv4", "127.0.0.1", "-defaultIPv6", "",
		"-dnsserver", p.DNS, "-http01", "", "-https01", "", "-doh", "", "-tlsalpn01", "", "-management", manage)
	run(t, cmd, filepath.Join(p.dir, "dns.log"))
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	await(t, func() bool { return p.SetTXT(nil, "ready.test.", "x") == nil }, cmd)
}

// SetTXT has the DNS server answer with one more record. A nil t gives the error instead.
func (p *Pebble) SetTXT(t testing.TB, name, value string) error {
	return p.tell(t, "/set-txt", "host", name, "value", value)
}

// ClearTXT takes the records of a name away.
func (p *Pebble) ClearTXT(t testing.TB, name string) error {
	return p.tell(t, "/clear-txt", "host", name)
}

// Broken has look-ups of a name fail.
func (p *Pebble) Broken(t testing.TB, name string) error {
	return p.tell(t, "/set-servfail", "host", name)
}

func (p *Pebble) tell(t testing.TB, path string, words ...string) error {
	said := map[string]string{}
	for i := 0; i < len(words); i += 2 {
		said[words[i]] = words[i+1]
	}
	text, err := json.Marshal(said)
	if err == nil {
		var answer *http.Response
		if answer, err = http.Post(p.challtest+path, "application/json", bytes.NewReader(text)); err == nil {
			answer.Body.Close()
		}
	}
	if err != nil && t != nil {
		t.Helper()
		t.Fatal(err)
	}
	return err
}

// managed asks Pebble's management: posts what it is given, else gets.
func (p *Pebble) managed(path string, post any) ([]byte, error) {
	client := &http.Client{Transport: p.transport(), Timeout: 10 * time.Second}
	defer client.CloseIdleConnections()
	method, body := http.MethodGet, []byte(nil)
	if post != nil {
		method = http.MethodPost
		body, _ = json.Marshal(post)
	}
	r, err := http.NewRequest(method, "https://"+p.manage+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	answer, err := client.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	return io.ReadAll(answer.Body)
}

// Root is the root that its certificates end at, as PEM.
func (p *Pebble) Root(t testing.TB) []byte {
	t.Helper()
	text, err := p.managed("/roots/0", nil)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// Suggest has it answer with this text when it is asked when to renew a certificate; "" is its own answer again.
func (p *Pebble) Suggest(t testing.TB, leaf *x509.Certificate, text string) {
	t.Helper()
	said, err := p.managed("/set-renewal-info/", map[string]string{
		"Certificate": string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: leaf.Raw})), "ARIResponse": text})
	if err != nil {
		t.Fatal(err, string(said))
	}
}

// Status is what it says of a certificate: {"Status":"Revoked","Reason":4}.
func (p *Pebble) Status(t testing.TB, leaf *x509.Certificate) string {
	t.Helper()
	text, err := p.managed(fmt.Sprintf("/cert-status-by-serial/%x", leaf.SerialNumber), nil)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// program finds one of the programs, or ends the test.
func program(t testing.TB, name string, from source) string {
	t.Helper()
	dirs := append(filepath.SplitList(os.Getenv("PATH")), os.Getenv("GOBIN"), filepath.Join(build.Default.GOPATH, "bin"))
	for _, dir := range dirs {
		path := filepath.Join(dir, name)
		info, err := buildinfo.ReadFile(path)
		if dir != "" && err == nil && info.Main.Version == from.version {
			return path
		}
	}
	why := fmt.Sprintf("%s %s is not here: go install %s%s@%s", name, from.version, from.of, name, from.version)
	if os.Getenv("CI") != "" {
		t.Fatal(why)
	}
	t.Skip("SKIPPED: " + why)
	return ""
}

func run(t testing.TB, cmd *exec.Cmd, log string) {
	t.Helper()
	f, err := os.Create(log)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	cmd.Stdout, cmd.Stderr = f, f
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
}

// await waits for what a program does once it is ready.
func await(t testing.TB, ready func() bool, cmd *exec.Cmd) {
	t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(25 * time.Millisecond) {
		if ready() {
			return
		}
	}
	said := ""
	if f, ok := cmd.Stdout.(*os.File); ok {
		text, _ := os.ReadFile(f.Name())
		said = strings.TrimSpace(string(text))
	}
	t.Fatalf("%s is not ready after a minute:\n%s", filepath.Base(cmd.Path), said)
}

func freeAddress(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func freePort(t testing.TB) int {
	t.Helper()
	_, port, _ := net.SplitHostPort(freeAddress(t))
	n := 0
	fmt.Sscan(port, &n)
	return n
}
