package formats

import (
	"context"
	"crypto"
	"crypto/x509"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"certdesk/certstore/fail"
)

const testdata = "../../testdata"

func load(t testing.TB, path ...string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(append([]string{testdata}, path...)...))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func loadCert(t testing.TB, name string) *x509.Certificate {
	t.Helper()
	b, err := Decode(load(t, "certs", name+".pem"), nil)
	if err != nil {
		t.Fatal(err)
	}
	return b.Certs[0]
}

func loadKey(t testing.TB, name string) crypto.Signer {
	t.Helper()
	b, err := Decode(load(t, "formats", name), nil)
	if err != nil {
		t.Fatal(err)
	}
	return b.Keys[0]
}

// openssl runs the tool, or skips: loudly, and not in CI.
func openssl(t *testing.T, args ...string) []byte {
	t.Helper()
	if _, err := exec.LookPath("openssl"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("openssl is missing")
		}
		t.Skip("openssl is missing: parity with it is NOT tested")
	}
	cmd := exec.Command("openssl", args...)
	out, err := cmd.Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			t.Logf("%s", exit.Stderr)
		}
		t.Fatalf("openssl %v: %v", args, err)
	}
	return out
}

func wantCode(t *testing.T, err error, code fail.Code) {
	t.Helper()
	if !fail.Is(err, code) {
		t.Fatalf("got error %v, want code %s", err, code)
	}
}

func write(t *testing.T, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// opensslStderr is openssl for what it says beside its output.
func opensslStderr(t *testing.T, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath("openssl"); err != nil {
		openssl(t)
	}
	out, err := exec.Command("openssl", args...).CombinedOutput()
	if err != nil {
		t.Fatalf("openssl %v: %v: %s", args, err, out)
	}
	return string(out)
}

// Decode is DecodeContext for a file whose reader will wait.
func Decode(data, password []byte) (Bundle, error) {
	return DecodeContext(context.Background(), data, password)
}

func sameKey(a, b crypto.PublicKey) bool {
	k, ok := a.(interface{ Equal(crypto.PublicKey) bool })
	return ok && b != nil && k.Equal(b)
}
