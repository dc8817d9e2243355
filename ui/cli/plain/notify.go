package plain

import (
	"strings"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/config"
	"certdesk/certstore/printable"
	"certdesk/ui/words"
)

// Hearers are who is told of what, and when they were last.
func Hearers(list []certstore.Hearer, now time.Time) string {
	var b strings.Builder
	for _, h := range list {
		of := strings.Join(h.On, ", ")
		if len(h.On) >= len(config.Events) {
			of = "everything"
		}
		b.WriteString(printable.Text(h.To) + "\n    told of " + of + "; digest " + h.Digest + "\n")
		last := "nothing was told yet"
		if !h.Last.At.IsZero() {
			last = "told last on " + words.Day(h.Last.At, now)
		}
		b.WriteString("    " + last + "\n")
		if h.Last.Failed != "" {
			b.WriteString("    not told since " + words.Day(h.Last.Since, now) + ": " + printable.Text(h.Last.Failed) + "\n")
		}
	}
	return b.String()
}

// Tried is what became of a test.
func Tried(d certstore.Delivery) string {
	if d.Err != nil {
		return printable.Text(d.To) + ": FAILED: " + words.Failed(d.Err) + "\n"
	}
	return printable.Text(d.To) + ": " + printable.Text(d.Receipt) + "\n"
}
