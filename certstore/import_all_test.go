package certstore

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"certdesk/certstore/fail"
)

// TestSeveralImportsTellOfNothingButThemselves: the files of those that have no line yet are no objects that a journal
// lost.
func TestSeveralImportsTellOfNothingButThemselves(t *testing.T) {
	f := newFixture(t)
	answers := map[string][]byte{}
	ownCertificate(t, f.ca, answers)
	own := slices.Concat(answers["own"], answers["own key"])
	ownCertificate(t, f.ca, answers)
	r := named("two.pem", slices.Concat(own, answers["own"], answers["own key"], f.ca.chain()))
	groups := f.groups(r)
	if len(groups) != 2 {
		t.Fatalf("%d groups", len(groups))
	}
	for _, done := range f.store.ImportAll(t.Context(), groups, nil) {
		f.must(done.Err)
	}
	if banner := f.store.Banner(); banner != "" {
		t.Error(banner)
	}
}

// Several imports share one write, and each is decided as if those before it had been made one by one. Whoever reads
// the journal from its beginning finds the same.
func TestEachOfSeveralImportsSeesThoseBeforeIt(t *testing.T) {
	f := newFixture(t)
	answers := map[string][]byte{}
	ownCertificate(t, f.ca, answers)
	request := f.make(request("mail.example.org"))
	first, second := f.ca.answer(t, request.DER, f.now.AddDate(0, 0, 90)), f.ca.answer(t, request.DER, f.now.AddDate(0, 0, 91))
	own := files(answers["own"], answers["own key"])
	own.Exportable = true

	imports := groupsOf(files(first), files([]byte("no certificate")), files(second, f.ca.chain()), files(first), own)
	var told []string
	for _, got := range f.store.ImportAll(t.Context(), imports, func(i int, done Imported) { told = append(told, fmt.Sprint(i)) }) {
		code := fail.Code("")
		if got.Err != nil {
			code = fail.Of(got.Err).Code
		}
		told = append(told, fmt.Sprintf("%s %d %s", got.Found.Action, got.Entry.ID, code))
	}
	want := []string{"0", "1", "2", "3", "4",
		"completes 1 ", " 0 unsupported-format", "reissue 3 ", "exists 0 failed", "adds 4 "}
	if !slices.Equal(told, want) {
		t.Errorf("got %q, want %q", told, want)
	}
	before := f.list(false)
	after, err := f.open(nil, f.store.Dir(), f.ca.root).List(t.Context(), false)
	f.must(err)
	if !reflect.DeepEqual(before, after) || len(after) != 3 {
		t.Errorf("read again: %d entries, and they differ from %d", len(after), len(before))
	}
	if gaps := after[0].Verdict.Root; gaps == "" {
		t.Error("the chain of the first lacks what the second brought")
	}
}
