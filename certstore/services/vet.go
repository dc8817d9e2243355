package services

import (
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"strings"
	"time"

	"certdesk/certstore/fail"
	"certdesk/certstore/formats"
	dn "certdesk/certstore/names" // a function of the package is called names
	"certdesk/certstore/printable"
	"certdesk/certstore/services/daemon"
	"certdesk/certstore/trust"
	"certdesk/certstore/when"
)

// Terms are what a pair is held to before a daemon is given it.
type Terms struct {
	Now   time.Time
	Names []string       // that the ports' clients ask for
	Roots *x509.CertPool // nil: the chain has to hold together, wherever it ends
}

// Vet says why no port should be given a pair, the nearest fault first; nil if there is none. It reads nothing but its
// arguments. Daemons do not do this: most take any of these faults, and then serve nothing, or nobody who trusts it.
// Errors: Damaged, PasswordNeeded, KeyMismatch, Unfit.
func Vet(p Pair, t Terms) error {
	chain, err := daemon.Certificates(p.Chain)
	if err != nil {
		return err
	}
	if odd := trust.Unread(chain[0]); odd != "" {
		return unfit("ask the CA for another one", "%s", printable.Text(odd))
	}
	key, err := privateKey(p.Key)
	if err != nil {
		return err
	}
	for _, check := range []func() error{
		func() error { return vetKey(chain, key) },
		func() error { return vetDates(chain[0], t.Now) },
		func() error { return vetOrder(chain) },
		func() error { return vetTrust(chain, t) },
		func() error { return vetNames(chain[0], t.Names) },
	} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

// privateKey reads the first private key in PEM.
func privateKey(data []byte) (crypto.Signer, error) {
	for {
		block, rest := pem.Decode(data)
		switch {
		case block == nil:
			return nil, fail.New(fail.Damaged, "", "there is no private key in it")
		case block.Type == "ENCRYPTED PRIVATE KEY", block.Headers["DEK-Info"] != "":
			return nil, fail.New(fail.PasswordNeeded, "import it with its password",
				"the private key is encrypted: no daemon could start with it unattended")
		case strings.HasSuffix(block.Type, "PRIVATE KEY"):
			key, err := daemon.ParseKey(block)
			if err != nil {
				return nil, fail.New(fail.Damaged, "", "the private key cannot be read")
			}
			return key, nil
		}
		data = rest
	}
}

func vetKey(chain []*x509.Certificate, key crypto.Signer) error {
	for i, c := range chain {
		pub, ok := c.PublicKey.(interface{ Equal(crypto.PublicKey) bool })
		switch {
		case !ok || !pub.Equal(key.Public()):
		case i == 0:
			return nil
		default:
			return unfit("put the server's certificate first",
				"the chain is in the wrong order: the key belongs to its certificate %d", i+1)
		}
	}
	return fail.New(fail.KeyMismatch, "give the private key that was made for it",
		"the private key does not belong to this certificate")
}

func vetDates(leaf *x509.Certificate, now time.Time) error {
	switch {
	case now.Before(leaf.NotBefore):
		return unfit("wait for it; this server's clock says "+when.Minute(now),
			"it is not valid before %s", when.Said(leaf.NotBefore, now))
	case now.After(leaf.NotAfter):
		return unfit("renew it", "it expired on %s", when.Said(leaf.NotAfter, now))
	}
	return nil
}

// vetOrder wants each certificate signed by the next one, and that this may sign it; a root at the end is not sent.
func vetOrder(chain []*x509.Certificate) error {
	for i, c := range chain[:len(chain)-1] {
		if !follows(c, chain[i+1]) {
			return unfit("order it leaf first, issuer after issued",
				"the chain has a gap or is in the wrong order: certificate %d, %s, did not sign the one before it",
				i+2, dn.FromDER(chain[i+1].RawSubject))
		}
		if weakly(c, chain[i+1]) {
			return unfit("ask the CA for another one", "clients refuse the signature of %s: it is made with %s",
				dn.FromDER(c.RawSubject), formats.SignatureName(c))
		}
		rule := trust.Breaks(chain[i+1], trust.Under(chain[:i+1]))
		if rule != "" {
			return unfit("import it with the chain that its CA sends now", "clients refuse its chain: the intermediate %s %s",
				dn.FromDER(chain[i+1].RawSubject), rule)
		}
	}
	return nil
}

// follows says whether nothing speaks against one certificate having been issued by the other. What the library does
// not know, another client may.
func follows(c, issuer *x509.Certificate) bool {
	return formats.Signed(c, issuer) || formats.Unchecked(c, issuer) != ""
}

// weakly says whether a signature is of a kind that current clients refuse.
func weakly(c, issuer *x509.Certificate) bool {
	var weak x509.InsecureAlgorithmError
	return errors.As(issuer.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature), &weak)
}

// vetTrust builds the chain from what will be sent and the roots, for a server.
func vetTrust(chain []*x509.Certificate, t Terms) error {
	leaf := chain[0]
	selfSigned := string(leaf.RawIssuer) == string(leaf.RawSubject)
	if !selfSigned && leaf.IsCA {
		return unfit("import the server's certificate", "it is a CA's certificate, not a server's")
	}
	if fault := trust.Unfit(leaf); fault != "" {
		return unfit("ask the CA for a certificate for servers", "%s", printable.Text(fault))
	}
	if t.Roots == nil || selfSigned {
		return nil
	}
	opts := x509.VerifyOptions{Roots: t.Roots, Intermediates: x509.NewCertPool(), CurrentTime: t.Now}
	for _, c := range chain[1:] {
		opts.Intermediates.AddCert(c)
	}
	_, err := leaf.Verify(opts)
	var unknown x509.UnknownAuthorityError
	last := chain[len(chain)-1]
	switch {
	case err == nil:
		return nil
	case errors.As(err, &unknown):
		return unfit("import the missing intermediate with it, or name the root's file under trust in the configuration",
			"its chain ends at %s, which is neither in it nor trusted", dn.FromDER(last.RawIssuer))
	}
	return fail.New(fail.Unfit, "", "its chain does not hold: %w", err)
}

func vetNames(leaf *x509.Certificate, names []string) error {
	for _, n := range names {
		if leaf.VerifyHostname(n) != nil {
			return unfit("choose a certificate that has it, or correct the service's name", "it does not have the name %s",
				printable.Text(n))
		}
	}
	return nil
}

func unfit(hint, format string, args ...any) error {
	return fail.New(fail.Unfit, hint, format, args...)
}

// LostNames are the names of the certificate served now that the new one does not have: clients that use them will be
// warned.
func LostNames(served, next *x509.Certificate) []string {
	var lost []string
	for _, n := range served.DNSNames {
		if next.VerifyHostname(strings.Replace(n, "*", "any", 1)) != nil {
			lost = append(lost, n)
		}
	}
	for _, ip := range served.IPAddresses {
		if next.VerifyHostname(ip.String()) != nil {
			lost = append(lost, ip.String())
		}
	}
	return lost
}
