package words

import (
	"math"
	"testing"
	"time"

	"certdesk/certstore"
)

// Near the end hours are told: nobody may read "0 days" as nothing to do.
func TestTimeLeft(t *testing.T) {
	today := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		left       time.Duration
		cell, text string
	}{
		{345*24*time.Hour + time.Hour, "345 d", "345 days left"},
		{48 * time.Hour, "2 d", "2 days left"},
		{48*time.Hour - time.Second, "47 h", "47 hours left"},
		{23*time.Hour + 59*time.Minute, "23 h", "23 hours left"},
		{time.Hour, "1 h", "1 hour left"},
		{59 * time.Minute, "<1 h", "less than an hour left"},
		{0, "<1 h", "less than an hour left"},
		{-time.Minute, "-<1 h", "less than an hour ago"},
		{-90 * time.Minute, "-1 h", "1 hour ago"},
		{-47*time.Hour + time.Minute, "-46 h", "46 hours ago"},
		{-22*24*time.Hour - time.Hour, "-22 d", "22 days ago"},
	} {
		e := certstore.Entry{NotAfter: today.Add(c.left), DaysLeft: int(math.Floor(c.left.Hours() / 24))}
		if cell, text := LeftCell(e, today), Left(e, today); cell != c.cell || text != c.text {
			t.Errorf("%v: %q and %q, want %q and %q", c.left, cell, text, c.cell, c.text)
		}
	}
	for days, want := range map[int]string{3: "3 days", -3: "expired 3 days ago"} {
		if got := TimeLeft(certstore.Entry{NotAfter: today.AddDate(0, 0, days)}, today); got != want {
			t.Errorf("%d days: %q, want %q", days, got, want)
		}
	}
	far := certstore.Entry{NotAfter: time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)}
	if text := LeftCell(far, today); text != "2912116 d" {
		t.Errorf("the year 9999: %s", text)
	}
	if text := LeftCell(certstore.Entry{}, today); text != "-" {
		t.Errorf("a request: %s", text)
	}
}
