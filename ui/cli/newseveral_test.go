package cli

import (
	"bytes"
	"encoding/pem"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"certdesk/ui/cli/wire"
	"certdesk/ui/uitest"
)

// 260 names become three requests in one go, each with its key, common name and file, and openssl takes each.
func TestTooManyNamesBecomeSeveralRequests(t *testing.T) {
	o := newOffice(t)
	var list []string
	for i := range 260 {
		list = append(list, fmt.Sprintf("h%d.example%d.org", i, i%7))
	}
	argv := []string{"new", "--generate-request", "--domain-name", strings.Join(list, ","), "--friendly-name", "big", "--path", o.path("big.req")}
	contains(t, o.must(append(argv, "--what-if")...).out, "warning: 260 names are more than the 100", "split them into 3 requests, of ", "--split")
	argv = append(argv, "--split")
	out := o.must(append(argv, "--what-if")...).out
	contains(t, out, "1 of 3", "big (3 of 3)", o.path("big-2.req")+" (PEM)", "info: 3 requests, of ")
	var draft wire.Draft
	o.decode(o.must(append(argv, "--what-if", "--json")...).out, &draft)
	if len(draft.Requests) != 3 || len(draft.Names) != 260 {
		t.Fatal(len(draft.Requests), len(draft.Names))
	}
	before := o.snapshot()
	o.write("big-3.req", "precious")
	if r := o.run(argv...); r.code != 3 || !strings.Contains(r.err, "big-3.req") {
		t.Error(r)
	}
	o.unchanged(before)
	if err := os.Remove(o.path("big-3.req")); err != nil {
		t.Fatal(err)
	}
	var made wire.Results
	o.decode(o.must(append(argv, "--json")...).out, &made)
	var all []string
	keys := map[string]bool{}
	for i, e := range made.Done {
		data, err := os.ReadFile(o.path(fmt.Sprintf("big-%d.req", i+1)))
		if err != nil || e.Path != o.path(fmt.Sprintf("big-%d.req", i+1)) {
			t.Fatal(e.Path, err)
		}
		req := parseRequest(t, string(data))
		if !slices.Equal(req.DNSNames, draft.Requests[i].Names) || req.Subject.CommonName != req.DNSNames[0] || len(req.DNSNames) > 100 {
			t.Errorf("%d: %s, %d names", i, req.Subject, len(req.DNSNames))
		}
		all, keys[e.SPKI] = append(all, req.DNSNames...), true
		openssl, err := exec.LookPath("openssl")
		if err != nil {
			uitest.Missing(t, "openssl")
		}
		verify := exec.Command(openssl, "req", "-verify", "-noout", "-in", e.Path)
		if text, err := verify.CombinedOutput(); err != nil || !bytes.Contains(text, []byte("verify OK")) {
			t.Errorf("openssl: %v\n%s", err, text)
		}
	}
	slices.Sort(list)
	slices.Sort(all)
	if len(made.Done) != 3 || len(keys) != 3 || !slices.Equal(all, list) {
		t.Errorf("%d requests, %d keys, %d names", len(made.Done), len(keys), len(all))
	}
}

// Without a file they are on standard output, one after the other; where the names fit into one it is one.
func TestSplitOnStandardOutput(t *testing.T) {
	o := newOffice(t)
	for count, want := range map[int]int{150: 2, 3: 1} {
		argv := []string{"new", "--generate-request", "--split", "--key-algorithm", "ecdsa-p256"}
		for i := range count {
			argv = append(argv, "--domain-name", fmt.Sprintf("h%d.example.org", i))
		}
		n, rest := 0, []byte(o.must(argv...).out)
		for block, rest := pem.Decode(rest); block != nil; block, rest = pem.Decode(rest) {
			n++
		}
		if n != want {
			t.Errorf("%d requests of %d names", n, count)
		}
	}
	for _, argv := range [][]string{{"--split", "--domain-name", "a.org"}, {"--split", "--generate-request", "--binary-encoded", "--domain-name", "a.org"}} {
		if r := o.run(append([]string{"new"}, argv...)...); r.code != 2 {
			t.Error(r)
		}
	}
}
