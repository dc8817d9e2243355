package wizard

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"certdesk/certstore/fail"
	"certdesk/certstore/names"
	"certdesk/certstore/printable"
	"certdesk/certstore/trust"
)

// maxDays keeps the end of a self-signed certificate within a hundred years.
const maxDays = 36500

func (r *remarks) purpose(a Answers, env Env) {
	friendly := a.friendlyName(env)
	if a.FriendlyName != "" {
		r.refuse("FriendlyName", names.CheckFriendlyName(a.FriendlyName))
	}
	taken := func(s string) bool { return strings.EqualFold(s, friendly) }
	if a.RenewalOf == 0 && friendly != "" && slices.ContainsFunc(env.FriendlyNames, taken) {
		r.warn("FriendlyName", "friendly-name-taken", "there is a certificate with this friendly name already",
			"give another to tell them apart")
	}
	if a.RenewalOf != 0 && a.Renewal.Already != "" {
		r.others = append(r.others, RenewedAlready(a.Renewal.Already))
	}
	if a.SelfSigned && (a.ValidDays < 0 || a.ValidDays > maxDays) {
		r.refuse("ValidDays", fail.New(fail.Usage, fmt.Sprintf("use 1 to %d, or nothing for %d", maxDays, DefaultDays),
			"a certificate cannot be valid for %d days", a.ValidDays))
	}
}

// friendlyName is what the entry will be called: the common name, unless a name was given.
func (a Answers) friendlyName(env Env) string {
	if a.FriendlyName != "" {
		return a.FriendlyName
	}
	if list := Expand(a, env); len(list) > 0 {
		return list[0].Name.Value
	}
	return ""
}

func (r *remarks) subject(a Answers) {
	if a.SubjectDN != "" {
		r.wholeSubject(a)
	} else {
		for _, f := range a.subjectFields() {
			if f.value != "" {
				r.refuse(f.field, names.Attribute{Type: f.typ, Value: f.value}.Validate())
			}
		}
	}
	s, err := a.subject("")
	if !a.SelfSigned && a.CA == "" && err == nil && s.Get("C") == "" { // a CA over ACME takes nothing of it but names
		r.warn("Country", "no-country", "the country is missing, and some CAs then refuse to renew",
			"pick the country of your organisation")
	}
}

// wholeSubject also refuses a common name that no client can ask for, since it becomes a domain name too.
func (r *remarks) wholeSubject(a Answers) {
	s, err := names.ParseSubject(a.SubjectDN)
	r.refuse("SubjectDN", err)
	if cn := s.Get("CN"); cn != "" && a.CommonName == "" {
		_, err := names.Normalize(cn)
		r.refuse("SubjectDN", err)
	}
}

func (r *remarks) key(a Answers) {
	if a.ReuseKey && a.RenewalOf != 0 {
		r.inform("ReuseKey", "key-kept", "the key of the old certificate is kept",
			"take a new key if the old one may be known to others")
		return
	}
	k := a.Key()
	switch {
	case !slices.Contains(Algorithms, k.Algorithm):
		r.refuse("Algorithm", fail.New(fail.Usage, "use "+strings.Join(Algorithms, ", "), "%q is not a key algorithm",
			printable.Text(k.Algorithm)))
	case k.Algorithm != RSA:
	case !slices.Contains(KeySizes, k.Bits):
		r.refuse("Bits", fail.New(fail.Usage, "use 2048; 1024, 3072 and 4096 are possible too",
			"an RSA key of %d bits cannot be made", k.Bits))
	case trust.WeakKey(k.Algorithm, k.Bits) != "":
		r.warn("Bits", trust.WeakKeyCode, trust.WeakKey(k.Algorithm, k.Bits), "")
	}
}

func (r *remarks) file(a Answers) {
	if a.Path == "" {
		return // it stays in the store
	}
	if printable.Text(a.Path) != a.Path {
		r.refuse("Path", fail.New(fail.Usage, "type another path", "the path has characters that cannot be seen: %s",
			printable.Text(a.Path)))
		return
	}
	if strings.HasSuffix(a.Path, "/") {
		r.refuse("Path", fail.New(fail.Usage, "add a file name, such as "+a.Path+"mail.req", "the path is a directory"))
		return
	}
	r.extension(strings.ToLower(filepath.Ext(a.Path)), a.Binary)
}

func (r *remarks) extension(ext string, binary bool) {
	switch {
	case !slices.Contains([]string{".req", ".csr", ".pem", ".der"}, ext):
		r.warn("Path", "file-ending", "CAs expect a request to end in .req, .csr, .pem or .der", "end the path in .req")
	case ext == ".pem" && binary:
		r.warn("Path", "file-ending", "a file called .pem holds text, and binary was chosen", "end the path in .der")
	case ext == ".der" && !binary:
		r.warn("Path", "file-ending", "a file called .der is binary, and text was chosen", "end the path in .req")
	}
}
