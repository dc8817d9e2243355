package ui

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"certdesk/certstore"
	"certdesk/ui/kit"
)

// listing is the store at one moment, prepared for the table by a command, so that no Update sorts anything.
type listing struct {
	entries []certstore.Entry // in order of id
	worst   []int64           // ids, what needs attention first
	hay     []string          // for worst[i]: what the filter searches, in lower case
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
func list(ctx context.Context, s *certstore.Store) listedMsg {
	entries, err := s.List(ctx, false)
	if err != nil {
		return listedMsg{err: err}
	}
	l := prepare(entries)
	l.banner = s.Banner()
	return listedMsg{listing: l}
}

// prepare sorts and indexes entries, which must be in order of id.
func prepare(entries []certstore.Entry) listing {
	l := listing{entries: entries, counts: map[string]int{}}
	order := make([]*certstore.Entry, len(entries))
	for i := range entries {
		order[i] = &entries[i]
		l.measure(&entries[i])
	}
	slices.SortStableFunc(order, certstore.WorstFirst)
	l.worst, l.hay = make([]int64, len(order)), make([]string, len(order))
	for i, e := range order {
		l.worst[i], l.hay[i] = e.ID, haystack(e)
	}
	return l
}

func (l *listing) measure(e *certstore.Entry) {
	l.counts[e.Verdict.Word]++
	l.word = max(l.word, len(e.Verdict.Word))
	l.left = max(l.left, len(daysLeft(e)))
	l.name = max(l.name, kit.Width(title(*e)))
}

// haystack is what the filter's words are looked for in: every word the row or its details begin with.
func haystack(e *certstore.Entry) string {
	parts := append([]string{e.Verdict.Word, e.FriendlyName, e.Subject, e.Issuer, e.Thumbprint, e.Serial,
		strings.Join(e.Wanted.Names(), " "), e.KeyAlgorithm, strconv.Itoa(e.KeySize)}, e.Names...)
	if e.SelfSigned {
		parts = append(parts, "self-signed")
	}
	return strings.ToLower(strings.Join(parts, "\n"))
}
