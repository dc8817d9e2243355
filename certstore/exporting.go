package certstore

import (
	"context"
	"crypto/x509"

	"certdesk/certstore/exporting"
	"certdesk/certstore/fail"
	"certdesk/certstore/formats"
	"certdesk/certstore/ledger"
)

// Export writes one entry to a file, or to the few that belong together, mode 0600 from their creation. A key leaves
// only if it is exportable, and the journal says so before a byte of it is outside, and where: what a death leaves
// there is found and deleted. Where the store is only read, what is public can leave all the same, and the journal does
// not say so. Errors: NotFound, NotExportable, PasswordNeeded, AlreadyExists, ReadOnly, Failed.
func (s *Store) Export(ctx context.Context, r exporting.Request) error {
	aside := s.Unrecorded(r.Format)
	if !aside {
		if err := s.ready(ctx, "export"); err != nil {
			return err
		}
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
	list, err := s.leavingFiles(e, r)
	defer wipe(list)
	switch {
	case err != nil:
		return err
	case aside:
		return s.writeAside(ctx, list)
	}
	return s.carryOut(ctx, e, list)
}

// Unrecorded says that an export in that form can leave no line in the journal: the store is only read here, and there
// is nothing secret in the file. After a write in doubt nothing leaves: what is to be told is that doubt.
func (s *Store) Unrecorded(f exporting.Format) bool {
	return s.dir.Writable() != "" && !s.dir.InDoubt() && !f.BringsKey()
}

// leavingFile is one file that is to leave, with its bytes.
type leavingFile struct {
	exporting.Request
	data []byte
}

// leavingFiles makes all the files of an export, before anything is written.
func (s *Store) leavingFiles(e ledger.Entry, r exporting.Request) (list []leavingFile, err error) {
	for _, one := range r.Files(e) {
		if err := s.outside(one.Path); err != nil {
			return list, err
		}
		data, err := s.encode(e, one)
		if err != nil {
			return list, err
		}
		list = append(list, leavingFile{one, data})
	}
	return list, nil
}

func wipe(list []leavingFile) {
	for _, f := range list {
		clear(f.data)
	}
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
	switch r.Format {
	case exporting.RequestPEM, exporting.RequestDER:
		return s.encodeRequest(e, r.Format)
	case exporting.TrustStore:
		return s.encodeTrustStore(e, r.Password)
	case exporting.ChainPEM:
		chain, err := s.chains().Linked(exporting.Between(e))
		return pemList(chain), err
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

// encodeRequest makes a request's file. Of one that waits, the key must be here: without it the CA's answer is
// worthless. Who may read the store and not its keys cannot look.
func (s *Store) encodeRequest(e ledger.Entry, f exporting.Format) ([]byte, error) {
	if e.Kind == ledger.PendingReq {
		err := s.objects.CheckKey(e.SPKI, nil)
		if err != nil && !(s.Unrecorded(f) && fail.Is(err, fail.NotPermitted)) {
			return nil, err
		}
	}
	der, err := s.objects.RequestDER(e.Request)
	if err != nil || f == exporting.RequestDER {
		return der, err
	}
	return formats.RequestPEM(der), nil
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
	if err != nil || r.Format == exporting.KeyAlone {
		return text, err
	}
	return append(text, pemChain(leaf, chain)...), nil
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
	return append(formats.CertPEM(leaf.Raw), pemList(chain)...)
}

func pemList(list []*x509.Certificate) (out []byte) {
	for _, c := range list {
		out = append(out, formats.CertPEM(c.Raw)...)
	}
	return out
}
