package due

import (
	"crypto/rand"
	"io"
	"math/big"
	"time"

	"certdesk/certstore/ledger"
)

// How often an authority is asked for its window: as it says itself, within these bounds (RFC 9773, section 4.3.2, has
// a client set its own); and where it says nothing.
const (
	askAtLeast = 24 * time.Hour
	askAtMost  = time.Hour
	askUsually = 6 * time.Hour
)

// Asks says whether the authority is to be asked now for the window of a certificate. An answer that was written down
// by a clock that ran ahead does not count.
func Asks(w ledger.Window, now time.Time) bool {
	if w.At.IsZero() || w.At.After(now) {
		return true
	}
	return !now.Before(askAgain(w))
}

func askAgain(w ledger.Window) time.Time {
	wait := askUsually
	if !w.RetryAfter.IsZero() {
		wait = min(max(w.RetryAfter.Sub(w.At), askAtMost), askAtLeast)
	}
	return w.At.Add(wait)
}

// Choose takes in what an authority suggests: the moment stays while the window does, so that it is chosen once, and
// nothing is new but perhaps the explanation; a window that has moved gets another. Errors: those of the source of randomness.
func Choose(old, said ledger.Window, random io.Reader) (ledger.Window, error) {
	if old.Start.Equal(said.Start) && old.End.Equal(said.End) && !old.Chosen.IsZero() {
		said.Chosen, said.Same = old.Chosen, said.Explanation == old.Explanation && old.Why == ""
		return said, nil
	}
	width := said.End.Sub(said.Start) / time.Second
	n, err := rand.Int(random, big.NewInt(max(int64(width), 1)))
	if err != nil {
		return old, err
	}
	said.Chosen = said.Start.Add(time.Duration(n.Int64()) * time.Second)
	return said, nil
}

// Unanswered is what holds on where an authority that was asked gave no answer that makes sense: what it said last, and
// else the age of the certificate. why says what was wrong with the answer, "" for an authority that suggests nothing.
func Unanswered(old ledger.Window, why string) ledger.Window {
	old.RetryAfter, old.Same, old.Why = time.Time{}, old.Why == why, why
	return old
}
