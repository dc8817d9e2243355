package certstore

import (
	"os"
	"os/user"
	"testing"
	"time"

	"certdesk/certstore/formats"
	"certdesk/certstore/guard"
)

func TestDetailsNameWhatRenewsWhat(t *testing.T) {
	f := newFixture(t)
	old := f.bought(request("mail.example.org"))
	other := f.bought(request("other.example.org"))
	waiting := f.renewal(old.ID)
	renews := func(id int64) (up int64, down []int64) {
		d, err := f.store.Show(t.Context(), id)
		f.must(err)
		if d.Renews != nil {
			up = d.Renews.ID
		}
		return up, idsOf(d.RenewedBy)
	}
	check := func(when string, id, up int64, down ...int64) {
		t.Helper()
		if gotUp, gotDown := renews(id); gotUp != up || len(gotDown) != len(down) || (len(down) == 1 && gotDown[0] != down[0]) {
			t.Errorf("%s: entry %d renews %d and is renewed by %v", when, id, gotUp, gotDown)
		}
	}
	check("pending", waiting.Entry.ID, old.ID)
	check("pending", old.ID, 0, waiting.Entry.ID)
	check("pending", other.ID, 0)
	f.importOK(files(f.ca.answer(t, waiting.DER, f.now.AddDate(0, 0, 200)), f.ca.chain()))
	check("answered", waiting.Entry.ID, old.ID)
	check("answered", old.ID, 0, waiting.Entry.ID)
	f.purge(old.ID)
	check("purged", waiting.Entry.ID, 0)
}

func TestARemovedEntrySaysWhoRemovedItAndWhen(t *testing.T) {
	f := newFixture(t)
	e := f.bought(request("mail.example.org"))
	me := guard.UserName(os.Geteuid())
	if u, err := user.Current(); err == nil && u.Username != me {
		t.Errorf("this user is %s, the store says %s", u.Username, me)
	}
	f.now = f.now.Add(time.Hour)
	f.remove(e.ID)
	if l := f.list(true); len(l) != 1 || l[0].RemovedBy != me || !l[0].Removed.Equal(f.now) {
		t.Errorf("removed: %+v", l)
	}
	in := files(pemOf(t, f, e))
	in.Attach = true
	if _, _, err := f.store.Import(t.Context(), in); err == nil {
		t.Error("a removed certificate was imported over itself")
	}
	_, err := f.store.Restore(t.Context(), []int64{e.ID})
	f.must(err)
	if l := f.list(false); len(l) != 1 || l[0].RemovedBy != "" || !l[0].Removed.IsZero() {
		t.Errorf("restored: %+v", l)
	}
}

func TestWhatLivesLongerThanCertdeskAllowsCanBeRenewed(t *testing.T) {
	f := newFixture(t)
	key := mustKey(t)
	template := caTemplate("mail.example.org", f.now)
	template.IsCA, template.KeyUsage, template.DNSNames = false, 0, []string{"mail.example.org"}
	template.NotAfter = time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC) // RFC 5280 4.1.2.5: no well-defined end
	text, err := formats.KeyPEM(key)
	f.must(err)
	e := f.importOK(files(formats.CertPEM(sign(t, template, nil, key.Public(), key).Raw), text))
	if e.DaysLeft < 7000*365 {
		t.Errorf("%d days left", e.DaysLeft)
	}
	r, err := f.store.RenewalRequest(t.Context(), e.ID)
	f.must(err)
	if made := f.make(r); made.Entry.RenewalOf != e.ID {
		t.Errorf("renewal: %+v", made.Entry)
	}
}
