package monitoring

import (
	"strconv"
	"strings"
	"time"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

// Limit is how little of a life may be left before somebody is told: a time, or a share of the whole life, which alone
// fits lives of six days and of a year.
type Limit struct {
	time  time.Duration
	share float64 // of the life; 0 where it is a time
}

// limitUnits are the units of a limit, and how long each is.
var limitUnits = map[string]time.Duration{"h": time.Hour, "d": 24 * time.Hour, "": 24 * time.Hour, "w": 7 * 24 * time.Hour}

// LimitForms are the ways to write a limit, for who wrote none of them.
const LimitForms = "30d, 36h, 2w or 25%"

// ParseLimit reads a limit; a number alone counts days, and 0 is a limit too. Errors: Usage.
func ParseLimit(text string) (Limit, error) {
	number := strings.TrimRight(strings.TrimSpace(text), "hdw%")
	unit := strings.TrimSpace(text)[len(number):]
	n, err := strconv.ParseUint(number, 10, 16)
	switch length, known := limitUnits[unit]; {
	case err == nil && unit == "%" && n <= 100:
		return Limit{share: float64(n) / 100}, nil
	case err == nil && known:
		return Limit{time: time.Duration(n) * length}, nil
	}
	return Limit{}, fail.New(fail.Usage, "use "+LimitForms, "%q is no time that may be left", printable.Text(text))
}

// Of is the time left under which a certificate of this life is told of.
func (l Limit) Of(from, to time.Time) time.Duration {
	if l.share > 0 {
		return time.Duration(float64(to.Sub(from)) * l.share)
	}
	return l.time
}
