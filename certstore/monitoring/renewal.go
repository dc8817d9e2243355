package monitoring

import (
	"fmt"
	"time"

	"certdesk/certstore/printable"
	"certdesk/certstore/renewing"
	"certdesk/certstore/when"
)

// renewals is by id what is to be done about entries.
func (s Sight) renewals() map[int64]*renewing.Task {
	by := map[int64]*renewing.Task{}
	for i := range s.Renewals {
		by[s.Renewals[i].Old.ID] = &s.Renewals[i]
	}
	return by
}

// failing adds to what is told of an entry that its renewal fails, or that nobody sees to it. Both are a warning at
// least: there is time left, and nothing else says so.
func (it Item) failing(renewal *renewing.Task, now time.Time) Item {
	if it.Entry.Refused() && it.State == OK {
		it.State = Warning
	}
	if renewal == nil || renewal.Deed == renewing.Prepare {
		return it
	}
	text, told := neglected(*renewal, now), false
	if f := renewal.Failure(); f != nil {
		told = it.Entry.Failing != nil || it.Entry.Refused() // its reason says so
		text = "renewal failed " + renewal.Often() + ": " + f.Why + "; next try " +
			when.Said(renewal.At(), now.Local())
	}
	if text == "" {
		return it
	}
	if !told {
		it.Text += "; " + printable.Text(text)
	}
	if it.State == OK {
		it.State = Warning
	}
	return it
}

// neglected says that what was due a day ago, or of a short life a twentieth of it, has not been done; "" for what is in
// time. The timer looks four times a day.
func neglected(t renewing.Task, now time.Time) string {
	life := t.Old.NotAfter.Sub(t.Old.NotBefore)
	patience := min(24*time.Hour, max(life/20, 8*time.Hour))
	if now.Sub(t.At()) <= patience || life <= 0 {
		return ""
	}
	return fmt.Sprintf("due since %s and not renewed: does `certdesk renew --due` run on this host?",
		when.Said(t.At(), now.Local()))
}
