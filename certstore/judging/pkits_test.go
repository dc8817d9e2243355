package judging

import (
	"crypto/x509"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"certdesk/certstore/formats"
	"certdesk/certstore/trust"
)

// vector is a test of NIST's Public Key Interoperability Test Suite, as the Go distribution has it.
type vector struct {
	Name           string
	CertPath       []string // the root first
	ShouldValidate bool
}

// otherwise are the tests of PKITS whose outcome here is another, or is not asked for here, by how their names begin.
var otherwise = []struct {
	names, reason string
	valid         bool // for what it is about not being asked, a path that is refused may work here
}{
	{"4.4. 4.5.2 4.5.5 4.5.7 4.7.4 4.7.5", "it is about revocation lists, which the Go distribution leaves out of the suite", true},
	{"4.6.8 4.6.14 4.8.6 4.14.13", "the last certificate is a CA's, which is Invalid for a server", false},
	{"4.14.4 4.14.5 4.14.29", "a distribution point that is named by half a name is not read: it is Unknown, never Valid", false},
	{"4.14. 4.15.", "it is about revocation lists", true},
	{"4.8. 4.9. 4.10. 4.11. 4.12.", "it is about policies: no client of mail or web asks for one, and OpenSSL looks at none", true},
	{"4.1.4 4.1.5", "DSA is no key that a TLS client takes: it is Unknown, never Valid", false},
	{"4.3.3 4.3.4 4.3.5 4.3.10 4.3.11", "names of issuers are compared byte by byte, as CAs have to write them (Baseline " +
		"Requirements 7.1.4.1) and as Go does: it is Untrusted, never Valid", false},
	{"4.13.1 4.13.4 4.13.5 4.13.6 4.13.11 4.13.14 4.13.18 4.13.19 4.13.27", "constraints on directory names are not read: it is Unknown, never Valid", false},
}

// exempt says whether a test is told apart, and whether what it refuses may work here.
func exempt(name string) (apart, valid bool) {
	for _, o := range otherwise {
		for _, begins := range strings.Fields(o.names) {
			if strings.HasPrefix(name, begins) && (strings.HasSuffix(begins, ".") || strings.HasPrefix(name, begins+" ")) {
				return true, o.valid
			}
		}
	}
	return false, false
}

// What PKITS calls a valid path works here, and no other does. Of those told apart, what is not read is never valid, and
// what is not asked for never keeps a valid path from working.
func TestPKITS(t *testing.T) {
	root, err := exec.Command("go", "env", "GOROOT").Output()
	dir := filepath.Join(strings.TrimSpace(string(root)), "src", "crypto", "x509", "testdata", "nist-pkits")
	data, absent := os.ReadFile(filepath.Join(dir, "vectors.json"))
	if err != nil || absent != nil {
		t.Skip("SKIPPED, not tested: this Go distribution ships no PKITS")
	}
	var vectors []vector
	if err := json.Unmarshal(data, &vectors); err != nil {
		t.Fatal(err)
	}
	judged := 0
	for _, v := range vectors {
		got := v.judge(t, dir)
		apart, valid := exempt(v.Name)
		works := got.Status.Works()
		if !apart {
			judged++
		}
		if works != v.ShouldValidate && !apart || apart && works && !v.ShouldValidate && !valid || valid && v.ShouldValidate && !works {
			t.Errorf("%s: %s, %s", v.Name, got.Status, got.Reason)
		}
	}
	if judged < 70 {
		t.Errorf("only %d of %d tests are judged", judged, len(vectors))
	}
}

// judge gives the verdict on a path whose root is trusted.
func (v vector) judge(t *testing.T, dir string) trust.Verdict {
	t.Helper()
	store, path := map[string]*x509.Certificate{}, []*x509.Certificate{}
	for _, name := range v.CertPath {
		der, err := os.ReadFile(filepath.Join(dir, "certs", name))
		if err != nil {
			t.Fatal(err)
		}
		c, err := formats.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		store[Sum(c.Raw)], path = c, append(path, c)
	}
	pool := x509.NewCertPool()
	pool.AddCert(path[0])
	j := Chains{Now: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC),
		Roots:       trust.NewRoots(trust.Sources{LocalDir: "/nonexistent", System: func() (*x509.CertPool, error) { return pool, nil }}),
		Certificate: func(sum string) (*x509.Certificate, error) { return store[sum], nil }}
	e, err := Describe(path[len(path)-1], path[1:len(path)-1])
	if err != nil {
		t.Fatal(err)
	}
	j.Preview(&e, path...)
	return e.Verdict
}
