package revocation

import (
	"crypto/sha256"
	"time"
)

// retries are how long to wait after one failed attempt, two, and more.
var retries = []time.Duration{5 * time.Minute, time.Hour, 6 * time.Hour}

// due is when to ask again after an answer that came now: before it is out of date, and each day, since a CA may
// publish a new one at any time.
func due(this, next, now time.Time) time.Time {
	soon := now.Add(time.Hour)
	if next.IsZero() {
		return soon
	}
	at := this.Add(next.Sub(this) / 5 * 4)
	if day := now.Add(longest); day.Before(at) {
		at = day
	}
	if at.Before(soon) { // it was published late
		at = soon
	}
	if next.Before(at) {
		at = next
	}
	if least := now.Add(retries[0]); at.Before(least) {
		at = least
	}
	return at
}

// spread shifts a moment by up to a tenth of the time until then, by what the address is: the many who read a list
// shall not come for it in the same second.
func spread(source string, now, at time.Time) time.Time {
	sum := sha256.Sum256([]byte(source))
	return at.Add(at.Sub(now) / 10 * (time.Duration(sum[0]) - 127) / 128)
}
