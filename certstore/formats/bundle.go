package formats

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/x509"
	"fmt"

	"certdesk/certstore/fail"
)

// maxCerts is how many certificates one file may hold; the systems' bundles of roots have about 150.
const maxCerts = 1000

// Bundle is what a file held, in the file's order.
type Bundle struct {
	Certs        []*x509.Certificate
	Keys         []crypto.Signer
	Requests     []*x509.CertificateRequest
	FriendlyName string   // a PKCS#12 file's name for its key, through printable; "" if it has none
	Notes        []string // sentences: the format, what was repaired to read it, and what was left out
}

// Decode reads any certificate, request or key file by its content: PEM (also UTF-16, quoted, on one line), DER,
// bare Base64, PKCS#7, PKCS#12, PKCS#8, PKCS#1, SEC 1, PKCS#10. A nil password says that none was given; files
// under an empty password open without. All key derivations together are bounded by 5,000,000 iterations, all
// counted before the first is run.
//
// Errors: PasswordNeeded, WrongPassword, UnsupportedFormat (saying what the file is), Damaged, LimitExceeded.
func Decode(data, password []byte) (Bundle, error) {
	if len(data) > MaxFile {
		return Bundle{}, tooLarge("the input", fmt.Sprintf("%d bytes", len(data)))
	}
	r := &reader{password: password, budget: budget{maxIterations}}
	if err := r.read(data); err != nil {
		return Bundle{}, err
	}
	if r.empty() {
		return Bundle{}, r.nothing()
	}
	return r.Bundle, nil
}

// reader collects what one Decode finds.
type reader struct {
	Bundle
	password []byte
	budget   budget
	leftOut  error // why the first thing that was left out was
}

func (r *reader) read(data []byte) error {
	text, notes := plainText(data)
	if bytes.Contains(text, pemBegin) && !looksLikeDER(text) {
		r.note(notes...)
		return r.readPEM(text)
	}
	if der, ok := bareBase64(text); ok {
		r.note(append(notes, "the Base64 had no BEGIN and END lines")...)
		return r.readDER(der)
	}
	if looksLikeDER(data) {
		return r.readDER(data)
	}
	return foreign(text)
}

// looksLikeDER also holds for a binary file whose text, such as a policy notice, speaks of PEM.
func looksLikeDER(data []byte) bool {
	return len(data) > 1 && data[0] == 0x30 && (data[1] >= 0x80 || int(data[1])+2 >= len(data)-2)
}

func (r *reader) readPEM(text []byte) error {
	blocks, notes, err := splitPEM(text)
	if err != nil {
		return err
	}
	r.note(notes...)
	for _, b := range blocks {
		if b.label == "EC PARAMETERS" || b.label == "DH PARAMETERS" {
			continue
		}
		if err := r.readDER(b.der); err != nil {
			return err
		}
	}
	return nil
}

// readDER reads one structure. Blanks and zeroes after it, as left by an editor or a block device, are let pass.
func (r *reader) readDER(der []byte) error {
	_, _, rest, err := element(der)
	if err != nil {
		return wellFormed(der, err)
	}
	der = der[:len(der)-len(rest)]
	if err := checkDER(der); err != nil {
		return wellFormed(der, err)
	}
	if len(bytes.Trim(rest, "\r\n\t \x00")) > 0 {
		r.note(fmt.Sprintf("%d bytes after the end were left out", len(rest)))
	}
	return r.readKind(sniff(der), der)
}

func (r *reader) readKind(k kind, der []byte) error {
	switch k {
	case kindCertificate:
		return r.certificate(der)
	case kindRequest:
		return r.request(der)
	case kindPKCS7:
		return r.pkcs7(der)
	case kindPKCS12:
		return r.pkcs12(der)
	case kindPKCS8, kindPKCS1, kindSEC1:
		key, err := parseKey(k, der)
		return r.addKey(key, err)
	case kindEncryptedKey:
		return r.encryptedKey(der)
	}
	r.leaveOut(what(k))
	return nil
}

func (r *reader) certificate(der []byte) error {
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		r.leaveOut(unsupported("openssl x509 -in FILE -noout -text says more", "a certificate cannot be read: %w", shown{err}))
		return nil
	}
	return r.addCerts(cert)
}

func (r *reader) addCerts(certs ...*x509.Certificate) error {
	for _, c := range certs {
		if k, ok := c.PublicKey.(*rsa.PublicKey); ok && k.N.BitLen() > maxKeyBits {
			return tooMuch("", "a certificate's key is longer than %d bits", maxKeyBits)
		}
	}
	if r.Certs = append(r.Certs, certs...); len(r.Certs) > maxCerts {
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

func (r *reader) addKey(key crypto.Signer, err error) error {
	if err == nil {
		r.Keys = append(r.Keys, key)
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

func (r *reader) empty() bool { return len(r.Certs)+len(r.Keys)+len(r.Requests) == 0 }

// nothing is the error for a file in which nothing was found.
func (r *reader) nothing() error {
	if r.leftOut != nil {
		return r.leftOut
	}
	return unsupported("", "there is no certificate, request or key in it")
}

// given is the password and whether there was one.
func (r *reader) given() (string, bool) { return string(r.password), r.password != nil }

// notOpened is the answer to a password that does not fit.
func (r *reader) notOpened() error {
	if _, ok := r.given(); !ok {
		return fail.New(fail.PasswordNeeded, "give its password by --password-file or at the prompt", "the file is protected by a password")
	}
	return fail.New(fail.WrongPassword, "type it again, and mind capitals and the keyboard's layout", "the password is wrong, or the file is damaged")
}
