package exchange

import (
	"strconv"
	"strings"
)

// Request is what New-ExchangeCertificate is to make.
type Request struct {
	SelfSigned   bool
	Renews       string   // the thumbprint of the certificate whose subject and names it takes; "": they are given
	Subject      string   // X.500, as Exchange writes it
	Names        []string // DNS names beside the common name, which it adds
	Accepted     bool     // every accepted domain
	Autodiscover bool     // autodiscover of every accepted domain
	ServerFQDN   bool     // only where NamesServer
	NetBIOSName  bool     // only where NamesServer
	KeySize      int      // 1024, 2048 or 4096; 0 leaves it to the cmdlet
	Exportable   bool
	Services     string // self-signed only
	FriendlyName string
	File         string // requests only; "" shows the request
	Binary       bool   // DER
}

// words collects the words of a command.
type words []string

func (w *words) when(wanted bool, list ...string) {
	if wanted {
		*w = append(*w, list...)
	}
}

func (w words) String() string { return strings.Join(w, " ") }

// New makes a request or a certificate that signs itself.
func (v Version) New(r Request) string {
	command := v.newCertificate(r)
	switch {
	case r.File == "" || v.writesFiles():
		return command
	case r.Binary:
		return "$request = " + command + "\n" + writeBytes(r.File, "$request.FileData")
	}
	// ASCII: the UTF-16 of Microsoft's own examples is refused by many a CA's form
	return "$request = " + command + "\n" + writeBytes(r.File, "[System.Text.Encoding]::ASCII.GetBytes($request)")
}

func (v Version) newCertificate(r Request) string {
	var w words
	w.when(r.Renews != "", "Get-ExchangeCertificate", "-Thumbprint", r.Renews, "|")
	w.when(true, "New-ExchangeCertificate")
	w.when(!r.SelfSigned, "-GenerateRequest")
	if r.Renews == "" {
		w.when(true, r.named()...)
	}
	w.when(r.KeySize != 0, "-KeySize", strconv.Itoa(r.KeySize))
	w.when(r.Exportable, "-PrivateKeyExportable", "$true")
	w.when(r.SelfSigned, "-Services", r.Services)
	w.when(true, "-FriendlyName", Quote(r.FriendlyName))
	w.when(r.Binary && !r.SelfSigned, "-BinaryEncoded")
	w.when(r.File != "" && v == Exchange2007, "-Path", here(r.File))
	w.when(r.File != "" && v == From2013, "-RequestFile", here(r.File))
	return w.String()
}

// named are the parameters of the subject and the names.
func (r Request) named() (w words) {
	w.when(true, "-SubjectName", Quote(r.Subject))
	w.when(len(r.Names) > 0, "-DomainName", quoteNames(r.Names))
	w.when(r.Accepted, "-IncludeAcceptedDomains")
	w.when(r.Autodiscover, "-IncludeAutoDiscover")
	w.when(r.ServerFQDN, "-IncludeServerFQDN")
	w.when(r.NetBIOSName, "-IncludeServerNetBIOSName")
	return w
}

// File is what Import-ExchangeCertificate takes in.
type File struct {
	Name         string
	Key          bool // with a key, under a password
	Exportable   bool // the key may leave again
	FriendlyName string
	Services     string // enabled at once; "" for none
}

// Import takes in a certificate with its key, or the answer to a request that was made there, and enables it.
func (v Version) Import(f File) string {
	w := words{"Import-ExchangeCertificate"}
	switch v {
	case Exchange2007:
		w.when(true, "-Path", here(f.Name))
	case From2013:
		w.when(true, "-FileName", here(f.Name))
	default:
		w.when(true, "-FileData", "([System.IO.File]::ReadAllBytes("+here(f.Name)+"))")
	}
	w.when(f.Key, "-Password", password)
	w.when(f.Key && f.Exportable && v != Exchange2007, "-PrivateKeyExportable", "$true")
	w.when(f.FriendlyName != "", "-FriendlyName", Quote(f.FriendlyName))
	w.when(f.Services != "", "|", "Enable-ExchangeCertificate", "-Services", f.Services)
	return w.String()
}

// Export writes a certificate with its key to a PKCS#12 file. It is one statement: a second line would be read as the
// password that the first asks for.
func (v Version) Export(thumbprint, file string) string {
	w := words{"Export-ExchangeCertificate", "-Thumbprint", thumbprint, "-BinaryEncoded"}
	w.when(v == Exchange2007, "-Path", here(file))
	w.when(v == From2013, "-FileName", here(file))
	w.when(true, "-Password", password)
	if v.writesFiles() {
		return w.String()
	}
	return writeBytes(file, "("+w.String()+").FileData")
}

// Get tells all of a certificate.
func (Version) Get(thumbprint string) string {
	return "Get-ExchangeCertificate -Thumbprint " + thumbprint + " | Format-List"
}

// Enable gives a certificate to services.
func (Version) Enable(thumbprint, services string) string {
	return "Enable-ExchangeCertificate -Thumbprint " + thumbprint + " -Services " + services
}

// Remove removes a certificate, once its question is answered.
func (Version) Remove(thumbprint string) string {
	return "Remove-ExchangeCertificate -Thumbprint " + thumbprint
}
