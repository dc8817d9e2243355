package services

import (
	"crypto/x509"
	"slices"
	"strings"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
	"certdesk/certstore/services/daemon"
)

// judge decides about each site of an instance.
type judge struct {
	in   daemon.Instance
	w    Wish
	all  []daemon.Site
	leaf *x509.Certificate
}

// unmeant gives the reason why a site is not for this instance and certificate, or "". An error is why nothing is.
func (j judge) unmeant(s daemon.Site) (string, error) {
	switch {
	case len(j.w.Slots) > 0 && !j.picked(s):
		return "its slot was not chosen", nil
	case len(j.w.Slots) > 0 && len(s.Names) > 0 && len(j.lacks(s)) == len(s.Names):
		return "", fail.New(fail.Unfit, "leave that slot out, or use a certificate that has one of its names",
			"the certificate has none of the names of the slot %s", printable.Text(s.Slot()))
	case len(j.w.Slots) > 0:
		return "", nil
	case j.in.Name != "":
		return unasked(j.in, s, j.all), nil
	case len(s.Names) > 0:
		return j.uncovered(s), nil
	}
	return j.otherDefault(s), nil
}

// unasked gives the reason why a client that asks for the instance's name does not get this site, or "".
func unasked(in daemon.Instance, s daemon.Site, all []daemon.Site) string {
	exact := slices.Contains(s.Names, in.Name)
	if exact || s.Has(in.Name) && !s.Beaten(in.Name, all) || !s.Named(in.Name, all) && s.First(all) {
		return ""
	}
	return "it is not for the name " + printable.Text(in.Name)
}

func (j judge) picked(s daemon.Site) bool {
	return slices.ContainsFunc(j.w.Slots, s.InSlot)
}

// lacks are the names of a site that the certificate does not have.
func (j judge) lacks(s daemon.Site) (names []string) {
	for _, name := range s.Names {
		if !covers(j.leaf, name) {
			names = append(names, name)
		}
	}
	return names
}

// borne are the names of a certificate that clients ask a site for by a wildcard of it, which no other site has. A
// wildcard stands for one label here, as it does for every daemon.
func (j judge) borne(s daemon.Site, cert *x509.Certificate) (names []string) {
	for _, name := range cert.DNSNames {
		_, rest, _ := strings.Cut(name, ".")
		elsewhere := func(o daemon.Site) bool { return o.Index != s.Index && o.Has(name) && daemon.AnyAt(o.Listen, s.Listen) }
		if slices.Contains(s.Names, "*."+rest) && !slices.Contains(s.Names, name) && !slices.ContainsFunc(j.all, elsewhere) {
			names = append(names, name)
		}
	}
	return names
}

// uncovered is for a site with names: the certificate has one of them, and none is lost that what is there has now; or
// it is for all that is served there now, behind a wildcard that neither has.
func (j judge) uncovered(s daemon.Site) string {
	lacks, now := j.lacks(s), s.Leaf()
	if len(lacks) == len(s.Names) && (len(s.Borne) == 0 || !j.replaces(now)) {
		return "the certificate does not have its name " + or(lacks)
	}
	if now == nil {
		return ""
	}
	lost := slices.DeleteFunc(lacks, func(name string) bool { return !covers(now, name) })
	for _, name := range j.borne(s, now) {
		if !covers(j.leaf, name) {
			lost = append(lost, name)
		}
	}
	if len(lost) > 0 {
		return "its clients would lose " + and(lost) + ", which is served now and which the certificate does not have"
	}
	return ""
}

// replaces says whether the certificate is for all names of the one that a site serves now.
func (j judge) replaces(now *x509.Certificate) bool {
	lost := func(name string) bool { return !covers(j.leaf, name) }
	return now != nil && len(now.DNSNames) > 0 && !slices.ContainsFunc(now.DNSNames, lost)
}

// otherDefault is for a site without names, beside sites that have some.
func (j judge) otherDefault(s daemon.Site) string {
	if s.First(j.all) && !j.crowded(s) || slices.ContainsFunc(j.own(s),
		func(name string) bool { return covers(j.leaf, name) }) {
		return ""
	}
	if j.replaces(s.Leaf()) {
		return ""
	}
	if !s.First(j.all) {
		return "a pattern decides which names it is for, and the certificate does not have all that are served there now"
	}
	return "it is the default of its ports, and this certificate is not for the server itself"
}

// own are the names that a default is known by.
func (j judge) own(s daemon.Site) (names []string) {
	for _, name := range append(slices.Clone(s.Own), j.w.Server) {
		if name != "" {
			names = append(names, name)
		}
	}
	return names
}

// crowded says whether names of the site's ports have slots of their own, or may have some that cannot be listed.
func (j judge) crowded(s daemon.Site) bool {
	for _, other := range j.all {
		hidden := other.Fixed != "" && len(other.Names) == 0 && !other.First(j.all)
		if (len(other.Names) > 0 || hidden) &&
			(daemon.AnyAt(other.Listen, s.Listen) || daemon.AnyAt(other.Listen, s.Follows)) {
			return true
		}
	}
	return false
}
