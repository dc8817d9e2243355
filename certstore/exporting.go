package certstore

import (
	"cmp"
	"context"
	"crypto/x509"
	"path/filepath"
	"strings"

	"certdesk/certstore/fail"
	"certdesk/certstore/formats"
	"certdesk/certstore/ledger"
)

// ExportFormat is the form of an exported file.
type ExportFormat string

// The forms an export can have.
const (
	ExportPKCS12     ExportFormat = "pkcs12"       // certificate, key and chain under a password: .pfx .p12
	ExportPEM        ExportFormat = "pem"          // leaf and chain: .pem .cer .crt
	ExportDER        ExportFormat = "der"          // the leaf alone, binary
	ExportPKCS7      ExportFormat = "pkcs7"        // leaf and chain: .p7b .p7c
	ExportKeyPEM     ExportFormat = "pem-with-key" // key, leaf and chain, unencrypted
	ExportRequestPEM ExportFormat = "request"      // PKCS#10: .req .csr
	ExportRequestDER ExportFormat = "request-der"
	ExportTrustStore ExportFormat = "java-truststore" // the CA certificates above the leaf, for Java to trust: .p12 .pfx
)

// ExportRequest is an export to carry out; ChooseExport gives Format from the path and the flags.
type ExportRequest struct {
	ID        int64
	Path      string
	Overwrite bool
	Format    ExportFormat
	Profile   formats.Profile // PKCS#12 only
	Password  []byte          // see AsksPassword
	NoChain   bool
}

// ExportWish is what a person says of an export beside the path.
type ExportWish struct {
	Binary, WithKey, Request bool
	TrustStore               bool // what Java and its servers are to trust
}

// ChooseExport gives the form for a path and the wish: a request gives PKCS#10, a certificate what the file's
// extension says. Errors: Usage, saying which extension to use.
func ChooseExport(e ledger.Entry, path string, w ExportWish) (ExportFormat, error) {
	ext := strings.ToLower(filepath.Ext(path))
	switch {
	case w.TrustStore:
		return chooseTrustStore(e, ext, w)
	case w.Request || e.Kind == ledger.PendingReq:
		return chooseRequest(e, ext, w.Binary, w.WithKey)
	}
	switch ext {
	case ".pfx", ".p12":
		return ExportPKCS12, nil
	case ".p7b", ".p7c":
		if w.WithKey {
			return "", noKeyIn(ext)
		}
		return ExportPKCS7, nil
	case ".pem":
		if w.WithKey {
			return ExportKeyPEM, nil
		}
		fallthrough
	case ".cer", ".crt", ".der":
		if w.WithKey {
			return "", noKeyIn(ext)
		}
		if w.Binary || ext == ".der" {
			return ExportDER, nil
		}
		return ExportPEM, nil
	}
	return "", fail.New(fail.Usage, "use .pfx or .p12 to export the key too; .cer, .crt, .pem, .der or .p7b for the certificate alone", "the ending of %s does not say what to export", printablePath(path))
}

func chooseTrustStore(e ledger.Entry, ext string, w ExportWish) (ExportFormat, error) {
	switch {
	case e.Kind == ledger.PendingReq:
		return "", fail.New(fail.NotFound, "import the CA's answer first", "%s is a request: no CA vouches for it yet", ledger.Label(&e))
	case w.WithKey || w.Request:
		return "", fail.New(fail.Usage, "export the key or the request by itself", "a trust store holds CA certificates alone")
	case ext != ".p12" && ext != ".pfx":
		return "", fail.New(fail.Usage, "use .p12 or .pfx", "a trust store is a PKCS#12 file, and cannot be exported as %q", ext)
	}
	return ExportTrustStore, nil
}

func noKeyIn(ext string) error {
	return fail.New(fail.Usage, "use .pem with --with-key, or .pfx", "a %s file holds no private key", ext)
}

func chooseRequest(e ledger.Entry, ext string, binary, withKey bool) (ExportFormat, error) {
	switch {
	case e.Request == "":
		return "", fail.New(fail.NotFound, "export the certificate instead", "%s was not made from a request here", e.FriendlyName)
	case withKey:
		return "", fail.New(fail.Usage, "export the key with the certificate, once the CA has issued it", "a request is always exported without its key")
	case ext == ".der" || binary && isRequestExt(ext):
		return ExportRequestDER, nil
	case isRequestExt(ext):
		return ExportRequestPEM, nil
	}
	return "", fail.New(fail.Usage, "use .req (or .csr, .pem, .der)", "a request cannot be exported as %q", ext)
}

func isRequestExt(ext string) bool { return ext == ".req" || ext == ".csr" || ext == ".pem" }

// AsksPassword says that a file of that form stands under a password.
func (f ExportFormat) AsksPassword() bool { return f == ExportPKCS12 || f == ExportTrustStore }

// bringsKey says whether a private key leaves the store in that form.
func (f ExportFormat) bringsKey() bool { return f == ExportPKCS12 || f == ExportKeyPEM }

// Export writes one entry to a file, mode 0600 from its creation. A key leaves only if it is exportable, and the
// journal says so before a byte of it is outside, and where: what a death leaves there is found and deleted.
// Errors: NotFound, NotExportable, PasswordNeeded, AlreadyExists, Failed.
func (s *Store) Export(ctx context.Context, r ExportRequest) error {
	if err := s.ready(ctx, "export"); err != nil {
		return err
	}
	if err := s.outside(r.Path); err != nil {
		return err
	}
	e, err := s.get(ctx, r.ID)
	if err != nil {
		return err
	}
	if err := MayExport(e, r.Format); err != nil {
		return err
	}
	if r.Format.AsksPassword() && len(r.Password) == 0 {
		return fail.New(fail.PasswordNeeded, "give --password-file FILE, or run on a terminal", "a PKCS#12 file needs a password")
	}
	data, err := s.encode(e, r)
	if err != nil {
		return err
	}
	defer clear(data)
	return s.carryOut(ctx, e, r, data)
}

// Outside refuses a path within the store, where a file could take an object's place. Errors: Usage.
func (s *Store) Outside(path string) error { return s.outside(path) }

// exportLine looks again, under the lock, at what may have been purged or withdrawn meanwhile: a request that leaves
// without its key makes a certificate that is worthless.
func (s *Store) exportLine(e ledger.Entry, f ExportFormat, note string) (change, error) {
	now, err := s.byID(e.ID)
	if err == nil {
		err = MayExport(now, f)
	}
	if err == nil && e.Kind == ledger.PendingReq {
		err = s.stillKept(e.ID, e.SPKI)
	}
	return change{op: ledger.OpLeaving, data: ledger.Data{IDs: []int64{e.ID}, Note: note}}, err
}

// Usable refuses a certificate that is kept and shown but that no server and no client should be given: one that the
// library behind every handshake cannot read, or whose signature or chain breaks the rules. Errors: Unfit.
func Usable(e ledger.Entry) error {
	why := cmp.Or(e.Defect, e.Unread)
	if why == "" {
		return nil
	}
	return fail.New(fail.Unfit, "ask the CA for another certificate; this one can only be exported without its key, as .cer or .p7b",
		"%s is in the store, but cannot be used: %s", ledger.Label(&e), why)
}

// MayExport refuses a key that may not leave or is not here, or whose certificate cannot be used, before anybody is asked
// for a password. Errors: NotExportable, Unfit.
func MayExport(e ledger.Entry, f ExportFormat) error {
	switch {
	case !f.bringsKey():
		return nil
	case !e.HasKey:
		return fail.New(fail.NotExportable, "export it without its key, as .cer or .p7b", "the private key of %s is not in the store", e.FriendlyName)
	case !e.Exportable:
		return fail.New(fail.NotExportable, "export it without its key, as .cer or .p7b; to move the key as well, renew it with an exportable key",
			"the private key of %s may not be exported: it was made or imported as not exportable", e.FriendlyName)
	}
	return Usable(e)
}

// encode makes the file's bytes.
func (s *Store) encode(e ledger.Entry, r ExportRequest) ([]byte, error) {
	if e.Kind == ledger.PendingReq {
		if err := s.checkKey(e.SPKI, nil); err != nil {
			return nil, err
		}
	}
	if r.Format == ExportRequestPEM || r.Format == ExportRequestDER {
		der, err := s.object(ledger.Requests, e.Request, "CERTIFICATE REQUEST")
		if err != nil || r.Format == ExportRequestDER {
			return der, err
		}
		return formats.RequestPEM(der), nil
	}
	if r.Format == ExportTrustStore {
		return s.encodeTrustStore(e, r.Password)
	}
	leaf, chain, err := s.chainOf(e, r.NoChain)
	if err != nil {
		return nil, err
	}
	switch r.Format {
	case ExportDER:
		return leaf.Raw, nil
	case ExportPEM:
		return pemChain(leaf, chain), nil
	case ExportPKCS7:
		return formats.EncodePKCS7(append([]*x509.Certificate{leaf}, chain...)...)
	}
	return s.encodeWithKey(e, r, leaf, chain)
}

func (s *Store) encodeWithKey(e ledger.Entry, r ExportRequest, leaf *x509.Certificate, chain []*x509.Certificate) ([]byte, error) {
	key, err := s.key(e.SPKI)
	if err != nil {
		return nil, err
	}
	if err := formats.CheckPair(key, leaf.PublicKey); err != nil {
		return nil, err
	}
	if r.Format == ExportPKCS12 {
		return formats.EncodePKCS12(r.Profile, e.FriendlyName, key, leaf, chain, r.Password)
	}
	text, err := formats.KeyPEM(key)
	return append(text, pemChain(leaf, chain)...), err
}

// chainOf reads a certificate and the intermediates that are served with it.
func (s *Store) chainOf(e ledger.Entry, alone bool) (leaf *x509.Certificate, chain []*x509.Certificate, err error) {
	if leaf, err = s.certificate(e.SHA256); err != nil || alone {
		return leaf, nil, err
	}
	chain, err = s.chains().Linked(s.chains().Served(e))
	return leaf, chain, err
}

func pemChain(leaf *x509.Certificate, chain []*x509.Certificate) []byte {
	out := formats.CertPEM(leaf.Raw)
	for _, c := range chain {
		out = append(out, formats.CertPEM(c.Raw)...)
	}
	return out
}
