package certstore

import (
	"context"
	"crypto/x509"

	"certdesk/certstore/exporting"
	"certdesk/certstore/fail"
	"certdesk/certstore/formats"
	"certdesk/certstore/ledger"
)

// Export writes one entry to a file, mode 0600 from its creation. A key leaves only if it is exportable, and the
// journal says so before a byte of it is outside, and where: what a death leaves there is found and deleted.
// Errors: NotFound, NotExportable, PasswordNeeded, AlreadyExists, Failed.
func (s *Store) Export(ctx context.Context, r exporting.Request) error {
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
	if err := exporting.Allowed(e, r.Format); err != nil {
		return err
	}
	if r.Format.AsksPassword() && len(r.Password) == 0 {
		return fail.New(fail.PasswordNeeded, "give --password-file FILE, or run on a terminal",
			"a PKCS#12 file needs a password")
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
func (s *Store) exportLine(e ledger.Entry, f exporting.Format, note string) (change, error) {
	now, err := s.byID(e.ID)
	if err == nil {
		err = exporting.Allowed(now, f)
	}
	if err == nil && e.Kind == ledger.PendingReq {
		err = s.stillKept(e.ID, e.SPKI)
	}
	return change{op: ledger.OpLeaving, data: ledger.Data{IDs: []int64{e.ID}, Note: note}}, err
}

// encode makes the file's bytes.
func (s *Store) encode(e ledger.Entry, r exporting.Request) ([]byte, error) {
	if e.Kind == ledger.PendingReq {
		if err := s.objects.CheckKey(e.SPKI, nil); err != nil {
			return nil, err
		}
	}
	if r.Format == exporting.RequestPEM || r.Format == exporting.RequestDER {
		der, err := s.objects.RequestDER(e.Request)
		if err != nil || r.Format == exporting.RequestDER {
			return der, err
		}
		return formats.RequestPEM(der), nil
	}
	if r.Format == exporting.TrustStore {
		return s.encodeTrustStore(e, r.Password)
	}
	leaf, chain, err := s.chainOf(e, r.NoChain)
	if err != nil {
		return nil, err
	}
	switch r.Format {
	case exporting.DER:
		return leaf.Raw, nil
	case exporting.PEM:
		return pemChain(leaf, chain), nil
	case exporting.PKCS7:
		return formats.EncodePKCS7(append([]*x509.Certificate{leaf}, chain...)...)
	}
	return s.encodeWithKey(e, r, leaf, chain)
}

func (s *Store) encodeWithKey(e ledger.Entry, r exporting.Request, leaf *x509.Certificate,
	chain []*x509.Certificate) ([]byte, error) {
	key, err := s.objects.Key(e.SPKI)
	if err != nil {
		return nil, err
	}
	if err := formats.CheckPair(key, leaf.PublicKey); err != nil {
		return nil, err
	}
	if r.Format == exporting.PKCS12 {
		return formats.EncodePKCS12(r.Profile, e.FriendlyName, key, leaf, chain, r.Password)
	}
	text, err := formats.KeyPEM(key)
	return append(text, pemChain(leaf, chain)...), err
}

// chainOf reads a certificate and the intermediates that are served with it.
func (s *Store) chainOf(e ledger.Entry, alone bool) (leaf *x509.Certificate, chain []*x509.Certificate, err error) {
	if leaf, err = s.objects.Certificate(e.SHA256); err != nil || alone {
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
