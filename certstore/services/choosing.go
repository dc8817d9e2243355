package services

import (
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"strings"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
	"certdesk/certstore/services/daemon"
)

// Wish is what a person and the configuration say about the slots a certificate goes to.
type Wish struct {
	// Slots are DefaultSlot, or names of slots: these and no other; none: those the certificate is for.
	Slots []string `json:"slots,omitempty"`
	// Server is the configured server name: the default may be given a certificate that has it.
	Server string `json:"server,omitempty"`
}

// Want says which slots the plans of this service are for.
func (s *Service) Want(w Wish) { s.wish = w }

// Missed is a slot that bears a name of the certificate and that certdesk does not change, since it cannot or since
// other clients would lose a name there: they may go on getting the old one, and are asked for.
type Missed struct {
	daemon.Site
	Prove []daemon.Proof // what such clients ask
}

// Taken is a slot that a plan changes.
type Taken struct {
	Slot  string
	Sites []daemon.Site
	Prove []daemon.Proof
	Shut  []string // URLs that answer their proxy alone: nobody here can ask them
}

// ErrNotMeant is why a service is left alone that a certificate is not for; another service may be.
var ErrNotMeant = errors.New("it fits no slot of this service")

// choice is which sites an instance and a certificate mean.
type choice struct {
	sites  []daemon.Site
	left   []daemon.Site // not changed; why is in Fixed
	missed []Missed
	proofs []daemon.Proof
	notes  []string

	proxied []string // URLs that are asked as a proxy asks
	shut    []string // URLs that answer their proxy alone
}

func (c *choice) leaveAlone(s daemon.Site, why string) {
	s.Fixed = why
	c.left = append(c.left, s)
}

// choose picks the sites to change: those of the slots that a person named; with a name, the site a client that asks
// for it gets; else each whose names the certificate has, and the default where no name of
// its ports has a slot, or the certificate is for what the default is for. A site that cannot be followed is left
// alone and stands in no other's way.
func choose(in daemon.Instance, w Wish, sites []daemon.Site, leaf *x509.Certificate) (choice, error) {
	asked, err := daemon.ParseListeners(in.Listen)
	if err != nil {
		return choice{}, err
	}
	c := choice{}
	j := judge{in, w, onPorts(asked, sites, &c), leaf}
	if err := j.knows(w.Slots); err != nil {
		return choice{}, err
	}
	for _, s := range j.all {
		if in.Name == "" {
			s.Borne = j.borne(s, leaf)
		}
		why, err := j.unmeant(s)
		switch {
		case err != nil:
			return choice{}, err
		case s.Fixed != "":
			c.miss(j, s, why, asked)
		case why != "":
			c.spare(j, s, why, asked)
		default:
			c.take(j, s, asked)
		}
	}
	if len(c.sites) == 0 {
		return c, none(in, c)
	}
	c.notes = append(c.notes, c.proxyNotes()...)
	return c, nil
}

// take changes a site, and says what of it cannot be proven.
func (c *choice) take(j judge, s daemon.Site, asked []daemon.Listener) {
	c.sites = append(c.sites, s)
	if lacks := j.lacks(s); len(lacks) > 0 {
		c.notes = append(c.notes,
			printable.Text(s.Where)+" is for "+and(lacks)+
				" as well, which the certificate does not have: clients that ask for it are warned")
	}
	if !reached(s, j.all) {
		c.notes = append(c.notes, printable.Text(s.Where)+
			" changes as well and cannot be asked: a pattern decides which names it is for")
		return
	}
	c.prove(j.in, s, asked, j.leaf)
}

// spare leaves a site that certdesk could change, and that a person may name. It is missed where it bears a name of the
// certificate and nobody said which slots are meant.
func (c *choice) spare(j judge, s daemon.Site, why string, asked []daemon.Listener) {
	bears := len(j.lacks(s)) < len(s.Names) || len(s.Borne) > 0
	s.Offered, s.Fixed = bears || len(s.Names) == 0, why
	if bears && len(j.w.Slots) == 0 && j.in.Name == "" {
		c.miss(j, s, "", asked)
		return
	}
	c.left = append(c.left, s)
}

// miss leaves a site that certdesk cannot change. It is missed where it would be meant; of one that may be for names
// nobody can list, clients' own questions tell.
func (c *choice) miss(j judge, s daemon.Site, why string, asked []daemon.Listener) {
	c.left = append(c.left, s)
	hidden := len(s.Names) == 0 && !s.First(j.all)
	if why != "" && !hidden {
		return
	}
	was := c.proofs
	c.proofs = nil
	if hidden {
		s.Names = atMost(j.leaf.DNSNames, 16)
	}
	c.prove(j.in, s, asked, j.leaf)
	c.missed, c.proofs = append(c.missed, Missed{s, c.proofs}), was
}

func atMost(list []string, n int) []string { return list[:min(n, len(list))] }

// knows refuses slots that are not there.
func (j judge) knows(slots []string) error {
	for _, word := range slots {
		if !slices.ContainsFunc(j.all, func(s daemon.Site) bool { return s.InSlot(word) }) {
			return notMeant("its slots are "+and(slotsOf(j.all)), "it has no slot "+printable.Text(word))
		}
	}
	return nil
}

func slotsOf(sites []daemon.Site) (list []string) {
	for _, s := range sites {
		if !slices.Contains(list, s.Slot()) {
			list = append(list, s.Slot())
		}
	}
	return list
}

// taken puts the sites of a choice together by slot.
func (c choice) taken(in daemon.Instance, leaf *x509.Certificate, all []daemon.Site) (list []Taken) {
	asked, _ := daemon.ParseListeners(in.Listen)
	for _, s := range c.sites {
		i := slices.IndexFunc(list, func(t Taken) bool { return t.Slot == s.Slot() })
		if i < 0 {
			i, list = len(list), append(list, Taken{Slot: s.Slot()})
		}
		own := choice{proofs: list[i].Prove, shut: list[i].Shut}
		if reached(s, all) {
			own.prove(in, s, asked, leaf)
		}
		list[i].Sites, list[i].Prove, list[i].Shut = append(list[i].Sites, s), own.proofs, own.shut
	}
	return list
}

// otherPorts is why a site is left that the instance's listen leaves out.
const otherPorts = "its ports are not among those of this service"

// none says why nothing is chosen, for each site.
func none(in daemon.Instance, c choice) error {
	if len(c.left) == 0 {
		return NoPort(in)
	}
	here := slices.DeleteFunc(slices.Clone(c.left), func(s daemon.Site) bool { return s.Fixed == otherPorts })
	if len(here) == 0 {
		here = c.left
	}
	var reasons []string
	for _, s := range here {
		if text := printable.Text(s.Where + ": " + s.Fixed); !slices.Contains(reasons, text) {
			reasons = append(reasons, text)
		}
	}
	if more := len(reasons) - 5; more > 0 {
		reasons = append(reasons[:5], fmt.Sprintf("and %d more", more))
	}
	text, offer := strings.Join(reasons, "; "), ""
	if i := slices.IndexFunc(here, func(s daemon.Site) bool { return s.Offered }); i >= 0 {
		offer = "; --slot " + printable.Text(here[i].Slot()) + " gives it to that slot anyway"
	}
	if slices.ContainsFunc(c.missed, func(m Missed) bool { return !m.Offered }) {
		return fail.New(fail.NotFound, "change it there by hand; `certdesk test` then asks its ports"+offer,
			"nothing in the configuration of %s can be changed for this certificate (%s)", in.Driver, text)
	}
	hint := "use a certificate with the name that clients ask for" + offer
	return notMeant(hint,
		"nothing in the configuration of "+in.Driver+" fits this certificate ("+text+")")
}

func notMeant(hint, text string) error {
	return &fail.Error{Code: fail.NotFound, Text: text, Hint: hint, Err: ErrNotMeant}
}

func and(list []string) string { return joined(list, "and") }
func or(list []string) string  { return joined(list, "or") }

// joined is a list in a sentence, its middle left out where it is long.
func joined(list []string, word string) string {
	if len(list) > 5 {
		list = append(slices.Clone(list[:4]), fmt.Sprintf("%d more", len(list)-4))
	}
	text := strings.Join(list[:max(0, len(list)-1)], ", ")
	if text != "" {
		text += " " + word + " "
	}
	return printable.Text(text + strings.Join(list[max(0, len(list)-1):], ""))
}
