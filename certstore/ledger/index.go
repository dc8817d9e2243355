package ledger

import (
	"cmp"
	"slices"

	"certdesk/certstore/trust"
)

// Index finds rows without walking all of them, so that what is done for each of many entries stays linear.
type Index struct {
	Sums  map[string][]*Row // by SHA-256 of the certificate or request
	keys  map[string][]*Row // by SPKI
	Above map[string][]*Row // live or removed certificates, by the issuer at which their chain ends
	CAs   map[string][]CARef
}

// CARef is a CA certificate that rows have in their chains, or are.
type CARef struct {
	Sum  string
	rows int // how many do
}

func newIndex() Index {
	return Index{Sums: map[string][]*Row{}, keys: map[string][]*Row{}, Above: map[string][]*Row{},
		CAs: map[string][]CARef{}}
}

// put takes in a row whose entry will not change until it is dropped.
func (x Index) put(r *Row) {
	x.Sums[r.SHA256] = append(x.Sums[r.SHA256], r)
	x.keys[r.SPKI] = append(x.keys[r.SPKI], r)
	if r.Kind == Certificate {
		x.Above[r.Entry.above()] = append(x.Above[r.Entry.above()], r)
	}
	for _, ca := range r.cas() {
		x.count(ca, 1)
	}
}

// drop forgets a row.
func (x Index) drop(r *Row) {
	without(x.Sums, r.SHA256, r)
	without(x.keys, r.SPKI, r)
	without(x.Above, r.Entry.above(), r)
	for _, ca := range r.cas() {
		x.count(ca, -1)
	}
}

func without(in map[string][]*Row, key string, gone *Row) {
	in[key] = slices.DeleteFunc(in[key], func(r *Row) bool { return r == gone })
	if len(in[key]) == 0 {
		delete(in, key)
	}
}

func (x Index) count(ca trust.Link, n int) {
	list := x.CAs[ca.Subject]
	i := slices.IndexFunc(list, func(c CARef) bool { return c.Sum == ca.SHA256 })
	if i < 0 {
		list, i = append(list, CARef{Sum: ca.SHA256}), len(list)
	}
	list[i].rows += n
	x.CAs[ca.Subject] = slices.DeleteFunc(list, func(c CARef) bool { return c.rows <= 0 })
}

// CAs are the CA certificates a row brings: its chain, and itself.
func (r *Row) cas() []trust.Link {
	if r.CA {
		return append(slices.Clone(r.Chain), trust.Link{Subject: r.Subject, SHA256: r.SHA256})
	}
	return r.Chain
}

// ByID puts rows in the order of their ids.
func ByID(rows []*Row) []*Row {
	sorted := slices.Clone(rows)
	slices.SortFunc(sorted, func(a, b *Row) int { return cmp.Compare(a.ID, b.ID) })
	return sorted
}
