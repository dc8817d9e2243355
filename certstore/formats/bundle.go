package formats

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/x509"
	"fmt"
	"strings"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

// maxCerts is how many certificates one file may hold; the systems' bundles of roots have about 150, a host that moves
// to another machine some thousands of pairs. What is done with them is linear.
const maxCerts = 5000

// Bundle is what a file held, in the file's order.
type Bundle struct {
	Form         string              // of the file: "PEM", "DER", "PKCS#7", "PKCS#12", "ZIP archive", "Java keystore"
	Sealed       bool                // a password opened it, or a part of it
	Certs        []*x509.Certificate // also those that ParseCertificate could read only in part: see Oddity
	CertLabels   []Label             // of Certs, one each
	Keys         []crypto.Signer
	KeyLabels    []Label  // of Keys, one each
	OddKeys      []OddKey // keys that were read and cannot be used
	Requests     []*x509.CertificateRequest
	FriendlyName string   // a PKCS#12 file's name for its key's certificate, through printable; "" if it has none
	Notes        []string // sentences: what was repaired to read it, and what was left out
}

// DecodeContext reads any certificate, request or key file by its content: PEM (also UTF-16, quoted, on one line), DER
// and BER, bare Base64, PKCS#7, PKCS#12, PKCS#8, PKCS#1, SEC 1, PKCS#10, Java keystores, and a ZIP archive of such. A
// nil password says that none was given; files under an empty password open without. All key derivations together are
// bounded by 5,000,000 iterations, all that can be seen counted before the first is run; they end when ctx does.
//
// Errors: PasswordNeeded, WrongPassword, UnsupportedFormat (saying what the file is), Damaged (saying where),
// LimitExceeded, Canceled.
func DecodeContext(ctx context.Context, data, password []byte) (Bundle, error) {
	return decode(ctx, data, password, maxWork)
}

// decode is DecodeContext within a budget.
func decode(ctx context.Context, data, password []byte, work int64) (Bundle, error) {
	if len(data) > MaxFile {
		return Bundle{}, tooLarge("the input", printable.Count(len(data), "byte"))
	}
	r := &reader{ctx: ctx, password: password, budget: budget{work}}
	if err := r.file(data); err != nil {
		return Bundle{}, err
	}
	if r.empty() {
		return Bundle{}, r.nothing()
	}
	r.nameFirst()
	r.Sealed = r.opened && len(password) > 0
	return r.Bundle, nil
}

// reader collects what one Decode finds.
type reader struct {
	Bundle
	ctx      context.Context
	password []byte
	budget   budget
	keysSeen int
	opened   bool  // a password did it
	proved   bool  // the password made a PKCS#12 file's checksum, or opened a part of it
	leftOut  error // why the first thing that was left out was
}

// file reads what may be an archive of files.
func (r *reader) file(data []byte) error {
	if isZIP(data) {
		return r.zip(data)
	}
	return r.read(data)
}

func (r *reader) read(data []byte) error {
	if isKeystore(data) {
		return r.keystore(data)
	}
	if looksLikeDER(data) {
		r.inForm("DER")
		return r.readDER(data)
	}
	text, notes := plainText(data)
	if bytes.Contains(text, pemBegin) {
		r.note(notes...)
		r.inForm("PEM")
		return r.readPEM(text)
	}
	if der, ok := bareBase64(text); ok {
		r.inForm("Base64")
		r.note(append(notes, "the Base64 had no BEGIN and END lines")...)
		return r.readDER(der)
	}
	return foreign(data, text)
}

// inForm notes what the file is. What PEM or DER turn out to hold says more than they; an archive stays one.
func (r *reader) inForm(form string) {
	special := strings.HasPrefix(form, "PKCS#")
	if r.Form == "" || special && (r.Form == "PEM" || r.Form == "DER" || r.Form == "Base64") {
		r.Form = form
	}
}

// looksLikeDER also holds for a binary file whose text, such as a policy notice, speaks of PEM.
func looksLikeDER(data []byte) bool {
	return len(data) > 1 && data[0] == tagSequence && (data[1] >= 0x80 || int(data[1])+2 >= len(data)-2)
}

func (r *reader) readPEM(text []byte) error {
	blocks, notes, err := splitPEM(text)
	if err != nil {
		return err
	}
	r.note(notes...)
	for i, b := range blocks {
		if err := r.readBlock(b); err != nil {
			return inBlock(err, i, len(blocks))
		}
	}
	return nil
}

// inBlock says in which of several blocks something was wrong.
func inBlock(err error, i, blocks int) error {
	if blocks == 1 || !fail.Is(err, fail.Damaged) {
		return err
	}
	return fmt.Errorf("in PEM block %d: %w", i+1, err)
}

func (r *reader) readBlock(b block) error {
	if b.isParameters() { // nothing to speak of beside their key
		if r.leftOut == nil {
			r.leftOut = what(kindParameters)
		}
		return nil
	}
	if why := foreignBlock(b); why != nil {
		r.leaveOut(why)
		return nil
	}
	if b.isEncrypted() {
		return r.encryptedPEM(b)
	}
	if len(b.der) == 0 || b.der[0] != tagSequence {
		return damaged("the file is damaged: its content is not what its BEGIN line says")
	}
	return r.readDER(b.der)
}

// readDER reads one structure. Blanks and zeroes after it, as left by an editor or a block device, are let pass.
func (r *reader) readDER(der []byte) error {
	c := readBER(der)
	e := c.next()
	if c.err() != nil {
		return c.err()
	}
	if err := wellFormed(e); err != nil {
		return err
	}
	if len(bytes.Trim(c.rest, "\r\n\t \x00\x1a")) > 0 {
		r.note("what came after the end was left out: " + printable.Count(len(c.rest), "byte"))
	}
	return r.readKind(sniff(e), e)
}

func (r *reader) readKind(k kind, e element) error {
	switch k {
	case kindCertificate:
		return r.certificate(e.raw, Label{})
	case kindRequest:
		return r.request(e.der())
	case kindPKCS7:
		return r.pkcs7(e)
	case kindPKCS12:
		return r.pkcs12(e)
	case kindPKCS8, kindPKCS1, kindSEC1, kindDSA:
		return r.privateKey(k, e.der(), Label{})
	case kindEncryptedKey:
		return r.encryptedKey(e)
	}
	r.leaveOut(what(k))
	return nil
}

// certificate adds one certificate, byte for byte unless it is BER.
func (r *reader) certificate(raw []byte, l Label) error {
	der, err := toDER(raw)
	if err != nil {
		return err
	}
	cert, err := ParseCertificate(der)
	if err != nil {
		r.leaveOut(unsupported("openssl x509 -in FILE -noout -text says more", "a certificate cannot be read: %w", err))
		return nil
	}
	if k, ok := cert.PublicKey.(*rsa.PublicKey); ok && k.N.BitLen() > maxKeyBits {
		return tooMuch("", "a certificate's key is longer than %d bits", maxKeyBits)
	}
	if why := Oddity(cert); why != "" {
		r.note("a certificate can be shown but not used: " + why)
	} else if rule := BrokenRule(cert); rule != "" {
		r.note("a certificate breaks a rule that not all programs mind: " + rule)
	}
	r.Certs, r.CertLabels = append(r.Certs, cert), append(r.CertLabels, l)
	if len(r.Certs) > maxCerts {
		return tooMuch("split the file", "the file holds more than %d certificates", maxCerts)
	}
	return nil
}

func (r *reader) request(der []byte) error {
	req, err := x509.ParseCertificateRequest(der)
	if err != nil {
		r.leaveOut(unsupported("openssl req -in FILE -noout -text says more", "a request cannot be read: %w", shown{err}))
		return nil
	}
	r.Requests = append(r.Requests, req)
	return nil
}

// encryptedKey reads a PKCS#8 key under a password.
func (r *reader) encryptedKey(e element) error {
	s, err := r.readShrouded(e)
	if err != nil {
		return asKey(err)
	}
	plain, err := r.unseal(s, secrets(r.password), isSequence)
	if err != nil {
		return r.unlocked(err)
	}
	return r.pkcs8(plain, Label{})
}

// unlocked is what an error of unseal means where nothing else proves the password.
func (r *reader) unlocked(err error) error {
	if err == errNotDecrypted {
		return r.notOpened()
	}
	return err
}

func (r *reader) note(notes ...string) {
	said := noteSet{r.Notes}
	for _, n := range notes {
		said.add(n)
	}
	r.Notes = said.notes
}

// leaveOut passes over one thing in a file that may hold others.
func (r *reader) leaveOut(why error) {
	if r.leftOut == nil {
		r.leftOut = why
	}
	r.note("left out: " + why.Error())
}

func (r *reader) empty() bool {
	return len(r.Certs)+len(r.Keys)+len(r.OddKeys)+len(r.Requests) == 0
}

// nothing is the error for a file in which nothing was found.
func (r *reader) nothing() error {
	if r.leftOut != nil {
		return r.leftOut
	}
	return unsupported("", "there is no certificate, request or key in it")
}

// notOpened is the answer to a password that does not fit.
func (r *reader) notOpened() error {
	if r.password == nil {
		return fail.New(fail.PasswordNeeded, "give its password by --password-file or at the prompt",
			"the file is protected by a password")
	}
	return fail.New(fail.WrongPassword, "type it again, and check capital letters and the keyboard layout",
		"the password is wrong, or the file is damaged")
}
