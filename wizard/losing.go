package wizard

import (
	"slices"
	"strings"

	"certdesk/certstore"
	"certdesk/certstore/names"
	"certdesk/certstore/printable"
)

// Present is a certificate that services have now.
type Present struct {
	Name     string // what it is called
	Services certstore.Services
	Names    []string
}

// PresentOf are the certificates among some entries that services have now.
func PresentOf(list []certstore.Entry) (out []Present) {
	for _, e := range list {
		if e.Services != 0 && e.Removed.IsZero() && e.Kind == certstore.Certificate {
			out = append(out, Present{e.FriendlyName, e.Services, e.Names})
		}
	}
	return out
}

// losing says which names clients would lose: those of the certificate that is renewed, else of what the chosen services
// have now, where one of its names is wanted again: another may stay beside the new one.
func (r *remarks) losing(a Answers, env Env, chosen []names.Name) {
	if a.RenewalOf != 0 {
		r.lost("the certificate that it renews", joinedList(a.Renewal.Plain.Names), chosen)
		return
	}
	for _, p := range env.Present {
		both := p.Services & a.WantedServices()
		if both != 0 && slices.ContainsFunc(p.Names, func(n string) bool { return covered(chosen, n) }) {
			r.lost(p.Name+", which "+both.String()+" has now,", p.Names, chosen)
		}
	}
}

func joinedList(list []names.Name) (out []string) {
	for _, n := range list {
		out = append(out, n.Value)
	}
	return out
}

// lost compares the names of an old certificate with those of the new one.
func (r *remarks) lost(old string, list []string, chosen []names.Name) {
	has := keys(joinedList(chosen))
	var lost, under []string
	for _, text := range list {
		n, err := names.Normalize(text)
		switch {
		case err != nil || has[n.Key()]:
		case n.Kind == names.DNS && covered(chosen, n.Value):
			under = append(under, text)
		default:
			lost = append(lost, text)
		}
	}
	if len(lost) > 0 {
		r.warn("Typed", "names-lost", "clients lose "+some(lost)+": "+old+" has what this one lacks",
			"add what is still in use")
	}
	if len(under) > 0 {
		r.inform("Typed", "names-under-wildcard", old+" has "+some(under)+"; here a wildcard of the list is good for that",
			"")
	}
}

// changes says what is otherwise in the world than when the certificate was made that is renewed.
func (r *remarks) changes(a Answers, env Env, chosen []names.Name) {
	if a.RenewalOf == 0 {
		return
	}
	r.since(a, env, chosen)
	r.moved(env, chosen)
	r.called(a, env, chosen)
}

// called is about services that have another name by now than when the certificate was made.
func (r *remarks) called(a Answers, env Env, chosen []names.Name) {
	wanted := a.WantedServices()
	var list []string
	for _, k := range env.Known {
		mine := false
		for use, row := range rowOf {
			mine = mine || wanted.Has(use) && row == k.Row
		}
		said := k.Name + " (" + k.Source + ")"
		if k.Own && mine && !covered(chosen, k.Name) && !slices.Contains(list, said) {
			list = append(list, said)
		}
	}
	if len(list) > 0 {
		r.warn("Typed", "service-name-missing", some(list)+printable.Agree(len(list), " is", " are")+" not among the names",
			"add what clients ask for")
	}
}

// since is about domains that are accepted, and of which neither the old certificate nor the new one has a name. One
// that was never made for the domains of the organisation is not held to them.
func (r *remarks) since(a Answers, env Env, chosen []names.Name) {
	old := joinedList(a.Renewal.Plain.Names)
	var missing []string
	known := 0
	for _, d := range env.AcceptedDomains {
		switch {
		case d.Skipped != "":
		case slices.ContainsFunc(old, func(n string) bool { return within(n, d.Name) }):
			known++
		case !slices.ContainsFunc(chosen, func(n names.Name) bool { return within(n.Value, d.Name) }):
			missing = append(missing, d.Name)
		}
	}
	if known > 0 && len(missing) > 0 {
		r.warn("Typed", "domains-since", some(missing)+printable.Agree(len(missing), " is", " are")+
			" accepted now, and the old certificate has no name there",
			"include the accepted domains or autodiscover, or type the names that clients use there")
	}
}

// within says whether a name is a domain or lies in it.
func within(name, domain string) bool {
	name = strings.TrimPrefix(name, "*.")
	return name == domain || strings.HasSuffix(name, "."+domain)
}

// moved is about names that DNS knows no more, or that lead to other hosts by now.
func (r *remarks) moved(env Env, chosen []names.Name) {
	var gone, elsewhere []string
	for _, n := range chosen {
		for _, f := range env.Found[n.Value].Facts {
			switch f.Code {
			case "not-in-dns", "no-address":
				gone = append(gone, n.Value)
			case "elsewhere":
				elsewhere = append(elsewhere, n.Value)
			}
		}
	}
	if len(gone) > 0 {
		r.warn("Typed", "names-gone", some(gone)+printable.Agree(len(gone), " is", " are")+" not in DNS any more",
			"leave out what nobody uses any more")
	}
	if len(elsewhere) > 0 {
		r.inform("Typed", "names-moved", some(elsewhere)+printable.Agree(len(elsewhere), " leads", " lead")+" to another host now",
			"the service there needs the certificate too, or the name is not needed here")
	}
}
