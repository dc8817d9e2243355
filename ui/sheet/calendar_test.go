package sheet

import (
	"encoding/json"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"certdesk/certstore"
	"certdesk/certstore/daemontest"
	"certdesk/certstore/ledger"
	"certdesk/certstore/trust"
)

// reader is a library that others read calendars with; what it makes of ours is printed as JSON.
const reader = `
import icalendar, json, sys
c = icalendar.Calendar.from_ical(sys.stdin.buffer.read())
print(json.dumps([{"uid": str(e["UID"]), "sequence": e["SEQUENCE"], "day": str(e.decoded("DTSTART")), "until": str(e.decoded("DTEND")),
  "stamp": str(e.decoded("DTSTAMP")), "summary": str(e["SUMMARY"]), "text": str(e["DESCRIPTION"]), "status": str(e["STATUS"]),
  "alarms": [str(a["TRIGGER"].dt) for a in e.walk("VALARM")], "errors": [str(x) for x in e.errors]} for e in c.walk("VEVENT")]))`

// read is one event.
type read struct {
	UID, Day, Until, Stamp, Summary, Text, Status string
	Sequence                                      int64
	Alarms, Errors                                []string
}

func readCalendar(t *testing.T, text []byte) (list []read) {
	t.Helper()
	const python = "/usr/bin/python3" // Debian's own, which has Debian's modules
	if err := exec.Command(python, "-c", "import icalendar").Run(); err != nil {
		daemontest.Need(t, "python3-icalendar") // no program: it is missing
	}
	judge := exec.Command(python, "-c", reader)
	judge.Stdin = strings.NewReader(string(text))
	said, err := judge.Output()
	if err == nil {
		err = json.Unmarshal(said, &list)
	}
	if err != nil {
		t.Fatalf("icalendar: %v\n%s\n%s", err, said, text)
	}
	return list
}

func dated() Rows {
	own := hostile("Büro; mail, \"x\\y\"\nEND:VEVENT " + strings.Repeat("ü€", 60))
	own.SHA256, own.LastLine, own.Names = "aa", 7, []string{"mail.example.org", "a,b;c"}
	own.NotBefore, own.NotAfter = noon.AddDate(0, 0, -265), noon.AddDate(0, 0, 100)
	own.Verdict.Status, own.Services = trust.Valid, certstore.SMTP
	le := own
	le.ID, le.SHA256, le.FriendlyName, le.NotBefore, le.NotAfter = 2, "bb", "le", noon.AddDate(0, 0, -60), noon.AddDate(0, 0, 30)
	le.Automatic = &ledger.Automatic{Order: ledger.Order{CA: "le", URL: "u"}}
	short := own
	short.ID, short.SHA256, short.FriendlyName, short.NotBefore, short.NotAfter = 3, "cc", "short", noon, noon.AddDate(0, 0, 6)
	gone := hostile("gone")
	gone.ID, gone.SHA256, gone.LastLine, gone.Renewed, gone.Successor = 4, "dd", 5, true, &ledger.Successor{ID: 9}
	waits := certstore.Entry{ID: 5, Kind: certstore.PendingReq}
	return Rows{Now: noon, Entries: []certstore.Entry{own, le, short, gone, waits}}
}

func TestACalendarIsReadByOthers(t *testing.T) {
	var got []string
	for _, e := range readCalendar(t, Calendar(dated())) {
		day, err := time.Parse(time.DateOnly, e.Day)
		if len(e.Errors) > 0 || err != nil || e.Until != day.AddDate(0, 0, 1).Format(time.DateOnly) || e.Stamp != "2026-11-23 12:00:00+00:00" {
			t.Errorf("%+v", e)
		}
		got = append(got, fmt.Sprint(e.UID, " ", e.Sequence, " ", e.Day, " ", e.Status, " ", e.Alarms))
		if e.UID == "aa@certdesk" && (!strings.HasPrefix(e.Summary, `Renew Büro; mail, "x\y"\u{a}END:VEVENT ü€`) ||
			!strings.HasPrefix(e.Text, "Names: mail.example.org, a,b;c\nServices: SMTP\nIssuer: ") || !strings.HasSuffix(e.Text, "certdesk renew 9A3F")) {
			t.Errorf("%q\n%q", e.Summary, e.Text)
		}
	}
	want := []string{"aa@certdesk 7 2027-02-01 CONFIRMED [-7 days, 0:00:00]", "aa-end@certdesk 7 2027-03-03 CONFIRMED [-7 days, 0:00:00]",
		"bb@certdesk 7 2026-11-23 CONFIRMED []", "bb-end@certdesk 7 2026-12-23 CONFIRMED [-7 days, 0:00:00]",
		"cc@certdesk 7 2026-11-27 CONFIRMED [-1 day, 10:00:00]", "cc-end@certdesk 7 2026-11-29 CONFIRMED [-1 day, 10:00:00]",
		"dd@certdesk 10 2026-11-21 CANCELLED []", "dd-end@certdesk 10 2026-11-20 CANCELLED []"}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	r := dated()
	r.Removed = true
	for _, e := range readCalendar(t, Calendar(r)) {
		if e.Status != "CANCELLED" || len(e.Alarms) > 0 {
			t.Errorf("of the trash: %+v", e)
		}
	}
}

// A line has 75 octets, and no reader is given half a character.
func TestLinesOfACalendarAreFolded(t *testing.T) {
	text := string(Calendar(dated()))
	if !strings.HasSuffix(text, "END:VCALENDAR\r\n") || strings.Count(text, "\n") != strings.Count(text, "\r\n") {
		t.Errorf("lines end otherwise than in CR LF: %q", text)
	}
	long := false
	for line := range strings.SplitSeq(strings.TrimSuffix(text, "\r\n"), "\r\n") {
		if len(line) > mostOctets || !utf8.ValidString(line) || line == "" {
			t.Errorf("%d octets: %q", len(line), line)
		}
		long = long || strings.HasPrefix(line, " ")
	}
	if !long {
		t.Error("nothing was folded: the test sees nothing")
	}
	if empty := string(Calendar(Rows{Now: noon})); strings.Contains(empty, "VEVENT") || !strings.HasPrefix(empty, "BEGIN:VCALENDAR\r\n") {
		t.Errorf("of nothing: %q", empty)
	}
}
