package certstore

import (
	"cmp"
	"slices"

	"certdesk/certstore/trust"
)

// index finds rows without walking all of them, so that what is done for each of many entries stays linear.
type index struct {
	sums  map[string][]*row // by SHA-256 of the certificate or request
	keys  map[string][]*row // by SPKI
	above map[string][]*row // live or removed certificates, by the issuer at which their chain ends
	cas   map[string][]caRef
}

// caRef is a CA certificate that rows have in their chains, or are.
type caRef struct {
	sum  string
	rows int // how many do
}

func newIndex() index {
	return index{sums: map[string][]*row{}, keys: map[string][]*row{}, above: map[string][]*row{}, cas: map[string][]caRef{}}
}

// put takes in a row whose entry will not change until it is dropped.
func (x index) put(r *row) {
	x.sums[r.SHA256] = append(x.sums[r.SHA256], r)
	x.keys[r.SPKI] = append(x.keys[r.SPKI], r)
	if r.Kind == Certificate {
		x.above[r.Entry.above()] = append(x.above[r.Entry.above()], r)
	}
	for _, ca := range r.cas() {
		x.count(ca, 1)
	}
}

// drop forgets a row.
func (x index) drop(r *row) {
	without(x.sums, r.SHA256, r)
	without(x.keys, r.SPKI, r)
	without(x.above, r.Entry.above(), r)
	for _, ca := range r.cas() {
		x.count(ca, -1)
	}
}

func without(in map[string][]*row, key string, gone *row) {
	in[key] = slices.DeleteFunc(in[key], func(r *row) bool { return r == gone })
	if len(in[key]) == 0 {
		delete(in, key)
	}
}

func (x index) count(ca trust.Link, n int) {
	list := x.cas[ca.Subject]
	i := slices.IndexFunc(list, func(c caRef) bool { return c.sum == ca.SHA256 })
	if i < 0 {
		list, i = append(list, caRef{sum: ca.SHA256}), len(list)
	}
	list[i].rows += n
	x.cas[ca.Subject] = slices.DeleteFunc(list, func(c caRef) bool { return c.rows <= 0 })
}

// cas are the CA certificates a row brings: its chain, and itself.
func (r *row) cas() []trust.Link {
	if r.CA {
		return append(slices.Clone(r.Chain), trust.Link{Subject: r.Subject, SHA256: r.SHA256})
	}
	return r.Chain
}

// byID puts rows in the order of their ids.
func byID(rows []*row) []*row {
	sorted := slices.Clone(rows)
	slices.SortFunc(sorted, func(a, b *row) int { return cmp.Compare(a.ID, b.ID) })
	return sorted
}
