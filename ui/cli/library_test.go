package cli

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// quotes is how a library of Go begins what it says.
var quotes = regexp.MustCompile(`(^|[\s("])(x509|asn1|tls|pkcs12|pkcs7|json|crypto/\w+|encoding/\w+): |structure error|use Parse\w+ instead`)

// broken are the pieces of an office with one byte changed, many times, and cut.
func broken(o *office) map[string][]byte {
	o.t.Helper()
	leaf, key := o.middle()
	sealed, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		o.t.Fatal(err)
	}
	pfx, err := os.ReadFile(o.pfx("good.pfx", "pfx.example.org", "secret"))
	if err != nil {
		o.t.Fatal(err)
	}
	_, request := o.request("waits.example.org")
	req, _ := pem.Decode([]byte(request))
	corpus := map[string][]byte{}
	for label, der := range map[string][]byte{"CERTIFICATE": leaf.Raw, "PRIVATE KEY": sealed, "RSA PRIVATE KEY": sealed, "EC PRIVATE KEY": sealed,
		"CERTIFICATE REQUEST": req.Bytes, "PKCS7": leaf.Raw, "PFX": pfx} {
		add := func(what string, spoiled []byte) {
			if label != "PFX" {
				spoiled = pem.EncodeToMemory(&pem.Block{Type: label, Bytes: spoiled})
			}
			corpus[fmt.Sprintf("%s %s", label, what)] = spoiled
		}
		add("as it is", der)
		for at := 1; at < min(len(der), 200); at += 29 {
			spoiled := bytes.Clone(der)
			spoiled[at] ^= 0x1f
			add(fmt.Sprintf("changed at %d", at), spoiled)
		}
		add("cut", der[:len(der)/2])
	}
	return corpus
}

// What a library of Go says of broken bytes is put into words of ours, in whatever command it is met.
func TestNoLibraryIsQuotedToAPerson(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	one := o.valid("one.example.org")
	looks := 0
	look := func(what string, args ...string) {
		t.Helper()
		if looks++; looks%2 == 0 {
			args = append(args, "--json")
		}
		r := o.run(args...)
		if found := quotes.FindString(r.out + r.err); found != "" {
			t.Errorf("%s, %v: %q is quoted:\n%s%s", what, args, found, r.out, r.err)
		}
	}
	for what, data := range broken(o) {
		path := o.write("broken", string(data))
		look(what, "import", path, "--yes", "--password-file", o.write("password", "secret"))
	}
	look("what was imported", "list")
	for _, e := range o.list() {
		look(e.FriendlyName, "show", e.Thumbprint)
	}
	objects, err := filepath.Glob(filepath.Join(o.store(), "*", "*"))
	if err != nil || len(objects) == 0 {
		t.Fatalf("%d objects: %v", len(objects), err)
	}
	for _, path := range objects {
		good, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		block, _ := pem.Decode(good)
		if block == nil {
			t.Fatalf("%s is not PEM", path)
		}
		block.Bytes[len(block.Bytes)/3] ^= 0x1f
		overwrite(t, path, pem.EncodeToMemory(block))
		look(filepath.Base(filepath.Dir(path)), "doctor")
		look(filepath.Base(filepath.Dir(path)), "show", one.Thumbprint)
		overwrite(t, path, good)
	}
	leaf, _ := o.middle()
	spoiled := bytes.Clone(leaf.Raw)
	spoiled[5] ^= 0x1f
	overwrite(t, o.path("root.pem"), []byte(pemText("CERTIFICATE", spoiled)))
	look("a broken root", "doctor")
	look("a broken root", "list")
}

func overwrite(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}
