package wizard

import (
	"reflect"
	"slices"
	"strconv"
	"strings"

	"certdesk/certstore"
	"certdesk/certstore/issuing"
	"certdesk/certstore/names"
)

// CertdeskCommand is the command that makes the same request, quoted for a POSIX shell; "" while the answers
// make none. Where the switches alone would not give the same names (some were switched off, or are this
// server's), every name is spelled out. A renewal of which nothing was changed but what `renew` has flags for is that
// command, any other `new --renews`.
func CertdeskCommand(a Answers, env Env) string {
	r, err := BuildRequest(a, env)
	if err != nil {
		return ""
	}
	words, plain := renewFlags(a.Renewal, r)
	if !plain || a.Splits(len(r.Names)) {
		ca, _ := a.authority(env)
		words = append([]string{"new"}, flags(r, nameFlagsOf(a, env, r), ca.Profile, a.Splits(len(r.Names)))...)
		if r.RenewalOf != 0 {
			words = append(words, "--renews", short(a.Renewal.Thumbprint))
		}
	}
	return certdesk(env, words...)
}

// certdesk is a command on this store, quoted.
func certdesk(env Env, words ...string) string {
	line := "certdesk"
	for _, w := range append(words, env.Flags...) {
		line += " " + posix(w)
	}
	return line
}

// renewFlags are the words of `renew`; false where it cannot make the request.
func renewFlags(old Renewal, r issuing.Request) ([]string, bool) {
	plain := old.Plain
	more := r.Exportable && !plain.Exportable && !r.ReuseKey
	same := plain
	same.Path, same.Overwrite, same.FriendlyName, same.ReuseKey = r.Path, r.Overwrite, r.FriendlyName, r.ReuseKey
	same.Exportable = plain.Exportable || more
	if r.Key.Algorithm == RSA && plain.Key.Algorithm == RSA || r.ReuseKey {
		same.Key = r.Key
	}
	if r.ReuseKey {
		same.Exportable = r.Exportable // it stays as it is
	}
	if r.RenewalOf == 0 || !reflect.DeepEqual(same, r) {
		return nil, false
	}
	f := args{"renew", short(old.Thumbprint)}
	f.when(r.ReuseKey, "--reuse-key")
	f.when(!r.ReuseKey && r.Key.Bits != plain.Key.Bits, "--key-size", strconv.Itoa(r.Key.Bits))
	f.when(more, "--private-key-exportable")
	f.when(r.FriendlyName != plain.FriendlyName, "--friendly-name", r.FriendlyName)
	f.when(r.Path != "", "--path", r.Path)
	f.when(r.Overwrite && r.Path != "", "--force")
	return f, true
}

// nameFlags are the flags that give the names beside the common name.
type nameFlags struct {
	domainNames                             []names.Name
	accepted, autodiscover, fqdn, shortName bool
}

// none says that the flags give no name.
func (f nameFlags) none() bool {
	return len(f.domainNames) == 0 && !f.accepted && !f.autodiscover && !f.fqdn && !f.shortName
}

// answers are what those flags mean.
func (f nameFlags) answers(subject names.Subject) Answers {
	return Answers{
		SubjectDN: subject.String(), Typed: joined(f.domainNames),
		IncludeAcceptedDomains: f.accepted, IncludeAutodiscover: f.autodiscover,
		IncludeServerFQDN: f.fqdn, IncludeServerNetBIOSName: f.shortName,
	}
}

// nameFlagsOf prefers the switches a person used, if they give exactly the request's names.
func nameFlagsOf(a Answers, env Env, r issuing.Request) nameFlags {
	short := nameFlags{
		domainNames: a.typedNames(r.Names[0]),
		accepted:    a.IncludeAcceptedDomains, autodiscover: a.IncludeAutodiscover,
		fqdn: a.IncludeServerFQDN, shortName: a.IncludeServerNetBIOSName,
	}
	missing := (short.accepted || short.autodiscover) && env.lacksDomains() // the command refuses to make it without them
	if !missing && slices.Equal(Chosen(Expand(short.answers(r.Subject), env)), r.Names) {
		return short
	}
	return nameFlags{domainNames: r.Names[1:]}
}

// typedNames are the names typed but for the common name, each once.
func (a Answers) typedNames(cn names.Name) []names.Name {
	var out []names.Name
	for _, g := range a.given() {
		if g.name.Key() != cn.Key() {
			out = append(out, g.name)
		}
	}
	return names.Dedupe(out)
}

// flags are those of new; usual is the profile that its CA is asked for where nothing is said.
func flags(r issuing.Request, n nameFlags, usual string, split bool) []string {
	var f args
	f.when(!r.SelfSigned && r.Order == nil, "--generate-request")
	if r.Order != nil {
		f.when(true, "--acme", r.Order.CA)
		f.when(r.Order.Profile != usual, "--profile", r.Order.Profile)
	}
	f.when(true, "--subject-name", x500(r.Subject, `\\`))
	for _, name := range n.domainNames {
		f.when(true, "--domain-name", name.Value) // one a flag: a line of the screen may end at any blank
	}
	f.when(n.accepted, "--include-accepted-domains")
	f.when(n.autodiscover, "--include-autodiscover")
	f.when(n.fqdn, "--include-server-fqdn")
	f.when(n.shortName, "--include-server-netbios-name")
	f.when(split, "--split")
	f.when(r.ReuseKey, "--reuse-key")
	f.when(!r.ReuseKey && r.Key.Algorithm != RSA, "--key-algorithm", r.Key.Algorithm)
	f.when(!r.ReuseKey && r.Key.Algorithm == RSA && r.Key.Bits != DefaultBits, "--key-size", strconv.Itoa(r.Key.Bits))
	f.when(r.Exportable && !r.ReuseKey, "--private-key-exportable")
	f.when(r.Wanted != Answers{SelfSigned: r.SelfSigned}.WantedServices(), "--services", servicesWord(r.Wanted))
	f.when(r.FriendlyName != r.Names[0].Value, "--friendly-name", r.FriendlyName)
	f.when(r.SelfSigned && r.ValidDays != DefaultDays, "--valid-days", strconv.Itoa(r.ValidDays))
	f.when(r.Path != "", "--path", r.Path)
	f.when(r.Binary, "--binary-encoded")
	f.when(r.Overwrite && r.Path != "", "--force")
	return f
}

// args collects the words of a command.
type args []string

func (a *args) when(wanted bool, words ...string) {
	if wanted {
		*a = append(*a, words...)
	}
}

func servicesWord(s certstore.Services) string {
	return strings.ReplaceAll(s.String(), " ", "")
}

// x500 writes a subject as Exchange takes it, in encoding order: C=BE, O="Sunshine, Inc.", CN=x. To certdesk
// a backslash escapes what follows; to Exchange it is a character like others.
func x500(s names.Subject, backslash string) string {
	parts := make([]string, len(s))
	for i, at := range s {
		typ := at.Type
		if typ == "ST" {
			typ = "S"
		}
		parts[i] = typ + "=" + x500Value(at.Value, backslash)
	}
	return strings.Join(parts, ", ")
}

// x500Value quotes where a separator or a blank at an end would be lost.
func x500Value(v, backslash string) string {
	if strings.ContainsAny(v, `,+"=<>#;\`) || strings.TrimSpace(v) != v {
		return `"` + strings.NewReplacer(`\`, backslash, `"`, `""`).Replace(v) + `"`
	}
	return v
}
