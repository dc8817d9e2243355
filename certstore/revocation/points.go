package revocation

import (
	"crypto/x509"
	"encoding/asn1"
	"slices"
	"strings"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"certdesk/certstore/printable"
)

// point is one place of a certificate's CRL distribution points (RFC 5280, 4.2.1.13).
type point struct {
	names []string // the DER of its names, to be held against those of the list
	urls  []string
}

// The most that is looked at of a certificate.
const (
	maxPoints = 8
	maxURL    = 1000
)

var (
	oidPoints = asn1.ObjectIdentifier{2, 5, 29, 31}

	tag0 = cbasn1.Tag(0).ContextSpecific().Constructed()
	tag1 = cbasn1.Tag(1).ContextSpecific()
	tag2 = cbasn1.Tag(2).ContextSpecific()
	tag3 = cbasn1.Tag(3).ContextSpecific()
	tag4 = cbasn1.Tag(4).ContextSpecific()
	tag5 = cbasn1.Tag(5).ContextSpecific()

	tagURI = cbasn1.Tag(6).ContextSpecific()
)

// sources are whom a certificate names to ask.
type sources struct {
	points []point
	skip   string // why a list that it names is not asked for, half a sentence; "" for none
	ocsp   []string
}

// sourcesOf reads whom a certificate names. It names a list even where that cannot be asked for here.
func sourcesOf(c *x509.Certificate) (s sources) {
	for _, e := range c.Extensions {
		if !e.Id.Equal(oidPoints) {
			continue
		}
		if !s.readPoints(e.Value) {
			s.points, s.skip = nil, "its CRL distribution points cannot be read"
		}
	}
	for _, at := range c.OCSPServer {
		if isHTTP(at) && len(s.ocsp) < maxPoints {
			s.ocsp = append(s.ocsp, at)
		} else if s.skip == "" && !isHTTP(at) {
			s.skip = unasked(at)
		}
	}
	return s
}

// Named says whether a certificate names somebody to ask.
func Named(c *x509.Certificate) bool { return !sourcesOf(c).none() }

// none says that a certificate names nobody.
func (s sources) none() bool { return len(s.points)+len(s.ocsp) == 0 && s.skip == "" }

func unasked(at string) string {
	return "it names an address that certdesk does not ask, since it asks by http alone: " + shown(at)
}

// shown is somebody else's text, such as an address, fit to be shown.
func shown(at string) string {
	if len(at) > 200 {
		at = at[:200] + "..."
	}
	return printable.Text(at)
}

func isHTTP(at string) bool {
	return len(at) <= maxURL && strings.HasPrefix(strings.ToLower(at), "http://")
}

func (s *sources) readPoints(der cryptobyte.String) bool {
	var list, one cryptobyte.String
	if !der.ReadASN1(&list, cbasn1.SEQUENCE) || !der.Empty() {
		return false
	}
	for !list.Empty() && len(s.points) < maxPoints {
		if !list.ReadASN1(&one, cbasn1.SEQUENCE) || !s.readPoint(one) {
			return false
		}
	}
	return true
}

// readPoint passes over a point whose list is for some reasons only, or is made by somebody else than the issuer.
func (s *sources) readPoint(one cryptobyte.String) bool {
	var name, names cryptobyte.String
	var named bool
	if !one.ReadOptionalASN1(&name, &named, tag0) {
		return false
	}
	if !one.Empty() {
		s.skip = "its list is for some reasons only, or made by another CA than its issuer: certdesk does not read such lists"
		return true
	}
	if !named || !name.ReadASN1(&names, tag0) || !name.Empty() {
		s.skip = "its list is named by no address"
		return true
	}
	return s.readNames(names)
}

func (s *sources) readNames(names cryptobyte.String) bool {
	var p point
	last := ""
	list, ok := generalNames(names)
	for _, n := range list {
		p.names = append(p.names, n.der)
		switch {
		case isHTTP(n.uri) && len(p.urls) < maxPoints:
			p.urls = append(p.urls, n.uri)
		case n.uri != "":
			last = n.uri
		}
	}
	switch {
	case len(p.urls) > 0:
		s.points = append(s.points, p)
	case last != "":
		s.skip = unasked(last)
	default:
		s.skip = "its list is named by no address"
	}
	return ok
}

// generalName is one name of a list of them; uri is "" where it is of another kind.
type generalName struct{ der, uri string }

func generalNames(in cryptobyte.String) (list []generalName, ok bool) {
	for !in.Empty() {
		var element, value cryptobyte.String
		var tag cbasn1.Tag
		if !in.ReadAnyASN1Element(&element, &tag) {
			return nil, false
		}
		n := generalName{der: string(element)}
		if tag == tagURI && element.ReadASN1(&value, tagURI) {
			n.uri = string(value)
		}
		list = append(list, n)
	}
	return list, true
}

// shares says whether two lists of names have one in common.
func (p point) shares(names []generalName) bool {
	return slices.ContainsFunc(names, func(n generalName) bool { return slices.Contains(p.names, n.der) })
}
