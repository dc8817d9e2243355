package ui_test

import (
	"strings"
	"testing"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/enabling"
	"certdesk/certstore/trust"
	"certdesk/ui/screen"
	"certdesk/ui/uitest"
	"certdesk/ui/words"
)

// nearDesk is a desk of the article's entries of which the first ends in five hours and is what the ports serve.
func nearDesk(t *testing.T, w int) *uitest.Driver {
	end := uitest.Noon.Add(5 * time.Hour)
	entries := uitest.Article()
	entries[0].NotAfter, entries[0].DaysLeft, entries[0].Services = end, 0, certstore.SMTP
	served := uitest.Port("smtp://127.0.0.1:25", "matches", 1, uitest.LeafOf("proexchange.global", 0))
	served.Bound, served.Report.Leaf.NotAfter = 1, end
	v := &enabling.Survey{At: uitest.Noon, Ports: []enabling.Port{served}}
	r := uitest.Drive(t, uitest.Hub(), w, 40, entries...)
	r.Desk.Survey = v
	r.Relisted(words.SeenBy(v, entries)...)
	r.Typing("/secure_smtp")
	r.Keys("enter")
	return r
}

// Of what ends in hours every screen tells the time and its zone.
func TestTheDeskTellsHoursWithTimeAndZone(t *testing.T) {
	near := uitest.Noon.Add(5 * time.Hour).Local().Format("2 Jan 2006 15:04 MST")
	for _, w := range []int{80, 100, 140} {
		r := nearDesk(t, w)
		r.Sees("5 h", uitest.Noon.Add(5*time.Hour).Local().Format("2 Jan 15:04 MST"))
		r.Keys("enter") // details
		if got := strings.Count(r.Screen(), near); got < 2 {
			t.Errorf("details at %d cells tell it %d times:\n%s", w, got, r.Screen())
		}
		r = nearDesk(t, w)
		r.To(screen.ToRemove{Entry: r.OnName("secure_smtp")})
		r.Sees(near)
		r = nearDesk(t, w)
		r.Keys("t")
		r.Sees("until " + near)
	}
}

// A chain in a narrow pane keeps the end of each link: the name gives way.
func TestTheEndOfALinkIsSeenBesideALongName(t *testing.T) {
	e := uitest.Certificate(1, strings.Repeat("long name ", 5), "valid", trust.Valid, 0, 90, "web.example.org")
	e.NotAfter = uitest.Noon.Add(5 * time.Hour)
	r := uitest.ArticleDesk(t, 80, 24)
	all := strings.Join(words.ChainLines(r.Desk.Styles, e, uitest.Noon, 44), "\n")
	if !strings.Contains(all, uitest.Noon.Add(5*time.Hour).Local().Format("15:04 MST")) {
		t.Error(all)
	}
}
