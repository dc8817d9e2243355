package details_test

import (
	"testing"

	"certdesk/ui/uitest"
)

// A renewal opens with its old one, from either of them, by one key.
func TestARenewalIsComparedWithItsOldOne(t *testing.T) {
	list := uitest.Article()
	list[1].RenewalOf = list[4].ID // secure_client renews webmail 2023
	for _, from := range []int64{2, 5} {
		r := uitest.Drive(t, uitest.Hub(), 100, 30, list...)
		r.Onto(from)
		r.Keys("c")
		r.Sees("Old  webmail 2023", "New  secure_client", "Fact by fact")
		r.Keys("q")
		r.Keys("enter", "c")
		r.Sees("Old  webmail 2023", "New  secure_client")
		if r.Depth() != 3 {
			t.Errorf("%d screens are open", r.Depth())
		}
	}
}

func TestAComparisonIsTurnedRoundAndFollowsTheList(t *testing.T) {
	r := uitest.ArticleDesk(t, 100, 30)
	r.Onto(5)
	r.Keys("space")
	r.Onto(3)
	r.Keys("space", "c")
	r.Sees("Old  webmail 2023", "New  webmail 2025", "Nothing is lost")
	r.Keys("s")
	r.Sees("Old  webmail 2025", "3 names: a.belgianbeers.rock, b.belgianbeers.rock, c.belgianbeers.rock", "it ends 120 days sooner")
	list := uitest.Article()
	list[2].FriendlyName = "renamed meanwhile"
	r.Relisted(list...)
	r.Sees("Old  renamed meanwhile")
	r.Relisted(append(list[:2:2], list[3:]...)...)
	r.Sees("Old  renamed meanwhile")
}

// What has most of its names comes first; itself is not offered.
func TestWhatItIsComparedWithIsChosen(t *testing.T) {
	r := uitest.ArticleDesk(t, 80, 24)
	r.Onto(2)
	r.Keys("c")
	r.Sees("Compare secure_client with", "webmail 2023 has 1 of its 8 names.")
	r.SeesNot("secure_client  ")
	r.Keys("enter")
	r.Sees("Old  webmail 2023", "New  secure_client")
	r.Keys("c")
	r.Sees("Compare secure_client with")
	r.Keys("q")
	if r.Depth() != 1 {
		t.Errorf("%d screens are open", r.Depth())
	}
}

// What an entry is compared with is found by words, as in every other list.
func TestWhatItIsComparedWithIsFound(t *testing.T) {
	r := uitest.ArticleDesk(t, 80, 24)
	r.Onto(2)
	r.Keys("c")
	r.Typing("/partner")
	r.Sees("1 of 7")
	r.Keys("enter", "enter")
	r.Sees("partner", "secure_client", "Compare")
	r.SeesNot("1 of 7")
	r.Keys("c")
	r.Typing("/nothing")
	r.Sees("No row has these words.", "0 of 7")
	r.Keys("esc", "q")
	if r.Depth() != 1 {
		t.Errorf("%d screens are open", r.Depth())
	}
}
