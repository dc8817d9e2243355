package revocation

import (
	"encoding/json"
	"maps"
	"sync"
	"time"

	"certdesk/certstore/trust"
)

// Known is what is known of certificates, each by its SHA-256. It may be used by several goroutines. The zero value
// knows nothing.
type Known struct {
	mu sync.RWMutex
	by map[string]trust.Revocation
}

// Of gives what is known of a certificate.
func (k *Known) Of(sha256 string) trust.Revocation {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return k.by[sha256]
}

// Note keeps what is known of a certificate now.
func (k *Known) Note(sha256 string, r trust.Revocation) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.note(sha256, r)
}

func (k *Known) note(sha256 string, r trust.Revocation) {
	if k.by == nil {
		k.by = map[string]trust.Revocation{}
	}
	k.by[sha256] = r
}

// Learn takes in what somebody else kept by Text, where it is younger; it says whether anything is.
func (k *Known) Learn(text []byte) (changed bool) {
	var other map[string]trust.Revocation
	if json.Unmarshal(text, &other) != nil {
		return false
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	for sum, r := range other {
		if r.Tried.After(k.by[sum].Tried) || r.Tried.Equal(k.by[sum].Tried) && r.AsOf.After(k.by[sum].AsOf) {
			k.note(sum, r)
			changed = true
		}
	}
	return changed
}

// Worth says whether anything is known that cannot be read again from few certificates: an answer, or an attempt, or
// that many of them name nobody to ask.
func (k *Known) Worth(few int) bool {
	k.mu.RLock()
	defer k.mu.RUnlock()
	nowhere := 0
	for _, r := range k.by {
		if r.Standing != trust.StandsNowhere && !r.Tried.IsZero() {
			return true
		}
		nowhere++
	}
	return nowhere > few
}

// Text is what is known of those certificates that are wanted, and of no others from now on.
func (k *Known) Text(wanted func(sha256 string) bool) []byte {
	k.mu.Lock()
	defer k.mu.Unlock()
	maps.DeleteFunc(k.by, func(sum string, _ trust.Revocation) bool { return !wanted(sum) })
	text, err := json.Marshal(k.by)
	if err != nil {
		return nil
	}
	return text
}

// calm is how long a failure is taken for an answer by somebody who wants one now.
const calm = 30 * time.Second

// Due says whether a certificate should be asked about again; insists is for a person who wants to know now, and who
// does not wait for the next attempt after a failure.
func Due(r trust.Revocation, now time.Time, insists bool) bool {
	switch {
	case r.Standing == trust.StandsNowhere:
		return false
	case insists && r.Trouble != "" && now.After(r.Tried.Add(calm)), now.Before(r.Tried.Add(-trust.ClockSkew)):
		return true
	}
	return !now.Before(r.Due)
}
