package table

import (
	"maps"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore/enabling"
	"certdesk/certstore/query"
	"certdesk/ui/kit"
	"certdesk/ui/words"
)

// Badge counts the rows that fare alike; pressed, it shows these alone.
type Badge struct {
	Word  string   // what they are called together
	Count int      // how many there are
	of    []string // the words of their verdicts
	but   bool     // some of the store have these verdicts and are counted as renewed
}

// badges are the words of all badges in the header's order, the most urgent first.
var badges = []string{"faults", "expiring", "pending", "unlisted", "unknown", "valid", query.WordSettled}

// badgeOf is the badge that counts a verdict.
func badgeOf(verdict string) string {
	switch verdict {
	case enabling.WordStranger:
		return "unlisted"
	case "unchecked":
		return "unknown"
	}
	if slices.Contains(badges, verdict) {
		return verdict
	}
	return "faults"
}

// Badges are those that count something.
func (r *Rows) Badges() []Badge {
	counts, list := r.Listing.Counts, make([]Badge, len(badges))
	for _, verdict := range slices.Sorted(maps.Keys(counts)) {
		b := &list[slices.Index(badges, badgeOf(verdict))]
		b.Word, b.Count, b.of = badgeOf(verdict), b.Count+counts[verdict], append(b.of, verdict)
		b.but = verdict != query.WordSettled && counts[query.WordSettled] > 0
	}
	return slices.DeleteFunc(list, func(b Badge) bool { return b.Count == 0 })
}

// Label is the word of the badge beside its number.
func (b Badge) Label() string {
	if b.Count == 1 {
		return strings.TrimSuffix(b.Word, "s")
	}
	return b.Word
}

// Verb is what pressing the badge does, by no key: the palette has it, and the mouse.
func (b Badge) Verb() kit.Verb {
	return kit.Verb{ID: kit.VerbID("only-" + b.Word), Word: "only " + b.Word,
		More: words.Count(b.Count, "row") + ", as the header counts", Group: kit.Views}
}

// filter is what shows the rows that are counted.
func (b Badge) filter() string {
	text := "is:" + strings.ReplaceAll(strings.Join(b.of, ","), " ", "-")
	if b.but {
		text += " !is:" + query.WordSettled
	}
	return text
}

// badgeVerbs show what a badge counts.
func (s *tableScreen) badgeVerbs() (list []kit.Verb) {
	for _, b := range s.rows.Badges() {
		list = append(list, b.Verb().Does(func() tea.Cmd {
			s.setFilter(b.filter())
			return nil
		}))
	}
	return list
}
