package judging

import (
	"slices"
	"strings"

	"certdesk/certstore/ledger"
	"certdesk/certstore/trust"
	"certdesk/certstore/when"
)

// noteTwins remarks on what works and lies here beside a certificate that does all of it for longer. Those whose time
// ends have a successor in place of this. The caller owns the list.
func (j Judge) noteTwins(list []ledger.Entry) {
	twins := j.twins()
	if len(twins) == 0 {
		return
	}
	for i := range list {
		e := &list[i]
		if e.Kind != ledger.Certificate || e.Verdict.Status != trust.Valid || !e.Removed.IsZero() || len(e.Names) == 0 {
			continue
		}
		other := first(twins[strings.ToLower(e.Names[0])], func(r *ledger.Row) bool { return supersedes(r, e) })
		if other == nil {
			continue
		}
		text := ledger.Label(&other.Entry) + " has all its names and lasts longer, until " + when.Said(other.NotAfter, j.Now)
		e.Verdict.Findings = append(slices.Clone(e.Verdict.Findings),
			trust.Finding{Code: "superseded", Severity: trust.Info, Text: text})
	}
}

// twins are the certificates that work, by their first name, the longest-lived first, where several begin with one.
func (j Judge) twins() map[string][]*ledger.Row {
	seen, several := map[string]*ledger.Row{}, map[string][]*ledger.Row{}
	for _, r := range j.State.Rows {
		if r.Kind != ledger.Certificate || !r.Removed.IsZero() || len(r.Names) == 0 {
			continue
		}
		name := strings.ToLower(r.Names[0])
		before := seen[name]
		if seen[name] = r; before == nil {
			continue
		}
		if several[name] == nil && j.inForce(before) {
			several[name] = append(several[name], before)
		}
		if j.inForce(r) {
			several[name] = longestFirst(several[name], r)
		}
	}
	return several
}
