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

// twins are the certificates that work, the longest-lived first, by each name that one begins with and several have.
func (j Judge) twins() map[string][]*ledger.Row {
	have, several := map[string]int{}, map[string][]*ledger.Row{}
	j.eachCertificate(func(r *ledger.Row) { have[strings.ToLower(r.Names[0])] = 0 })
	j.eachName(have, func(name string, _ *ledger.Row) { have[name]++ })
	j.eachName(have, func(name string, r *ledger.Row) {
		if have[name] > 1 && j.inForce(r) {
			several[name] = longestFirst(several[name], r)
		}
	})
	return several
}

func (j Judge) eachCertificate(do func(*ledger.Row)) {
	for _, r := range j.State.Rows {
		if r.Kind == ledger.Certificate && r.Removed.IsZero() && len(r.Names) > 0 {
			do(r)
		}
	}
}

// eachName does something with each name of a certificate that is among some.
func (j Judge) eachName(some map[string]int, do func(name string, r *ledger.Row)) {
	j.eachCertificate(func(r *ledger.Row) {
		for _, name := range r.Names {
			name = strings.ToLower(name)
			_, is := some[name]
			if is {
				do(name, r)
			}
		}
	})
}
