package formats

import (
	"bytes"
	"encoding/binary"
	"strings"
)

// magics tell files that are none of ours, by how they begin.
var magics = []struct{ start, what, hint string }{
	{"\x1f\x8b", "a gzip archive", "unpack it and give the files in it"},
	{"Rar!", "a RAR archive", "unpack it and give the files in it"},
	{"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", "unpack it and give the files in it"},
	{"SQLite format 3\x00", "a database, perhaps of NSS", "export from it: pk12util -d DIRECTORY -o NEW.pfx -n NAME"},
	{"\xd0\xcf\x11\xe0", "a Microsoft Office file", ""},
	{"\x1e\xf1\xb5\xb0", "a Microsoft key file (PVK)", "convert it: openssl rsa -inform PVK -in OLD.pvk -out NEW.key"},
	{"\x07\x02\x00\x00", "a Microsoft key blob", "convert it: openssl rsa -inform MSBLOB -in OLD -out NEW.key"},
	{"\x06\x02\x00\x00", "a Microsoft key blob without the private half", ""},
	{"%PDF-", "a PDF document", ""},
	{"PuTTY-User-Key-File", "a PuTTY key", "it is made for SSH, not for certificates"},
	{"ssh-", "an SSH public key", "it is made for SSH, not for certificates"},
	{"ecdsa-sha2-", "an SSH public key", "it is made for SSH, not for certificates"},
	{"sk-ssh-", "an SSH public key", "it is made for SSH, not for certificates"},
	{"<!doctype", "a web page", hintPage},
	{"<html", "a web page", hintPage},
	{"<head", "a web page", hintPage},
	{"<?xml", "an XML file", "fetch the certificate itself from where this came from"},
	{"{", "a JSON file", "fetch the certificate itself from where this came from"},
	{"\x99\x01", "an OpenPGP key", "it is made for mail between people, not for servers"},
	{"\x00\x00\x00\x02\x00\x00\x00\x14", "a BouncyCastle keystore (BKS)",
		"convert it with keytool -importkeystore and BouncyCastle's provider"},
	{"\x00\x00\x00\x01\x00\x00\x00\x14", "a BouncyCastle keystore (BKS)",
		"convert it with keytool -importkeystore and BouncyCastle's provider"},
	{"age-encryption.org/", "a file encrypted with age", "decrypt it first"},
	{"-----BEGIN", "PEM whose frame is damaged", hintDamaged},
}

const hintPage = "the download gave a page instead of the file: sign in and fetch it again"

// foreign refuses a file that is neither PEM nor DER, saying what it is as far as that can be told.
func foreign(data, text []byte) error {
	if len(bytes.Trim(text, " \t\r\n\x00")) == 0 {
		return damaged("the file is empty")
	}
	for _, from := range [][]byte{data, bytes.TrimLeft(text[:min(len(text), 512)], " \t\r\n")} {
		for _, m := range magics {
			if begins(from, m.start) {
				return unsupported(m.hint, "this is %s", m.what)
			}
		}
	}
	if bytes.Contains(text, []byte("-----END ")) {
		return damaged("the BEGIN line is missing")
	}
	if page := bytes.ToLower(text[:min(len(text), 4096)]); bytes.Contains(page, []byte("<html")) {
		return unsupported(hintPage, "this is a web page")
	}
	if n := cutAt(data); n > 0 {
		return damaged("the file ends too early, or something was put before it")
	}
	return unsupported("certdesk reads PEM, DER, PKCS#7, PKCS#12 and PKCS#10",
		"this is not a certificate, request or key that certdesk knows")
}

// cutAt finds a DER structure that begins later than it should, 0 if there is none.
func cutAt(data []byte) int {
	for at := 1; at+4 <= len(data) && at < 64; at++ {
		if data[at] == tagSequence && data[at+1] == 0x82 && at+4+int(binary.BigEndian.Uint16(data[at+2:])) == len(data) {
			return at
		}
	}
	return 0
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

// foreignBlock names the PEM blocks that hold nothing of ours; nil for the others.
func foreignBlock(b block) error {
	const notForServers = "it is made for mail between people, not for servers"
	const notForCertificates = "it is made for SSH, not for certificates"
	switch {
	case strings.HasPrefix(b.label, "PGP ") && strings.Contains(b.label, "KEY"):
		return unsupported(notForServers, "this is an OpenPGP key")
	case strings.HasPrefix(b.label, "PGP "):
		return unsupported(notForServers, "this is an OpenPGP message")
	case b.label == "OPENSSH PRIVATE KEY":
		return unsupported(notForCertificates+"; an RSA or ECDSA one converts with: ssh-keygen -p -m PKCS8 -f KEY",
			"this is an OpenSSH key")
	case strings.HasPrefix(b.label, "SSH2 "):
		return unsupported(notForCertificates, "this is an SSH key")
	case b.label == "TSS2 PRIVATE KEY":
		return unsupported("the key stays in its TPM: make a new request", "this is a key that only its TPM can use")
	case strings.HasPrefix(b.label, "AGE "):
		return unsupported("decrypt it first", "this is a file encrypted with age")
	case strings.Contains(b.label, "DH PARAMETERS"):
		return what(kindDH)
	case b.label == "ATTRIBUTE CERTIFICATE":
		return unsupported(notOurs, "this is an attribute certificate")
	}
	return nil
}

const notOurs = "certdesk reads certificates, requests and their keys"

// what says what a structure is that holds nothing for us.
func what(k kind) error {
	switch k {
	case kindCRL:
		return unsupported(notOurs, "this is a revocation list (CRL)")
	case kindPublicKey:
		return unsupported(notOurs, "this is a bare public key")
	case kindParameters:
		return unsupported(notOurs, "these are curve parameters without a key")
	case kindDH:
		return unsupported("name this file in the daemon's own configuration: ssl_dh, smtpd_tls_dh1024_param_file",
			"these are Diffie-Hellman parameters")
	}
	return unsupported("certdesk reads PEM, DER, PKCS#7, PKCS#12 and PKCS#10",
		"the file holds no structure that certdesk knows")
}
