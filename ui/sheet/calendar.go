package sheet

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"certdesk/certstore"
	"certdesk/certstore/acme/due"
	"certdesk/certstore/printable"
	"certdesk/certstore/trust"
	"certdesk/certstore/when"
	"certdesk/ui/words"
)

// Calendar is rows as a calendar (RFC 5545): of each certificate the day by which it is to be renewed, and its last
// one. An event keeps its UID, so that a calendar that takes the file again moves it, and takes it away where another
// certificate has taken the place of this one. A pending request has no day.
func Calendar(r Rows) []byte {
	c := calendar{now: r.Now}
	c.lines("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//certdesk//certificates//EN", "CALSCALE:GREGORIAN",
		"METHOD:PUBLISH", "X-WR-CALNAME:Certificates")
	for i := range r.Entries {
		if e := &r.Entries[i]; e.ID != 0 && e.Kind == certstore.Certificate {
			c.certificate(e, r.Removed || replaced(e))
		}
	}
	c.lines("END:VCALENDAR")
	return []byte(c.out.String())
}

type calendar struct {
	out strings.Builder
	now time.Time
}

// event is one day of a certificate.
type event struct {
	uid, summary string
	day          time.Time
	alarm        bool // for what nobody does unless he is told
}

func (c *calendar) certificate(e *certstore.Entry, over bool) {
	by, what, self := e.NotAfter.Add(-trust.ExpiringBelow(e.NotBefore, e.NotAfter)), "Renew "+words.Title(*e), renewsItself(e)
	if self {
		by, what = due.Renewal(e, c.now).At, words.Title(*e)+" renews itself"
	}
	c.event(e, event{e.SHA256 + "@certdesk", what, by, !self}, over)
	c.event(e, event{e.SHA256 + "-end@certdesk", words.Title(*e) + " expires", e.NotAfter, true}, over)
}

func (c *calendar) event(e *certstore.Entry, ev event, over bool) {
	day := ev.day.In(c.now.Location())
	c.lines("BEGIN:VEVENT", "UID:"+ev.uid, "DTSTAMP:"+c.now.UTC().Format("20060102T150405Z"),
		fmt.Sprintf("SEQUENCE:%d", sequence(e, over)),
		"DTSTART;VALUE=DATE:"+day.Format("20060102"), "DTEND;VALUE=DATE:"+day.AddDate(0, 0, 1).Format("20060102"),
		"SUMMARY:"+calendarText(ev.summary), "DESCRIPTION:"+calendarText(described(e, c.now)...),
		"CATEGORIES:CERTIFICATE", "TRANSP:TRANSPARENT")
	switch {
	case over:
		c.lines("STATUS:CANCELLED")
	case ev.alarm:
		c.lines("STATUS:CONFIRMED", "BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:"+calendarText(ev.summary),
			"TRIGGER:"+before(trust.UrgentBelow(e.NotBefore, e.NotAfter)), "END:VALARM")
	default:
		c.lines("STATUS:CONFIRMED")
	}
	c.lines("END:VEVENT")
}

// before is a time ahead of an event: a week, of a short life less.
func before(d time.Duration) string {
	if d%(24*time.Hour) == 0 {
		return fmt.Sprintf("-P%dD", d/(24*time.Hour))
	}
	return fmt.Sprintf("-PT%dH", max(1, d/time.Hour))
}

// sequence grows with what is written down of an entry, so that a calendar knows the later of two versions: what was
// cancelled is later than the line of what took its place.
func sequence(e *certstore.Entry, over bool) int64 {
	n := e.LastLine
	if over && e.Successor != nil {
		n = max(n, e.Successor.ID)
	}
	if over {
		n++
	}
	return n
}

// described is what an event says of a certificate, line by line: what is still so when somebody reads it.
func described(e *certstore.Entry, now time.Time) []string {
	lines := []string{"Names: " + strings.Join(e.Names, ", ")}
	if e.Services != 0 {
		lines = append(lines, "Services: "+e.Services.String())
	}
	return append(lines, "Issuer: "+words.Issuer(*e), "Ends: "+when.Minute(e.NotAfter.In(now.Location())),
		"Thumbprint: "+e.Thumbprint, "To renew it: certdesk renew "+e.Short())
}

// calendarText escapes lines for a value of the type TEXT (RFC 5545, 3.3.11).
func calendarText(lines ...string) string {
	for i, line := range lines {
		lines[i] = calendarEscaped.Replace(printable.Text(line))
	}
	return strings.Join(lines, `\n`)
}

var calendarEscaped = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`)

// mostOctets is how long a line may be without its end (RFC 5545, 3.1).
const mostOctets = 75

// lines writes content lines. One that is too long goes on behind a blank, and no character is cut.
func (c *calendar) lines(list ...string) {
	for _, line := range list {
		for most := mostOctets; len(line) > most; most = mostOctets - 1 {
			at := most
			for !utf8.RuneStart(line[at]) {
				at--
			}
			c.out.WriteString(line[:at] + "\r\n ")
			line = line[at:]
		}
		c.out.WriteString(line + "\r\n")
	}
}
