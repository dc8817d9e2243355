package certstore

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"certdesk/certstore/exporting"
	"certdesk/certstore/fail"
	"certdesk/certstore/importing"
	"certdesk/certstore/trust"
)

func formatFile(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "testdata", "formats", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// What Go's library refuses is judged where all of it can be read, else listed as what certdesk cannot read and others
// may; never as broken. It keeps its bytes, and can leave again.
func TestAnOddCertificateIsListedAsWhatItIs(t *testing.T) {
	for name, want := range map[string]struct {
		status trust.Status
		reason string
		remark string
	}{
		"odd-negative-serial": {trust.Valid, "self-signed", "negative serial number"},
		"odd-date":            {trust.Unknown, "cannot read all of it (malformed UTCTime); other programs may", "malformed UTCTime"},
		"odd-boolean":         {trust.Unknown, "cannot read all of it", "breaks a rule"},
	} {
		f := newFixture(t)
		f.now = f.now.AddDate(0, 1, 0)
		e := f.importOK(files(formatFile(t, name+".pem"), formatFile(t, "key.pem")))
		if e.Verdict.Status != want.status || !strings.Contains(e.Verdict.Reason, want.reason) || e.Common != "odd.example.org" || len(e.Names) != 1 {
			t.Errorf("%s: listed as %s (%s), %q", name, e.Verdict.Status, e.Verdict.Reason, e.Common)
		}
		if n := len(e.Verdict.Findings); n != 2 || !strings.Contains(e.Verdict.Findings[1].Text, want.remark) {
			t.Errorf("%s: findings %v", name, e.Verdict.Findings)
		}
		f.store = f.again()
		d, err := f.store.Show(t.Context(), e.ID)
		f.must(err)
		if d.Entry.Verdict.Status != want.status || d.Entry.Verdict.Reason != e.Verdict.Reason {
			t.Errorf("%s: shown as %s (%s)", name, d.Entry.Verdict.Status, d.Entry.Verdict.Reason)
		}
		out := filepath.Join(t.TempDir(), "out.cer")
		f.must(f.store.Export(t.Context(), exporting.Request{ID: e.ID, Path: out, Format: exporting.PEM}))
		if data, err := os.ReadFile(out); err != nil || string(data) != string(formatFile(t, name+".pem")) {
			t.Errorf("%s: other bytes left the store, %v", name, err)
		}
		if ok, found := f.doctor(false); !ok {
			t.Errorf("%s: doctor says %v", name, found)
		}
	}
}

// A key that cannot be used never makes an import of its certificate look whole.
func TestAKeyThatCannotBeUsedIsSaid(t *testing.T) {
	f := newFixture(t)
	f.unchanged("a PFX with a brainpool key", func() {
		in := files(formatFile(t, "odd-brainpool.pfx"))
		in.Passwords = [][]byte{[]byte("secret")}
		_, _, err := f.store.Import(t.Context(), in)
		f.wants(err, fail.UnsupportedFormat)
		if err == nil || !strings.Contains(err.Error(), "brainpoolP256r1") {
			t.Error(err)
		}
	})
	f.unchanged("a DSA key", func() {
		_, _, err := f.store.Import(t.Context(), files(formatFile(t, "odd-dsa.key")))
		f.wants(err, fail.UnsupportedFormat)
	})
}

// Whatever a refused file holds, not a byte of the store is another.
func TestARefusedFileLeavesTheStoreAsItWas(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.bought(request("mail.example.org"))
	dir, err := os.ReadDir(filepath.Join("..", "testdata", "formats"))
	f.must(err)
	refused := 0
	for _, file := range dir {
		in := files(formatFile(t, file.Name()))
		in.Passwords = [][]byte{[]byte("secret")}
		before := digest(t, f.store.Dir())
		_, found, err := f.store.Import(t.Context(), in)
		if err == nil {
			if found.Action == importing.Adds && !found.BringsKey {
				t.Errorf("%s was imported as new without a key", file.Name())
			}
			continue
		}
		refused++
		if fail.Of(err).Code.Exit() == 1 || digest(t, f.store.Dir()) != before {
			t.Errorf("%s: %v, and the store changed", file.Name(), err)
		}
	}
	if refused < 40 {
		t.Errorf("only %d were refused", refused)
	}
}
