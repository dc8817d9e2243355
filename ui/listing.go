package ui

import (
	"context"
	"strconv"
	"strings"
	"time"

	"certdesk/certstore"
	"certdesk/ui/kit"
)

// listing is the store at one moment, prepared for the table by a command, so that no Update sorts anything.
type listing struct {
	entries []certstore.Entry // in order of id
	search  []searchable      // for entries[i]: what the filter looks at
	by      sorting           // the order of the two below
	order   []int             // places in entries
	ids     []int64           // the same, as ids
	counts  map[string]int    // by the verdict's word
	word    int               // cells of the widest of these words
	left    int               // of the widest number of days
	name    int               // and of the widest name
	soon    []time.Time       // the ends that may be near
	banner  string
}

// listedMsg is a listing, or why there is none.
type listedMsg struct {
	listing
	err error
}

// list reads the store; its rows look as the ports let them.
func list(ctx context.Context, s *certstore.Store, by sorting, v *certstore.Survey) listedMsg {
	entries, err := s.List(ctx, false)
	if err != nil {
		return listedMsg{err: err}
	}
	l := prepare(seenBy(v, entries), by)
	l.banner = s.Banner()
	return listedMsg{listing: l}
}

// prepare sorts and indexes entries, which must be in order of id.
func prepare(entries []certstore.Entry, by sorting) listing {
	l := listing{entries: entries, counts: map[string]int{}, search: searchables(entries)}
	for i := range entries {
		l.measure(&entries[i])
	}
	l.arrange(by, ordered(entries, by))
	return l
}

// arrange puts the list into an order.
func (l *listing) arrange(by sorting, order []int) {
	l.by, l.order, l.ids = by, order, make([]int64, len(order))
	for i, at := range order {
		l.ids[i] = l.entries[at].ID
	}
}

func (l *listing) measure(e *certstore.Entry) {
	l.counts[countWord(e)]++
	l.word = max(l.word, len(e.Verdict.Word))
	l.left = max(l.left, len(daysLeft(e)))
	l.name = max(l.name, kit.Width(title(*e)))
	if e.Kind == certstore.Certificate && e.DaysLeft >= -2 && e.DaysLeft <= 2 {
		l.soon = append(l.soon, e.NotAfter)
	}
}

// wordSettled counts what another certificate took the place of.
const wordSettled = "renewed"

// countWord is what an entry counts as.
func countWord(e *certstore.Entry) string {
	if e.Settled() {
		return wordSettled
	}
	return e.Verdict.Word
}

// searchables are what the filter looks at, for each entry, their words one behind the other in memory.
func searchables(entries []certstore.Entry) []searchable {
	var all strings.Builder
	list, ends := make([]searchable, len(entries)), make([][3]int, len(entries))
	for i := range entries {
		e := &entries[i]
		list[i] = searchable{status: e.Verdict.Word, exchange: strings.ToLower(string(e.Verdict.Status)), services: e.Wanted | e.Services,
			days: e.DaysLeft, ends: e.Kind == certstore.Certificate, attention: needsAttention(e)}
		ends[i] = writeWords(&all, e)
	}
	text, from := all.String(), 0
	for i, end := range ends {
		s := &list[i]
		s.text, s.names, s.issuer = text[from:end[2]], text[from:end[0]], text[end[0]:end[1]]
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
	issuer := add(Issuer(*e), e.Issuer)
	selfSigned := ""
	if e.SelfSigned {
		selfSigned = "self-signed"
	}
	return [3]int{names, issuer, add(e.Verdict.Word, countWord(e), e.Thumbprint, e.Serial,
		strings.Join((e.Wanted|e.Services).Names(), " "), e.KeyAlgorithm, strconv.Itoa(e.KeySize), selfSigned)}
}
