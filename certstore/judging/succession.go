package judging

import (
	"slices"
	"strings"

	"certdesk/certstore/ledger"
	"certdesk/certstore/trust"
)

// candidates are the certificates that may take another's place.
type candidates struct {
	renewals map[int64][]*ledger.Row  // by what they were made to renew
	named    map[string][]*ledger.Row // by each name that is asked about, the longest-lived first
}

// mostCandidates is how many certificates of one name are looked at: more are all of one kind.
const mostCandidates = 8

// NoteSuccessors finds the successor of each entry in the list whose time ends, and says so in its verdict. The caller
// owns the list.
func (j Judge) NoteSuccessors(list []ledger.Entry) {
	asked := map[string]bool{}
	for i := range list {
		if e := &list[i]; e.TimeEnds() && e.Removed.IsZero() && len(e.Names) > 0 {
			asked[strings.ToLower(e.Names[0])] = true
		}
	}
	if len(asked) == 0 {
		return
	}
	h := j.candidates(asked)
	for i := range list {
		if e := &list[i]; e.TimeEnds() && e.Removed.IsZero() {
			succeededBy(e, h.of(e))
		}
	}
}

// Anew judges an entry whose facts changed, with what takes its place, as the list does.
func (j Judge) Anew(e *ledger.Entry) {
	j.Entry(e)
	e.Successor = nil
	one := []ledger.Entry{*e}
	j.NoteSuccessors(one)
	*e = one[0]
}

// succeededBy notes a successor, nil for none. What was an urgent remark is none any more once all is settled.
func succeededBy(e *ledger.Entry, r *ledger.Row) {
	if r == nil {
		return
	}
	e.Successor = &ledger.Successor{ID: r.ID, Name: r.FriendlyName, Thumbprint: r.Thumbprint, Renews: r.RenewalOf != 0,
		Waits: r.Kind == ledger.PendingReq}
	e.Successor.Renews = e.Successor.Renews && (r.RenewalOf == e.ID || e.Successor.Waits)
	e.Verdict.Reason += "; " + e.Successor.Words()
	switch {
	case e.Settled():
		e.Verdict.Findings = slices.DeleteFunc(slices.Clone(e.Verdict.Findings),
			func(f trust.Finding) bool { return f.Code == "expires-soon" })
	case !e.Successor.Waits:
		e.Verdict.Reason += ", which is not enabled for " + e.Services.String() + " yet"
	}
}

// candidates sorts the live entries by what they may take the place of.
func (j Judge) candidates(asked map[string]bool) candidates {
	h := candidates{map[int64][]*ledger.Row{}, map[string][]*ledger.Row{}}
	for _, r := range j.State.Rows {
		if !r.Removed.IsZero() {
			continue
		}
		if r.RenewalOf != 0 {
			h.renewals[r.RenewalOf] = append(h.renewals[r.RenewalOf], r)
		}
		if r.Kind != ledger.Certificate {
			continue
		}
		for _, name := range r.Names {
			name = strings.ToLower(name)
			if asked[name] && j.inForce(r) {
				h.add(name, r)
			}
		}
	}
	for id, list := range h.renewals {
		h.renewals[id] = slices.DeleteFunc(list,
			func(r *ledger.Row) bool { return r.Kind == ledger.Certificate && !j.inForce(r) })
	}
	return h
}

// inForce says whether clients accept a certificate now.
func (j Judge) inForce(r *ledger.Row) bool {
	e := j.Row(r)
	return e.Verdict.Status.Works()
}

func (h candidates) add(name string, r *ledger.Row) {
	at, _ := slices.BinarySearchFunc(h.named[name], r,
		func(a, b *ledger.Row) int { return b.NotAfter.Compare(a.NotAfter) })
	if at < mostCandidates {
		list := slices.Insert(h.named[name], at, r)
		h.named[name] = list[:min(len(list), mostCandidates)]
	}
}

// of is what takes an entry's place: of its renewals the certificate that lasts longest, else a certificate that
// could, else a renewal that waits.
func (h candidates) of(e *ledger.Entry) *ledger.Row {
	var waits, best *ledger.Row
	for _, r := range h.renewals[e.ID] {
		switch {
		case r.Kind == ledger.PendingReq:
			waits = r
		case r.NotAfter.After(e.NotAfter) && (best == nil || r.NotAfter.After(best.NotAfter)):
			best = r
		}
	}
	if best == nil && len(e.Names) > 0 {
		list := h.named[strings.ToLower(e.Names[0])]
		if at := slices.IndexFunc(list, func(r *ledger.Row) bool { return supersedes(r, e) }); at >= 0 {
			best = list[at]
		}
	}
	if best == nil {
		return waits
	}
	return best
}

// supersedes says whether a certificate does all that another does, for longer. One of another key type may be meant to
// be served beside it, and one that signed itself is no substitute for a CA's.
func supersedes(r *ledger.Row, e *ledger.Entry) bool {
	return r.ID != e.ID && r.NotAfter.After(e.NotAfter) && r.SelfSigned == e.SelfSigned &&
		r.KeyAlgorithm == e.KeyAlgorithm &&
		r.Wanted&e.Wanted == e.Wanted && !slices.ContainsFunc(e.Names,
		func(name string) bool { return !hasName(r.Names, name) })
}

func hasName(list []string, name string) bool {
	return slices.ContainsFunc(list, func(have string) bool { return strings.EqualFold(have, name) })
}

// Superseded are the entries that an entry takes the place of without having been made to renew them.
func (j Judge) Superseded(e ledger.Entry) (list []ledger.Entry) {
	for _, r := range j.State.Rows {
		if r.Removed.IsZero() && r.ID != e.ID && e.RenewalOf != r.ID && len(r.Names) > 0 && hasName(e.Names, r.Names[0]) {
			list = append(list, j.Row(r))
		}
	}
	j.NoteSuccessors(list)
	return slices.DeleteFunc(list, func(o ledger.Entry) bool { return o.Successor == nil || o.Successor.ID != e.ID })
}
