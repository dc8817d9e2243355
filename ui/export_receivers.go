package ui

import (
	"certdesk/certstore"
	"certdesk/certstore/formats"
	"certdesk/ui/kit"
)

// receiver is who will open a file, and what that means.
type receiver struct {
	value   string
	text    string
	note    string
	format  certstore.ExportFormat
	profile formats.Profile
	ext     string
	chain   bool   // the chain may be left out
	after   string // what to tell the person when it is written
}

const onlyYou = "Only you can read the file (mode 0600)."

var receivers = []receiver{
	{"modern", "certdesk, Windows 2019+, OpenSSL", ".pfx with the key (AES-256)", certstore.ExportPKCS12, formats.Modern, ".pfx", true,
		"Certificate, key and chain, under your password. " + onlyYou},
	{"windows-2016", "Windows Server 2016 or older", ".pfx with the key (3DES)", certstore.ExportPKCS12, formats.Windows2016, ".pfx", true,
		"Certificate, key and chain, under your password, in the old form that Windows 2016 reads. " + onlyYou},
	{"daemon", "A mail or web server (PEM)", "key and chain, unencrypted", certstore.ExportKeyPEM, "", ".pem", true,
		"Key, certificate and chain, unencrypted. " + onlyYou + " Give it to the server's user alone."},
	{"pem", "Anybody: the public certificate", "text (PEM)", certstore.ExportPEM, "", ".cer", true,
		"The public certificate; there is nothing secret in it. " + onlyYou},
	{"der", "Anybody: the public, binary", "DER, without chain", certstore.ExportDER, "", ".cer", false,
		"The public certificate; there is nothing secret in it. " + onlyYou},
	{"p7b", "Windows: the public and its chain", "PKCS#7", certstore.ExportPKCS7, "", ".p7b", true,
		"The public certificate and its chain; there is nothing secret in it. " + onlyYou},
	{"request", "A CA: the request", "text (PEM)", certstore.ExportRequestPEM, "", ".req", false,
		"Send it to your CA. When the answer comes, press i in the table. " + onlyYou},
	{"request-der", "A CA: the request, binary", "DER", certstore.ExportRequestDER, "", ".der", false,
		"Send it to your CA. When the answer comes, press i in the table. " + onlyYou},
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
func receiverOptions(e certstore.Entry) []kit.Option {
	var out []kit.Option
	for _, r := range receivers {
		if canServe(e, r.format) {
			out = append(out, kit.Option{Value: r.value, Text: r.text, Note: r.note})
		}
	}
	return out
}

func canServe(e certstore.Entry, f certstore.ExportFormat) bool {
	pending := e.Kind == certstore.PendingReq
	switch f {
	case certstore.ExportPKCS12, certstore.ExportKeyPEM:
		return !pending && e.HasKey && e.Exportable
	case certstore.ExportRequestPEM, certstore.ExportRequestDER:
		return pending || e.Request != ""
	}
	return !pending
}
