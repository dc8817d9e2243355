package exporting

import (
	"path/filepath"
	"strings"

	"certdesk/certstore/fail"
	"certdesk/certstore/formats"
	"certdesk/certstore/ledger"
	"certdesk/certstore/printable"
)

// Wish is what a person says of an export beside the path.
type Wish struct {
	Binary, WithKey, Request bool
	For                      string // one of Named, or "": the path alone decides
}

// Choose gives the form for a path and the wish: what the named reader takes; else a request gives PKCS#10, and a
// certificate what the file's ending says. Errors: NotFound, and Usage saying which ending to use.
func Choose(e ledger.Entry, path string, w Wish) (Format, formats.Profile, error) {
	if r, named := ReaderOf(w.For); named {
		return chooseFor(r, e, path, w)
	}
	f, err := chooseByEnding(e, path, w)
	return f, formats.Modern, err
}

func chooseByEnding(e ledger.Entry, path string, w Wish) (Format, error) {
	ext := strings.ToLower(filepath.Ext(path))
	if w.Request || e.Kind == ledger.PendingReq {
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
