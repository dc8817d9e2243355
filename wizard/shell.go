package wizard

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"certdesk/certstore"
	"certdesk/certstore/issuing"
	"certdesk/certstore/names"
	"certdesk/wizard/exchange"
)

// ShellCommand is the Exchange Management Shell's command for the same request, as Env.Exchange takes it; "" while the
// answers make none, and one after the other where they make several. What Exchange's cmdlet lacks is said in comment
// lines above it.
func ShellCommand(a Answers, env Env) string {
	list, err := BuildRequests(a, env)
	if err != nil {
		return ""
	}
	var lines []string
	for _, r := range list {
		if len(list) > 1 {
			a = FromRequest(r)
		}
		out := exchangeRequest(a, env, r)
		lines = append(append(lines, shellNotes(r, out, env.Exchange)...), env.Exchange.New(out))
	}
	return strings.Join(lines, "\n")
}

// exchangeRequest is the same request as Exchange can make it.
func exchangeRequest(a Answers, env Env, r issuing.Request) exchange.Request {
	out := exchange.Request{SelfSigned: r.SelfSigned, KeySize: exchangeSize(r.Key), Exportable: r.Exportable,
		Services: servicesWord(r.Wanted), FriendlyName: exchangeFriendly(r.FriendlyName), Binary: r.Binary}
	if r.Path != "" {
		out.File = path.Base(r.Path)
	}
	old := a.Renewal.Plain
	if r.RenewalOf != 0 && r.SelfSigned == old.SelfSigned && slices.Equal(r.Subject, old.Subject) &&
		slices.Equal(r.Names, old.Names) {
		out.Renews = a.Renewal.Thumbprint
		return out
	}
	n := exchangeNames(a, env, r)
	out.Subject = x500(r.Subject, `\`)
	for _, name := range n.domainNames {
		out.Names = append(out.Names, name.Value)
	}
	out.Accepted, out.Autodiscover, out.ServerFQDN, out.NetBIOSName = n.accepted, n.autodiscover, n.fqdn, n.shortName
	return out
}

// exchangeNames are the switches and names that give the same names there.
func exchangeNames(a Answers, env Env, r issuing.Request) nameFlags {
	n := nameFlagsOf(a, env, r)
	if !exchangeAgrees(Expand(a, env), env) {
		n = nameFlags{domainNames: r.Names[1:]}
	}
	if !env.Exchange.NamesServer() {
		n = n.withServerNames(env)
	}
	n.domainNames = slices.DeleteFunc(slices.Clone(n.domainNames), isAddress)
	if n.none() { // or Exchange would add the server's names
		n.domainNames = r.Names[:1]
	}
	return n
}

// withServerNames spells the server's names out.
func (f nameFlags) withServerNames(env Env) nameFlags {
	var server []string
	if f.fqdn {
		server = append(server, env.ServerFQDN)
	}
	if f.shortName {
		server = append(server, env.NetBIOSName)
	}
	list := slices.Clone(f.domainNames)
	for _, text := range server {
		if name, err := names.Normalize(text); err == nil {
			list = append(list, name)
		}
	}
	f.domainNames, f.fqdn, f.shortName = names.Dedupe(list), false, false
	return f
}

// exchangeAgrees says whether IncludeAutoDiscover gives the same names there: Exchange adds them for accepted
// domains alone.
func exchangeAgrees(list []Candidate, env Env) bool {
	for _, c := range list {
		if c.On && len(c.Reasons) == 1 && isForeignAutodiscover(c.Reasons[0], env) {
			return false
		}
	}
	return true
}

func isForeignAutodiscover(reason string, env Env) bool {
	domain, ok := strings.CutPrefix(reason, reasonAutodiscover)
	return ok && !belowAccepted(domain, env)
}

// exchangeSizes are the RSA keys New-ExchangeCertificate makes.
var exchangeSizes = []int{1024, 2048, 4096}

// exchangeSize is the size of the key there: the next larger one, 0 where it is no RSA key.
func exchangeSize(key issuing.KeySpec) int {
	for _, size := range exchangeSizes {
		if key.Algorithm == RSA && size >= key.Bits {
			return size
		}
	}
	return 0
}

// maxExchangeFriendly is the longest friendly name there: "less than 64 characters".
const maxExchangeFriendly = 63

func exchangeFriendly(name string) string {
	runes := []rune(name)
	return strings.TrimSpace(string(runes[:min(len(runes), maxExchangeFriendly)]))
}

// shellNotes say what the command does otherwise.
func shellNotes(r issuing.Request, made exchange.Request, v exchange.Version) []string {
	var notes args
	notes.when(r.Key.Algorithm != RSA, "# New-ExchangeCertificate makes RSA keys only, not "+keyName(r.Key))
	notes.when(r.Key.Algorithm == RSA && made.KeySize != r.Key.Bits,
		"# -KeySize takes 1024, 2048 or 4096 only, not "+strconv.Itoa(r.Key.Bits))
	notes.when(r.SelfSigned && r.ValidDays != v.SelfSignedDays(), "# it is valid for "+
		strconv.Itoa(v.SelfSignedDays())+" days: there is no parameter for "+strconv.Itoa(r.ValidDays))
	notes.when(!r.SelfSigned && r.Wanted != 0, "# services follow after the import: Enable-ExchangeCertificate -Services "+
		servicesWord(r.Wanted))
	notes.when(r.Wanted.Has(certstore.UM) && v.MayLackUM(), "# Exchange 2019 has no UM")
	notes.when(made.Autodiscover && v != exchange.Latest,
		"# up to Exchange 2013 -IncludeAutoDiscover works on a Client Access server only")
	notes.when(made.FriendlyName != r.FriendlyName, "# a friendly name has at most 63 characters there")
	notes.when(made.Renews == "", otherNames(r)...)
	notes.when(r.ReuseKey, "# it always makes a new key")
	return notes
}

// isAddress says that DomainName does not take a name.
func isAddress(n names.Name) bool { return n.Kind != names.DNS }

// otherNames says which names are not in the command.
func otherNames(r issuing.Request) []string {
	var left []string
	for _, n := range r.Names {
		if isAddress(n) {
			left = append(left, n.Value)
		}
	}
	if len(left) == 0 {
		return nil
	}
	return []string{"# -DomainName takes DNS names only, not " + strings.Join(left, ", ")}
}
