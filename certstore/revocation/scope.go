package revocation

import (
	"bytes"
	"crypto/x509"
	"errors"
	"fmt"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"certdesk/certstore/trust"
	"certdesk/certstore/when"
)

// signedBy says why a list is not one that this issuer made, nil if it is.
func (l *list) signedBy(issuer *x509.Certificate) error {
	switch {
	case !bytes.Equal(l.head.RawIssuer, issuer.RawSubject):
		return errors.New("the list is of another CA than the certificate's")
	case issuer.KeyUsage != 0 && issuer.KeyUsage&x509.KeyUsageCRLSign == 0:
		return errors.New("its CA may not sign lists: its key usage lacks cRLSign")
	case issuer.CheckSignature(l.head.SignatureAlgorithm, l.tbs, l.head.Signature) != nil:
		return errors.New("the list is not signed by the certificate's CA")
	}
	return nil
}

// fresh says why a list is not one of today, nil if it is.
func (l *list) fresh(now time.Time) error {
	return fresh("the list", l.head.ThisUpdate, until(l.head.ThisUpdate, l.head.NextUpdate), now)
}

// longest is how long an answer counts that does not say so itself.
const longest = 24 * time.Hour

func until(this, next time.Time) time.Time {
	if next.IsZero() {
		return this.Add(longest)
	}
	return next
}

func fresh(what string, this, until, now time.Time) error {
	switch {
	case this.After(now.Add(trust.ClockSkew)):
		return fmt.Errorf("%s is of a time to come, %s; this server's clock says %s", what,
			when.Minute(this.In(now.Location())), when.Minute(now))
	case now.After(until.Add(trust.ClockSkew)):
		return fmt.Errorf("%s has been out of date since %s", what, when.Minute(until.In(now.Location())))
	}
	return nil
}

// The extensions of a list (RFC 5280, 5.2) that say what it is about.
const (
	oidDelta  = "2.5.29.27"
	oidIssued = "2.5.29.28"
	oidKey    = "2.5.29.35"
	oidNumber = "2.5.29.20"
)

// covers says why a list is not about a certificate that names it at a point, nil if it is. A list of another part of
// the same CA's certificates is signed as well, and says of this one that it is not revoked.
func (l *list) covers(c *x509.Certificate, p point) error {
	for _, e := range l.head.Extensions {
		switch e.Id.String() {
		case oidIssued:
			if err := issuedFor(e.Value, c, p); err != nil {
				return err
			}
		case oidDelta:
			return errors.New("the list says only what has changed since another one")
		case oidKey, oidNumber:
		default:
			if e.Critical {
				return errors.New("the list has a critical extension that certdesk does not know: " + e.Id.String())
			}
		}
	}
	return nil
}

// issued is an issuing distribution point (RFC 5280, 5.2.5).
type issued struct {
	named                                                 bool
	names                                                 []generalName
	users, authorities, someReasons, indirect, attributes bool
}

func issuedFor(der cryptobyte.String, c *x509.Certificate, p point) error {
	is, ok := readIssued(der)
	switch {
	case !ok:
		return errors.New("the list does not say in a readable form which certificates it is about")
	case is.indirect:
		return errIndirect
	case is.someReasons:
		return errors.New("the list is for some reasons of revocation only")
	case is.attributes:
		return errors.New("the list is about attribute certificates only")
	case is.users && c.IsCA:
		return errors.New("the list is not about the certificates of CAs")
	case is.authorities && !c.IsCA:
		return errors.New("the list is about the certificates of CAs only")
	case is.named && !p.shares(is.names):
		return errors.New("the list is another one than the certificate names: its issuing distribution point differs")
	}
	return nil
}

func readIssued(der cryptobyte.String) (is issued, ok bool) {
	var in, name, full cryptobyte.String
	if !der.ReadASN1(&in, cbasn1.SEQUENCE) || !der.Empty() || !in.ReadOptionalASN1(&name, &is.named, tag0) {
		return is, false
	}
	if is.named {
		if !name.ReadASN1(&full, tag0) || !name.Empty() {
			return is, false // relative to the issuer's name, which nobody uses
		}
		is.names, ok = generalNames(full)
		if !ok {
			return is, false
		}
	}
	ok = readFlag(&in, &is.users, tag1) && readFlag(&in, &is.authorities, tag2)
	is.someReasons = in.PeekASN1Tag(tag3)
	ok = ok && in.SkipOptionalASN1(tag3) && readFlag(&in, &is.indirect, tag4) && readFlag(&in, &is.attributes, tag5)
	return is, ok && in.Empty()
}

func readFlag(in *cryptobyte.String, set *bool, tag cbasn1.Tag) (ok bool) {
	var value cryptobyte.String
	var present bool
	if !in.ReadOptionalASN1(&value, &present, tag) {
		return false
	}
	*set = present && len(value) == 1 && value[0] != 0
	return !present || len(value) == 1
}
