package table

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/query"
	"certdesk/ui/kit"
	"certdesk/ui/screen"
	"certdesk/ui/words"
)

// Listing is the store at one moment, prepared for the table by a command, so that no Update sorts anything.
type Listing struct {
	Entries  []certstore.Entry // in order of id
	search   []query.Row       // for Entries[i]: what the filter looks at
	values   query.Values      // what it can be asked for
	by       Sorting           // the order of the two below
	order    []int             // places in Entries
	ids      []int64           // the same, as ids
	Counts   map[string]int    // by the verdict's word
	word     int               // cells of the widest of these words
	left     int               // of the widest number of days
	name     int               // and of the widest name
	services int               // of the widest list of services, by name
	ahead    ahead             // what ends or is due soon
	soon     []time.Time       // the ends that may be near
	oldest   certstore.Entry   // the request that has waited longest

	automatic bool // something renews itself
}

// Rows is the table's list: what the app lists, the table shows and the header counts.
type Rows struct {
	Listing Listing
	Sort    Sorting // the order a person wants it in
	Hidden  int     // Rows that the filter does not show
	Says    string  // what it shows, in words: "3 of 41 expire before 25 Dec"; "" where none is in force
	Problem string  // what is wrong with it, or ""
	Marked  int     // Rows that are marked

	ids   []int64 // those that are shown, in their order; not to be changed
	ahead ahead   // what of them ends or is due soon
}

// Shown are the rows as the table shows them now.
func (r *Rows) Shown() screen.Shown { return screen.Shown{IDs: r.ids, Entries: r.Listing.Entries} }

// ListedMsg is a listing, or why there is none.
type ListedMsg struct {
	Listing
	Changed []int64 // by id, what looks otherwise than before
	Banner  string  // what must be said about the store, or ""
	Err     error
}

// Prepare sorts and indexes entries, which must be in order of id.
func Prepare(entries []certstore.Entry, by Sorting) Listing {
	l := Listing{Entries: entries, Counts: map[string]int{}, search: query.Rows(entries),
		values: values(entries)}
	for i := range entries {
		l.measure(&entries[i], i)
	}
	l.ahead.sort()
	l.arrange(by, ordered(entries, by))
	return l
}

// arrange puts the list into an order.
func (l *Listing) arrange(by Sorting, order []int) {
	l.by, l.order, l.ids = by, order, make([]int64, len(order))
	for i, at := range order {
		l.ids[i] = l.Entries[at].ID
	}
}

func (l *Listing) measure(e *certstore.Entry, place int) {
	l.Counts[words.CountWord(e)]++
	l.word = max(l.word, len(e.Verdict.Word))
	l.ahead.note(e, place)
	l.left = max(l.left, words.LeftWidth(e))
	l.services = max(l.services, kit.Width(words.ServiceNames(e, asItIs)))
	l.name = max(l.name, kit.Width(words.Title(*e)))
	l.automatic = l.automatic || e.Automatic != nil
	if words.WaitedLonger(e, &l.oldest) {
		l.oldest = certstore.Entry{Kind: e.Kind, Created: e.Created}
	}
	if e.Kind == certstore.Certificate && e.DaysLeft >= -2 && e.DaysLeft <= 2 {
		l.soon = append(l.soon, e.NotAfter)
	}
}

func asItIs(text string) string { return text }

// maxValues is how many values of a kind are offered to the filter: nobody looks through more.
const maxValues = 100

// values are what the rows have that the filter can be asked for, the most frequent issuer first.
func values(entries []certstore.Entry) (v query.Values) {
	seen, served := map[string]int{}, map[string]int{}
	for i := range entries {
		e := &entries[i]
		if e.Kind == certstore.Certificate {
			seen[words.Issuer(*e)]++
		}
		for _, b := range e.Bound {
			for _, word := range []string{b.Service.Driver, b.Service.Name} {
				served[word]++
			}
		}
	}
	return query.Values{Issuers: frequent(seen), Servers: frequent(served)}
}

// frequent are words by how often they occur.
func frequent(n map[string]int) []string {
	delete(n, "")
	list := slices.SortedFunc(maps.Keys(n), func(a, b string) int { return cmp.Or(n[b]-n[a], strings.Compare(a, b)) })
	return list[:min(len(list), maxValues)]
}

// row is an entry as the filter sees it; nil for none.
func (l *Listing) row(id int64) *query.Row {
	i, found := slices.BinarySearchFunc(l.Entries, id, func(e certstore.Entry, id int64) int {
		return cmp.Compare(e.ID, id)
	})
	if !found {
		return nil
	}
	return &l.search[i]
}

// kept gives the ids a filter keeps, in the order of the listing, and what of them comes; without a term all of it. It
// looks at the rows as they lie in memory, whatever the order: of 100,000 each jump would be felt under the fingers.
func (l *Listing) kept(q query.Query) ([]int64, ahead) {
	if q.Empty() {
		return l.ids, l.ahead
	}
	keep, n := make([]bool, len(l.search)), 0
	for i := range l.search {
		if keep[i] = q.Keeps(&l.search[i]); keep[i] {
			n++
		}
	}
	kept := make([]int64, 0, n)
	for i, at := range l.order {
		if keep[at] {
			kept = append(kept, l.ids[i])
		}
	}
	return kept, l.ahead.of(keep)
}
