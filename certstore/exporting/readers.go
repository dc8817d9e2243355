package exporting

import (
	"path/filepath"
	"slices"
	"strings"

	"certdesk/certstore/fail"
	"certdesk/certstore/formats"
	"certdesk/certstore/ledger"
)

// Reader is a program, or a kind of machine, that opens what is exported.
type Reader struct {
	Values []string // what --for takes, the one to show first
	Name   string   // as a person calls it
	Makes  string   // what is made for it, in a few words
	Forms  []Form   // by the ending of the file, the best first
	Advice string   // how the reader is told of the files, or ""
}

// Form is a kind of file that a reader takes, and what its name may end in.
type Form struct {
	Format  Format
	Profile formats.Profile // PKCS#12 only
	Endings []string
}

var (
	pfx   = []string{".pfx", ".p12"}
	p12   = []string{".p12", ".pfx"}
	pem   = []string{".pem", ".crt", ".cer"}
	pair  = Form{PEMAndKey, "", pem}
	old   = Form{PKCS12, formats.Windows2016, pfx}
	weak  = Form{PKCS12, formats.Ancient, pfx}
	text  = []string{".cer", ".crt", ".pem"}
	inDER = []string{".cer", ".crt", ".der"}
)

// readers are all there are, in the order in which they are offered.
var readers = []Reader{
	{Values: []string{"windows-2019", "modern"}, Name: "Windows 2019 and newer", Makes: ".pfx, AES-256",
		Forms:  []Form{{PKCS12, formats.Modern, pfx}},
		Advice: "certdesk, OpenSSL, macOS and Java 8u301 or newer open it too."},
	{Values: []string{"windows-2016"}, Name: "Windows 2016 and older", Makes: ".pfx, 3DES", Forms: []Form{old},
		Advice: "This is the old form, which Windows 2016 reads."},
	{Values: []string{"java", "tomcat"}, Name: "Java and Tomcat", Makes: ".p12, and a trust store",
		Forms: []Form{{Java, formats.Modern, p12}},
		Advice: "Tomcat: certificateKeystoreFile names the key store, truststoreFile the trust store. " +
			"Java 8u301 or newer reads them."},
	{Values: []string{"haproxy"}, Name: "HAProxy", Makes: "one .pem with the key",
		Forms:  []Form{{KeyPEM, "", []string{".pem"}}},
		Advice: "Key, certificate and chain, in this order. HAProxy: bind ... ssl crt names the file."},
	{Values: []string{"nginx", "apache"}, Name: "nginx or Apache", Makes: ".pem, the key as .key", Forms: []Form{pair},
		Advice: "nginx: ssl_certificate names the certificate, ssl_certificate_key the key. " +
			"Apache: SSLCertificateFile and SSLCertificateKeyFile."},
	{Values: []string{"postfix", "dovecot"}, Name: "Postfix or Dovecot", Makes: ".pem, the key as .key",
		Forms: []Form{pair},
		Advice: "Postfix: smtpd_tls_cert_file names the certificate, smtpd_tls_key_file the key. " +
			"Dovecot: ssl_cert and ssl_key, each with < before the path; " +
			"from 2.4 on ssl_server_cert_file and ssl_server_key_file."},
	{Values: []string{"appliance"}, Name: "An appliance", Makes: ".pfx, 3DES; or .pem",
		Forms:  []Form{old, {PEMParts, "", []string{".pem"}}},
		Advice: "Name a .pfx if it takes one, else a .pem: then certificate, chain and key are files of their own."},
	{Values: []string{"pem"}, Name: "Anyone: the certificate", Makes: "text (PEM), no key",
		Forms: []Form{{PEM, "", text}}},
	{Values: []string{"der"}, Name: "Anyone: the certificate, binary", Makes: "DER, no key, no chain",
		Forms: []Form{{DER, "", inDER}}},
	{Values: []string{"p7b"}, Name: "Windows: certificate and chain", Makes: ".p7b, no key",
		Forms: []Form{{PKCS7, "", []string{".p7b", ".p7c"}}}},
	{Values: []string{"java-truststore"}, Name: "Java clients: the CAs to trust", Makes: "trust store, no key",
		Forms:  []Form{{TrustStore, "", p12}},
		Advice: "Java: -Djavax.net.ssl.trustStore names the file."},
	{Values: []string{"request"}, Name: "A CA: the request", Makes: "text (PEM)",
		Forms: []Form{{RequestPEM, "", []string{".req", ".csr", ".pem"}}}},
	{Values: []string{"request-der"}, Name: "A CA: the request, binary", Makes: "DER",
		Forms: []Form{{RequestDER, "", []string{".der", ".req", ".csr"}}}},
	{Values: []string{"ancient"}, Name: "Old devices that only know RC2", Makes: ".pfx, RC2: weak",
		Forms:  []Form{weak},
		Advice: "RC2 hides the certificates badly; the key itself is under 3DES."},
}

// Readers are all there are, in the order in which they are offered.
func Readers() []Reader { return slices.Clone(readers) }

// Named are what --for takes: whoever opens what has an ending of its own, a .cer or a .req, need not be named.
func Named() (values []string) {
	for _, r := range readers {
		if f := r.Forms[0].Format; f.BringsKey() || f.AsksPassword() {
			values = append(values, r.Values...)
		}
	}
	return values
}

// ReaderOf is the reader of that value.
func ReaderOf(value string) (Reader, bool) {
	for _, r := range readers {
		if slices.Contains(r.Values, value) {
			return r, true
		}
	}
	return Reader{}, false
}

// Form is what is made for a reader under that path.
func (r Reader) Form(path string) (Form, bool) {
	ext := strings.ToLower(filepath.Ext(path))
	for _, f := range r.Forms {
		if slices.Contains(f.Endings, ext) {
			return f, true
		}
	}
	return r.Forms[0], false
}

// Endings are what the file's name may end in, in words.
func (r Reader) Endings() string {
	var all []string
	for _, f := range r.Forms {
		all = append(all, f.Endings...)
	}
	last := len(all) - 1
	if last == 0 {
		return all[0]
	}
	return strings.Join(all[:last], ", ") + " or " + all[last]
}

// Windows says that Windows opens it, and Exchange on it.
func (r Reader) Windows() bool { return strings.HasPrefix(r.Values[0], "windows-") }

// Serves says whether an entry can be exported for the reader, in its best form.
func (r Reader) Serves(e ledger.Entry) bool {
	f := r.Forms[0].Format
	pending := e.Kind == ledger.PendingReq
	if f.OfRequest() {
		return pending || e.Request != ""
	}
	return !pending && Allowed(e, f) == nil
}

// chooseFor is Choose for a reader that was named.
func chooseFor(r Reader, e ledger.Entry, path string, w Wish) (Format, formats.Profile, error) {
	f, fits := r.Form(path)
	switch {
	case e.Kind == ledger.PendingReq && f.Format == TrustStore:
		return "", "", fail.New(fail.NotFound, "import the CA's answer first", "%s is a request: no CA vouches for it yet",
			ledger.Label(&e))
	case e.Kind == ledger.PendingReq:
		return "", "", fail.New(fail.NotFound, "import the CA's answer first", "%s is a request: it has no certificate yet",
			ledger.Label(&e))
	case f.Format == TrustStore && (w.WithKey || w.Request):
		return "", "", fail.New(fail.Usage, "export the key or the request by itself",
			"a trust store holds CA certificates alone")
	case w.Request || w.Binary:
		return "", "", fail.New(fail.Usage, "leave out --request and --binary-encoded, or leave out --for",
			"%s needs the certificate and its key", r.Name)
	case !fits:
		return "", "", fail.New(fail.Usage, "end the path in "+r.Endings(), "a file for %s ends in %s", r.Name, r.Endings())
	}
	return f.Format, f.Profile, nil
}
