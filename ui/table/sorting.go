package table

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/ui/kit"
	"certdesk/ui/screen"
	"certdesk/ui/theme"
	"certdesk/ui/words"
)

// Sorting is the order of the table: a column, and whether it is turned round. The zero value is the worst first.
type Sorting struct {
	column  int
	reverse bool
}

// SortedMsg is a list in another order; it is stale where the list or the wish has changed meanwhile.
type SortedMsg struct {
	of    *certstore.Entry // the first entry of the list that was sorted
	by    Sorting
	order []int
}

// SortMsg asks the app for another order; ArrangedMsg tells the table that there is one.
type (
	SortMsg     struct{ By Sorting }
	ArrangedMsg struct{}
)

// comparers give each column's order; what is equal there is ordered by what is worse. The gauge is ordered by the
// share that is left.
var comparers = map[int]func(a, b *rank) int{
	colStatus:   func(a, b *rank) int { return certstore.WorstFirst(a.entry, b.entry) },
	colName:     func(a, b *rank) int { return cmp.Compare(a.text, b.text) },
	colNames:    func(a, b *rank) int { return cmp.Compare(a.text, b.text) },
	colServices: func(a, b *rank) int { return cmp.Compare(a.text, b.text) },
	colIssuer:   func(a, b *rank) int { return cmp.Compare(a.text, b.text) },
	colExpires:  func(a, b *rank) int { return a.entry.NotAfter.Compare(b.entry.NotAfter) },
	colGauge:    func(a, b *rank) int { return cmp.Compare(a.share, b.share) },
}

// rank is what an entry is ordered by, made once.
type rank struct {
	entry   *certstore.Entry
	text    string
	share   float64
	missing bool // has nothing in that column: it comes last whichever way round
}

// ordered gives the places of entries in an order. It takes its time and runs in commands. The ranks stay where they
// are: moved about and handed to compare, each of them would be copied to the heap at each comparison.
func ordered(entries []certstore.Entry, by Sorting) []int {
	ranks, order := make([]rank, len(entries)), make([]int, len(entries))
	for i := range entries {
		ranks[i], order[i] = rankOf(&entries[i], by.column), i
	}
	compare := comparers[by.column]
	slices.SortFunc(order, func(i, j int) int {
		a, b := &ranks[i], &ranks[j]
		switch {
		case a.missing && !b.missing:
			return 1
		case b.missing && !a.missing:
			return -1
		}
		c := compare(a, b)
		if by.reverse {
			c = -c
		}
		return cmp.Or(c, certstore.WorstFirst(a.entry, b.entry))
	})
	return order
}

func rankOf(e *certstore.Entry, column int) rank {
	k := rank{entry: e}
	switch column {
	case colName:
		k.text = strings.ToLower(words.Title(*e))
	case colNames:
		k.text, k.missing = firstName(e), len(e.Names) == 0
	case colServices:
		k.text, k.missing = words.ServiceLetters(e), e.Wanted|e.Services == 0
	case colIssuer:
		k.text, k.missing = strings.ToLower(words.Issuer(*e)), e.Kind == certstore.PendingReq
	case colExpires:
		k.missing = e.Kind == certstore.PendingReq
	case colGauge:
		k.missing = e.Kind == certstore.PendingReq
		if life := e.NotAfter.Sub(e.NotBefore); life > 0 {
			k.share = float64(e.DaysLeft) * 24 / life.Hours()
		}
	}
	return k
}

// firstName orders names by domain: a wildcard stands beside the names it covers.
func firstName(e *certstore.Entry) string {
	if len(e.Names) == 0 {
		return ""
	}
	return strings.TrimPrefix(strings.ToLower(e.Names[0]), "*.")
}

// Resort orders the list anew if it is not in the wanted order.
func (r *Rows) Resort(d *screen.Desk) tea.Cmd {
	entries, by := r.Listing.Entries, r.Sort
	if r.Listing.by == by || len(entries) == 0 {
		return nil
	}
	return d.Behind(func(context.Context) tea.Msg { return SortedMsg{&entries[0], by, ordered(entries, by)} })
}

// Sorted takes a new order unless it is stale.
func (r *Rows) Sorted(msg SortedMsg) {
	if msg.by == r.Sort && len(r.Listing.Entries) > 0 && msg.of == &r.Listing.Entries[0] {
		r.Listing.arrange(msg.by, msg.order)
	}
}

// startSorting waits for the letter of a column.
func (s *tableScreen) startSorting() tea.Cmd {
	s.sorting = true
	return nil
}

// sortVerbs are the columns to sort by.
func (s *tableScreen) sortVerbs() []kit.Verb {
	var list []kit.Verb
	for _, k := range columnVerbs {
		list = append(list, k.verb.Does(func() tea.Cmd { return s.sortBy(Sorting{column: k.column}) }))
	}
	return list
}

func (s *tableScreen) sortBy(by Sorting) tea.Cmd {
	return func() tea.Msg { return SortMsg{by} }
}

func (s *tableScreen) reverse() tea.Cmd {
	by := s.rows.Sort
	by.reverse = !by.reverse
	return s.sortBy(by)
}

// words says the order: "by expires", "by name, reversed".
func (by Sorting) words() string {
	text := ""
	for _, k := range columnVerbs {
		if k.column == by.column {
			text = "by " + k.verb.Word
		}
	}
	if by.reverse {
		text += ", reversed"
	}
	return text
}

// columns is the table's layout with the sign of the order at its column, unless it is the worst first; days left are
// ordered as dates are.
func (l *Listing) columns(g theme.Glyphs, now time.Time) []kit.Column {
	list := tableColumns(l.word, l.left, l.name)
	list[colServices].Room = l.services
	list[colExpires] = words.EndsColumn(list[colExpires], l.soon, l.oldest, l.automatic, now)
	if l.by == (Sorting{}) {
		return list
	}
	sign := g.Down
	if l.by.reverse {
		sign = g.Up
	}
	signed := []int{l.by.column}
	if l.by.column == colExpires {
		signed = append(signed, colDays)
	}
	for _, at := range signed {
		c := &list[at]
		if at == colGauge {
			c.Title = "LIFETIME"
		}
		c.Sign = sign
		c.Min = max(c.Min, len(c.Title)+2)
		c.Want = max(c.Want, c.Min)
	}
	return list
}

// columnVerbs are the letters behind Sort, each with the column it sorts by.
var columnVerbs = []struct {
	verb   kit.Verb
	column int
}{
	{kit.NewVerb("by-status", "status", "s").About("the worst first"), colStatus},
	{kit.NewVerb("by-name", "name", "n"), colName},
	{kit.NewVerb("by-names", "names", "a").About("by the first of them"), colNames},
	{kit.NewVerb("by-services", "services", "v"), colServices},
	{kit.NewVerb("by-issuer", "issuer", "i"), colIssuer},
	{kit.NewVerb("by-expires", "expires", "e").About("what ends first"), colExpires},
	{kit.NewVerb("by-lifetime", "lifetime", "l").About("the least share left"), colGauge},
}
