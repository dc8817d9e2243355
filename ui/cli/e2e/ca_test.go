//go:build linux

package e2e

import (
	"os"
	"path/filepath"
	"testing"
)

// opensslCA is a root and an intermediate made with openssl, in a folder of their own.
type opensslCA struct {
	*site
	dir string
}

func newCA(t testing.TB) opensslCA {
	t.Helper()
	need(t, "openssl")
	dir := t.TempDir()
	ca := opensslCA{&site{TB: t, home: dir}, dir}
	ca.write(ca.file("ca.ext"), "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n")
	ca.openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "root.key", "-out", "root.pem", "-days", "3650",
		"-subj", "/C=BE/O=ProExchange/CN=ProExchange Root", "-addext", "keyUsage=critical,keyCertSign,cRLSign")
	ca.openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", "int.key", "-out", "int.csr", "-subj", "/C=BE/O=ProExchange/CN=ProExchange CA")
	ca.openssl("x509", "-req", "-in", "int.csr", "-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial", "-days", "1825", "-extfile", "ca.ext", "-out", "int.pem")
	return ca
}

func (ca opensslCA) root() string { return ca.file("root.pem") }

// answer signs a request as it stands, names and all, and gives the certificate's path.
func (ca opensslCA) answer(request string, days string) string {
	ca.Helper()
	out := ca.file(filepath.Base(request) + ".crt")
	ca.openssl("x509", "-req", "-in", request, "-CA", "int.pem", "-CAkey", "int.key", "-CAcreateserial", "-days", days,
		"-copy_extensions", "copy", "-out", out)
	return out
}

// withChain puts the intermediate behind a certificate, as many CAs send it.
func (ca opensslCA) withChain(cert string) string {
	ca.Helper()
	out := cert + ".chain.pem"
	if err := os.WriteFile(out, []byte(ca.read(cert)+ca.read(ca.file("int.pem"))), 0o600); err != nil {
		ca.Fatal(err)
	}
	return out
}

// p7b packs certificate, intermediate and root as PKCS#7.
func (ca opensslCA) p7b(cert string) string {
	ca.Helper()
	out := cert + ".p7b"
	ca.openssl("crl2pkcs7", "-nocrl", "-certfile", "root.pem", "-certfile", "int.pem", "-certfile", cert, "-out", out)
	return out
}
