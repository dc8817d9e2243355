package formats

import (
	"errors"
	"unicode/utf16"

	"certdesk/certstore/printable"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// maxShrouded is the largest encrypted key, in bytes; RSA of maxKeyBits needs 10 KB.
const maxShrouded = 32 << 10

// maxKeys is how many private keys one PKCS#12 file may hold.
const maxKeys = 64

// pfx is a PKCS#12 file taken apart (RFC 7292, 4) without deriving anything. Its counts are within the budget
// and its algorithms are known.
type pfx struct {
	content  []byte    // what the checksum is over
	mac      *checksum // nil if it has none
	sealed   [][]byte  // encrypted safes, each a whole ContentInfo
	shrouded [][]byte  // EncryptedPrivateKeyInfo
	keys     [][]byte  // PKCS#8 in clear
	certs    [][]byte
	name     string // the first key's friendly name
}

// pkcs12 reads a PKCS#12 file: takes it apart, then opens the parts by go-pkcs12.
func (r *reader) pkcs12(der []byte) error {
	p, err := parsePFX(der, &r.budget)
	if err != nil {
		return err
	}
	r.note("format: PKCS#12")
	if p.mac == nil {
		r.note("the file has no checksum: whether it was changed cannot be told")
	}
	o, err := r.openerFor(p)
	if err != nil {
		return err
	}
	if r.FriendlyName == "" {
		r.FriendlyName = p.name
	}
	return r.openParts(o, p)
}

func (r *reader) openParts(o opener, p *pfx) error {
	for _, sealed := range p.sealed {
		certs, err := o.safe(sealed)
		if err != nil {
			return settled(err)
		}
		if err := r.addCerts(certs...); err != nil {
			return err
		}
	}
	for _, cert := range p.certs {
		if err := r.certificate(cert); err != nil {
			return err
		}
	}
	for _, shrouded := range p.shrouded {
		if err := r.addKey(o.key(shrouded)); err != nil {
			return settled(err)
		}
	}
	for _, key := range p.keys {
		if err := r.addKey(parsePKCS8(key)); err != nil {
			return err
		}
	}
	return nil
}

// settled is for a part that does not open under a password that opened another one.
func settled(err error) error {
	if errors.Is(err, errNotDecrypted) {
		return damaged("a part of the PKCS#12 file is damaged, or under another password")
	}
	return err
}

var errPFX = damaged("the PKCS#12 file is damaged")

// parsePFX reads SEQUENCE { version, authSafe ContentInfo, macData OPTIONAL }.
func parsePFX(der []byte, b *budget) (*pfx, error) {
	in := cryptobyte.String(der)
	var seq, version, content cryptobyte.String
	if !in.ReadASN1(&seq, cbasn1.SEQUENCE) || !seq.ReadASN1(&version, cbasn1.INTEGER) {
		return nil, errPFX
	}
	if string(version) != "\x03" {
		return nil, unsupported(recipePFX, "the PKCS#12 file is of an unknown version")
	}
	oid, info, err := readAlgorithm(&seq)
	if err != nil {
		return nil, err
	}
	if oid != oidData {
		return nil, unsupported(recipePFX, "the PKCS#12 file is protected by a certificate, not by a password")
	}
	if !readExplicit(&info, &content, cbasn1.OCTET_STRING) {
		return nil, errPFX
	}
	p := &pfx{content: content}
	if !seq.Empty() {
		if p.mac, err = readChecksum(&seq, b); err != nil {
			return nil, err
		}
	}
	return p, p.parseSafes(content, b)
}

// parseSafes reads SEQUENCE OF ContentInfo.
func (p *pfx) parseSafes(content cryptobyte.String, b *budget) error {
	if err := checkDER(content); err != nil {
		return wellFormed(nil, err)
	}
	var safes cryptobyte.String
	if !content.ReadASN1(&safes, cbasn1.SEQUENCE) || !content.Empty() {
		return errPFX
	}
	for !safes.Empty() {
		var whole cryptobyte.String
		if !safes.ReadASN1Element(&whole, cbasn1.SEQUENCE) {
			return errPFX
		}
		if err := p.parseSafe(whole, b); err != nil {
			return err
		}
	}
	return nil
}

func (p *pfx) parseSafe(whole cryptobyte.String, b *budget) error {
	in := whole
	oid, info, err := readAlgorithm(&in)
	if err != nil {
		return err
	}
	var content cryptobyte.String
	switch oid {
	case oidData:
		if !readExplicit(&info, &content, cbasn1.OCTET_STRING) {
			return errPFX
		}
		if err := checkDER(content); err != nil {
			return wellFormed(nil, err)
		}
		return p.parseBags(content, b, 0)
	case oidEncryptedData:
		p.sealed = append(p.sealed, whole)
		if !readExplicit(&info, &content, cbasn1.SEQUENCE) {
			return errPFX
		}
		return chargeEncrypted(content, b)
	}
	return unsupported(recipePFX, "a part of the PKCS#12 file is protected by a certificate, not by a password")
}

// chargeEncrypted reads { version, { contentType, algorithm, [0] content } } (RFC 5652, 8).
func chargeEncrypted(in cryptobyte.String, b *budget) error {
	var version, seq, content cryptobyte.String
	if !in.ReadASN1(&version, cbasn1.INTEGER) || !in.ReadASN1(&seq, cbasn1.SEQUENCE) {
		return errPFX
	}
	if !seq.SkipASN1(cbasn1.OBJECT_IDENTIFIER) {
		return errPFX
	}
	if err := b.algorithm(&seq); err != nil {
		return err
	}
	if seq.PeekASN1Tag(cbasn1.Tag(0).Constructed().ContextSpecific()) {
		return wellFormed(nil, errIndefinite)
	}
	if !seq.ReadASN1(&content, cbasn1.Tag(0).ContextSpecific()) || len(content) == 0 {
		return errPFX
	}
	return nil
}

// parseBags reads SEQUENCE OF SafeBag { id, [0] value, attributes OPTIONAL }; bags may hold bags.
func (p *pfx) parseBags(in cryptobyte.String, b *budget, depth int) error {
	var bags cryptobyte.String
	if depth > maxDepth || !in.ReadASN1(&bags, cbasn1.SEQUENCE) || !in.Empty() {
		return errPFX
	}
	for !bags.Empty() {
		oid, bag, err := readAlgorithm(&bags)
		if err != nil {
			return err
		}
		var value cryptobyte.String
		if !bag.ReadASN1(&value, cbasn1.Tag(0).Constructed().ContextSpecific()) {
			return errPFX
		}
		if err := p.addBag(oid, value, bag, b, depth); err != nil {
			return err
		}
	}
	return nil
}

func (p *pfx) addBag(oid string, value, attributes cryptobyte.String, b *budget, depth int) error {
	switch oid {
	case oidNestedBag:
		return p.parseBags(value, b, depth+1)
	case oidCertBag:
		return p.addCertBag(value)
	case oidKeyBag:
		p.keys = append(p.keys, value)
	case oidShroudedBag:
		p.shrouded = append(p.shrouded, value)
		if err := chargeShrouded(value, b); err != nil {
			return err
		}
	default: // revocation lists and secrets are nothing to us
		return nil
	}
	if p.name == "" {
		p.name = friendlyName(attributes)
	}
	if len(p.keys)+len(p.shrouded) > maxKeys {
		return tooMuch("", "the PKCS#12 file holds more than %d keys", maxKeys)
	}
	return nil
}

// chargeShrouded reads EncryptedPrivateKeyInfo (RFC 5958, 3).
func chargeShrouded(in cryptobyte.String, b *budget) error {
	var seq, content cryptobyte.String
	if !in.ReadASN1(&seq, cbasn1.SEQUENCE) || !in.Empty() {
		return errPFX
	}
	if len(seq) > maxShrouded {
		return tooMuch("", "the key is longer than %d bits", maxKeyBits)
	}
	if err := b.algorithm(&seq); err != nil {
		return err
	}
	if !seq.ReadASN1(&content, cbasn1.OCTET_STRING) || !seq.Empty() {
		return errPFX
	}
	return nil
}

func (p *pfx) addCertBag(value cryptobyte.String) error {
	oid, bag, err := readAlgorithm(&value)
	if err != nil {
		return err
	}
	var der cryptobyte.String
	if oid != oidX509Cert || !readExplicit(&bag, &der, cbasn1.OCTET_STRING) {
		return errPFX
	}
	p.certs = append(p.certs, der)
	return nil
}

// friendlyName finds the BMPString of attribute friendlyName (RFC 2985, 5.5.1).
func friendlyName(attributes cryptobyte.String) string {
	var set cryptobyte.String
	if !attributes.ReadASN1(&set, cbasn1.SET) {
		return ""
	}
	for !set.Empty() {
		oid, attribute, err := readAlgorithm(&set)
		var values, bmp cryptobyte.String
		if err != nil || !attribute.ReadASN1(&values, cbasn1.SET) {
			return ""
		}
		if oid == oidFriendly && values.ReadASN1(&bmp, cbasn1.Tag(30)) {
			return printable.Text(fromBMP(bmp))
		}
	}
	return ""
}

func fromBMP(bmp []byte) string {
	units := make([]uint16, 0, len(bmp)/2)
	for i := 0; i+1 < len(bmp) && len(units) < 256; i += 2 {
		units = append(units, uint16(bmp[i])<<8|uint16(bmp[i+1]))
	}
	return string(utf16.Decode(units))
}

// readExplicit reads [0] EXPLICIT of one element, as the last of in.
func readExplicit(in *cryptobyte.String, out *cryptobyte.String, tag cbasn1.Tag) bool {
	var outer cryptobyte.String
	return in.ReadASN1(&outer, cbasn1.Tag(0).Constructed().ContextSpecific()) && in.Empty() &&
		outer.ReadASN1(out, tag) && outer.Empty()
}
