package exporting_test

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"certdesk/ui/uitest"
)

// The rows that a filter shows go into a file with three keys beside what is typed; the table says where they are.
func TestTheRowsShownAreWritten(t *testing.T) {
	r := uitest.StoreDesk(t, 80, 24)
	r.SelfSigned("one.example.org")
	r.SelfSigned("two.example.org")
	t.Chdir(t.TempDir())
	r.Typing("/one")
	r.Keys("enter", "W")
	r.Sees("Write the 1 row shown to which file?", "certificates.csv", ".csv, .md, .json or .ics")
	r.Keys("enter", "enter")
	r.Sees("1 row written to ", "1 of 2 contains")
	data, err := os.ReadFile("certificates.csv")
	if err != nil {
		t.Fatal(err)
	}
	records, err := csv.NewReader(strings.NewReader(string(data))).ReadAll()
	if err != nil || len(records) != 2 || !strings.Contains(string(data), "one.example.org") {
		t.Errorf("%v\n%s", err, data)
	}
	if info, _ := os.Stat("certificates.csv"); info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
	r.Keys("esc", "W")
	r.Sees("the 2 rows shown")
	r.Keys("enter", "enter")
	r.Sees("Replace the file?", "Cancel")
	r.Keys("enter")
	if after, _ := os.ReadFile("certificates.csv"); string(after) != string(data) {
		t.Error("the file was replaced without a yes")
	}
}

func TestTheEndOfTheNameSaysWhatIsWritten(t *testing.T) {
	for name, holds := range map[string]string{"a.md": "| Status | Name |", "a.JSON": `"friendlyName": "one.example.org"`,
		"a.csv": "thumbprint,", "a.ics": "SUMMARY:Renew one.example.org\r\n"} {
		r := uitest.StoreDesk(t, 80, 24)
		r.SelfSigned("one.example.org")
		file := filepath.Join(t.TempDir(), name)
		r.Keys("W", "ctrl+u")
		r.Typing(file)
		r.Keys("enter", "enter")
		data, err := os.ReadFile(file)
		if err != nil || !strings.Contains(string(data), holds) {
			t.Errorf("%s: %v\n%s", name, err, data)
		}
		if strings.HasSuffix(name, "JSON") && !json.Valid(data) {
			t.Errorf("no JSON: %s", data)
		}
	}
	r := uitest.StoreDesk(t, 80, 24)
	r.SelfSigned("one.example.org")
	r.Keys("W", "ctrl+u")
	r.Typing("/tmp/rows.xls")
	r.Keys("enter")
	r.Sees("such a file ends in .csv, .md, .json or .ics")
}
