package when

import (
	"testing"
	"time"
)

func TestADayIsReadHoweverItIsWritten(t *testing.T) {
	now := time.Date(2026, 11, 29, 14, 30, 0, 0, time.UTC)
	at := func(p Period) string {
		return p.From.Format("2006-01-02T15") + " " + p.To.Format("2006-01-02T15") + " " + p.Name
	}
	for text, want := range map[string]string{
		"25dec": "2026-12-25T00 2026-12-26T00 25 Dec", "25 Dec": "2026-12-25T00 2026-12-26T00 25 Dec",
		"dec25": "2026-12-25T00 2026-12-26T00 25 Dec", "25-december-2027": "2027-12-25T00 2027-12-26T00 25 Dec 2027",
		"December 25, 2026": "2026-12-25T00 2026-12-26T00 25 Dec", "2026-12-25": "2026-12-25T00 2026-12-26T00 25 Dec",
		"25.12.2026": "2026-12-25T00 2026-12-26T00 25 Dec", "25.12.": "2026-12-25T00 2026-12-26T00 25 Dec",
		"29nov": "2026-11-29T00 2026-11-30T00 29 Nov", "28nov": "2027-11-28T00 2027-11-29T00 28 Nov 2027",
		"29feb": "2028-02-29T00 2028-03-01T00 29 Feb 2028",
		"nov":   "2026-11-01T00 2026-12-01T00 November 2026", "sept": "2027-09-01T00 2027-10-01T00 September 2027",
		"2026-12": "2026-12-01T00 2027-01-01T00 December 2026", "dec 2027": "2027-12-01T00 2028-01-01T00 December 2027",
		"2027": "2027-01-01T00 2028-01-01T00 2027", "today": "2026-11-29T00 2026-11-30T00 29 Nov",
		"tomorrow": "2026-11-30T00 2026-12-01T00 30 Nov", "yesterday": "2026-11-28T00 2026-11-29T00 28 Nov",
		"30d": "2026-12-29T14 2026-12-30T14 30 days", "30": "2026-12-29T14 2026-12-30T14 30 days",
		"30 days": "2026-12-29T14 2026-12-30T14 30 days", "1day": "2026-11-30T14 2026-12-01T14 1 day",
		"-5d": "2026-11-24T14 2026-11-25T14 5 days ago", "2w": "2026-12-13T14 2026-12-14T14 2 weeks",
		"36h": "2026-12-01T02 2026-12-01T03 36 hours", "3m": "2027-03-01T14 2027-03-02T14 3 months",
		"3mo": "2027-03-01T14 2027-03-02T14 3 months", "1y": "2027-11-29T14 2027-11-30T14 1 year",
		"now":                  "2026-11-29T14 2026-11-29T14 now",
		"2026-12-25T10:00:00Z": "2026-12-25T10 2026-12-25T10 25 Dec 2026 10:00 UTC",
	} {
		if p, ok := Read(text, now); !ok || at(p) != want {
			t.Errorf("%s: %v %s, want %s", text, ok, at(p), want)
		}
	}
	for _, text := range []string{"", " ", "soon", "12/25/2026", "25/12/2026", "31feb", "2026-13-01", "2026-12-32", "25x",
		"25 dec nov", "de", "1-2-3", "99999999999999999999d", "d", "-", "decembre", "3dayz", "30dx", "0001-01-01"} {
		if p, ok := Read(text, now); ok {
			t.Errorf("%q is read as %s", text, at(p))
		}
	}
}

// A day is the reader's own, and the change of the clocks makes it no longer.
func TestADayIsOneOfTheReadersZone(t *testing.T) {
	brussels, err := time.LoadLocation("Europe/Brussels")
	if err != nil {
		t.Skip("no zones here")
	}
	p, ok := Read("25oct", time.Date(2026, 10, 1, 12, 0, 0, 0, brussels))
	if !ok || p.To.Sub(p.From) != 25*time.Hour || p.From.UTC().Hour() != 22 {
		t.Errorf("%v %v", ok, p)
	}
}

func FuzzRead(f *testing.F) {
	for _, seed := range []string{"25dec", "2026-12-25", "30d", "dec 2026", "--1", "9999999999", "٢٥dec"} {
		f.Add(seed)
	}
	now := time.Date(2026, 11, 29, 14, 30, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, text string) {
		if p, ok := Read(text, now); ok && (p.Name == "" || p.To.Before(p.From)) {
			t.Errorf("%q: %+v", text, p)
		}
	})
}
