package judging

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"certdesk/certstore/ledger"
	"certdesk/certstore/trust"
)

// candidates are the certificates that may take another's place.
type candidates struct {
	renewals map[int64][]*ledger.Row  // by what they were made to renew
	named    map[string][]*ledger.Row // by each name that is asked about, the longest-lived first
	later    map[string][]*ledger.Row // as named: those that are not valid yet, and will be accepted once they are
	now      time.Time
}

// mostCandidates is how many certificates of one name are looked at: more are all of one kind.
const mostCandidates = 8

// NoteSuccessors finds the successor of each entry in the list whose time ends, and says so in its verdict; of every
// entry it notes whether it was renewed. The caller owns the list.
func (j Judge) NoteSuccessors(list []ledger.Entry) {
	j.noteRenewed(list)
	j.noteTwins(list)
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
			j.succeededBy(e, h.of(e))
		}
	}
}

// noteRenewed is for all entries: what renews itself has most of a month left by then.
func (j Judge) noteRenewed(list []ledger.Entry) {
	renewed := map[int64]bool{}
	for _, r := range j.State.Rows {
		if r.RenewalOf != 0 && r.Kind == ledger.Certificate && r.Removed.IsZero() && j.inForce(r) {
			renewed[r.RenewalOf] = true
		}
	}
	for i := range list {
		list[i].Renewed = renewed[list[i].ID]
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
func (j Judge) succeededBy(e *ledger.Entry, r *ledger.Row) {
	if r == nil {
		return
	}
	e.Successor = &ledger.Successor{ID: r.ID, Name: r.FriendlyName, Thumbprint: r.Thumbprint, Renews: r.RenewalOf != 0,
		Waits: r.Kind == ledger.PendingReq, Ordered: r.Ordered()}
	if !e.Successor.Waits && r.NotBefore.After(j.Now) {
		e.Successor.From = r.NotBefore.In(j.Now.Location())
	}
	e.Successor.Renews = e.Successor.Renews && (r.RenewalOf == e.ID || e.Successor.Waits)
	e.Verdict.Reason += "; " + e.Successor.Words()
	switch {
	case e.Settled():
		e.Verdict.Findings = slices.DeleteFunc(slices.Clone(e.Verdict.Findings),
			func(f trust.Finding) bool { return f.Code == "expires-soon" })
	case !e.Successor.Waits && e.Successor.From.IsZero():
		e.Verdict.Reason += ", which is not enabled for " + e.Services.String() + " yet"
	}
}

// candidates sorts the live entries by what they may take the place of.
func (j Judge) candidates(asked map[string]bool) candidates {
	h := candidates{map[int64][]*ledger.Row{}, map[string][]*ledger.Row{}, map[string][]*ledger.Row{}, j.Now}
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
			if asked[name] {
				h.add(name, r, j)
			}
		}
	}
	for id, list := range h.renewals {
		h.renewals[id] = slices.DeleteFunc(list,
			func(r *ledger.Row) bool { return r.Kind == ledger.Certificate && !j.inForce(r) && !j.willBe(r) })
	}
	return h
}

// inForce says whether clients accept a certificate now.
func (j Judge) inForce(r *ledger.Row) bool {
	e := j.Row(r)
	return e.Verdict.Status.Works()
}

// willBe says whether clients will accept a certificate that has not begun, from the moment it begins.
func (j Judge) willBe(r *ledger.Row) bool {
	if !r.NotBefore.After(j.Now) {
		return false
	}
	e := j.Row(r)
	j.Now = r.NotBefore
	j.Entry(&e)
	return e.Verdict.Status == trust.Valid || e.Verdict.Status == trust.Expiring
}

func (h candidates) add(name string, r *ledger.Row, j Judge) {
	switch {
	case j.inForce(r):
		h.named[name] = longestFirst(h.named[name], r)
	case j.willBe(r):
		h.later[name] = longestFirst(h.later[name], r)
	}
}

// longestFirst puts one more in its place.
func longestFirst(list []*ledger.Row, r *ledger.Row) []*ledger.Row {
	at, _ := slices.BinarySearchFunc(list, r, func(a, b *ledger.Row) int { return b.NotAfter.Compare(a.NotAfter) })
	list = slices.Insert(list, at, r)
	return list[:min(len(list), mostCandidates)]
}

// of is what takes an entry's place: a certificate that is valid now before one that begins in time; of its renewals
// the one that lasts longest, else a certificate that could, else a renewal that waits.
func (h candidates) of(e *ledger.Entry) *ledger.Row {
	var now, later, waits *ledger.Row
	for _, r := range h.renewals[e.ID] {
		switch {
		case r.Kind == ledger.PendingReq:
			waits = r
		case !r.NotAfter.After(e.NotAfter):
		case !r.NotBefore.After(h.now):
			now = longer(now, r)
		case inTime(r, e):
			later = longer(later, r)
		}
	}
	if len(e.Names) > 0 {
		name := strings.ToLower(e.Names[0])
		now = cmp.Or(now, first(h.named[name], func(r *ledger.Row) bool { return supersedes(r, e) }))
		later = cmp.Or(later, first(h.later[name], func(r *ledger.Row) bool { return inTime(r, e) && supersedes(r, e) }))
	}
	return cmp.Or(now, later, waits)
}

// longer is which of two certificates lasts longer; nil is none.
func longer(a, b *ledger.Row) *ledger.Row {
	if a == nil || b.NotAfter.After(a.NotAfter) {
		return b
	}
	return a
}

// first is the first that fits, nil for none.
func first(list []*ledger.Row, fits func(*ledger.Row) bool) *ledger.Row {
	if at := slices.IndexFunc(list, fits); at >= 0 {
		return list[at]
	}
	return nil
}

// inTime says whether a certificate begins before another ends: else clients are without one in between.
func inTime(r *ledger.Row, e *ledger.Entry) bool { return r.NotBefore.Before(e.NotAfter) }

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
