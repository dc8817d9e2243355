package exporting

import (
	"slices"

	"certdesk/certstore/fail"
	"certdesk/certstore/formats"
	"certdesk/certstore/ledger"
)

// Format is the form of an exported file, or of several that belong together.
type Format string

// The forms an export can have.
const (
	PKCS12     Format = "pkcs12"          // certificate, key and chain under a password: .pfx .p12
	PEM        Format = "pem"             // leaf and chain: .pem .cer .crt
	DER        Format = "der"             // the leaf alone, binary
	PKCS7      Format = "pkcs7"           // leaf and chain: .p7b .p7c
	KeyPEM     Format = "pem-with-key"    // key, leaf and chain, unencrypted
	KeyAlone   Format = "key"             // the key, unencrypted: .key
	ChainPEM   Format = "pem-chain"       // what stands between the leaf and the root
	RequestPEM Format = "request"         // PKCS#10: .req .csr
	RequestDER Format = "request-der"     //
	TrustStore Format = "java-truststore" // the CA certificates above the leaf, for Java to trust: .p12 .pfx

	PEMAndKey Format = "pem-and-key" // PEM, and KeyAlone beside it
	PEMParts  Format = "pem-parts"   // the leaf, and KeyAlone and ChainPEM beside it
	Java      Format = "java"        // PKCS12, and TrustStore beside it
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
func (f Format) AsksPassword() bool { return f == PKCS12 || f == TrustStore || f == Java }

// BringsKey says whether a private key leaves the store in that form.
func (f Format) BringsKey() bool {
	return slices.Contains([]Format{PKCS12, KeyPEM, KeyAlone, PEMAndKey, PEMParts, Java}, f)
}

// OfRequest says that it is the request that leaves.
func (f Format) OfRequest() bool { return f == RequestPEM || f == RequestDER }

// Allowed refuses a key that may not leave or is not here, or whose certificate cannot be used, before anybody is asked
// for a password. Errors: NotExportable, Unfit.
func Allowed(e ledger.Entry, f Format) error {
	switch {
	case !f.BringsKey():
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
