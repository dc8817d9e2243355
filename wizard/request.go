package wizard

import (
	"strings"

	"certdesk/certstore/issuing"
	"certdesk/certstore/names"
	"certdesk/certstore/printable"
)

// BuildRequest is the request that follows from the answers, every default filled in: what the review shows
// and the store makes. Its error is the first finding that blocks: InvalidName, InvalidSubject or Usage.
func BuildRequest(a Answers, env Env) (issuing.Request, error) {
	if f, blocked := FirstError(All(a, env)); blocked {
		return issuing.Request{}, f.Err()
	}
	chosen := Chosen(Expand(a, env))
	subject, err := a.subject(chosen[0].Value)
	if err != nil {
		return issuing.Request{}, err
	}
	r := issuing.Request{
		SelfSigned:   a.SelfSigned,
		Subject:      subject,
		Names:        chosen,
		Key:          a.Key(),
		Exportable:   a.Exportable,
		Wanted:       a.WantedServices(),
		FriendlyName: a.friendlyName(env),
		RenewalOf:    a.RenewalOf,
		ReuseKey:     a.ReuseKey && a.RenewalOf != 0,
		Order:        a.order(env),
	}
	switch {
	case a.SelfSigned:
		r.ValidDays = a.days()
	case r.Order == nil:
		r.Path, r.Binary, r.Overwrite = a.Path, a.Binary, a.Overwrite
	}
	return r, subject.Validate()
}

func (a Answers) days() int {
	if a.ValidDays == 0 {
		return DefaultDays
	}
	return a.ValidDays
}

// SubjectText is the distinguished name as it forms, in RFC 4514 order, right or not yet; "" while a subject
// given whole cannot be read.
func SubjectText(a Answers, env Env) string {
	cn := ""
	if list := Expand(a, env); len(list) > 0 {
		cn = list[0].Name.Value
	}
	s, err := a.subject(cn)
	if err != nil {
		return ""
	}
	return printable.Text(s.String())
}

// FromRequest is the answers that lead to a request, to start a renewal from. A subject with several units,
// which the five fields cannot hold, is kept whole.
func FromRequest(r issuing.Request) Answers {
	a := Answers{
		SelfSigned: r.SelfSigned, FriendlyName: r.FriendlyName, Typed: joined(r.Names),
		Algorithm: r.Key.Algorithm, Bits: r.Key.Bits, Exportable: r.Exportable,
		Services: r.Wanted, ServicesSet: true,
		Path: r.Path, Binary: r.Binary, Overwrite: r.Overwrite,
		ValidDays: r.ValidDays, RenewalOf: r.RenewalOf, ReuseKey: r.ReuseKey,
	}
	if len(r.Names) > 0 {
		a.CommonName = r.Names[0].Value
	} else {
		a.Typed = r.Subject.Get("CN")
	}
	a.takeSubject(r.Subject)
	return a
}

func (a *Answers) takeSubject(s names.Subject) {
	units := 0
	for _, at := range s {
		if at.Type == "OU" {
			units++
		}
	}
	if units > 1 {
		a.SubjectDN = s.String()
		return
	}
	a.Organization, a.Unit = s.Get("O"), s.Get("OU")
	a.City, a.State, a.Country = s.Get("L"), s.Get("ST"), s.Get("C")
}

func joined(list []names.Name) string {
	values := make([]string, len(list))
	for i, n := range list {
		values[i] = n.Value
	}
	return strings.Join(values, ", ")
}

func trim(s string) string  { return strings.TrimSpace(s) }
func upper(s string) string { return strings.ToUpper(trim(s)) }
