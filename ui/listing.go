package ui

import (
	"context"
	"strconv"
	"strings"

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
	banner  string
}

// listedMsg is a listing, or why there is none.
type listedMsg struct {
	listing
	err error
}

// list reads the store.
func list(ctx context.Context, s *certstore.Store, by sorting) listedMsg {
	entries, err := s.List(ctx, false)
	if err != nil {
		return listedMsg{err: err}
	}
	l := prepare(entries, by)
	l.banner = s.Banner()
	return listedMsg{listing: l}
}

// prepare sorts and indexes entries, which must be in order of id.
func prepare(entries []certstore.Entry, by sorting) listing {
	l := listing{entries: entries, counts: map[string]int{}, search: make([]searchable, len(entries))}
	for i := range entries {
		l.measure(&entries[i])
		l.search[i] = searchableOf(&entries[i])
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
	l.counts[e.Verdict.Word]++
	l.word = max(l.word, len(e.Verdict.Word))
	l.left = max(l.left, len(daysLeft(e)))
	l.name = max(l.name, kit.Width(title(*e)))
}

// searchableOf is what the filter looks at: every word the row or its details begin with.
func searchableOf(e *certstore.Entry) searchable {
	s := searchable{status: e.Verdict.Word, exchange: strings.ToLower(string(e.Verdict.Status)), services: e.Wanted,
		days: e.DaysLeft, ends: e.Kind == certstore.Certificate, attention: needsAttention(e)}
	var b strings.Builder
	add := func(parts ...string) span {
		from := b.Len()
		for _, part := range parts {
			b.WriteString("\n" + strings.ToLower(part))
		}
		b.WriteByte('\n')
		return span{from, b.Len()}
	}
	s.names = add(append([]string{e.FriendlyName, e.Subject}, e.Names...)...)
	s.issuer = add(issuerWords(*e), e.Issuer)
	add(e.Verdict.Word, e.Thumbprint, e.Serial, strings.Join(e.Wanted.Names(), " "), e.KeyAlgorithm, strconv.Itoa(e.KeySize))
	if e.SelfSigned {
		add("self-signed")
	}
	s.text = b.String()
	return s
}
