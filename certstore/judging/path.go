package judging

import (
	"bytes"
	"crypto/x509"
	"slices"

	"certdesk/certstore/formats"
)

// maxDetours is how many certificates are left out in search of a path that holds; a CA has two or three of one name.
const maxDetours = 8

// BestPath leaves out, of CA certificates that stand for each other, those by which clients would come to no trusted
// root: one that has expired beside the one that replaced it, or a cross-signature that leads nowhere. They are given
// back whole where no path holds: then the faults are told of the longest.
func (j Chains) BestPath(leaf *x509.Certificate, others []*x509.Certificate) []*x509.Certificate {
	left := others
	for range maxDetours {
		if !HaveTwins(left) {
			break
		}
		wrong, holds := j.deadEnd(leaf, left)
		switch {
		case holds:
			return left
		case wrong == "":
			return others
		}
		left = slices.DeleteFunc(slices.Clone(left), func(c *x509.Certificate) bool { return Sum(c.Raw) == wrong })
	}
	if len(left) < len(others) {
		if _, holds := j.deadEnd(leaf, left); holds {
			return left
		}
	}
	return others
}

// HaveTwins says whether one certificate could stand for another.
func HaveTwins(certs []*x509.Certificate) bool {
	first := map[string]*x509.Certificate{}
	for _, c := range certs {
		have := first[string(c.RawSubject)]
		if have != nil && !have.Equal(c) {
			return true
		}
		first[string(c.RawSubject)] = c
	}
	return false
}

// deadEnd judges the path that others make, and gives what to leave out where it does not hold: what clients refuse in
// it, else the highest for which another may stand.
func (j Chains) deadEnd(leaf *x509.Certificate, others []*x509.Certificate) (wrong string, holds bool) {
	e, err := Describe(leaf, others)
	if err != nil {
		return "", false
	}
	chain, _, _ := formats.SortChain(leaf, others)
	j.Preview(&e, append([]*x509.Certificate{leaf}, chain...)...)
	if e.Verdict.Fault == "" && e.Verdict.Root != "" {
		return "", true
	}
	_, level, _ := j.Anchor(&e)
	for _, link := range e.Chain[:level] {
		if link.Signed && link.Refused(j.Now) != "" {
			return link.SHA256, false
		}
	}
	for i := len(chain) - 1; i >= 0; i-- {
		if slices.ContainsFunc(others, func(c *x509.Certificate) bool { return twins(c, chain[i]) }) {
			return e.Chain[i].SHA256, false
		}
	}
	return "", false
}

func twins(a, b *x509.Certificate) bool {
	return bytes.Equal(a.RawSubject, b.RawSubject) && !a.Equal(b)
}
