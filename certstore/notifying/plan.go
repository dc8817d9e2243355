package notifying

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"certdesk/certstore/ledger"
	"certdesk/certstore/printable"
)

// Target is one who is told.
type Target struct {
	ID, Name string
	On       []string
	Digest   string // monthly, weekly or never
}

// Item is one matter of a message.
type Item struct {
	Matter
	Again bool // it was told before, as bad
	Over  bool // it is well again
}

// Message is what a target is told now.
type Message struct {
	Target Target
	Items  []Item
	Digest string          // the period that it sums up; "" where it does not
	Silent []ledger.ToldOf // what is over and is not told of
	ID     string          // the same until it is known to have been told

	server string
	facts  Facts
}

// The rules of time.
const (
	reminds = 7 * 24 * time.Hour // what hurts clients is told again
	calms   = 24 * time.Hour     // what has just been told as over is not told as new again
)

// Plan is what targets are told, one message each at most; known is what the journal says they were told, by target.
func Plan(f Facts, server string, targets []Target, known map[string]*ledger.Receiver) (list []Message) {
	standing := f.matters()
	stands := map[ledger.Matter]bool{}
	for _, x := range standing {
		stands[x.Key] = true
	}
	for _, t := range targets {
		r := known[t.ID]
		if r == nil {
			r = &ledger.Receiver{}
		}
		m := Message{Target: t, server: server, facts: f}
		m.news(standing, r)
		m.over(stands, r)
		if period := f.period(t.Digest); period != "" && period != r.Digest {
			m.Digest = period
		}
		if len(m.Items) > 0 || m.Digest != "" || len(m.Silent) > 0 {
			m.ID = m.id(r)
			list = append(list, m)
		}
	}
	return list
}

// Tells says whether there is anything to be sent.
func (m Message) Tells() bool { return len(m.Items) > 0 || m.Digest != "" }

// news adds what stands and was not told yet, or has got worse, or hurts on.
func (m *Message) news(standing []Matter, r *ledger.Receiver) {
	for _, x := range standing {
		if !slices.Contains(m.Target.On, x.Key.Event) {
			continue
		}
		mark, told := r.Marks[x.Key]
		since := m.facts.Now.Sub(mark.At) // below 0 where a clock was wrong: then nothing it wrote down holds
		switch {
		case told && mark.Over && since >= 0 && since < calms && x.Level <= mark.Level:
		case !told, mark.Over, x.Level > mark.Level:
			m.Items = append(m.Items, Item{Matter: x})
		case since < -time.Hour, x.hurts && since >= reminds:
			m.Items = append(m.Items, Item{Matter: x, Again: true})
		}
	}
	slices.SortStableFunc(m.Items, func(a, b Item) int { return cmp.Compare(rank(a), rank(b)) })
}

// rank puts what hurts clients first.
func rank(i Item) int {
	if i.hurts {
		return 0
	}
	return 10 - i.Level
}

// over adds what was told and stands no more.
func (m *Message) over(stands map[ledger.Matter]bool, r *ledger.Receiver) {
	for _, key := range sorted(r.Marks) {
		if r.Marks[key].Over || stands[key] {
			continue
		}
		x, end := m.facts.ending(key)
		switch {
		case end == unclear:
		case end == well && slices.Contains(m.Target.On, Recovered):
			m.Items = append(m.Items, Item{Matter: x, Over: true})
		default:
			m.Silent = append(m.Silent, ledger.ToldOf{Matter: key, Over: true, What: x.Name})
		}
	}
}

func sorted(marks map[ledger.Matter]ledger.ToldMark) (keys []ledger.Matter) {
	for key := range marks {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b ledger.Matter) int {
		return cmp.Or(cmp.Compare(a.Entry, b.Entry), cmp.Compare(a.Port, b.Port), cmp.Compare(a.Event, b.Event))
	})
	return keys
}

// period names the month or the week of now.
func (f Facts) period(often string) string {
	switch often {
	case "monthly":
		return fmt.Sprintf("%d-%02d", f.Now.Year(), f.Now.Month())
	case "weekly":
		year, week := f.Now.ISOWeek()
		return fmt.Sprintf("%d-W%02d", year, week)
	}
	return ""
}

// id names a message by what it tells and by what its receiver was told before: sent once more, since nobody could
// write down that it was sent, it has the same.
func (m Message) id(r *ledger.Receiver) string {
	var b strings.Builder
	fmt.Fprint(&b, m.Target.ID, m.Digest, r.At.UnixNano())
	for _, i := range m.Items {
		fmt.Fprintf(&b, "\x00%+v %d %t %t", i.Key, i.Level, i.Again, i.Over)
	}
	sum := sha256.Sum256([]byte(b.String()))
	return hex.EncodeToString(sum[:16])
}

// Line is a line of the journal about a message, and the entries that it names.
type Line struct {
	Told ledger.Told
	IDs  []int64
}

// mostInLine is how many matters a line holds: there is a limit to the bytes of one.
const mostInLine = 2000

// Told are the lines of the journal about a message that was delivered.
func (m Message) Told() []Line {
	var items []ledger.ToldOf
	for _, i := range m.Items {
		items = append(items, ledger.ToldOf{Matter: i.Key, Level: i.Level, Over: i.Over,
			What: printable.Text(i.Name + " " + i.What)})
	}
	return m.lines(ledger.Told{ID: m.ID, Digest: m.Digest}, items)
}

// Failed is the line about a message that was not delivered.
func (m Message) Failed(why string) Line {
	l := m.Told()[0]
	l.Told.Failed = why
	return l
}

// Ended are the lines about what is over and the receiver does not hear of.
func (m Message) Ended() []Line {
	if len(m.Silent) == 0 {
		return nil
	}
	return m.lines(ledger.Told{Silent: true}, m.Silent)
}

func (m Message) lines(told ledger.Told, items []ledger.ToldOf) (list []Line) {
	told.To, told.Target = m.Target.Name, m.Target.ID
	for part := range slices.Chunk(items, mostInLine) {
		l := Line{Told: told}
		l.Told.Items = part
		for _, of := range part {
			if of.Entry != 0 && (len(l.IDs) == 0 || l.IDs[len(l.IDs)-1] != of.Entry) {
				l.IDs = append(l.IDs, of.Entry)
			}
		}
		slices.Sort(l.IDs)
		l.IDs = slices.Compact(l.IDs)
		list = append(list, l)
	}
	if list == nil {
		list = []Line{{Told: told}}
	}
	return list
}
