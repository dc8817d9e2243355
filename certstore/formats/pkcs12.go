package formats

import (
	"cmp"
	"errors"
	"math/big"
	"unicode/utf16"

	"certdesk/certstore/printable"
)

// maxShrouded is the largest encrypted key, in bytes; RSA of maxKeyBits needs 10 KB.
const maxShrouded = 32 << 10

// maxKeys is how many private keys one PKCS#12 file may hold.
const maxKeys = 64

// Label is what a PKCS#12 file or a keystore says of one certificate or key.
type Label struct {
	FriendlyName string // through printable; "" if it has none
	LocalKeyID   []byte // the same for a key and its certificate
}

// pfx is a PKCS#12 file taken apart (RFC 7292, 4) without deriving anything. All its counts that can be seen are within
// the budget.
type pfx struct {
	content []byte    // what the checksum is over
	mac     *checksum // nil if it has none
	safes   []safe
}

// safe is one part: bags in clear, or encrypted ones.
type safe struct {
	bags   []bag
	sealed *sealed
}

// sealed is something encrypted under the password.
type sealed struct {
	scheme
	data []byte
}

// bag is one thing of a safe.
type bag struct {
	oid      string
	der      []byte  // a certificate, or a key in PKCS#8
	shrouded *sealed // an encrypted key
	label    Label
}

// pkcs12 reads a PKCS#12 file: takes it apart, finds the form of the password that fits, and opens part after part.
func (r *reader) pkcs12(e element) error {
	p, err := r.readPFX(e)
	if err != nil {
		return err
	}
	r.inForm("PKCS#12")
	if p.mac == nil {
		r.note("the file has no checksum: certdesk cannot tell whether it was changed")
	}
	forms := secrets(r.password)
	r.proved = p.mac != nil
	if p.mac != nil {
		if forms, err = r.checkMAC(p, forms); err != nil {
			return err
		}
	}
	for _, s := range p.safes {
		if err := r.openSafe(s, forms); err != nil {
			return r.settled(err)
		}
	}
	return nil
}

// readPFX reads SEQUENCE { version, authSafe ContentInfo, macData OPTIONAL }.
func (r *reader) readPFX(e element) (*pfx, error) {
	c := readBER(nil).within(e)
	version := c.integer()
	info := c.enter(tagSequence)
	oid := info.oid()
	if c.err() != nil {
		return nil, c.err()
	}
	if version.Cmp(big.NewInt(3)) != 0 {
		return nil, unsupported(recipePFX, "the PKCS#12 file is of an unknown version")
	}
	if oid != oidData {
		return nil, unsupported(recipePFX, "the PKCS#12 file is protected by a certificate, not by a password")
	}
	content := info.enter(tagExplicit0).inner(tagOctets)
	p := &pfx{content: content.rest}
	if c.err() == nil && c.more() {
		var err error
		if p.mac, err = readChecksum(c, &r.budget); err != nil {
			return nil, err
		}
	}
	if c.err() != nil {
		return nil, c.err()
	}
	return p, r.readSafes(p, content)
}

// readSafes reads SEQUENCE OF ContentInfo.
func (r *reader) readSafes(p *pfx, content *cursor) error {
	for in := content.enter(tagSequence); in.more(); {
		info := in.enter(tagSequence)
		oid := info.oid()
		if in.err() != nil {
			break
		}
		s, err := r.readSafe(oid, info)
		if err != nil {
			return err
		}
		p.safes = append(p.safes, s)
	}
	return content.err()
}

func (r *reader) readSafe(oid string, info *cursor) (s safe, err error) {
	switch oid {
	case oidData:
		s.bags, err = r.readBags(info.enter(tagExplicit0).inner(tagOctets), nil)
	case oidEncryptedData:
		s.sealed, err = r.readSealed(info.enter(tagExplicit0).enter(tagSequence))
	default:
		err = unsupported(recipePFX, "a part of the PKCS#12 file is protected by a certificate, not by a password")
	}
	return s, err
}

// readSealed reads { version, { contentType, algorithm, [0] content } } (RFC 5652, 8).
func (r *reader) readSealed(in *cursor) (*sealed, error) {
	in.take(tagInteger)
	inner := in.enter(tagSequence)
	inner.oid()
	scheme, err := readScheme(inner, &r.budget)
	if err != nil {
		return nil, err
	}
	return &sealed{scheme, inner.octets(tagContext0)}, in.err()
}

// readBags reads SEQUENCE OF SafeBag { id, [0] value, attributes OPTIONAL }; bags may hold bags.
func (r *reader) readBags(content *cursor, bags []bag) ([]bag, error) {
	for in := content.enter(tagSequence); in.more(); {
		one := in.enter(tagSequence)
		b := bag{oid: one.oid()}
		value := one.enter(tagExplicit0)
		if in.err() != nil {
			break
		}
		if one.peek() == tagSet {
			b.label = readLabel(one.next())
		}
		var err error
		if b.oid == oidNestedBag {
			bags, err = r.readBags(value, bags)
		} else if err = r.readBag(&b, value); err == nil {
			bags = append(bags, b)
		}
		if err != nil {
			return nil, err
		}
	}
	return bags, content.err()
}

func (r *reader) readBag(b *bag, value *cursor) (err error) {
	switch b.oid {
	case oidCertBag:
		in := value.enter(tagSequence)
		if in.oid() != oidX509Cert {
			b.oid = "" // of SDSI, which nobody made
			break
		}
		b.der = in.enter(tagExplicit0).octets(tagOctets)
	case oidKeyBag:
		b.der = value.next().raw
		r.keysSeen++
	case oidShroudedBag:
		b.shrouded, err = r.readShrouded(value.next())
		r.keysSeen++
	}
	if r.keysSeen > maxKeys {
		return tooMuch("", "the PKCS#12 file holds more than %d keys", maxKeys)
	}
	if err == nil {
		err = value.err()
	}
	return err
}

// readShrouded reads EncryptedPrivateKeyInfo (RFC 5958, 3).
func (r *reader) readShrouded(e element) (*sealed, error) {
	if len(e.raw) > maxShrouded {
		return nil, tooMuch("", "the key is longer than %d bits", maxKeyBits)
	}
	in := readBER(nil).within(e)
	scheme, err := readScheme(in, &r.budget)
	if err != nil {
		return nil, err
	}
	return &sealed{scheme, in.octets(tagOctets)}, in.err()
}

// readLabel reads a bag's attributes (RFC 2985, 5.5). What is odd in them harms nothing.
func readLabel(e element) (l Label) {
	for c := readBER(nil).within(e); c.more(); {
		attribute := c.enter(tagSequence)
		oid := attribute.oid()
		value := attribute.enter(tagSet).next()
		if c.err() != nil {
			break
		}
		switch oid {
		case oidFriendly:
			l.FriendlyName = printable.Text(stringOf(value))
		case oidLocalKeyID:
			l.LocalKeyID = value.body
		}
	}
	return l
}

// stringOf reads a BMPString, or what else somebody put in its place.
func stringOf(e element) string {
	if e.tag != tagBMP {
		return string(e.body)
	}
	var units []uint16
	for i := 0; i+1 < len(e.body); i += 2 {
		units = append(units, uint16(e.body[i])<<8|uint16(e.body[i+1]))
	}
	return string(utf16.Decode(units))
}

// checkMAC gives the form of the password that made the checksum, alone; for an empty one also the other form.
func (r *reader) checkMAC(p *pfx, forms []secret) ([]secret, error) {
	for i, s := range forms {
		if i > 0 {
			if err := r.budget.spend(p.mac.cost()); err != nil {
				return nil, err
			}
		}
		fits, err := p.mac.fits(r.ctx, s, p.content)
		if err != nil {
			return nil, err
		}
		if fits {
			r.opened = true
			forms[0], forms[i] = forms[i], forms[0]
			return forms, nil
		}
	}
	if r.opensAnyway(p, forms) {
		return nil, damaged("the password is right, but the PKCS#12 file was changed or damaged after it was made")
	}
	return nil, r.notOpened()
}

// opensAnyway says whether an encrypted part opens under a password that does not fit the checksum.
func (r *reader) opensAnyway(p *pfx, forms []secret) bool {
	for _, s := range p.safes {
		if s.sealed != nil {
			_, err := r.unseal(s.sealed, forms, isSequence)
			return err == nil
		}
		for _, b := range s.bags {
			if b.shrouded != nil {
				_, err := r.unseal(b.shrouded, forms, isSequence)
				return err == nil
			}
		}
	}
	return false
}

// unseal decrypts something under one of the forms of the password, and puts the one that fits first, to be tried
// first on what follows.
func (r *reader) unseal(s *sealed, forms []secret, valid func([]byte) bool) ([]byte, error) {
	for i, form := range forms {
		if i > 0 {
			if err := r.budget.spend(s.cost); err != nil {
				return nil, err
			}
		}
		plain, err := s.open(r.ctx, form, s.data)
		if err == nil && valid(plain) {
			forms[0], forms[i], r.proved = forms[i], forms[0], true
			r.opened = true
			return plain, nil
		}
		if err != nil && !errors.Is(err, errNotDecrypted) {
			return nil, err
		}
	}
	return nil, errNotDecrypted
}

// isSequence tells content from noise that happens to end like padding.
func isSequence(plain []byte) bool {
	c := readBER(plain)
	e := c.take(tagSequence)
	return c.err() == nil && len(c.rest) == 0 && wellFormed(e) == nil
}

func (r *reader) openSafe(s safe, forms []secret) error {
	bags := s.bags
	if s.sealed != nil {
		plain, err := r.unseal(s.sealed, forms, isSequence)
		if err != nil {
			return err
		}
		if bags, err = r.readBags(readBER(plain), nil); err != nil {
			return err
		}
	}
	for _, b := range bags {
		if err := r.openBag(b, forms); err != nil {
			return err
		}
	}
	return nil
}

func (r *reader) openBag(b bag, forms []secret) error {
	switch b.oid {
	case oidCertBag:
		return r.certificate(b.der, b.label)
	case oidKeyBag:
		return r.pkcs8(b.der, b.label)
	case oidShroudedBag:
		plain, err := r.unseal(b.shrouded, forms, isSequence)
		if err != nil {
			return err
		}
		return r.pkcs8(plain, b.label)
	case oidCRLBag:
		r.note("left out: a revocation list (CRL)")
	case oidSecretBag:
		r.note("left out: a secret that is not the key of a certificate")
	default:
		r.note("left out: something of a kind that certdesk does not know")
	}
	return nil
}

// settled is for a part that does not open: under a password that made the checksum, or opened another part, the fault
// is the part's.
func (r *reader) settled(err error) error {
	switch {
	case !errors.Is(err, errNotDecrypted):
		return err
	case r.proved:
		return damaged("a part of the PKCS#12 file is damaged, or under another password")
	}
	return r.notOpened()
}

// nameFirst gives the Bundle the name of the first key's certificate, where Windows puts what a person called it; the
// key's own is there often a container's.
func (r *reader) nameFirst() {
	name, called := "", r.calledByKey()
	for i, key := range r.Keys {
		spki, err := SPKI(key.Public())
		if name == "" && err == nil {
			name = cmp.Or(called[spki], r.KeyLabels[i].FriendlyName)
		}
	}
	for _, l := range r.CertLabels {
		if name == "" && len(r.Keys) == 0 && len(l.LocalKeyID) > 0 {
			name = l.FriendlyName
		}
	}
	r.FriendlyName = name
}

// calledByKey gives the first name that a certificate of each public key has.
func (r *reader) calledByKey() map[string]string {
	called := map[string]string{}
	for i, cert := range r.Certs {
		if name := r.CertLabels[i].FriendlyName; name != "" {
			spki, err := SPKI(cert)
			if err == nil && called[spki] == "" {
				called[spki] = name
			}
		}
	}
	return called
}
