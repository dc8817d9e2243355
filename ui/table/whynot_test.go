package table_test

import (
	"slices"
	"testing"

	"certdesk/ui/kit"
	"certdesk/ui/screen"
	"certdesk/ui/uitest"
	"certdesk/ui/words"
)

// Every verb of rows is done now or says why it is not: in each row of the article's desk, with marks, on an empty
// store and on one that is only read.
func TestAVerbOfRowsIsDoneOrSaysWhyNot(t *testing.T) {
	always := []kit.Verb{screen.Keys.Clear}
	holds := func(r *uitest.Driver, where string) {
		s := r.App.Top()
		for _, v := range screen.RowVerbs() {
			why := s.(screen.Reasoner).WhyNot(v)
			if !screen.Offers(s, v) && why == "" && !v.Is(always...) {
				t.Errorf("%s: %s is silent", where, v.Word)
			}
		}
	}
	r := uitest.ArticleDesk(t, 80, 24)
	uitest.SurveyedDesk(r)
	for _, e := range slices.Concat(r.Desk.Entries) {
		r.OnName(e.FriendlyName)
		holds(r, e.FriendlyName)
	}
	r.Keys("home", "space", "space", "space")
	holds(r, "three marked")
	r.Desk.ReadOnly = true
	holds(r, "three marked, read-only")
	r.Keys("ctrl+\\")
	holds(r, "read-only")
	holds(uitest.Drive(t, uitest.Hub(), 80, 24), "nothing here")
}

func TestAKeyThatDoesNothingNowSaysWhy(t *testing.T) {
	for _, c := range []struct{ on, key, says string }{
		{"secure_client", "e", "secure_client is a request: its certificate can be enabled once the CA's answer is imported"},
		{"secure_client", "R", "there is nothing to renew yet"},
		{"this server", "a", "this server is in the store already"},
		{"this server", "ctrl+\\", "nothing is marked"},
		{"this server", "u", "nothing was removed here"},
	} {
		r := uitest.ArticleDesk(t, 140, 24)
		r.OnName(c.on)
		r.Keys(c.key)
		r.Sees(c.says)
	}
	r := uitest.ArticleDesk(t, 140, 24)
	for i := range r.Desk.Entries {
		e := &r.Desk.Entries[i]
		if !words.InUse(*e) {
			continue
		}
		r.OnName(e.FriendlyName)
		r.Keys("D")
		if r.Depth() != 1 {
			t.Errorf("%s: a question whose answer is no", e.FriendlyName)
		}
		r.Sees("is in use for", "enable another certificate there first")
	}
	r.Keys("*", "N")
	r.Sees("rename is for one at a time, and 8 are marked")
	r.Keys("c")
	r.Sees("two are compared, and 8 are marked")
}
