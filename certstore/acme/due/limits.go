package due

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"certdesk/certstore/ledger"
	"certdesk/certstore/names"
	"certdesk/certstore/printable"
)

// limit is how often something may be asked of an authority within a time.
type limit struct {
	most   int
	within time.Duration
	words  string // what was had that often, in a sentence
	counts func(ledger.Asked) bool
}

// Want is what is about to be ordered.
type Want struct {
	Directory string
	Names     []string
	Renewal   bool // the order will say which certificate it replaces: limits are waived (RFC 9773, section 5)
}

// Held says until when an order has to wait for the limits of an authority, counted from what the journal says was
// asked of it, and why; zero for not at all. A failed validation hurts most: after three within an hour no fourth is
// risked, five would lock the account out for its names.
func Held(asked []ledger.Asked, w Want, now time.Time) (until time.Time, why string) {
	for _, l := range limitsOf(w) {
		var at []time.Time
		for _, a := range asked {
			if a.Directory == w.Directory && !a.At.After(now) && a.At.After(now.Add(-l.within)) && l.counts(a) {
				at = append(at, a.At)
			}
		}
		if len(at) < l.most {
			continue
		}
		if free := at[len(at)-l.most].Add(l.within); free.After(until) {
			until, why = free, fmt.Sprintf("%s in the last %s", l.words, span(l.within))
		}
	}
	return until, why
}

// limitsOf are the limits for an order. Those of public authorities are Let's Encrypt's, which are the narrowest; a
// house's own authority tells its own when they are reached.
func limitsOf(w Want) []limit {
	list := []limit{{3, time.Hour, "three validations by this account failed", failedValidation}}
	if w.Renewal || !isPublic(w.Directory) {
		return list
	}
	list = append(list,
		limit{5, 7 * 24 * time.Hour, "five certificates with just these names were issued", func(a ledger.Asked) bool {
			return issued(a) && sameNames(a.Names, w.Names)
		}},
		limit{300, 3 * time.Hour, "300 orders were made", ordered})
	for _, domain := range domainsOf(w.Names) {
		list = append(list, limit{50, 7 * 24 * time.Hour, "50 certificates for " + printable.Text(domain) + " were issued",
			func(a ledger.Asked) bool { return issued(a) && slices.Contains(domainsOf(a.Names), domain) }})
	}
	return list
}

func ordered(a ledger.Asked) bool { return a.Op == ledger.OpOrder && !a.Renewal }

func issued(a ledger.Asked) bool { return a.Op == ledger.OpReady && !a.Renewal }

// failedValidation says whether an authority looked for a proof and did not find it (RFC 8555, section 6.7).
func failedValidation(a ledger.Asked) bool {
	switch a.Type {
	case "connection", "dns", "incorrectResponse", "tls", "unauthorized", "caa":
		return a.Op == ledger.OpFailed
	}
	return false
}

// isPublic says whether an authority has an address that others reach.
func isPublic(directory string) bool {
	u, err := url.Parse(directory)
	if err != nil {
		return true
	}
	n, err := names.Normalize(u.Hostname())
	return err != nil || names.IsPublic(n)
}

func sameNames(a, b []string) bool {
	return slices.Equal(sorted(a), sorted(b))
}

func sorted(list []string) (out []string) {
	for _, name := range list {
		out = append(out, strings.ToLower(name))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// domainsOf are the registrable domains of names, once each.
func domainsOf(list []string) (domains []string) {
	for _, name := range list {
		domain := names.Registrable(strings.ToLower(strings.TrimPrefix(name, "*.")))
		if domain != "" && !slices.Contains(domains, domain) {
			domains = append(domains, domain)
		}
	}
	return domains
}

func span(d time.Duration) string {
	if days := int(d / (24 * time.Hour)); days > 0 {
		return printable.Count(days, "day")
	}
	return printable.Count(int(d/time.Hour), "hour")
}
