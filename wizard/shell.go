package wizard

import (
	"slices"
	"strconv"
	"strings"

	"certdesk/certstore/issuing"
	"certdesk/certstore/names"
)

// ShellCommand is the Exchange Management Shell's command for the same request, quoted for PowerShell; "" while
// the answers make none. What Exchange's cmdlet lacks is said in comment lines above it.
func ShellCommand(a Answers, env Env) string {
	r, err := BuildRequest(a, env)
	if err != nil {
		return ""
	}
	n := nameFlagsOf(a, env, r)
	if !exchangeAgrees(Expand(a, env), env) {
		n = nameFlags{domainNames: r.Names[1:]}
	}
	if n.none() { // or Exchange would add the server's names
		n.domainNames = r.Names[:1]
	}
	lines := append(shellNotes(r), strings.Join(cmdlet(r, n), " "))
	return strings.Join(lines, "\n")
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

func cmdlet(r issuing.Request, n nameFlags) []string {
	f := args{"New-ExchangeCertificate"}
	f.when(!r.SelfSigned, "-GenerateRequest")
	f.when(true, "-SubjectName", powershell(x500(r.Subject, `\`)))
	f.when(len(n.domainNames) > 0, "-DomainName", powershellNames(n.domainNames))
	f.when(n.accepted, "-IncludeAcceptedDomains")
	f.when(n.autodiscover, "-IncludeAutoDiscover")
	f.when(n.fqdn, "-IncludeServerFQDN")
	f.when(n.shortName, "-IncludeServerNetBIOSName")
	f.when(r.Key.Algorithm == RSA, "-KeySize", strconv.Itoa(r.Key.Bits))
	f.when(r.Exportable, "-PrivateKeyExportable", "$true")
	f.when(r.SelfSigned, "-Services", servicesWord(r.Wanted))
	f.when(true, "-FriendlyName", powershell(r.FriendlyName))
	f.when(r.Binary, "-BinaryEncoded")
	f.when(r.Path != "", "-Path", powershell(r.Path))
	return f
}

func powershellNames(list []names.Name) string {
	out := make([]string, len(list))
	for i, n := range list {
		out[i] = powershellName(n.Value)
	}
	return strings.Join(out, ",")
}

// exchangeSizes are the RSA keys New-ExchangeCertificate makes.
var exchangeSizes = []int{1024, 2048, 4096}

func shellNotes(r issuing.Request) []string {
	var notes args
	notes.when(r.Key.Algorithm != RSA, "# New-ExchangeCertificate makes RSA keys only, not "+keyName(r.Key))
	notes.when(r.Key.Algorithm == RSA && !slices.Contains(exchangeSizes, r.Key.Bits),
		"# -KeySize takes 1024, 2048 or 4096 only")
	notes.when(r.SelfSigned && r.ValidDays != DefaultDays, "# it has no parameter for "+strconv.Itoa(r.ValidDays)+
		" days of validity")
	notes.when(!r.SelfSigned && r.Wanted != 0, "# services follow after the import: Enable-ExchangeCertificate -Services "+
		servicesWord(r.Wanted))
	notes.when(r.Path != "", "# -Path is Exchange 2007's; 2013 to 2019 CU11 call it -RequestFile, later ones return "+
		"the request")
	notes.when(r.ReuseKey, "# it always makes a new key")
	return notes
}
