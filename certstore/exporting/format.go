package exporting

import (
	"certdesk/certstore/fail"
	"certdesk/certstore/formats"
	"certdesk/certstore/ledger"
)

// Format is the form of an exported file.
type Format string

// The forms an export can have.
const (
	PKCS12     Format = "pkcs12"       // certificate, key and chain under a password: .pfx .p12
	PEM        Format = "pem"          // leaf and chain: .pem .cer .crt
	DER        Format = "der"          // the leaf alone, binary
	PKCS7      Format = "pkcs7"        // leaf and chain: .p7b .p7c
	KeyPEM     Format = "pem-with-key" // key, leaf and chain, unencrypted
	RequestPEM Format = "request"      // PKCS#10: .req .csr
	RequestDER Format = "request-der"
	TrustStore Format = "java-truststore" // the CA certificates above the leaf, for Java to trust: .p12 .pfx
)

// Request is an export to carry out; Choose gives Format from the path and the flags.
type Request struct {
	ID        int64
	Path      string
	Overwrite bool
	Format    Format
	Profile   formats.Profile // PKCS#12 only
	Password  []byte          // see Format.AsksPassword
	NoChain   bool
}

// AsksPassword says that a file of that form stands under a password.
func (f Format) AsksPassword() bool { return f == PKCS12 || f == TrustStore }

// bringsKey says whether a private key leaves the store in that form.
func (f Format) bringsKey() bool { return f == PKCS12 || f == KeyPEM }

// Allowed refuses a key that may not leave or is not here, or whose certificate cannot be used, before anybody is asked
// for a password. Errors: NotExportable, Unfit.
func Allowed(e ledger.Entry, f Format) error {
	switch {
	case !f.bringsKey():
		return nil
	case !e.HasKey:
		return fail.New(fail.NotExportable, "export it without its key, as .cer or .p7b",
			"the private key of %s is not in the store", e.FriendlyName)
	case !e.Exportable:
		return fail.New(fail.NotExportable,
			"export it without its key, as .cer or .p7b; to move the key as well, renew it with an exportable key",
			"the private key of %s may not be exported: it was made or imported as not exportable", e.FriendlyName)
	}
	return ledger.Usable(e)
}
