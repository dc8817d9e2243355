package revocation

import (
	"bufio"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"certdesk/certstore/daemontest"
	"certdesk/certstore/trust"
)

// folder holds files for openssl.
type folder string

func (f folder) write(t *testing.T, name string, blocks ...*pem.Block) string {
	t.Helper()
	var text []byte
	for _, b := range blocks {
		text = append(text, pem.EncodeToMemory(b)...)
	}
	path := filepath.Join(string(f), name)
	must(t, os.WriteFile(path, text, 0o600))
	return path
}

func certBlock(c *x509.Certificate) *pem.Block { return &pem.Block{Type: "CERTIFICATE", Bytes: c.Raw} }

func keyBlock(t *testing.T, a *authority) *pem.Block {
	der, err := x509.MarshalPKCS8PrivateKey(a.key)
	must(t, err)
	return &pem.Block{Type: "PRIVATE KEY", Bytes: der}
}

// OpenSSL and certdesk say the same of a list: which count, and what they say.
func TestOpenSSLReadsListsLikewise(t *testing.T) {
	daemontest.Need(t, "openssl")
	ca, other, dir := newAuthority(t, "CA", nil), newAuthority(t, "CA", nil), folder(t.TempDir())
	w := newWeb(t)
	here := w.URL + "/list.crl"
	leaf := ca.leaf(t, 5, listAt(here))
	roots, cert := dir.write(t, "ca.pem", certBlock(ca.cert)), dir.write(t, "leaf.pem", certBlock(leaf))
	for name, list := range map[string][]byte{
		"good": ca.crl(t, nil, revokedAs(9, 1)), "revoked": ca.crl(t, nil, revokedAs(5, 1)),
		"on hold": ca.crl(t, nil, revokedAs(5, 6)), "version 1": versionOne(t, ca, bareEntry(t, big.NewInt(5))),
		"another signer": other.crl(t, nil), "its part": ca.crl(t, scope(t, here)),
		"another part": ca.crl(t, scope(t, w.URL+"/2.crl")), "CAs only": ca.crl(t, scope(t, "", 2)),
		"attributes": ca.crl(t, scope(t, "", 5)),
		"out of date": ca.crl(t, func(l *x509.RevocationList) {
			l.ThisUpdate, l.NextUpdate = noon.AddDate(0, 0, -2), noon.AddDate(0, 0, -1)
		}),
		"of tomorrow": ca.crl(t, func(l *x509.RevocationList) {
			l.ThisUpdate, l.NextUpdate = noon.AddDate(0, 0, 1), noon.AddDate(0, 0, 2)
		}),
	} {
		w.serve("/list.crl", list)
		crl := dir.write(t, "list.pem", &pem.Block{Type: "X509 CRL", Bytes: list})
		out, _ := exec.Command("openssl", "verify", "-attime", fmt.Sprint(noon.Unix()), "-crl_check", "-CRLfile", crl,
			"-CAfile", roots, cert).CombinedOutput()
		r := house(noon).one(t, leaf, ca.cert)
		theirs := trust.Standing("")
		switch text := string(out); {
		case strings.Contains(text, "leaf.pem: OK"):
			theirs = trust.StandsGood
		case strings.Contains(text, "certificate revoked"):
			theirs = trust.StandsRevoked
		}
		ours := r.Standing
		if ours == trust.StandsOnHold {
			ours = trust.StandsRevoked
		}
		if ours != theirs {
			t.Errorf("%s: %q (%s), and openssl says\n%s", name, r.Standing, r.Trouble, out)
		}
	}
}

// lives gives a certificate dates of today: openssl's responder knows no other clock.
func lives(c *x509.Certificate) {
	c.NotBefore, c.NotAfter = time.Now().Add(-time.Hour), time.Now().AddDate(0, 0, 30)
}

// OpenSSL's responder is understood: what it says of a certificate, who signs, and who may not.
func TestOpenSSLsResponder(t *testing.T) {
	daemontest.Need(t, "openssl")
	ca, dir := newAuthority(t, "CA", nil, lives), folder(t.TempDir())
	index := filepath.Join(string(dir), "index.txt")
	at := time.Now().UTC().Add(-time.Minute).Format("060102150405Z")
	end := time.Now().UTC().AddDate(0, 0, 30).Format("060102150405Z")
	must(t, os.WriteFile(index, []byte("V\t"+end+"\t\t01\tunknown\t/CN=good\n"+
		"R\t"+end+"\t"+at+",keyCompromise\t02\tunknown\t/CN=revoked\n"+
		"R\t"+end+"\t"+at+",certificateHold\t03\tunknown\t/CN=held\n"), 0o600))
	roots := dir.write(t, "ca.pem", certBlock(ca.cert))
	all := map[int64]trust.Standing{1: trust.StandsGood, 2: trust.StandsRevoked, 3: trust.StandsOnHold, 4: ""}
	for name, c := range map[string]struct {
		signer *authority
		flags  []string
		want   map[int64]trust.Standing
		says   string
	}{
		"delegated":               {ca.delegate(t, lives), []string{"-ndays", "1"}, all, "does not know"},
		"the CA itself, embedded": {ca, []string{"-ndays", "1"}, all, "does not know"},
		"the CA itself, alone":    {ca, []string{"-ndays", "1", "-resp_no_certs"}, all, "does not know"},
		"without its next":        {ca, nil, all, "does not know"},
		"a broken signature":      {ca, []string{"-ndays", "1", "-badsig"}, nil, "signature of the answer"},
		"a server of the same CA": {ca.delegate(t, func(c *x509.Certificate) {
			lives(c)
			c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
		}), []string{"-ndays", "1"}, nil, "lacks OCSPSigning"},
	} {
		url := dir.responds(t, c.signer, index, roots, c.flags)
		for serial, standing := range all {
			if c.want == nil {
				standing = ""
			}
			leaf := ca.leaf(t, serial, func(c *x509.Certificate) { lives(c); askAt(url)(c) })
			r := house(time.Now()).one(t, leaf, ca.cert)
			if r.Standing != standing || standing == "" && !strings.Contains(r.Trouble, c.says) {
				t.Errorf("%s, %d: %q, %s", name, serial, r.Standing, r.Trouble)
			}
		}
		if c.want == nil {
			leaf := dir.write(t, "leaf.pem", certBlock(ca.leaf(t, 1, lives)))
			out, _ := exec.Command("openssl", "ocsp", "-issuer", roots, "-cert", leaf, "-url", url, "-CAfile", roots).CombinedOutput()
			if !strings.Contains(string(out), "Verify Failure") {
				t.Errorf("%s: openssl takes it\n%s", name, out)
			}
		}
	}
}

// responds starts openssl's responder and gives its address. It listens on all of them: the port is a free one, and it
// ends with the test.
func (f folder) responds(t *testing.T, signer *authority, index, roots string, flags []string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	_, port, _ := net.SplitHostPort(l.Addr().String())
	must(t, l.Close())
	cert, key := f.write(t, port+".pem", certBlock(signer.cert)), f.write(t, port+".key", keyBlock(t, signer))
	cmd := exec.Command("openssl", append([]string{"ocsp", "-index", index, "-port", port, "-rsigner", cert, "-rkey", key,
		"-CA", roots}, flags...)...)
	said, err := cmd.StderrPipe()
	must(t, err)
	must(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	for lines := bufio.NewScanner(said); lines.Scan(); { // a connection that says nothing would stop it for good
		if strings.Contains(lines.Text(), "waiting for") {
			return "http://127.0.0.1:" + port
		}
	}
	t.Fatal("openssl's responder does not start")
	return ""
}
