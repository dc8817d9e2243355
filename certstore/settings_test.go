package certstore

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"certdesk/certstore/config"
	"certdesk/certstore/fail"
)

// draft is a configuration whose role is changed from edge to hub, and where it lies.
func draft(t *testing.T) (d config.Draft, path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "certdesk.toml")
	if err := os.WriteFile(path, []byte("# mine\nrole = \"edge\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := config.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	if d, err = f.With(config.Change{Key: "role", Value: "hub"}); err != nil {
		t.Fatal(err)
	}
	return d, path
}

func TestSavedSettingsAreInTheHistory(t *testing.T) {
	f := newFixture(t)
	d, path := draft(t)
	f.must(f.store.SaveSettings(t.Context(), d))
	events, err := f.store.History(t.Context())
	f.must(err)
	want := "changed the settings in " + path + `: role is "hub", it was "edge"`
	if len(events) != 1 || events[0].Text != want || events[0].Who == "" {
		t.Errorf("%+v", events)
	}
	if got, _ := os.ReadFile(path); string(got) != "# mine\nrole = \"hub\"\n" {
		t.Errorf("%s", got)
	}
}

func TestSettingsThatAreNotSavedAreNotInTheHistory(t *testing.T) {
	f := newFixture(t)
	d, path := draft(t)
	f.must(os.WriteFile(path, []byte("role = \"both\"\n"), 0o600))
	if err := f.store.SaveSettings(t.Context(), d); !fail.Is(err, fail.AlreadyExists) {
		t.Error(err)
	}
	if events, err := f.store.History(t.Context()); err != nil || len(events) != 0 {
		t.Error(events, err)
	}
}

func TestAStoreThatIsOnlyReadSavesNoSettings(t *testing.T) {
	f := newFixture(t)
	d, path := draft(t)
	reader := f.openWith(Options{Dir: f.store.Dir(), ReadOnly: true})
	if err := reader.SaveSettings(t.Context(), d); !fail.Is(err, fail.ReadOnly) {
		t.Error(err)
	}
	if got, _ := os.ReadFile(path); !strings.Contains(string(got), "edge") {
		t.Errorf("%s", got)
	}
}
