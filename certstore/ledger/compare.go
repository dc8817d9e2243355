package ledger

import (
	"slices"
	"strings"

	"certdesk/certstore/names"
	"certdesk/certstore/trust"
)

// Comparison is what would change if one entry took the place of another.
type Comparison struct {
	Old, New            Entry
	Losses              []Loss   // what the new one lacks, the worst first
	Lost, Gained        []string // names that only the old one is good for, and only the new one
	Services            Services // that only the old one is in use or wanted for
	SameKey, SameIssuer bool
	SameChain           bool
}

// Loss is one kind of what would be lost; it is a stable word.
type Loss string

// The losses, the worst first.
const (
	LostNames    Loss = "names"       // clients that ask for one of them are refused
	LostTrust    Loss = "trust"       // clients accept the old one and not the new one
	LostKey      Loss = "private-key" // only that of the old one is here
	LostServices Loss = "services"
	LostTime     Loss = "time"       // the new one ends sooner
	LostStrength Loss = "key-size"   // its key is of the same kind and shorter
	LostExport   Loss = "exportable" // its key may not leave
)

// Compare says what would be lost and won if the second entry took the place of the first. Both are judged already.
func Compare(old, next Entry) Comparison {
	c := Comparison{Old: old, New: next,
		Lost: notCovered(certified(old), certified(next)), Gained: notCovered(certified(next), certified(old)),
		Services: (old.Services | old.Wanted) &^ (next.Services | next.Wanted),
		SameKey:  old.SPKI == next.SPKI, SameIssuer: old.SelfSigned == next.SelfSigned && old.Issuer == next.Issuer,
		SameChain: slices.EqualFunc(old.Chain, next.Chain, func(a, b trust.Link) bool { return a.SHA256 == b.SHA256 }),
	}
	certificates := old.Kind == Certificate && next.Kind == Certificate
	for _, l := range []struct {
		loss Loss
		is   bool
	}{
		{LostNames, len(c.Lost) > 0},
		{LostTrust, certificates && accepted(old) && !accepted(next)},
		{LostKey, old.HasKey && !next.HasKey},
		{LostServices, c.Services != 0},
		{LostTime, certificates && next.NotAfter.Before(old.NotAfter)},
		{LostStrength, old.KeyAlgorithm == next.KeyAlgorithm && next.KeySize < old.KeySize},
		{LostExport, old.HasKey && next.HasKey && old.Exportable && !next.Exportable},
	} {
		if l.is {
			c.Losses = append(c.Losses, l.loss)
		}
	}
	return c
}

// OldFirst puts two entries into the order in which one would take the place of the other: what renews another comes
// behind it, a request behind a certificate, and what began later behind what began before.
func OldFirst(a, b Entry) (old, next Entry) {
	switch {
	case a.RenewalOf == b.ID, b.RenewalOf != a.ID && newer(a, b):
		return b, a
	}
	return a, b
}

func newer(a, b Entry) bool {
	switch {
	case a.Kind != b.Kind:
		return a.Kind == PendingReq
	case a.Kind == PendingReq:
		return a.Created.After(b.Created)
	}
	return a.NotBefore.After(b.NotBefore)
}

// accepted says whether clients that know no certificate of ours accept one.
func accepted(e Entry) bool {
	return !e.SelfSigned && e.Verdict.Status.Works()
}

// certified are the names that an entry is good for.
func certified(e Entry) []string { return trust.Certified(e.Names, e.Common) }

// notCovered are the names of a list that another is not good for, by a wildcard either. A certificate may have a
// hundred thousand: each is looked up.
func notCovered(list, by []string) (lost []string) {
	has := map[string]bool{}
	for _, name := range by {
		has[strings.ToLower(name)] = true
	}
	for _, name := range list {
		_, parent, _ := strings.Cut(strings.ToLower(name), ".")
		wildcard := "*." + parent
		if !has[strings.ToLower(name)] && !(has[wildcard] && coveredBy(name, wildcard)) {
			lost = append(lost, name)
		}
	}
	return lost
}

func coveredBy(name, wildcard string) bool {
	n, err := names.Normalize(name)
	return err == nil && n.CoveredBy(wildcard)
}
