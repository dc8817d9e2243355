package certstore

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"certdesk/certstore/formats"
	"certdesk/certstore/ledger"
	"certdesk/certstore/services"
	"certdesk/certstore/trust"
)

// foreignCA makes with openssl a root, an intermediate with a key of a kind, and a leaf with an RSA key below it.
func foreignCA(t *testing.T, serial string, kind ...string) (dir string) {
	t.Helper()
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Skip("openssl is not installed")
	}
	dir = t.TempDir()
	run := func(args ...string) {
		t.Helper()
		cmd := exec.Command("openssl", args...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("openssl %v: %v\n%s", args, err, out)
		}
	}
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("ca.ext", "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n")
	write("leaf.ext", "subjectAltName=DNS:mail.example.org\n")
	run("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "root.key", "-out", "root.pem", "-days", "900", "-subj", "/CN=Foreign Root", "-addext", "keyUsage=critical,keyCertSign")
	run(append([]string{"genpkey", "-out", "middle.key", "-algorithm"}, kind...)...)
	run("req", "-new", "-key", "middle.key", "-out", "middle.csr", "-subj", "/CN=Foreign Intermediate")
	run("x509", "-req", "-in", "middle.csr", "-CA", "root.pem", "-CAkey", "root.key", "-set_serial", serial, "-days", "800", "-extfile", "ca.ext", "-out", "middle.pem")
	run("req", "-newkey", "rsa:2048", "-nodes", "-keyout", "leaf.key", "-out", "leaf.csr", "-subj", "/CN=mail.example.org")
	run("x509", "-req", "-in", "leaf.csr", "-CA", "middle.pem", "-CAkey", "middle.key", "-set_serial", "9", "-days", "90", "-extfile", "leaf.ext", "-out", "leaf.pem")
	return dir
}

// A chain that Go cannot verify is not called broken, and none of it is missing: what certdesk can read is judged, and
// of the rest it says that it cannot.
func TestAChainThatGoCannotVerifyIsNotCalledBroken(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		serial string
		kind   []string
		status trust.Status
		reason string
	}{
		"a negative serial above":        {"-77", []string{"RSA", "-pkeyopt", "rsa_keygen_bits:2048"}, trust.Valid, "valid until"},
		"a key for PSS alone above":      {"5", []string{"RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048"}, trust.Valid, "valid until"},
		"Ed448 above":                    {"5", []string{"ED448"}, trust.Unknown, "(Ed448); other programs may"},
		"a curve that Go does not have":  {"5", []string{"EC", "-pkeyopt", "ec_paramgen_curve:brainpoolP384r1"}, trust.Unknown, "brainpoolP384r1); other programs may"},
		"a curve with all its numbers":   {"5", []string{"EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-pkeyopt", "ec_param_enc:explicit"}, trust.Unknown, "other programs may"},
		"a negative serial and P-521 up": {"-1", []string{"EC", "-pkeyopt", "ec_paramgen_curve:P-521"}, trust.Valid, "valid until"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := foreignCA(t, c.serial, c.kind...)
			read := func(file string) []byte {
				data, err := os.ReadFile(filepath.Join(dir, file))
				if err != nil {
					t.Fatal(err)
				}
				return data
			}
			f := newFixture(t)
			f.now = time.Now()
			f.store = f.openWith(Options{Dir: f.store.Dir(), Roots: rootsOf([]string{filepath.Join(dir, "root.pem")})})
			in := files(read("leaf.pem"), read("leaf.key"), read("middle.pem"))
			found, err := f.store.Inspect(t.Context(), in)
			f.must(err)
			e := f.importOK(in)
			d, err := f.store.Show(t.Context(), e.ID)
			f.must(err)
			for where, e := range map[string]ledger.Entry{"before": found.Leaf, "stored": e, "shown": d.Entry} {
				if e.Verdict.Status != c.status || !strings.Contains(e.Verdict.Reason, c.reason) {
					t.Errorf("%s: %s, %s", where, e.Verdict.Status, e.Verdict.Reason)
				}
			}
			list, err := f.store.List(t.Context(), false)
			f.must(err)
			for where, e := range map[string]ledger.Entry{"before": found.Leaf, "listed": list[0], "shown": d.Entry} {
				told := strings.Contains(fmt.Sprint(e.Verdict.Findings), "in its chain CN=Foreign Intermediate breaks a rule")
				if told != strings.HasPrefix(c.serial, "-") {
					t.Errorf("%s: findings %v", where, e.Verdict.Findings)
				}
			}
			if len(found.Gaps)+len(d.Gaps) > 0 || strings.Contains(strings.Join(found.Notes, " "), "signed nothing") {
				t.Errorf("gaps %v, notes %v", d.Gaps, found.Notes)
			}
			if len(e.Chain) != 1 || len(f.store.chains().Served(e)) != 1 {
				t.Errorf("the chain is %v", e.Chain)
			}
			pair := services.Pair{Chain: append(read("leaf.pem"), read("middle.pem")...), Key: read("leaf.key")}
			if err := services.Vet(pair, services.Terms{Now: f.now, Names: []string{"mail.example.org"}}); err != nil {
				t.Errorf("services are kept from it: %v", err)
			}
		})
	}
}

// A root whose signatures nobody here can check does not make what it signed untrusted.
func TestATrustedRootThatCannotBeCheckedLeavesTheVerdictOpen(t *testing.T) {
	dir := foreignCA(t, "5", "EC", "-pkeyopt", "ec_paramgen_curve:brainpoolP256r1")
	f := newFixture(t)
	f.now = time.Now()
	f.store = f.openWith(Options{Dir: f.store.Dir(), Roots: rootsOf([]string{filepath.Join(dir, "middle.pem")})})
	var parts [][]byte
	for _, name := range []string{"leaf.pem", "leaf.key"} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		f.must(err)
		parts = append(parts, data)
	}
	e := f.importOK(files(parts...))
	if e.Verdict.Status != trust.Unknown || !strings.Contains(e.Verdict.Reason, "CN=Foreign Intermediate signed it is not known") {
		t.Errorf("%s, %s", e.Verdict.Status, e.Verdict.Reason)
	}
}

// An import that leaves a CA's other certificate out says so, and not that it signed nothing.
func TestACrossSignedRootThatIsLeftOutIsNotCalledAStranger(t *testing.T) {
	f := newFixture(t)
	h := newHierarchy(t, f.now)
	made := f.make(request("mail.example.org"))
	in := files(formats.CertPEM(h.leaf(t, made.DER).Raw), formats.CertPEM(h.mid.Raw), formats.CertPEM(h.root.Raw), formats.CertPEM(h.newRoot(t, f.now.AddDate(8, 0, 0)).Raw))
	found, err := f.store.Inspect(t.Context(), in)
	f.must(err)
	if notes := strings.Join(found.Notes, "\n"); strings.Contains(notes, "signed nothing") || !strings.Contains(notes, "another certificate of the same CA") {
		t.Errorf("notes %q", notes)
	}
}
