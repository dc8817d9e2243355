package certstore

import (
	"testing"

	"certdesk/certstore/importing"
	"certdesk/certstore/names"
	"certdesk/certstore/trust"
)

// Which of several entries on one key an answer belongs to.

func TestAnAnswerGoesToTheLiveRenewalAndNotToTheOneRemoved(t *testing.T) {
	f := newFixture(t)
	e := f.bought(request("mail.example.org"))
	f.remove(f.renewal(e.ID).Entry.ID)
	second := f.renewal(e.ID)
	got := f.importOK(files(f.ca.answer(t, second.DER, f.now.AddDate(0, 0, 90)), f.ca.chain()))
	if got.ID != second.Entry.ID {
		t.Errorf("entry %d instead of %d", got.ID, second.Entry.ID)
	}
}

func TestADeclinedRenewalDoesNotStandInTheWayOfAReissue(t *testing.T) {
	f := newFixture(t)
	made := f.make(request("mail.example.org"))
	e := f.importOK(files(f.ca.answer(t, made.DER, f.now.AddDate(0, 0, 90)), f.ca.chain()))
	declined := f.renewal(e.ID)
	f.remove(declined.Entry.ID)
	reissue := files(f.ca.answer(t, made.DER, f.now.AddDate(0, 0, 99)), f.ca.chain())
	found, err := f.store.Inspect(t.Context(), reissue)
	f.must(err)
	if found.Action != importing.Reissue {
		t.Errorf("action %s", found.Action)
	}
	if got := f.importOK(reissue); got.ID == e.ID || got.ID == declined.Entry.ID || got.Verdict.Status != trust.Valid {
		t.Errorf("reissue: %+v", got)
	}
}

func TestOfTwoRequestsOnOneKeyTheAnswerCompletesTheOneWithItsNames(t *testing.T) {
	f := newFixture(t)
	made := f.make(request("mail.example.org"))
	one := f.importOK(files(f.ca.answer(t, made.DER, f.now.AddDate(0, 0, 90)), f.ca.chain()))
	two := f.importOK(files(f.ca.answer(t, made.DER, f.now.AddDate(0, 0, 91)), f.ca.chain()))
	first := f.renewal(one.ID)
	r, err := f.store.RenewalRequest(t.Context(), two.ID)
	f.must(err)
	r.ReuseKey, r.FriendlyName = true, "with one name more"
	r.Names = append(r.Names, names.Name{Kind: names.DNS, Value: "extra.example.org"})
	second := f.make(r)
	if got := f.importOK(files(f.ca.answer(t, second.DER, f.now.AddDate(0, 0, 200)), f.ca.chain())); got.ID != second.Entry.ID || got.FriendlyName != "with one name more" {
		t.Errorf("the answer with two names completed %d %q", got.ID, got.FriendlyName)
	}
	if got := f.importOK(files(f.ca.answer(t, first.DER, f.now.AddDate(0, 0, 201)), f.ca.chain())); got.ID != first.Entry.ID {
		t.Errorf("the answer with one name completed %d %q", got.ID, got.FriendlyName)
	}
}

func TestAnAnswerWithoutItsChainUsesTheIntermediateThatIsHere(t *testing.T) {
	f := newFixture(t)
	f.bought(request("first.example.org"))
	made := f.make(request("second.example.org"))
	alone := files(f.ca.answer(t, made.DER, f.now.AddDate(0, 0, 90)))
	found, err := f.store.Inspect(t.Context(), alone)
	f.must(err)
	if len(found.Gaps) != 0 || found.Leaf.Verdict.Status != trust.Valid {
		t.Errorf("before the import: %s (%s), gaps %v", found.Leaf.Verdict.Status, found.Leaf.Verdict.Reason, found.Gaps)
	}
	e := f.importOK(alone)
	if e.Verdict.Status != trust.Valid || len(e.Chain) != 1 {
		t.Errorf("%s (%s)", e.Verdict.Status, e.Verdict.Reason)
	}
	f.purge(f.list(false)[0].ID) // what the second relies on does not go with the first
	d, err := f.store.Show(t.Context(), e.ID)
	f.must(err)
	if d.Entry.Verdict.Status != trust.Valid {
		t.Errorf("after the first was purged: %s (%s)", d.Entry.Verdict.Status, d.Entry.Verdict.Reason)
	}
}
