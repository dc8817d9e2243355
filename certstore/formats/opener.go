package formats

import (
	"crypto"
	"crypto/x509"
	"errors"
	"strings"
	"unicode/utf8"

	"certdesk/certstore/fail"

	"golang.org/x/text/unicode/norm"
)

// An opener decrypts the parts of a PKCS#12 file under one password, each by go-pkcs12 but on its own.
//
// Handed a whole file, go-pkcs12 derives whatever counts it meets, also those inside a part it has just
// decrypted, which nobody could see before; and it refuses a file without a key, with two keys, with three
// safes, or without a checksum. So every part is put into a small file of our own, beside a decoy key and
// certificate: of a safe it then lists the certificates, and it stops at a second key before it derives
// anything for it. Keys inside an encrypted safe, which no common program writes, are refused.
type opener struct {
	password string
	null     bool // the empty password as no bytes at all instead of one NUL character (RFC 7292, B.1, is read both ways)
}

// openerFor finds the form of the password that fits, by the file's checksum, or by its first encrypted part.
func (r *reader) openerFor(p *pfx) (opener, error) {
	password, _ := r.given()
	if err := legible(password); err != nil {
		return opener{}, err
	}
	for _, o := range forms(password) {
		fits, err := o.opens(p)
		if err != nil || fits {
			return o, err
		}
	}
	return opener{}, r.notOpened()
}

// forms are the ways the same password may have been encoded.
func forms(password string) []opener {
	if password == "" {
		return []opener{{"", false}, {"", true}}
	}
	all := []opener{{password, false}}
	if composed := norm.NFC.String(password); composed != password {
		all = append(all, opener{composed, false})
	}
	return all
}

func legible(password string) error {
	if !utf8.ValidString(password) {
		return unsupported("save the password as UTF-8", "the password is not UTF-8 text")
	}
	if checkPassword([]byte(password)) != nil {
		return unsupported("have the file exported again under letters, digits and signs", "certdesk cannot open files under a password with such characters")
	}
	return nil
}

// opens says whether the password is the file's; an error is one that no other form of it would cure.
func (o opener) opens(p *pfx) (bool, error) {
	var err error
	switch {
	case p.mac != nil:
		return p.mac.fits(o, p.content)
	case len(p.sealed) > 0:
		_, err = o.safe(p.sealed[0])
	case len(p.shrouded) > 0:
		_, err = o.key(p.shrouded[0])
	}
	if errors.Is(err, errNotDecrypted) {
		return false, nil
	}
	return err == nil, err
}

// safe gives the certificates of an encrypted safe.
func (o opener) safe(sealed []byte) ([]*x509.Certificate, error) {
	d, err := decoy()
	if err != nil {
		return nil, err
	}
	_, _, certs, err := o.decode(dataSafe(d.keyBag, d.certBag), sealed)
	return certs, explain(err)
}

// key gives the key of an EncryptedPrivateKeyInfo.
func (o opener) key(shrouded []byte) (crypto.Signer, error) {
	d, err := decoy()
	if err != nil {
		return nil, err
	}
	key, _, _, err := o.decode(dataSafe(bag(oidShroudedBag, shrouded), d.certBag))
	if err != nil {
		return nil, explain(err)
	}
	return asSigner(key)
}

var errNotDecrypted = errors.New("decryption failed")

// explain words go-pkcs12's errors, most of which have no identity but their text. What algorithm would cause
// NotImplementedError has been refused before. errNotDecrypted is what a wrong password leads to: bad padding,
// or, once in 256, good padding around noise.
func explain(err error) error {
	if err == nil {
		return nil
	}
	text := err.Error()
	has := func(part string) bool { return strings.Contains(text, part) }
	switch {
	case has("expected exactly one key bag"):
		return unsupported(recipePFX, "the PKCS#12 file holds a key in an encrypted part, where its iterations cannot be counted")
	case has("incorrect padding"), has("decryption password incorrect"), has("unmarshaling decrypted"), strings.HasPrefix(text, "asn1:"):
		return errNotDecrypted
	case has("error parsing PKCS#8"):
		return badKey(err)
	case strings.HasPrefix(text, "x509:"):
		return unsupported("", "a certificate in the PKCS#12 file cannot be read: %w", shown{err})
	}
	return damaged("the PKCS#12 file is damaged: %w", shown{err})
}

// encryptedKey reads a PKCS#8 key under a password, which is what a PKCS#12 file holds, without the file.
func (r *reader) encryptedKey(der []byte) error {
	if err := chargeShrouded(der, &r.budget); err != nil {
		var e *fail.Error
		if errors.As(err, &e) && e.Code == fail.UnsupportedFormat {
			return unsupported(recipeKey, "%w", err)
		}
		return err
	}
	password, _ := r.given()
	if err := legible(password); err != nil {
		return err
	}
	for _, o := range forms(password) {
		if key, err := o.key(der); !errors.Is(err, errNotDecrypted) {
			return r.addKey(key, err)
		}
	}
	return r.notOpened()
}
