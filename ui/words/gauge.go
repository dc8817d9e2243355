package words

import (
	"strings"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/trust"
	"certdesk/ui/theme"
)

// LeftStyle colours the time that is left, in figures and as a gauge, by urgency alone: whatever else is wrong, STATUS
// says it. What waits, has not begun or is renewed has no urgency.
func LeftStyle(s *theme.Styles, e *certstore.Entry, now time.Time) *theme.Style {
	left := e.NotAfter.Sub(now)
	switch {
	case e.Kind == certstore.PendingReq, now.Before(e.NotBefore), e.Settled():
		return &s.Muted
	case left < trust.UrgentBelow(e.NotBefore, e.NotAfter):
		return &s.Bad
	case left < trust.ExpiringBelow(e.NotBefore, e.NotAfter):
		return &s.Warn
	}
	return &s.Good
}

// Share is how much of a lifetime is left, 0 to 1.
func Share(e *certstore.Entry, now time.Time) float64 {
	life := e.NotAfter.Sub(e.NotBefore)
	if life <= 0 {
		return 0
	}
	return min(1, max(0, e.NotAfter.Sub(now).Seconds()/life.Seconds()))
}

// Gauge draws what is left of a lifetime in w cells; a day left still shows.
func Gauge(s theme.Styles, e *certstore.Entry, now time.Time, w int) string {
	left := Share(e, now)
	full := int(left*float64(w) + 0.5)
	if left > 0 {
		full = max(1, full)
	}
	return strings.Repeat(s.Glyphs.Full, full) + strings.Repeat(s.Glyphs.Empty, w-full)
}
