package exporting

import (
	"path/filepath"
	"strings"

	"certdesk/certstore"
	"certdesk/certstore/exporting"
	"certdesk/certstore/formats"
	"certdesk/ui/kit/form"
)

// receiver is who will open a file, and what that means.
type receiver struct {
	value   string
	text    string
	note    string
	format  exporting.Format
	profile formats.Profile
	ext     string
	chain   bool   // the chain may be left out
	after   string // what to tell the person when it is written
}

const (
	onlyYou    = "Only you can read the file (mode 0600)."
	mayBeGiven = "The file has mode 0600: chmod 644 lets others on this computer read it."
)

var receivers = []receiver{
	{"modern", "certdesk, Windows 2019+, OpenSSL", ".pfx with key, AES-256", exporting.PKCS12, formats.Modern,
		".pfx", true,
		"Certificate, key and chain, under your password. " + onlyYou},
	{"windows-2016", "Windows Server 2016 or older", ".pfx with key, 3DES", exporting.PKCS12, formats.Windows2016,
		".pfx", true,
		"Certificate, key and chain, under your password, in the old form that Windows 2016 reads. " + onlyYou},
	{"daemon", "A mail or web server (PEM)", "key, unencrypted", exporting.KeyPEM, "", ".pem", true,
		"Key, certificate and chain, unencrypted. " + onlyYou + " Give it to the server's user alone."},
	{"pem", "Anybody: the public certificate", "text (PEM)", exporting.PEM, "", ".cer", true,
		"The public certificate and its chain, if that was wanted; there is nothing secret in it. " + mayBeGiven},
	{"der", "Anybody: the public, binary", "DER, without chain", exporting.DER, "", ".cer", false,
		"The public certificate; there is nothing secret in it. " + mayBeGiven},
	{"p7b", "Windows: the public and its chain", "PKCS#7", exporting.PKCS7, "", ".p7b", true,
		"The public certificate and its chain; there is nothing secret in it. " + mayBeGiven},
	{"ancient", "What is older than Windows 2008", ".pfx with key, RC2: weak", exporting.PKCS12, formats.Ancient,
		".pfx", true,
		"Certificate, key and chain, under your password. RC2 hides the certificates badly; the key is under 3DES. " + onlyYou},
	{"java-truststore", "Java, Tomcat, Zimbra: its CAs", "trust store, without key", exporting.TrustStore, "",
		".p12", false,
		"The CA certificates above it, for -Djavax.net.ssl.trustStore; there is nothing secret in it. " + mayBeGiven},
	{"request", "A CA: the request", "text (PEM)", exporting.RequestPEM, "", ".req", false,
		"Send it to your CA. When the answer comes, press i in the table. " + mayBeGiven},
	{"request-der", "A CA: the request, binary", "DER", exporting.RequestDER, "", ".der", false,
		"Send it to your CA. When the answer comes, press i in the table. " + mayBeGiven},
}

// goesInto says whether the command, too, would write this form to a file of that name.
func (r receiver) goesInto(e certstore.Entry, path string) bool {
	format, err := exporting.Choose(e, path, exporting.Wish{
		Binary:  r.format == exporting.DER || r.format == exporting.RequestDER,
		WithKey: r.format == exporting.KeyPEM, Request: r.asksCA(), TrustStore: r.format == exporting.TrustStore,
	})
	return err == nil && format == r.format
}

// asksCA says that it is the request that leaves.
func (r receiver) asksCA() bool {
	return r.format == exporting.RequestPEM || r.format == exporting.RequestDER
}

// endings are what a file of this form may end in.
func (r receiver) endings() string {
	switch r.format {
	case exporting.PKCS12, exporting.TrustStore:
		return ".pfx or .p12"
	case exporting.KeyPEM:
		return ".pem"
	case exporting.PEM:
		return ".cer, .crt or .pem"
	case exporting.DER:
		return ".cer, .crt or .der"
	case exporting.PKCS7:
		return ".p7b or .p7c"
	case exporting.RequestPEM:
		return ".req, .csr or .pem"
	}
	return ".der, .req or .csr"
}

// renamed is a path with the ending that fits.
func (r receiver) renamed(path string) string {
	name := filepath.Base(path)
	return strings.TrimSuffix(name, filepath.Ext(name)) + r.ext
}

func receiverOf(value string) receiver {
	for _, r := range receivers {
		if r.value == value {
			return r
		}
	}
	return receivers[0]
}

// receiverOptions are the receivers an entry can serve: nothing with a key that may not leave.
func receiverOptions(e certstore.Entry) []form.Option {
	var out []form.Option
	for _, r := range receivers {
		if canServe(e, r.format) {
			out = append(out, form.Option{Value: r.value, Text: r.text, Note: r.note})
		}
	}
	return out
}

func canServe(e certstore.Entry, f exporting.Format) bool {
	pending := e.Kind == certstore.PendingReq
	switch f {
	case exporting.PKCS12, exporting.KeyPEM:
		return !pending && exporting.Allowed(e, f) == nil
	case exporting.RequestPEM, exporting.RequestDER:
		return pending || e.Request != ""
	}
	return !pending
}
