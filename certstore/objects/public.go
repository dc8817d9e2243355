package objects

import (
	"crypto/x509"

	"certdesk/certstore/formats"
	"certdesk/certstore/judging"
	"certdesk/certstore/ledger"
)

// PublicKinds are the folders of objects that have a public key.
func PublicKinds() []ledger.ObjectKind { return []ledger.ObjectKind{ledger.Certs, ledger.Requests} }

// SPKI reads the public key of a certificate or request from its bytes.
func (f Files) SPKI(o ledger.Object) (string, error) {
	if o.Kind == ledger.Certs {
		c, err := f.Certificate(o.Name)
		if err != nil {
			return "", err
		}
		return formats.SPKI(c)
	}
	req, err := f.Request(o.Name)
	if err != nil {
		return "", err
	}
	return formats.SPKI(req)
}

// Public gives every certificate and request that is in the store, but for those that are known.
func (f Files) Public(known func(ledger.Object) bool) (list []ledger.Object, err error) {
	for _, kind := range PublicKinds() {
		names, err := f.dir.Names(kind)
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			o := ledger.Object{Kind: kind, Name: name}
			if !known(o) {
				list = append(list, o)
			}
		}
	}
	return list, nil
}

// Orphan describes an object that no entry refers to, if its private key is here.
func (f Files) Orphan(o ledger.Object, authorities []*x509.Certificate) (e ledger.Entry, err error) {
	if o.Kind == ledger.Certs {
		var c *x509.Certificate
		if c, err = f.Certificate(o.Name); err == nil {
			e, err = judging.Describe(c, authorities)
		}
	} else {
		e, err = f.DescribeRequest(o.Name)
	}
	if err != nil {
		return e, err
	}
	_, err = f.Key(e.SPKI)
	return e, err
}

// DescribeRequest gives the entry that a request makes.
func (f Files) DescribeRequest(name string) (ledger.Entry, error) {
	req, err := f.Request(name)
	if err != nil {
		return ledger.Entry{}, err
	}
	return judging.DescribeRequest(req)
}

// RequestOf reads the request that an entry answers; nil where there is none, or it cannot be read: that is said
// elsewhere.
func (f Files) RequestOf(e ledger.Entry) *x509.CertificateRequest {
	if e.Request == "" {
		return nil
	}
	asked, err := f.Request(e.Request)
	if err != nil {
		return nil
	}
	return asked
}

// Unlisted gives the certificates and requests that no line of the journal names.
func (f Files) Unlisted(st *ledger.State) ([]ledger.Object, error) {
	beside := st.Beside()
	return f.Public(func(o ledger.Object) bool { return len(st.Index.Sums[o.Name]) > 0 || beside[o] })
}
