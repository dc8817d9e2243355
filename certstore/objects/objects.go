package objects

import (
	"crypto/x509"
	"encoding/pem"

	"certdesk/certstore/disk"
	"certdesk/certstore/fail"
	"certdesk/certstore/formats"
	"certdesk/certstore/ledger"
)

// Hint is what to do about an object that is damaged.
const Hint = "run `certdesk doctor`; to repair it, restore the file from a backup under the same name"

// Files are the objects of one store.
type Files struct{ dir *disk.Dir }

// Of are those of a store's directory.
func Of(dir *disk.Dir) Files { return Files{dir} }

// Certificate reads one certificate object and checks that its bytes are those its name promises.
func (f Files) Certificate(sha256hex string) (*x509.Certificate, error) {
	der, err := f.der(ledger.Certs, sha256hex, "CERTIFICATE")
	if err != nil {
		return nil, err
	}
	c, err := formats.ParseCertificate(der)
	if err != nil {
		return nil, fail.New(fail.Damaged, Hint, "parse %s: %w", f.dir.Path(ledger.Certs, sha256hex), err)
	}
	return c, nil
}

// Request reads one request object.
func (f Files) Request(name string) (*x509.CertificateRequest, error) {
	der, err := f.RequestDER(name)
	if err != nil {
		return nil, err
	}
	req, err := x509.ParseCertificateRequest(der)
	if err != nil {
		return nil, fail.New(fail.Damaged, Hint, "parse %s: %w", f.dir.Path(ledger.Requests, name), err)
	}
	return req, nil
}

// RequestDER reads one request object without parsing it.
func (f Files) RequestDER(name string) ([]byte, error) {
	return f.der(ledger.Requests, name, "CERTIFICATE REQUEST")
}

// Check says what is wrong with an object.
func (f Files) Check(o ledger.Object) (err error) {
	switch o.Kind {
	case ledger.Keys:
		err = f.CheckKey(o.Name, nil)
	case ledger.Requests:
		_, err = f.RequestDER(o.Name)
	default:
		_, err = f.Certificate(o.Name)
	}
	return err
}

// der reads the DER of a certificate or request object, whose SHA-256 is its name.
func (f Files) der(kind ledger.ObjectKind, name, blockType string) ([]byte, error) {
	raw, err := f.dir.Get(kind, name)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(raw)
	if block == nil || block.Type != blockType || formats.SHA256(block.Bytes) != name {
		return nil, fail.New(fail.Damaged, Hint, "%s is damaged: its content is not what its file name says",
			f.dir.Path(kind, name))
	}
	return block.Bytes, nil
}
