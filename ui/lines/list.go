package lines

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"certdesk/certstore"
	"certdesk/ui/kit"
	"certdesk/ui/screen"
	"certdesk/ui/table"
	"certdesk/ui/words"
)

// screenful is how many rows are printed at once, pageful how many lines of a text.
const (
	screenful = 20
	pageful   = 100
)

// greet says where one is, and how the store fares.
func (l *lineDesk) greet() {
	d := l.d
	parts := []string{"certdesk"}
	if d.Demo {
		parts = append(parts, "DEMO")
	}
	if d.ReadOnly {
		parts = append(parts, "read-only")
	}
	l.say(strings.Join(append(parts, words.PlainWords(d.StoreNote, d.Server, d.Role)...), ", "))
	parts = nil
	for _, word := range slices.Backward(words.CountOrder) {
		if n := l.app.Rows().Listing.Counts[word]; n > 0 {
			parts = append(parts, strconv.Itoa(n)+" "+word)
		}
	}
	if len(parts) > 0 {
		l.say(strings.Join(parts, ", "))
	}
	l.say("? explains what can be answered.")
	l.entries = d.Entries
}

// relist reads the list anew.
func (l *lineDesk) relist() {
	before := l.d.Banner
	l.settle(l.app.Relist())
	if banner := l.d.Banner; banner != before && banner != "" {
		l.say("Warning: " + banner)
	}
}

// list prints the rows where they are others than before, then what there is to say of the selected one, and asks
// what to do.
func (l *lineDesk) list(s screen.Rowed) {
	frame := l.app.LayerID()
	if ids := s.IDs(); frame != l.listed || !slices.Equal(ids, l.rows) {
		l.listed, l.rows, l.upTo, l.situated = frame, ids, 0, ""
		l.say("")
		l.heading(len(ids))
		l.more(s)
	}
	if l.page != frame {
		l.page, l.situated, l.rest = frame, "", nil
	}
	l.situation(s)
	l.asksWhat()
}

// heading says what the rows are.
func (l *lineDesk) heading(n int) {
	all := len(l.d.Entries)
	switch title := l.app.Top().Title(); {
	case title != "":
		l.say(title)
	case n < all:
		l.say(cmp.Or(l.app.Rows().Says, fmt.Sprintf("%d of %d rows are shown", n, all)) + ":")
	case l.app.Rows().Sort != table.Sorting{}:
		l.say("The rows in the order that was chosen:")
	default:
		l.say("What needs attention comes first:")
	}
}

// more prints the next rows.
func (l *lineDesk) more(s screen.Rowed) {
	var texts []string
	for i, id := range l.rows[l.upTo:min(l.upTo+screenful, len(l.rows))] {
		texts = append(texts, strconv.Itoa(l.upTo+i+1)+" "+s.Spoken(id))
	}
	n := l.fitting(texts, screenful)
	for _, text := range texts[:n] {
		l.say(text)
	}
	if l.upTo += n; l.upTo < len(l.rows) {
		l.say(fmt.Sprintf("%d of %d rows. m prints more.", l.upTo, len(l.rows)))
	}
}

// situation says which row is selected and what is to be done about it, unless that was said last.
func (l *lineDesk) situation(s screen.Rowed) {
	what, next := s.Remark()
	text := strings.TrimSpace(what + " " + next)
	if n := len(l.rows); n > 0 {
		text = fmt.Sprintf("Row %d of %d. %s", s.At()+1, n, text)
	}
	if n := l.app.Rows().Marked; n > 0 && l.app.Depth() == 1 {
		text += fmt.Sprintf(" %d marked.", n)
	}
	if text != l.situated {
		l.situated = text
		l.say(text)
	}
}

// asksWhat reads a command and carries it out. Rows that others changed while the person thought are told first; the
// numbers mean the rows as they were printed.
func (l *lineDesk) asksWhat() {
	line, ok := l.ask("certdesk> ")
	if !ok {
		return
	}
	l.entries = l.d.Entries
	l.relist()
	l.tellChanges()
	l.command(strings.TrimSpace(line))
	l.relist()
}

// tellChanges prints the rows that are not what they were.
func (l *lineDesk) tellChanges() {
	now := l.d.Entries
	ids, gone := changedRows(l.entries, now)
	switch n := len(ids) + gone; n {
	case 0:
		return
	default:
		l.say(words.Count(n, "row") + " changed meanwhile.")
	}
	table := l.app.Table().(screen.Rowed)
	for _, id := range ids[:min(len(ids), screenful)] {
		l.say(table.Spoken(id))
	}
}

// changedRows compares two lists in order of id: which rows are new or changed, and how many are gone.
func changedRows(before, after []certstore.Entry) (ids []int64, gone int) {
	i := 0
	for j := range after {
		e := &after[j]
		for ; i < len(before) && before[i].ID < e.ID; i++ {
			gone++
		}
		if i == len(before) || before[i].ID != e.ID || differ(&before[i], e) {
			ids = append(ids, e.ID)
		}
		if i < len(before) && before[i].ID == e.ID {
			i++
		}
	}
	return ids, gone + len(before) - i
}

func differ(a, b *certstore.Entry) bool {
	return a.Verdict.Word != b.Verdict.Word || a.Thumbprint != b.Thumbprint || a.FriendlyName != b.FriendlyName ||
		a.Wanted != b.Wanted || a.HasKey != b.HasKey || len(a.Chain) != len(b.Chain)
}

// choose selects a row by its number.
func (l *lineDesk) choose(n int) bool {
	place := n - 1
	if s, ok := l.app.Top().(screen.Rowed); ok {
		if n < 1 || n > len(l.rows) {
			l.say(fmt.Sprintf("There is no row %d: there are %d.", n, len(l.rows)))
			return false
		}
		if place = slices.Index(s.IDs(), l.rows[n-1]); place < 0 {
			l.say(fmt.Sprintf("Row %d is gone.", n))
			return false
		}
	}
	l.situated = "" // who asks for a row is told of it
	l.press(kit.Press(screen.Keys.Home))
	for range place {
		l.press(kit.Press(screen.Keys.Down))
	}
	return true
}
