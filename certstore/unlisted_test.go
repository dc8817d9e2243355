package certstore

import (
	"bytes"
	"os"
	"strings"
	"syscall"
	"testing"

	"certdesk/certstore/fail"
	"certdesk/certstore/formats"
	"certdesk/certstore/ledger"
)

// older puts an older journal back: the first lines of the one that is there.
func (f *fixture) older(lines int) {
	f.Helper()
	text, err := os.ReadFile(f.inStore("journal"))
	f.must(err)
	all := bytes.SplitAfter(text, []byte("\n"))
	f.must(os.WriteFile(f.inStore("journal"), bytes.Join(all[:lines], nil), 0o600))
	f.store = f.again()
}

// wantsUnlisted checks that doctor and the next writer tell of objects without a line.
func (f *fixture) wantsUnlisted(n int) {
	f.Helper()
	if ok, found := f.doctor(false); ok || len(found["unlisted"]) != n {
		f.Errorf("doctor: %v", found)
	}
	s := f.again()
	_, err := s.New(f.Context(), request("writer.example.org"))
	f.must(err)
	if !strings.Contains(s.Banner(), "no line of the journal names") {
		f.Errorf("the writer's banner: %q", s.Banner())
	}
}

// wantsAllListed checks that after a repair doctor and writers have nothing to tell.
func (f *fixture) wantsAllListed(adopted int) {
	f.Helper()
	if _, found := f.doctor(true); len(found["adopted"]) != adopted {
		f.Errorf("adopted: %v", found)
	}
	s := f.again()
	_, err := s.New(f.Context(), request("later.example.org"))
	f.must(err)
	if ok, found := f.doctor(false); !ok || s.Banner() != "" {
		f.Errorf("after the repair: %v, banner %q", found, s.Banner())
	}
}

func TestAnOlderJournalCostsNoKeyOfARequestThatWaits(t *testing.T) {
	f := newFixture(t)
	e := f.bought(request("mail.example.org"))
	f.renewal(e.ID)
	f.older(2) // the request and its answer; not the renewal
	f.wantsUnlisted(1)
	f.remove(e.ID)
	f.wontPurge(e.ID, fail.InUse)
	f.wantsAllListed(1)
	res, err := f.store.Purge(t.Context(), []int64{e.ID})
	f.must(err)
	if len(res.Done) != 1 || f.gone(e.SPKI) {
		t.Errorf("purged %+v, key gone: %v", res.Done, f.gone(e.SPKI))
	}
}

func TestARepairListsSeveralRequestsAndCertificatesOfOneKey(t *testing.T) {
	f := newFixture(t)
	made := f.make(request("mail.example.org"))
	answer, reissue := f.ca.answer(t, made.DER, f.now.AddDate(0, 0, 90)), f.ca.answer(t, made.DER, f.now.AddDate(0, 0, 30))
	e := f.importOK(files(answer, f.ca.chain()))
	f.importOK(files(reissue, f.ca.chain()))
	first := f.renewal(e.ID)
	r, err := f.store.RenewalRequest(t.Context(), e.ID)
	if err == nil {
		t.Fatal("a second renewal was offered while the first waits")
	}
	f.remove(first.Entry.ID)
	r, err = f.store.RenewalRequest(t.Context(), e.ID)
	f.must(err)
	r.ReuseKey = true
	second := f.make(r)
	f.older(1) // the first request alone
	f.wantsUnlisted(4)
	f.wantsAllListed(4)
	kinds := map[ledger.Kind]int{}
	pending := map[string]bool{}
	for _, row := range f.list(false) {
		if row.SPKI == e.SPKI {
			kinds[row.Kind]++
			pending[row.SHA256] = row.Kind == ledger.PendingReq
		}
	}
	if kinds[ledger.Certificate] != 2 || kinds[ledger.PendingReq] != 2 || !pending[first.Entry.SHA256] || !pending[second.Entry.SHA256] {
		t.Errorf("rows on the key: %v", kinds)
	}
}

func TestADamagedLastLineAndTwoRepairsCostNoKey(t *testing.T) {
	f := newFixture(t)
	e := f.bought(request("mail.example.org"))
	renewal := f.renewal(e.ID)
	f.damage(3, "mail.example.org", "fail.example.org")
	f.doctor(true)
	f.doctor(true)
	f.store = f.again()
	f.purge(e.ID)
	l := f.list(false)
	if f.gone(e.SPKI) || len(l) != 1 || l[0].SHA256 != renewal.Entry.SHA256 {
		t.Errorf("key gone: %v, rows: %+v", f.gone(e.SPKI), l)
	}
}

func TestAWholeJournalLostListsWhatWasAnsweredOnce(t *testing.T) {
	f := newFixture(t)
	e := f.bought(request("mail.example.org"))
	later := f.renewal(e.ID)
	f.must(os.Remove(f.inStore("journal")))
	f.wantsAllListed(2)
	for _, row := range f.list(false) {
		if row.Kind == ledger.PendingReq && row.SPKI == e.SPKI && row.SHA256 != later.Entry.SHA256 {
			t.Error("the request that was answered waits again")
		}
	}
}

func TestTheKeyOfACAThatStaysInAChainIsNotPurged(t *testing.T) {
	f := newFixture(t)
	key, err := formats.KeyPEM(f.ca.key)
	f.must(err)
	ca := f.importOK(files(formats.CertPEM(f.ca.middle.Raw), key))
	f.bought(request("mail.example.org"))
	f.remove(ca.ID)
	f.wontPurge(ca.ID, fail.InUse)
}

func TestNoKeyIsPurgedBesideAnObjectThatCannotBeRead(t *testing.T) {
	f := newFixture(t)
	e := f.bought(request("mail.example.org"))
	r := f.renewal(e.ID)
	f.older(2)
	path := f.store.dir.Path(ledger.Requests, r.Entry.SHA256)
	f.must(os.WriteFile(path, []byte("zeros"), 0o600))
	f.remove(e.ID)
	f.unchanged("a purge", func() {
		_, err := f.store.Purge(t.Context(), []int64{e.ID})
		f.wants(err, fail.Damaged)
		f.must(os.Chmod(path, 0o600))
	})
	f.must(os.Remove(path)) // as the hint says
	_, err := f.store.Purge(t.Context(), []int64{e.ID})
	f.must(err)
	if !f.gone(e.SPKI) {
		t.Error("the key is still there")
	}
}

func TestAPurgeThatCannotBeFinishedKeepsNobodyFromWriting(t *testing.T) {
	f := newFixture(t)
	e := f.bought(request("mail.example.org"))
	f.diesPurging(e)
	s := f.interrupted("unlink", f.store.dir.Path(ledger.Certs, e.SHA256), func() error { return syscall.EPERM })
	_, err := s.New(t.Context(), request("next.example.org"))
	f.must(err)
	if !strings.Contains(s.Banner(), "could not be finished") {
		t.Errorf("banner: %q", s.Banner())
	}
	f.make(request("last.example.org"))
	if !f.gone(e.SPKI) {
		t.Error("the purge was not finished when it could be")
	}
}

func TestALineThatPurgesWhatIsNoObjectBlocksNobody(t *testing.T) {
	f := newFixture(t)
	name := strings.Repeat("ab", 32)
	f.write(ledger.OpPurge, `{"ids":[77],"objects":[{"kind":"lock","name":"`+name+`"},{"kind":"../keys","name":"`+name+`"}]}`)
	f.make(request("mail.example.org"))
	if ok, found := f.doctor(false); !ok || len(found["unfinished-purge"]) != 0 {
		t.Errorf("doctor: %v", found)
	}
}
