package certstore

import (
	"crypto/tls"
	"crypto/x509"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"certdesk/certstore/exporting"
	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
)

// leaving is a store with one exportable certificate below an intermediate, and a directory for what leaves it.
type leavingStore struct {
	*fixture
	e   ledger.Entry
	dir string
}

func newLeavingStore(t *testing.T) *leavingStore {
	t.Helper()
	f := newFixture(t)
	h := newHierarchy(t, f.now)
	f.store = f.openWith(Options{Dir: f.store.Dir(), Roots: rootsOf(nil, h.root)})
	asked := request("mail.example.org")
	asked.Exportable = true
	leaf := h.leaf(t, f.make(asked).DER)
	return &leavingStore{f, f.importOK(files(pemChain(leaf, []*x509.Certificate{h.mid}))), t.TempDir()}
}

// leave exports for a reader and gives the paths that were written.
func (l *leavingStore) leave(reader, name string) (paths []string) {
	l.Helper()
	path := filepath.Join(l.dir, name)
	format, profile, err := exporting.Choose(l.e, path, exporting.Wish{For: reader})
	l.must(err)
	r := exporting.Request{ID: l.e.ID, Path: path, Format: format, Profile: profile, Password: []byte("secret")}
	l.must(l.store.Export(l.Context(), r))
	for _, one := range r.Files(l.e) {
		paths = append(paths, one.Path)
		if info, err := os.Stat(one.Path); err != nil || info.Mode().Perm() != 0o600 {
			l.Errorf("%s: %v, %v", one.Path, info, err)
		}
	}
	return paths
}

func (l *leavingStore) put(name, text string) string {
	l.Helper()
	path := filepath.Join(l.dir, name)
	l.must(os.WriteFile(path, []byte(text), 0o600))
	return path
}

// reads runs a reader, where it is installed, on what was written for it.
func (l *leavingStore) reads(word string, command ...string) {
	l.Helper()
	if _, err := exec.LookPath(command[0]); err != nil {
		l.Logf("%s is missing: whether it reads what is exported for it is NOT tested", command[0])
		return
	}
	out, err := exec.Command(command[0], command[1:]...).CombinedOutput()
	if err != nil || !strings.Contains(string(out), word) {
		l.Errorf("%q: %v\n%s", command, err, out)
	}
}

// Each reader is given what it reads: the files that belong together hold one pair, and the whole chain.
func TestEachReaderGetsTheFilesItTakes(t *testing.T) {
	l := newLeavingStore(t)
	for reader, c := range map[string]struct {
		name string
		want []string
	}{
		"haproxy": {"h.pem", []string{"h.pem"}}, "nginx": {"n.pem", []string{"n.pem", "n.key"}},
		"apache": {"a.crt", []string{"a.crt", "a.key"}}, "postfix": {"p.pem", []string{"p.pem", "p.key"}},
		"dovecot": {"d.pem", []string{"d.pem", "d.key"}}, "appliance": {"x.pem", []string{"x.pem", "x-chain.pem", "x.key"}},
	} {
		paths := l.leave(reader, c.name)
		var got []string
		for _, path := range paths {
			got = append(got, filepath.Base(path))
		}
		if strings.Join(got, " ") != strings.Join(c.want, " ") {
			t.Errorf("%s gets %q", reader, got)
		}
		pair, err := tls.LoadX509KeyPair(paths[0], paths[len(paths)-1])
		certificates := 2
		if reader == "appliance" {
			certificates = 1
		}
		if err != nil || len(pair.Certificate) != certificates {
			t.Errorf("%s: %d certificates, %v", reader, len(pair.Certificate), err)
		}
	}
}

// Nothing is written where one of the files that belong together is there already, or would stand within the store.
func TestFilesThatBelongTogetherAreWrittenTogetherOrNotAtAll(t *testing.T) {
	l := newLeavingStore(t)
	there := l.put("n.key", "precious")
	r := exporting.Request{ID: l.e.ID, Path: filepath.Join(l.dir, "n.pem"), Format: exporting.PEMAndKey}
	l.unchanged("one is there", func() { l.wants(l.store.Export(t.Context(), r), fail.AlreadyExists) })
	if data, err := os.ReadFile(there); err != nil || string(data) != "precious" {
		t.Errorf("%s: %q, %v", there, data, err)
	}
	if list, _ := os.ReadDir(l.dir); len(list) != 1 {
		t.Errorf("%d files are there", len(list))
	}
	r.Overwrite = true
	l.must(l.store.Export(t.Context(), r))
	if _, err := tls.LoadX509KeyPair(r.Path, there); err != nil {
		t.Error(err)
	}
}

// What is public leaves a store that is only read, and no line says so; no key does.
func TestAReaderOfTheStoreExportsWhatIsPublic(t *testing.T) {
	l := newLeavingStore(t)
	pending := l.make(request("next.example.org")).Entry
	s := l.openWith(Options{Dir: l.store.Dir(), Roots: l.store.roots, ReadOnly: true})
	before := digest(t, l.store.Dir())
	for format, id := range map[exporting.Format]int64{exporting.PEM: l.e.ID, exporting.DER: l.e.ID, exporting.PKCS7: l.e.ID,
		exporting.TrustStore: l.e.ID, exporting.RequestPEM: pending.ID} {
		path := filepath.Join(l.dir, string(format))
		r := exporting.Request{ID: id, Path: path, Format: format, Password: []byte("secret")}
		l.must(s.Export(t.Context(), r))
		l.wants(s.Export(t.Context(), r), fail.AlreadyExists)
	}
	for _, format := range []exporting.Format{exporting.PKCS12, exporting.KeyPEM, exporting.KeyAlone, exporting.PEMAndKey,
		exporting.PEMParts, exporting.Java} {
		r := exporting.Request{ID: l.e.ID, Path: filepath.Join(l.dir, "key"), Format: format, Password: []byte("secret")}
		l.wants(s.Export(t.Context(), r), fail.ReadOnly)
	}
	if digest(t, l.store.Dir()) != before {
		t.Error("a store that is only read was changed")
	}
	if list, _ := os.ReadDir(l.dir); len(list) != 5 {
		t.Errorf("%d files were written", len(list))
	}
}

// TestReadersReadWhatIsExportedForThem asks the readers themselves, where they are installed.
func TestReadersReadWhatIsExportedForThem(t *testing.T) {
	if os.Getenv("CERTDESK_ALL") == "" {
		t.Skip("SKIPPED without CERTDESK_ALL: it runs Java, nginx, Apache, HAProxy and Postfix's and Dovecot's tools")
	}
	l := newLeavingStore(t)
	l.readsJava()
	l.readsWeb()
	l.readsMail()
	for _, reader := range []string{"windows-2019", "windows-2016", "ancient", "appliance"} {
		file := l.leave(reader, reader+".pfx")[0]
		command := []string{"openssl", "pkcs12", "-in", file, "-passin", "pass:secret", "-noenc"}
		if reader != "windows-2019" {
			command = append(command, "-legacy")
		}
		l.reads("PRIVATE KEY", command...)
	}
}

func (l *leavingStore) readsJava() {
	l.Helper()
	list := l.leave("java", "java.p12")
	l.reads("trustedCertEntry", "keytool", "-list", "-keystore", list[0], "-storepass", "secret", "-storetype", "PKCS12")
	l.reads("Certificate chain length: 2", "keytool", "-list", "-v", "-keystore", list[1], "-storepass", "secret",
		"-storetype", "PKCS12")
}

func (l *leavingStore) readsWeb() {
	l.Helper()
	haproxy := l.put("haproxy.cfg", "frontend f\n  mode tcp\n  timeout client 1s\n  bind 127.0.0.1:31990 ssl crt "+
		l.leave("haproxy", "haproxy.pem")[0]+"\n")
	l.reads("", "haproxy", "-c", "-f", haproxy)
	n := l.leave("nginx", "nginx.pem")
	l.reads("successful", "nginx", "-t", "-c", l.put("nginx.conf", "pid "+l.dir+"/nginx.pid;\nerror_log stderr;\nevents {}\n"+
		"http { access_log off; server { listen 127.0.0.1:31991 ssl; ssl_certificate "+n[0]+"; ssl_certificate_key "+n[1]+"; } }\n"))
	a := l.leave("apache", "apache.crt")
	const modules = "/usr/lib/apache2/modules/"
	l.reads("Syntax OK", "apache2", "-t", "-f", l.put("apache.conf", "ServerName mail.example.org\nServerRoot "+l.dir+
		"\nLoadModule mpm_event_module "+modules+"mod_mpm_event.so\nLoadModule ssl_module "+modules+"mod_ssl.so\n"+
		"LoadModule authz_core_module "+modules+"mod_authz_core.so\nListen 127.0.0.1:31992\nErrorLog /dev/null\n"+
		"PidFile "+l.dir+"/apache.pid\n<VirtualHost *:31992>\nSSLEngine on\nSSLCertificateFile "+a[0]+
		"\nSSLCertificateKeyFile "+a[1]+"\n</VirtualHost>\n"))
}

// readsMail has Postfix and Dovecot say which files they would read, and openssl read them: their own checks do not.
func (l *leavingStore) readsMail() {
	l.Helper()
	for _, reader := range []string{"postfix", "dovecot"} {
		list := l.leave(reader, reader+".pem")
		l.reads("", "openssl", "x509", "-in", list[0], "-noout")
		l.reads("valid", "openssl", "pkey", "-in", list[1], "-check", "-noout")
	}
	l.put("main.cf", "compatibility_level = 3.6\nsmtpd_tls_cert_file = "+l.dir+"/postfix.pem\n")
	l.reads(l.dir+"/postfix.pem", "postconf", "-c", l.dir, "smtpd_tls_cert_file")
}
