package certstore

import (
	"slices"
	"testing"
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
	var requests []ImportRequest
	for _, g := range f.groups(r) {
		requests = append(requests, g.Request)
	}
	if len(requests) != 2 {
		t.Fatalf("%d groups", len(requests))
	}
	for _, done := range f.store.ImportAll(t.Context(), requests, nil) {
		f.must(done.Err)
	}
	if banner := f.store.Banner(); banner != "" {
		t.Error(banner)
	}
}
