package certstore

import (
	"strings"
	"testing"

	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
)

func TestARenameIsOneLineThatTellsBothNames(t *testing.T) {
	f := newFixture(t)
	cert, waits := f.bought(request("mail.example.org")), f.make(request("waits.example.org")).Entry
	for _, e := range []ledger.Entry{cert, waits} {
		done, err := f.store.Rename(t.Context(), e.ID, "Mail 2027 ü")
		f.must(err)
		if done.Was != e.FriendlyName || done.Entry.FriendlyName != "Mail 2027 ü" || done.Entry.ID != e.ID {
			t.Errorf("renamed %+v", done)
		}
		d, err := f.again().Show(t.Context(), e.ID)
		f.must(err)
		last := d.History[len(d.History)-1]
		want := "renamed " + ledger.Label(&e) + " to Mail 2027 ü"
		if d.Entry.FriendlyName != "Mail 2027 ü" || last.Text != want {
			t.Errorf("%s is called %q after: %s", e.FriendlyName, d.Entry.FriendlyName, last.Text)
		}
	}
	again, err := f.store.Rename(t.Context(), cert.ID, "mail 2027 ü")
	f.must(err)
	if len(again.Shared) != 1 || again.Shared[0].ID != waits.ID {
		t.Errorf("who else has the name: %+v", again.Shared)
	}
}

func TestAnAnswerKeepsTheNameThatItsRequestWasGiven(t *testing.T) {
	f := newFixture(t)
	made := f.make(request("mail.example.org"))
	_, err := f.store.Rename(t.Context(), made.Entry.ID, "the front door")
	f.must(err)
	e := f.importOK(files(f.ca.answer(t, made.DER, f.now.AddDate(0, 0, 90)), f.ca.chain()))
	if e.ID != made.Entry.ID || e.FriendlyName != "the front door" {
		t.Errorf("entry %d is called %q", e.ID, e.FriendlyName)
	}
}

func TestARenameThatIsRefusedChangesNothing(t *testing.T) {
	g := newGiven(t)
	for _, c := range []struct {
		id   int64
		name string
		want fail.Code
	}{
		{g.have.ID, "", fail.InvalidName},
		{g.have.ID, "  ", fail.InvalidName},
		{g.have.ID, strings.Repeat("ü", 65), fail.InvalidName},
		{g.have.ID, "two\nlines", fail.InvalidName},
		{g.trash.ID, "fine", fail.NotFound},
		{999, "fine", fail.NotFound},
	} {
		g.unchanged(c.name, func() {
			_, err := g.store.Rename(t.Context(), c.id, c.name)
			g.wants(err, c.want)
		})
	}
	g.unchanged("its own name", func() {
		done, err := g.store.Rename(t.Context(), g.have.ID, g.have.FriendlyName)
		g.must(err)
		if done.Was != g.have.FriendlyName {
			t.Errorf("it was called %q", done.Was)
		}
	})
}
