package exporting

import (
	"path/filepath"
	"strings"

	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
	"certdesk/certstore/printable"
)

// Wish is what a person says of an export beside the path.
type Wish struct {
	Binary, WithKey, Request bool
	TrustStore               bool // what Java and its servers are to trust
}

// Choose gives the form for a path and the wish: a request gives PKCS#10, a certificate what the file's
// extension says. Errors: Usage, saying which extension to use.
func Choose(e ledger.Entry, path string, w Wish) (Format, error) {
	ext := strings.ToLower(filepath.Ext(path))
	switch {
	case w.TrustStore:
		return chooseTrustStore(e, ext, w)
	case w.Request || e.Kind == ledger.PendingReq:
		return chooseRequest(e, ext, w.Binary, w.WithKey)
	}
	switch ext {
	case ".pfx", ".p12":
		return PKCS12, nil
	case ".p7b", ".p7c":
		if w.WithKey {
			return "", noKeyIn(ext)
		}
		return PKCS7, nil
	case ".pem":
		if w.WithKey {
			return KeyPEM, nil
		}
		fallthrough
	case ".cer", ".crt", ".der":
		if w.WithKey {
			return "", noKeyIn(ext)
		}
		if w.Binary || ext == ".der" {
			return DER, nil
		}
		return PEM, nil
	}
	return "", fail.New(fail.Usage,
		"use .pfx or .p12 to export the key too; .cer, .crt, .pem, .der or .p7b for the certificate alone",
		"the ending of %s does not say what to export", printable.Text(path))
}

func chooseTrustStore(e ledger.Entry, ext string, w Wish) (Format, error) {
	switch {
	case e.Kind == ledger.PendingReq:
		return "", fail.New(fail.NotFound, "import the CA's answer first", "%s is a request: no CA vouches for it yet",
			ledger.Label(&e))
	case w.WithKey || w.Request:
		return "", fail.New(fail.Usage, "export the key or the request by itself",
			"a trust store holds CA certificates alone")
	case ext != ".p12" && ext != ".pfx":
		return "", fail.New(fail.Usage, "use .p12 or .pfx",
			"a trust store is a PKCS#12 file, and cannot be exported as %q", ext)
	}
	return TrustStore, nil
}

func noKeyIn(ext string) error {
	return fail.New(fail.Usage, "use .pem with --with-key, or .pfx", "a %s file holds no private key", ext)
}

func chooseRequest(e ledger.Entry, ext string, binary, withKey bool) (Format, error) {
	switch {
	case e.Request == "":
		return "", fail.New(fail.NotFound, "export the certificate instead", "%s was not made from a request here",
			e.FriendlyName)
	case withKey:
		return "", fail.New(fail.Usage, "export the key with the certificate, once the CA has issued it",
			"a request is always exported without its key")
	case ext == ".der" || binary && isRequestExt(ext):
		return RequestDER, nil
	case isRequestExt(ext):
		return RequestPEM, nil
	}
	return "", fail.New(fail.Usage, "use .req (or .csr, .pem, .der)", "a request cannot be exported as %q", ext)
}

func isRequestExt(ext string) bool { return ext == ".req" || ext == ".csr" || ext == ".pem" }
