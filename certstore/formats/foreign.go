package formats

import (
	"bytes"
	"errors"
	"strings"

	"certdesk/certstore/printable"
)

// magics tell files that are none of ours, by how they begin.
var magics = []struct{ start, what, hint string }{
	{"\xfe\xed\xfe\xed", "a Java keystore (JKS)", "convert it: keytool -importkeystore -srckeystore OLD.jks -destkeystore NEW.pfx -deststoretype PKCS12"},
	{"\xce\xce\xce\xce", "a Java keystore (JCEKS)", "convert it: keytool -importkeystore -srckeystore OLD.jks -srcstoretype JCEKS -destkeystore NEW.pfx -deststoretype PKCS12"},
	{"PK\x03\x04", "a ZIP archive", "unpack it and give the files in it"},
	{"\x1f\x8b", "a gzip archive", "unpack it and give the files in it"},
	{"SQLite format 3\x00", "a database, perhaps of NSS", "export from it: pk12util -d DIRECTORY -o NEW.pfx -n NAME"},
	{"%PDF-", "a PDF document", ""},
	{"PuTTY-User-Key-File", "a PuTTY key", "it is made for SSH, not for certificates"},
	{"ssh-", "an SSH public key", "it is made for SSH, not for certificates"},
	{"ecdsa-sha2-", "an SSH public key", "it is made for SSH, not for certificates"},
	{"<!doctype", "a web page", "the download gave a page instead of the file: sign in and fetch it again"},
	{"<html", "a web page", "the download gave a page instead of the file: sign in and fetch it again"},
	{"\x99\x01", "an OpenPGP key", "it is made for mail between people, not for servers"},
}

// foreign refuses a file that is neither PEM nor DER, saying what it is as far as that can be told.
func foreign(text []byte) error {
	if len(bytes.TrimSpace(text)) == 0 {
		return damaged("the file is empty")
	}
	start := bytes.TrimLeft(text[:min(len(text), 512)], " \t\r\n")
	for _, m := range magics {
		if begins(start, m.start) {
			return unsupported(m.hint, "this is %s", m.what)
		}
	}
	return unsupported("certdesk reads PEM, DER, PKCS#7, PKCS#12 and PKCS#10", "this is no certificate, request or key that certdesk knows")
}

// begins compares bytes, and letters without case.
func begins(text []byte, start string) bool {
	if len(text) < len(start) {
		return false
	}
	for i := range len(start) {
		if text[i] != start[i] && (text[i] < 'A' || text[i] > 'Z' || text[i]+'a'-'A' != start[i]) {
			return false
		}
	}
	return true
}

// foreignBlock refuses the PEM blocks that hold no DER of ours.
func foreignBlock(b block) error {
	switch {
	case strings.HasPrefix(b.label, "PGP "):
		return unsupported("it is made for mail between people, not for servers", "this is an OpenPGP %s", pgpWord(b.label))
	case b.label == "OPENSSH PRIVATE KEY":
		return unsupported("it is made for SSH; an RSA or ECDSA one converts with: ssh-keygen -p -m PKCS8 -f KEY", "this is an OpenSSH key")
	case strings.HasPrefix(b.label, "SSH2 "):
		return unsupported("it is made for SSH, not for certificates", "this is an SSH key")
	case strings.Contains(b.headers, "ENCRYPTED"):
		return unsupported(recipeKey, "this is an encrypted PEM key of the old kind (%s)", dekInfo(b.headers))
	}
	return nil
}

func pgpWord(label string) string {
	if strings.Contains(label, "KEY") {
		return "key"
	}
	return "message"
}

func dekInfo(headers string) string {
	_, rest, ok := strings.Cut(headers, "DEK-Info:")
	name, _, _ := strings.Cut(strings.TrimSpace(rest), ",")
	if !ok || len(name) > 20 {
		return "of an unnamed cipher"
	}
	return printable.Text(name)
}

// what says what a DER structure is that holds nothing for us.
func what(k kind) error {
	const notOurs = "certdesk reads certificates, requests and their keys"
	switch k {
	case kindCRL:
		return unsupported(notOurs, "this is a revocation list (CRL)")
	case kindPublicKey:
		return unsupported(notOurs, "this is a bare public key")
	case kindDSA:
		return unsupported("make a new request: certdesk keeps RSA, ECDSA and Ed25519 keys", "this is a DSA key")
	case kindParameters:
		return unsupported(notOurs, "these are curve parameters without a key")
	}
	return unsupported("certdesk reads PEM, DER, PKCS#7, PKCS#12 and PKCS#10", "the file holds no structure that certdesk knows")
}

// wellFormed words what checkDER found.
func wellFormed(der []byte, err error) error {
	switch {
	case errors.Is(err, errIndefinite):
		return unsupported(recipeBER(der), "%w", err)
	case errors.Is(err, errDepth):
		return tooMuch("", "%w", err)
	}
	return damaged("%w", err)
}

// recipeBER tells PKCS#7 from PKCS#12 by the first element, which BER does not change.
func recipeBER(der []byte) string {
	if at := bytes.IndexByte(der[:min(len(der), 8)], 0x06); at >= 0 && at <= 6 {
		return recipePKCS7
	}
	return recipePFX
}
