package exporting_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"certdesk/ui/uitest"
)

// A path that is proposed is used while its field is left empty, and what is typed takes its place: everywhere alike.
func TestAProposedPathHoldsUntilAnotherIsTyped(t *testing.T) {
	ways := map[string]struct{ open, file string }{
		"export":  {"x", "two.example.org.cer"},
		"rows":    {"W", "certificates.csv"},
		"several": {"* x", "two.example.org.cer"},
	}
	for name, way := range ways {
		for _, typed := range []bool{false, true} {
			dir := t.TempDir()
			t.Chdir(dir)
			want := way.file
			if err := os.Mkdir("sub", 0o700); err != nil {
				t.Fatal(err)
			}
			r := uitest.StoreDesk(t, 80, 24)
			r.SelfSigned("one.example.org")
			r.SelfSigned("two.example.org")
			r.Keys(strings.Fields(way.open)...)
			if name != "rows" {
				choosesTheCertificate(r)
			}
			if typed {
				want = filepath.Join("sub", "other"+filepath.Ext(way.file))
				line := want
				if name == "several" {
					want, line = filepath.Join("sub", way.file), "sub/"
				}
				r.Typing(line)
			}
			r.Keys("ctrl+n", "enter")
			if _, err := os.Stat(want); err != nil {
				t.Errorf("%s, typed %v: %s is not written\n%s", name, typed, want, r.Screen())
			}
		}
	}
}

// A directory that is made as the sentence asks is seen on the next try, without typing its path again.
func TestADirectoryMadeMeanwhileIsSeen(t *testing.T) {
	r := uitest.StoreDesk(t, 80, 24)
	r.SelfSigned("one.example.org")
	dir := filepath.Join(t.TempDir(), "new")
	r.Keys("W")
	r.Typing(filepath.Join(dir, "rows.csv"))
	r.Keys("ctrl+n")
	r.Sees("there is no such directory: type another path")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	r.Keys("ctrl+n", "enter")
	r.Sees("1 row written")
}

// choosesTheCertificate goes to the reader that takes no key and no chain.
func choosesTheCertificate(r *uitest.Driver) {
	for range 20 {
		for line := range strings.Lines(r.Screen()) {
			if strings.Contains(line, "Anyone: the certificate") && strings.Contains(line, r.Desk.Styles.Glyphs.Cursor) {
				r.Keys("enter")
				return
			}
		}
		r.Keys("down")
	}
}
