package wizard

import (
	"slices"
	"strings"

	"certdesk/certstore"
	"certdesk/certstore/domains"
	"certdesk/certstore/enabling"
	"certdesk/certstore/evidence"
	"certdesk/certstore/ledger"
	"certdesk/certstore/names"
)

// Known is a name by which clients reach a service already, and who says so.
type Known struct {
	Row          int // of WorksheetRows
	Name, Source string
	Own          bool // a service here calls itself so
}

// The rows of the services; autodiscover is asked for at the web site, under a name of its own.
var rowOf = map[certstore.Services]int{certstore.IIS: 0, certstore.SMTP: 2, certstore.IMAP: 3, certstore.POP: 4,
	certstore.UM: 5}

// KnownNow are the names in the certificates that services have now.
func KnownNow(list []Present) (out []Known) {
	for _, p := range list {
		for use, row := range rowOf {
			if p.Services.Has(use) {
				out = append(out, namesFor(row, p.Names, "in the certificate of "+use.String()+" now ("+p.Name+")")...)
			}
		}
	}
	return out
}

// KnownAtPorts are what the services here call themselves: what SMTP greets with, the names that their configuration
// has, those of the certificates that they serve, whoever made these.
func KnownAtPorts(ports []enabling.Port) (out []Known) {
	for _, p := range ports {
		row, known := rowOf[ledger.UseOf(p.Service)]
		if !known {
			continue
		}
		title := ledger.ServiceTitle(p.Service)
		for _, own := range append(namesFor(row, []string{p.Report.Greets}, title+" greets with it"),
			namesFor(row, []string{p.Name}, "a name of "+title)...) {
			own.Own = true
			out = append(out, own)
		}
		if p.Report.Leaf != nil {
			out = append(out, namesFor(row, p.Report.Leaf.DNSNames, title+" serves it now")...)
		}
	}
	return out
}

// KnownInDNS are the hosts that DNS names for the services of mail domains.
func KnownInDNS(list []evidence.Host) (out []Known) {
	for _, h := range list {
		row := rowAutodiscover
		if use, ok := ledger.ParseService(h.Use); ok {
			row = rowOf[use]
		}
		out = append(out, namesFor(row, []string{h.Name}, h.Source)...)
	}
	return out
}

// KnownInDirectory are the hosts that a directory sends clients of its domain to.
func KnownInDirectory(list []domains.Point) (out []Known) {
	for _, p := range list {
		out = append(out, namesFor(rowAutodiscover, []string{p.Name}, "the connection point in "+p.Source)...)
	}
	return out
}

// namesFor are names of a row, but for those that can be none, and those of autodiscover.
func namesFor(row int, list []string, source string) (out []Known) {
	for _, text := range list {
		n, err := names.Normalize(text)
		switch {
		case err != nil || n.Kind != names.DNS || strings.HasPrefix(n.Value, "localhost"):
		case isAutodiscover(n.Value):
			out = append(out, Known{Row: rowAutodiscover, Name: n.Value, Source: source})
		default:
			out = append(out, Known{Row: row, Name: n.Value, Source: source})
		}
	}
	return out
}

// mostSuggested is how many names a cell is offered of those that are known.
const mostSuggested = 12

// suggestions are what is offered for a cell, each name once, with all that speaks for it.
func suggestions(env Env, row, column int) (out []reasoned) {
	add := func(text, source string) {
		n, err := names.Normalize(text)
		if err != nil {
			return
		}
		if i := slices.IndexFunc(out, func(r reasoned) bool { return r.name == n }); i >= 0 {
			if !strings.Contains(out[i].reason, source) {
				out[i].reason += ", " + source
			}
			return
		}
		out = append(out, reasoned{n, source})
	}
	if column == inside && row != rowAutodiscover {
		add(env.ServerFQDN, reasonFQDN)
	}
	if column == fromInternet && row == rowAutodiscover {
		for _, d := range env.AcceptedDomains {
			if name, why := autodiscover(d.Name); d.Skipped == "" {
				add(name, why)
			}
		}
	}
	said := 0
	for _, k := range env.Known {
		n := names.Name{Kind: names.DNS, Value: k.Name}
		if k.Row != row || names.IsPublic(n) != (column == fromInternet) || said >= mostSuggested {
			continue
		}
		before := len(out)
		add(k.Name, k.Source)
		said += len(out) - before
	}
	return out
}

// SuggestedBy says for a cell who gives each name that is offered: "mail.example.org: the MX of example.org".
func SuggestedBy(env Env, row, column int) string {
	var parts []string
	for _, r := range suggestions(env, row, column) {
		parts = append(parts, r.name.Value+": "+r.reason)
	}
	return strings.Join(parts[:min(len(parts), 3)], "; ") + more(len(parts)-3)
}

func more(n int) string {
	if n <= 0 {
		return ""
	}
	return "; and more"
}
