package words

import (
	"certdesk/certstore"
	"certdesk/certstore/exporting"
	"certdesk/ui/kit"
)

// NotRecorded is what to know of an export from a store that is only read.
const NotRecorded = "The history does not name this export: the store is read-only here."

// FileHolds says what one file of an export holds.
func FileHolds(e certstore.Entry, r exporting.Request) string {
	certificate := "the certificate"
	if !r.NoChain && len(e.Chain) > 0 && r.Format != exporting.DER {
		certificate = "the certificate and its chain"
	}
	switch r.Format {
	case exporting.RequestPEM, exporting.RequestDER:
		return "the request"
	case exporting.PKCS12:
		return certificate + ", with the key, under the password"
	case exporting.TrustStore:
		return "the CA certificates above it, for Java to trust, under the password"
	case exporting.KeyPEM:
		return certificate + ", with the key, unencrypted: whoever reads the file has the key"
	case exporting.KeyAlone:
		return "the key, unencrypted: whoever reads the file has the key"
	case exporting.ChainPEM:
		return "the chain: the intermediate certificates"
	}
	return certificate + ", without the key"
}

// ExportedFile is a file that was written, and what it holds.
func ExportedFile(e certstore.Entry, r exporting.Request) string {
	return kit.Printable(r.Path) + ": " + FileHolds(e, r)
}
