package judging

import (
	"crypto/x509"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"certdesk/certstore/formats"
	"certdesk/certstore/trust"
)

// bettertls is Netflix's suite of paths and name constraints, at the version that crypto/x509 tests itself with. It is
// downloaded where all tests run, and is no requirement of the module.
const bettertls = "github.com/Netflix/bettertls@v0.0.0-20250909192348-e1e99e353074"

type betterSuite struct {
	TestCases []struct {
		ID           int
		Certificates [][]byte // the server's first
		Hostname     string
		Expected     string
	}
}

func betterTests(t *testing.T) (root *x509.Certificate, suites map[string]betterSuite) {
	t.Helper()
	if os.Getenv("CERTDESK_ALL") == "" {
		t.Skip("SKIPPED without CERTDESK_ALL: the suite is made anew, 30 MB")
	}
	var module struct{ Dir string }
	cmd := exec.Command("go", "mod", "download", "-json", bettertls)
	cmd.Dir = t.TempDir()
	out, err := cmd.Output()
	if err == nil {
		err = json.Unmarshal(out, &module)
	}
	if err != nil {
		missing(t, "bettertls cannot be had: "+string(out))
	}
	path := filepath.Join(t.TempDir(), "tests.json")
	cmd = exec.Command("go", "run", "./test-suites/cmd/bettertls", "export-tests", "--out", path)
	cmd.Dir = module.Dir
	if out, err := cmd.CombinedOutput(); err != nil {
		missing(t, "bettertls cannot be run: "+string(out))
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var all struct {
		TrustRoot []byte
		Suites    map[string]betterSuite
	}
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	root, err = formats.ParseCertificate(all.TrustRoot)
	if err != nil {
		t.Fatal(err)
	}
	return root, all.Suites
}

func missing(t *testing.T, why string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatal(why)
	}
	t.Skip("SKIPPED, not tested: " + why)
}

// What bettertls expects a client to accept works here, and what it expects a client to refuse does not.
func TestBetterTLS(t *testing.T) {
	root, suites := betterTests(t)
	pool := x509.NewCertPool()
	pool.AddCert(root)
	for name, suite := range suites {
		if len(suite.TestCases) < 50 {
			t.Errorf("%s has only %d tests", name, len(suite.TestCases))
		}
		for _, c := range suite.TestCases {
			path := []*x509.Certificate{}
			for _, der := range c.Certificates {
				if x, err := formats.ParseCertificate(der); err == nil {
					path = append(path, x)
				}
			}
			j := Chains{Now: time.Now(),
				Roots: trust.NewRoots(trust.Sources{LocalDir: "/nonexistent", System: func() (*x509.CertPool, error) { return pool, nil }})}
			j.Certificate = func(sum string) (*x509.Certificate, error) { return j.Among(sum, path) }
			best := j.BestPath(path[0], path[1:])
			e, err := Describe(path[0], best)
			if err != nil {
				t.Fatal(err)
			}
			j.Preview(&e, path...)
			accepted := e.Verdict.Status.Works() && path[0].VerifyHostname(c.Hostname) == nil
			if accepted != (c.Expected == "ACCEPT") {
				t.Errorf("%s %d for %s: %s, %s; want %s", name, c.ID, c.Hostname, e.Verdict.Status, e.Verdict.Reason, c.Expected)
			}
		}
	}
}
