package due

import (
	"time"

	"certdesk/certstore/ledger"
)

// backOff is how long to wait after so many failures in a row; the last holds for all that follow.
var backOff = []time.Duration{time.Hour, 4 * time.Hour, 24 * time.Hour}

// longestWait is the longest that an authority can have itself left alone for: the longest of its limits.
const longestWait = 7 * 24 * time.Hour

// Next is when to try again what failed at a moment, the n-th time in a row: not before the authority wants to be asked
// again.
func Next(n int, at, retryAfter time.Time) time.Time {
	next := at.Add(backOff[min(max(n, 1), len(backOff))-1])
	if retryAfter.After(next) {
		next = retryAfter
	}
	if last := at.Add(longestWait); next.After(last) {
		return last
	}
	return next
}

// Retry is when to try again after failures, the oldest first; zero for now. A failure that was written down by a clock
// that ran ahead holds nothing up: what it says of when is of no use, and the try that follows is written down rightly.
func Retry(failures []ledger.Failure, now time.Time) time.Time {
	if len(failures) == 0 || failures[len(failures)-1].At.After(now) {
		return time.Time{}
	}
	last := failures[len(failures)-1]
	next := Next(len(failures), last.At, last.RetryAfter)
	if last.Next.After(next) {
		next = earlier(last.Next, last.At.Add(longestWait))
	}
	if !next.After(now) {
		return time.Time{}
	}
	return next
}
