package records_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"certdesk/certstore"
	"certdesk/certstore/trust"
	"certdesk/ui/records"
	"certdesk/ui/uitest"
	"certdesk/ui/words"
)

// The next step is one that helps with the fault that is named.
func TestTheNextStepFitsTheFault(t *testing.T) {
	lost := uitest.Article()[6]
	chain := func(change func([]trust.Link)) []trust.Link {
		links := append([]trust.Link{}, uitest.Article()[0].Chain...)
		change(links)
		return links
	}
	for _, c := range []struct {
		name  string
		chain []trust.Link
		want  string
	}{
		{"nothing above it", nil, "i imports the missing CA certificate"},
		{"a gap", chain(func(l []trust.Link) { l[1].Signed = false }), "i imports the missing CA certificate"},
		{"an old intermediate", chain(func(l []trust.Link) { l[0].NotAfter = uitest.Noon.AddDate(0, 0, -1) }), "current intermediate"},
		{"an old root", chain(func(l []trust.Link) { l[1].NotAfter = uitest.Noon.AddDate(0, 0, -1) }), "which root replaces it"},
		{"one of tomorrow", chain(func(l []trust.Link) { l[0].NotBefore = uitest.Noon.AddDate(0, 0, 1) }), "clock"},
		{"a root of one's own", chain(func([]trust.Link) {}), "name its file under Extra roots in the settings (,)"},
	} {
		lost.Chain = c.chain
		if _, next := words.Sentence(lost, uitest.Noon, true); !strings.Contains(next, c.want) {
			t.Errorf("%s: %q, want %q", c.name, next, c.want)
		}
	}
	keyless := uitest.Article()[7]
	keyless.Verdict.Reason = "its private key is not in the store"
	if _, next := words.Sentence(keyless, uitest.Noon, true); !strings.Contains(next, "the file with its key") {
		t.Error(next)
	}
}

// Each command that the health page gives mends what it is given for.
func TestTheCommandsOfTheHealthPageHelp(t *testing.T) {
	for _, c := range []struct {
		code  string
		spoil func(dir string) error
		cure  records.Remedy
	}{
		{"mode", func(dir string) error { return chmodAll(dir+"/keys/*.key", 0o644) }, records.OpenKey},
		{"readers", func(dir string) error { return os.Chmod(dir, 0o750) }, records.Remedies["readers"]},
	} {
		r := uitest.StoreDesk(t, 100, 30)
		uitest.Imported(r)
		store := r.Desk.Store
		if err := c.spoil(store.Dir()); err != nil {
			t.Fatal(err)
		}
		if !found(t, store, c.code) {
			t.Fatalf("%s is not found", c.cure.Title())
		}
		command := strings.ReplaceAll(c.cure.Command(), "DIR", store.Dir())
		if out, err := exec.Command("sh", "-c", command).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v: %s", command, err, out)
		}
		if found(t, store, c.code) {
			t.Errorf("%s: %s does not help", c.cure.Title(), command)
		}
	}
}

func chmodAll(pattern string, mode os.FileMode) error {
	list, err := filepath.Glob(pattern)
	for _, path := range list {
		err = errors.Join(err, os.Chmod(path, mode))
	}
	return err
}

// found says whether a store's doctor finds that.
func found(t *testing.T, store *certstore.Store, code string) bool {
	t.Helper()
	report, err := store.Doctor(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	return slices.ContainsFunc(report.Findings, func(f trust.Finding) bool { return f.Code == code })
}
