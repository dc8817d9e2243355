package ui

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"certdesk/certstore"
	"certdesk/ui/kit"
)

// rowed is a screen of rows, one of them selected.
type rowed interface {
	ids() []int64                // of the rows in their order; nil while there is no list to show
	at() int                     // the place of the selected one
	spoken(id int64) string      // a row in words, what matters first
	name(id int64) string        // what a row is called
	remark() (what, next string) // of the selected row, or of the list
}

// screenful is how many rows are printed at once, pageful how many lines of a text.
const (
	screenful = 20
	pageful   = 100
)

// greet says where one is, and how the store fares.
func (l *lineDesk) greet() {
	d := l.app.d
	parts := []string{"certdesk"}
	if d.Demo {
		parts = append(parts, "DEMO")
	}
	if d.readOnly {
		parts = append(parts, "read-only")
	}
	l.say(strings.Join(append(parts, plainWords(d.StoreNote, d.Server, d.Role)...), ", "))
	parts = nil
	for _, word := range slices.Backward(countOrder) {
		if n := d.listing.counts[word]; n > 0 {
			parts = append(parts, strconv.Itoa(n)+" "+word)
		}
	}
	if len(parts) > 0 {
		l.say(strings.Join(parts, ", "))
	}
	l.say("? explains what can be answered.")
	l.entries = d.entries
}

// relist reads the list anew.
func (l *lineDesk) relist() {
	before := l.app.d.banner
	l.settle(l.app.relist())
	if banner := l.app.d.banner; banner != before && banner != "" {
		l.say("Warning: " + banner)
	}
}

// list prints the rows where they are others than before, then what there is to say of the selected one, and asks
// what to do.
func (l *lineDesk) list(s rowed) {
	frame := l.frame()
	if ids := s.ids(); frame != l.listed || !slices.Equal(ids, l.rows) {
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
	all := len(l.app.d.entries)
	switch title := l.app.top().Title(); {
	case title != "":
		l.say(title)
	case n < all:
		l.say(fmt.Sprintf("%d of %d rows are shown:", n, all))
	case l.app.d.sort != sorting{}:
		l.say("The rows in the order that was chosen:")
	default:
		l.say("What needs attention comes first:")
	}
}

// more prints the next rows.
func (l *lineDesk) more(s rowed) {
	var texts []string
	for i, id := range l.rows[l.upTo:min(l.upTo+screenful, len(l.rows))] {
		texts = append(texts, strconv.Itoa(l.upTo+i+1)+" "+s.spoken(id))
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
func (l *lineDesk) situation(s rowed) {
	what, next := s.remark()
	text := strings.TrimSpace(what + " " + next)
	if n := len(l.rows); n > 0 {
		text = fmt.Sprintf("Row %d of %d. %s", s.at()+1, n, text)
	}
	if n := l.app.d.marked; n > 0 && l.frame() == l.app.frames[0].id {
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
	l.entries = l.app.d.entries
	l.relist()
	l.tellChanges()
	l.command(strings.TrimSpace(line))
	l.relist()
}

// tellChanges prints the rows that are not what they were.
func (l *lineDesk) tellChanges() {
	now := l.app.d.entries
	ids, gone := changedRows(l.entries, now)
	switch n := len(ids) + gone; n {
	case 0:
		return
	default:
		l.say(count(n, "row") + " changed meanwhile.")
	}
	table := l.app.frames[0].screen.(rowed)
	for _, id := range ids[:min(len(ids), screenful)] {
		l.say(table.spoken(id))
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
	if s, ok := l.app.top().(rowed); ok {
		if n < 1 || n > len(l.rows) {
			l.say(fmt.Sprintf("There is no row %d: there are %d.", n, len(l.rows)))
			return false
		}
		if place = slices.Index(s.ids(), l.rows[n-1]); place < 0 {
			l.say(fmt.Sprintf("Row %d is gone.", n))
			return false
		}
	}
	l.situated = "" // who asks for a row is told of it
	l.press(kit.Press(keys.Home))
	for range place {
		l.press(kit.Press(keys.Down))
	}
	return true
}
