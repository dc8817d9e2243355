package table

import (
	"cmp"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/ui/words"
)

// changedFor is how long a row that has changed bears a sign.
const changedFor = 3 * time.Second

// settledMsg takes the sign off the rows of a change.
type settledMsg struct{ change int }

// Changed are the ids of the entries that look otherwise than in the list before, or are new; both lists are in order
// of id. There is none where there was no list.
func Changed(before, after []certstore.Entry) (ids []int64) {
	if len(before) == 0 {
		return nil
	}
	for i := range after {
		e := &after[i]
		for len(before) > 0 && cmp.Less(before[0].ID, e.ID) {
			before = before[1:]
		}
		if len(before) == 0 || before[0].ID != e.ID || looksOtherwise(&before[0], e) {
			ids = append(ids, e.ID)
		}
	}
	return ids
}

// looksOtherwise compares what somebody did or found; days that pass change nothing before they change a verdict.
func looksOtherwise(a, b *certstore.Entry) bool {
	return a.Thumbprint != b.Thumbprint || a.FriendlyName != b.FriendlyName || a.Services != b.Services ||
		a.Wanted != b.Wanted || a.Verdict.Word != b.Verdict.Word || words.CountWord(a) != words.CountWord(b)
}

// mark has rows bear the sign of a change for a moment; a later change takes the place of an earlier one.
func (s *tableScreen) mark(changed []int64) tea.Cmd {
	if len(changed) == 0 {
		return nil
	}
	s.changes++
	s.changed = make(map[int64]bool, len(changed))
	for _, id := range changed {
		s.changed[id] = true
		if id == s.past.id {
			s.past.asked = 0
		}
	}
	return s.d.After(changedFor, settledMsg{s.changes})
}

// settled takes the sign off again.
func (s *tableScreen) settled(msg settledMsg) {
	if msg.change == s.changes {
		s.changed = nil
	}
}
