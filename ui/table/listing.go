package table

import (
	"strconv"
	"strings"
	"time"

	"certdesk/certstore"
	"certdesk/ui/kit"
	"certdesk/ui/screen"
	"certdesk/ui/words"
)

// Listing is the store at one moment, prepared for the table by a command, so that no Update sorts anything.
type Listing struct {
	Entries []certstore.Entry   // in order of id
	search  []screen.Searchable // for Entries[i]: what the filter looks at
	by      Sorting             // the order of the two below
	order   []int               // places in Entries
	ids     []int64             // the same, as ids
	Counts  map[string]int      // by the verdict's word
	word    int                 // cells of the widest of these words
	left    int                 // of the widest number of days
	name    int                 // and of the widest name
	soon    []time.Time         // the ends that may be near
	oldest  certstore.Entry     // the request that has waited longest
}

// Rows is the table's list: what the app lists, the table shows and the header counts.
type Rows struct {
	Listing Listing
	Sort    Sorting // the order a person wants it in
	Hidden  int     // Rows that the filter does not show
	Marked  int     // Rows that are marked
}

// ListedMsg is a listing, or why there is none.
type ListedMsg struct {
	Listing
	Banner string // what must be said about the store, or ""
	Err    error
}

// Prepare sorts and indexes entries, which must be in order of id.
func Prepare(entries []certstore.Entry, by Sorting) Listing {
	l := Listing{Entries: entries, Counts: map[string]int{}, search: searchables(entries)}
	for i := range entries {
		l.measure(&entries[i])
	}
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

func (l *Listing) measure(e *certstore.Entry) {
	l.Counts[words.CountWord(e)]++
	l.word = max(l.word, len(e.Verdict.Word))
	l.left = max(l.left, len(words.DaysLeft(e)))
	l.name = max(l.name, kit.Width(words.Title(*e)))
	if words.WaitedLonger(e, &l.oldest) {
		l.oldest = certstore.Entry{Kind: e.Kind, Created: e.Created}
	}
	if e.Kind == certstore.Certificate && e.DaysLeft >= -2 && e.DaysLeft <= 2 {
		l.soon = append(l.soon, e.NotAfter)
	}
}

// searchables are what the filter looks at, for each entry, their words one behind the other in memory.
func searchables(entries []certstore.Entry) []screen.Searchable {
	var all strings.Builder
	list, ends := make([]screen.Searchable, len(entries)), make([][3]int, len(entries))
	for i := range entries {
		e := &entries[i]
		list[i] = screen.Searchable{Status: e.Verdict.Word, Exchange: strings.ToLower(string(e.Verdict.Status)),
			Services: e.Wanted | e.Services,
			Days:     e.DaysLeft, Ends: e.Kind == certstore.Certificate, Attention: needsAttention(e)}
		ends[i] = writeWords(&all, e)
	}
	text, from := all.String(), 0
	for i, end := range ends {
		s := &list[i]
		s.Text, s.Names, s.Issuer = text[from:end[2]], text[from:end[0]], text[end[0]:end[1]]
		from = end[2]
	}
	return list
}

// writeWords writes every word that a row or its details begin with, a line each and in lower case, and says where its
// names end, its issuer and all of it.
func writeWords(b *strings.Builder, e *certstore.Entry) [3]int {
	add := func(parts ...string) int {
		for _, part := range parts {
			b.WriteByte('\n')
			b.WriteString(strings.ToLower(part))
		}
		b.WriteByte('\n')
		return b.Len()
	}
	names := add(append([]string{e.FriendlyName, e.Subject}, e.Names...)...)
	issuer := add(words.Issuer(*e), e.Issuer)
	selfSigned := ""
	if e.SelfSigned {
		selfSigned = "self-signed"
	}
	return [3]int{names, issuer, add(e.Verdict.Word, words.CountWord(e), e.Thumbprint, e.Serial,
		strings.Join((e.Wanted|e.Services).Names(), " "), e.KeyAlgorithm, strconv.Itoa(e.KeySize), selfSigned)}
}

// kept gives the ids a filter keeps, in the order of the listing; without a term all of them. It looks at the rows as
// they lie in memory, whatever the order: of 100,000 each jump would be felt under the fingers.
func (l *Listing) kept(f screen.Filter) []int64 {
	if f.Empty() {
		return l.ids
	}
	keep, n := make([]bool, len(l.search)), 0
	for i := range l.search {
		if keep[i] = f.Keeps(&l.search[i]); keep[i] {
			n++
		}
	}
	kept := make([]int64, 0, n)
	for i, at := range l.order {
		if keep[at] {
			kept = append(kept, l.ids[i])
		}
	}
	return kept
}
