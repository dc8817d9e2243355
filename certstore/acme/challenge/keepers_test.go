//go:build unix

package challenge

import (
	"os"
	"path/filepath"
	"testing"

	"certdesk/certstore/fail"
)

// What others could write is not obeyed: neither the key, nor the account, nor the program.
func TestOnlyWhatIsSafeIsObeyed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte("#!/bin/sh\n"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(file, 0o777); err != nil {
		t.Fatal(err)
	}
	for _, d := range []DNS{
		{Server: "127.0.0.1:1", TSIGName: "k", TSIGFile: file},
		{AcmeDNS: "https://acme-dns.example.test", AcmeDNSFile: file},
		{Command: []string{file}},
	} {
		if _, err := New(Options{Type: DNS01, DNS: d}); !fail.Is(err, fail.UnsafeConfig) {
			t.Errorf("%+v: %v", d, err)
		}
	}
	for _, d := range []DNS{{}, {Server: "127.0.0.1", Command: []string{"/bin/true"}}, {AcmeDNS: "http://192.0.2.1"}} {
		if _, err := New(Options{Type: DNS01, DNS: d}); !fail.Is(err, fail.InvalidConfig) {
			t.Errorf("%+v: %v", d, err)
		}
	}
}
