package answering

import (
	"slices"
	"strings"
)

// Symptom is what a client minds: a stable word.
type Symptom string

// The symptoms.
const (
	WrongName Symptom = "name"       // the certificate is for other names
	Untrusted Symptom = "trust"      // its issuer is not known, or its chain does not hold
	OutOfDate Symptom = "date"       // it has expired, or is not valid yet
	Revoked   Symptom = "revoked"    // its CA has taken it back
	Unchecked Symptom = "revocation" // whether it was revoked cannot be found out
	NoTLS     Symptom = "no-tls"     // there is none: no encryption is offered
	NotMeant  Symptom = "not-meant"  // clients accept it, and it is not the one that should be there
	Unnamed   Symptom = "any"        // the client does not say what it minds
)

// Client is a kind of program whose words are known, and which ports it goes to.
type Client string

// The clients.
const (
	Outlook     Client = "Outlook"
	Thunderbird Client = "Thunderbird"
	Phone       Client = "a phone"
	Gmail       Client = "Gmail"
	Browser     Client = "a browser"
	Server      Client = "another mail server"
)

// Words are what a client says, in lower case and as far as it does not change from case to case.
type Words struct {
	Client  Client
	Symptom Symptom
	Words   string
	Memory  bool // nobody has seen them written down for this: they are from memory
}

// Known are the words of clients that are understood, the particular before the general.
var Known = []Words{
	{Outlook, WrongName, "name on the security certificate is invalid or does not match", false},
	{Outlook, WrongName, "the target principal name is incorrect", true},
	{Outlook, Untrusted, "issued by a company you have not chosen to trust", false},
	{Outlook, Untrusted, "security certificate is not from a trusted certifying authority", false},
	{Outlook, Untrusted, "certificate chain processed, but terminated in a root certificate", true},
	{Outlook, OutOfDate, "certificate has expired or is not yet valid", false},
	{Outlook, OutOfDate, "required certificate is not within its validity period", true},
	{Outlook, Revoked, "certificate for this site has been revoked", true},
	{Outlook, Unchecked, "revocation information for the security certificate", false},
	{Outlook, Unnamed, "using a security certificate that cannot be verified", false},
	{Outlook, Unnamed, "problem with the proxy server's security certificate", false},

	{Thunderbird, WrongName, "ssl_error_bad_cert_domain", false},
	{Thunderbird, Untrusted, "sec_error_unknown_issuer", false},
	{Thunderbird, Untrusted, "sec_error_untrusted_issuer", false},
	{Thunderbird, Untrusted, "mozilla_pkix_error_self_signed_cert", false},
	{Thunderbird, Untrusted, "unknown issuer", true},
	{Thunderbird, OutOfDate, "sec_error_expired_certificate", false},
	{Thunderbird, OutOfDate, "sec_error_expired_issuer_certificate", false},
	{Thunderbird, OutOfDate, "mozilla_pkix_error_not_yet_valid_certificate", false},
	{Thunderbird, Revoked, "sec_error_revoked_certificate", false},
	{Thunderbird, Unchecked, "sec_error_ocsp_", false},
	{Thunderbird, Unnamed, "add security exception", false},
	{Thunderbird, WrongName, "certificate belongs to a different site", true},

	{Phone, Unnamed, "cannot verify server identity", false},
	{Phone, Unnamed, "identity of \"", true},
	{Phone, Untrusted, "trust anchor for certification path not found", true},
	{Phone, Unnamed, "certificate not valid", true},

	{Gmail, WrongName, "certificate doesn't match the host", false},
	{Gmail, Unnamed, "tls negotiation failed", false},

	{Browser, WrongName, "err_cert_common_name_invalid", false},
	{Browser, Untrusted, "err_cert_authority_invalid", false},
	{Browser, OutOfDate, "err_cert_date_invalid", false},
	{Browser, Unchecked, "err_cert_unable_to_check_revocation", false},
	{Browser, Revoked, "err_cert_revoked", false},

	// RFC 8460 4.3, and what Exchange and Postfix write into a bounce
	{Server, WrongName, "certificate-host-mismatch", false},
	{Server, Untrusted, "certificate-not-trusted", false},
	{Server, OutOfDate, "certificate-expired", false},
	{Server, NoTLS, "starttls-not-supported", false},
	{Server, Unnamed, "sts-webpki-invalid", false},
	{Server, Untrusted, "untrustedroot", false},
	{Server, Unnamed, "certificate validation failure", true},
	{Server, Unnamed, "server certificate not verified", true},

	{"", WrongName, "does not match", true},
	{"", WrongName, "doesn't match", true},
	{"", WrongName, "name mismatch", false},
	{"", WrongName, "wrong name", true},
	{"", Untrusted, "not trusted", true},
	{"", Untrusted, "untrusted", true},
	{"", Untrusted, "self-signed", true},
	{"", Untrusted, "self signed", true},
	{"", Unchecked, "revocation", true},
	{"", Revoked, "revoked", true},
	{"", OutOfDate, "expired", true},
	{"", OutOfDate, "not yet valid", true},
	{"", Unnamed, "cannot be verified", true},
	{"", Unnamed, "certificate", true},
}

// clients are names by which a caller's program is told beside its words.
var clients = []struct {
	word   string
	client Client
}{
	{"outlook", Outlook}, {"thunderbird", Thunderbird}, {"gmail", Gmail}, {"google", Gmail}, {"iphone", Phone},
	{"ipad", Phone}, {"android", Phone}, {"phone", Phone}, {"firefox", Browser}, {"chrome", Browser}, {"browser", Browser},
}

// heard are the words of a dialog in a text; none where there are none.
func heard(text string) (w Words, found bool) {
	text = plain(text)
	i := slices.IndexFunc(Known, func(w Words) bool { return strings.Contains(text, w.Words) })
	if i >= 0 {
		w = Known[i]
	}
	for _, c := range clients {
		if w.Client == "" && strings.Contains(text, c.word) {
			w.Client = c.client
		}
	}
	return w, i >= 0
}

// plain is a text in lower case, with one kind of apostrophe and one blank between words, since dialogs break their
// lines, and without the names of hosts: what those are called says nothing.
func plain(text string) string {
	text = strings.NewReplacer("\u2019", "'", "\u201c", `"`, "\u201d", `"`).Replace(strings.ToLower(text))
	words := slices.DeleteFunc(strings.Fields(text), func(w string) bool {
		return strings.ContainsAny(strings.TrimRight(w, `.,;:!?"')`), ".@")
	})
	return strings.Join(words, " ")
}

// Says are the words by which clients tell of a symptom, one for each client whose own words are known.
func Says(s Symptom) (list []Words) {
	for _, w := range Known {
		told := func(had Words) bool { return had.Client == w.Client }
		if w.Client != "" && !w.Memory && !slices.ContainsFunc(list, told) && (w.Symptom == s || w.Client == Phone) {
			list = append(list, w)
		}
	}
	return list
}
