package cli

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode"

	"certdesk/certstore/disk"
	"certdesk/certstore/ledger"
	"certdesk/certstore/printable"
)

// A line that somebody else wrote into the journal reaches no terminal raw, through whatever command.
func TestNoHostileLineOfTheJournalIsRawInJSON(t *testing.T) {
	o := newOffice(t)
	o.must("new", "--domain-name", "mail.example.org")
	const hostile = "c1 \u009b31m bidi \u202e\u2066 del \x7f zero \u200b"
	d, err := disk.Open(disk.Options{Dir: o.store(), Write: true, ReadersGID: -1, Actor: ledger.Actor{Sudo: hostile, TTY: hostile}})
	if err != nil {
		t.Fatal(err)
	}
	for _, data := range []string{`{"ids":[1],"note":` + asJSON(t, hostile) + `}`,
		`{"entry":{"kind":"request","friendlyName":` + asJSON(t, hostile) + `,"subject":` + asJSON(t, hostile) + `,"spki":` + asJSON(t, hostile) + `}}`} {
		for _, op := range []string{"export", "new", hostile} {
			if err := d.Update(t.Context(), func(tx *disk.Tx) error { _, err := tx.Append(op, json.RawMessage(data)); return err }); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, args := range [][]string{{"history"}, {"list"}, {"list", "--removed"}, {"doctor"}, {"show", hostile}} {
		r := o.run(append(args, "--json")...)
		for _, c := range strings.ReplaceAll(r.out+r.err, "\n", "") {
			if unicode.IsControl(c) || printable.Text(string(c)) != string(c) {
				t.Errorf("%v: %U is raw in\n%s", args, c, r.out+r.err)
				break
			}
		}
	}
}

func asJSON(t *testing.T, text string) string {
	t.Helper()
	raw, err := json.Marshal(text)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}
