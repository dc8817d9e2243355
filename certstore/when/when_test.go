package when

import (
	"testing"
	"time"
)

// Less than two days away, the day alone would mislead. A moment across a change of the clocks has its own zone.
func TestAMomentThatIsNearHasItsTimeAndZone(t *testing.T) {
	brussels, err := time.LoadLocation("Europe/Brussels")
	if err != nil {
		t.Skip("no zones here")
	}
	at := func(text string) time.Time {
		moment, err := time.Parse("2006-01-02 15:04", text)
		if err != nil {
			t.Fatal(err)
		}
		return moment // UTC
	}
	for _, c := range []struct {
		moment, now string
		zone        *time.Location
		want        string
	}{
		{"2026-11-29 14:50", "2026-11-29 14:30", brussels, "29 Nov 2026 15:50 CET"},
		{"2026-11-29 14:50", "2026-11-29 14:30", time.UTC, "29 Nov 2026 14:50 UTC"},
		{"2026-12-01 14:29", "2026-11-29 14:30", time.UTC, "1 Dec 2026 14:29 UTC"},
		{"2026-12-01 14:30", "2026-11-29 14:30", time.UTC, "1 Dec 2026"},
		{"2026-11-27 14:31", "2026-11-29 14:30", time.UTC, "27 Nov 2026 14:31 UTC"},
		{"2026-11-27 14:30", "2026-11-29 14:30", time.UTC, "27 Nov 2026"},
		{"2026-11-30 23:30", "2026-11-29 14:30", brussels, "1 Dec 2026 00:30 CET"},
		{"2026-10-25 01:30", "2026-10-24 12:00", brussels, "25 Oct 2026 02:30 CET"},
		{"2026-10-25 00:30", "2026-10-25 01:30", brussels, "25 Oct 2026 02:30 CEST"},
		{"2027-03-28 00:59", "2027-03-28 01:01", brussels, "28 Mar 2027 01:59 CET"},
		{"2027-03-28 01:01", "2027-03-28 00:59", brussels, "28 Mar 2027 03:01 CEST"},
	} {
		if got := Said(at(c.moment), at(c.now).In(c.zone)); got != c.want {
			t.Errorf("%s, said at %s: %s, want %s", c.moment, c.now, got, c.want)
		}
	}
}
