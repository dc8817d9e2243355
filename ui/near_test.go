package ui

import (
	"strings"
	"testing"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/trust"
)

// nearDesk is a desk of the article's entries of which the first ends in five hours and is what the ports serve.
func nearDesk(t *testing.T, w int) *driver {
	end := noon.Add(5 * time.Hour)
	entries := article()
	entries[0].NotAfter, entries[0].DaysLeft, entries[0].Services = end, 0, certstore.SMTP
	served := port("smtp://127.0.0.1:25", "matches", 1, leafOf("proexchange.global", 0))
	served.Bound, served.Report.Leaf.NotAfter = 1, end
	v := &certstore.Survey{At: noon, Ports: []certstore.Port{served}}
	r := drive(t, hub(), w, 40, entries...)
	r.app.d.survey = v
	r.run(r.app.own(listedMsg{listing: prepare(seenBy(v, entries), sorting{})}))
	r.typing("/secure_smtp")
	r.keys("enter")
	return r
}

// Of what ends in hours every screen tells the time and its zone.
func TestTheDeskTellsHoursWithTimeAndZone(t *testing.T) {
	near := noon.Add(5 * time.Hour).Local().Format("2 Jan 2006 15:04 MST")
	for _, w := range []int{80, 100, 140} {
		r := nearDesk(t, w)
		r.sees("5 h", noon.Add(5*time.Hour).Local().Format("2 Jan 15:04 MST"))
		r.keys("enter") // details
		if got := strings.Count(r.screen(), near); got < 2 {
			t.Errorf("details at %d cells tell it %d times:\n%s", w, got, r.screen())
		}
		r = nearDesk(t, w)
		r.keys("D")
		r.sees(near)
		r = nearDesk(t, w)
		r.keys("t")
		r.sees("until " + near)
	}
}

// A chain in a narrow pane keeps the end of each link: the name gives way.
func TestTheEndOfALinkIsSeenBesideALongName(t *testing.T) {
	e := certificate(1, strings.Repeat("long name ", 5), "valid", trust.Valid, 0, 90, "web.example.org")
	e.NotAfter = noon.Add(5 * time.Hour)
	r := articleDesk(t, 80, 24)
	all := strings.Join(chainLines(r.app.d.styles, e, noon, 44), "\n")
	if !strings.Contains(all, noon.Add(5*time.Hour).Local().Format("15:04 MST")) {
		t.Error(all)
	}
}
