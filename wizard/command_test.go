package wizard

import (
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"certdesk/certstore"
)

// reproduces runs the command's words through what its flags mean, and wants the same request.
func reproduces(t *testing.T, a Answers, env Env) {
	t.Helper()
	want, err := BuildRequest(a, env)
	if err != nil {
		t.Fatal(err)
	}
	command := CertdeskCommand(a, env)
	got, err := BuildRequest(fromFlags(t, command, a), env)
	if err != nil {
		t.Fatalf("%s\n%v", command, err)
	}
	if reviewText(got) != reviewText(want) || got.Overwrite != want.Overwrite {
		t.Fatalf("%s\ngives\n%s\nwant\n%s", command, reviewText(got), reviewText(want))
	}
}

// fromFlags reads a command as `certdesk new` would; want is what it was made from.
func fromFlags(t *testing.T, command string, want Answers) Answers {
	t.Helper()
	words := shellWords(t, command)
	if len(words) < 2 || words[0] != "certdesk" || words[1] != "new" {
		t.Fatal(command)
	}
	a := Answers{SelfSigned: true}
	for words = words[2:]; len(words) > 0; words = words[1:] {
		value := func() string { words = words[1:]; return words[0] }
		switch words[0] {
		case "--generate-request":
			a.SelfSigned = false
		case "--subject-name":
			a.SubjectDN = value()
		case "--domain-name":
			a.Typed += " " + value()
		case "--include-accepted-domains":
			a.IncludeAcceptedDomains = true
		case "--include-autodiscover":
			a.IncludeAutodiscover = true
		case "--include-server-fqdn":
			a.IncludeServerFQDN = true
		case "--include-server-netbios-name":
			a.IncludeServerNetBIOSName = true
		case "--key-algorithm":
			a.Algorithm = value()
		case "--key-size":
			a.Bits, _ = strconv.Atoi(value())
		case "--private-key-exportable":
			a.Exportable = true
		case "--services":
			a.Services, _ = certstore.ParseServices(value())
			a.ServicesSet = true
		case "--friendly-name":
			a.FriendlyName = value()
		case "--valid-days":
			a.ValidDays, _ = strconv.Atoi(value())
		case "--path":
			a.Path = value()
		case "--binary-encoded":
			a.Binary = true
		case "--force":
			a.Overwrite = true
		case "--renews":
			a.RenewalOf = want.RenewalOf
			if value() != want.Renewal.Thumbprint[:12] {
				t.Fatalf("another certificate is renewed: %s", command)
			}
		case "--reuse-key":
			a.ReuseKey = true
		default:
			t.Fatalf("no such flag: %s", words[0])
		}
	}
	return a
}

// shellWords splits as a POSIX shell does what posix quoted, leaving comment lines out.
func shellWords(t *testing.T, command string) []string {
	t.Helper()
	for strings.HasPrefix(command, "#") {
		_, command, _ = strings.Cut(command, "\n")
	}
	var words []string
	var word strings.Builder
	quoted := false
	for i := 0; i < len(command); i++ {
		switch c := command[i]; {
		case c == '\'':
			quoted = !quoted
		case quoted:
			word.WriteByte(c)
		case c == '\\':
			i++
			word.WriteByte(command[i])
		case c == ' ':
			words = append(words, word.String())
			word.Reset()
		case strings.IndexByte("$`\"\n;&|<>()*?[]#~{}!", c) >= 0:
			t.Fatalf("a bare %c in %s", c, command)
		default:
			word.WriteByte(c)
		}
	}
	return append(words, word.String())
}

// renewed is what a renewal knows of the certificate it renews.
var renewed = Renewal{Thumbprint: strings.Repeat("AB", 20)}

// A renewal that changes nothing, or only what renew has flags for, is the command renew; any other is new.
func TestARenewalIsARealCommand(t *testing.T) {
	plain, err := BuildRequest(Answers{Typed: "a.org", FriendlyName: "web", RenewalOf: 7, Organization: "Sunshine, Inc.", Country: "BE"}, article)
	if err != nil {
		t.Fatal(err)
	}
	env := article
	env.Flags = []string{"--store", "/a b"}
	for _, c := range []struct {
		change func(*Answers)
		want   string
	}{
		{func(*Answers) {}, `certdesk renew ABABABABABAB --store '/a b'`},
		{func(a *Answers) { a.ReuseKey, a.Path = true, "./a.req" }, `certdesk renew ABABABABABAB --reuse-key --path ./a.req --store '/a b'`},
		{func(a *Answers) { a.Bits, a.Exportable, a.FriendlyName = 4096, true, "web 2" },
			`certdesk renew ABABABABABAB --key-size 4096 --private-key-exportable --friendly-name 'web 2' --store '/a b'`},
		{func(a *Answers) { a.Path, a.Overwrite = "a.req", true }, `certdesk renew ABABABABABAB --path a.req --force --store '/a b'`},
		{func(a *Answers) { a.Typed += " b.org" }, `certdesk new --generate-request --subject-name 'C=BE, O="Sunshine, Inc.", CN=a.org'` +
			` --domain-name b.org --friendly-name web --renews ABABABABABAB --store '/a b'`},
		{func(a *Answers) { a.Algorithm = ECDSAP256 }, `certdesk new --generate-request --subject-name 'C=BE, O="Sunshine, Inc.", CN=a.org'` +
			` --key-algorithm ecdsa-p256 --friendly-name web --renews ABABABABABAB --store '/a b'`},
	} {
		a := FromRequest(plain)
		a.Renewal = Renewal{Thumbprint: renewed.Thumbprint, Plain: plain}
		c.change(&a)
		if got := CertdeskCommand(a, env); got != c.want {
			t.Errorf("got\n%s\nwant\n%s", got, c.want)
		}
	}
}

func TestTheCommandMakesTheSameRequest(t *testing.T) {
	client := secureClient
	client.Off = []string{"ex2007se", "autodiscover.belgianbeers.rock"}
	for name, a := range map[string]Answers{
		"secure_client": secureClient, "secure_smtp": secureSMTP, "switched off": client, "defaults": Defaults(),
		"self-signed":       {SelfSigned: true, Typed: "a.org", ValidDays: 30, Algorithm: ECDSAP384, Services: certstore.IIS | certstore.IMAP, ServicesSet: true},
		"no services":       {SelfSigned: true, Typed: "a.org", ServicesSet: true},
		"odd characters":    {Typed: "*.a.org, o'brien@a.org, 2001:db8::1", FriendlyName: `it's $HOME "x" \ #`, Organization: `A "B", C + D\E #1`, Unit: "#x", City: "Zürich; =<>", Path: "/a b/$(x)'`.req", Overwrite: true, Binary: true},
		"two units":         {SubjectDN: `CN=a.org,OU=x\, y,OU=z,C=BE`, Bits: 4096},
		"picked":            {Typed: "a.org b.org", IncludeAutodiscover: true, CommonName: "autodiscover.b.org", IncludeServerFQDN: true, IncludeServerNetBIOSName: true},
		"picked the server": {IncludeServerFQDN: true, IncludeAutodiscover: true, CommonName: "ex2007ee.proexchange.global"},
		"renewal":           {Typed: "a.org", RenewalOf: 7, ReuseKey: true, Renewal: renewed},
		"renewal, new key":  {Typed: "a.org b.org", RenewalOf: 7, Bits: 4096, Exportable: true, Renewal: renewed},
		"duplicates":        {SubjectDN: "CN=A.org", Typed: "a.org b.org B.ORG"},
	} {
		t.Run(name, func(t *testing.T) { reproduces(t, a, article) })
	}
}

func TestSwitchedOffNamesAreSpelledOut(t *testing.T) {
	a := Answers{Typed: "a.org", IncludeAcceptedDomains: true, Off: []string{"belgianbeers.rock"}}
	got := CertdeskCommand(a, article)
	if strings.Contains(got, "--include") || !strings.Contains(got, "--domain-name proexchange.global") {
		t.Error(got)
	}
	if got := ShellCommand(a, article); strings.Contains(got, "-Include") || !strings.Contains(got, "-DomainName proexchange.global") {
		t.Error(got)
	}
}

func TestExchangeAddsAutodiscoverForAcceptedDomainsOnly(t *testing.T) {
	a := Answers{Typed: "mail.sunshine.edu", IncludeAutodiscover: true}
	if got := ShellCommand(a, article); strings.Contains(got, "-IncludeAutoDiscover") || !strings.Contains(got, "autodiscover.sunshine.edu") {
		t.Error(got)
	}
	if got := CertdeskCommand(a, article); !strings.Contains(got, "--include-autodiscover") {
		t.Error(got)
	}
}

func TestWhatExchangeLacksIsSaid(t *testing.T) {
	got := ShellCommand(Answers{SelfSigned: true, Typed: "a.org", Algorithm: ECDSAP256, ValidDays: 30}, article)
	want := `# New-ExchangeCertificate makes RSA keys only, not ECDSA P-256
# it is valid for 1825 days: there is no parameter for 30
New-ExchangeCertificate -SubjectName 'CN=a.org' -DomainName a.org -Services SMTP -FriendlyName 'a.org'`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := ShellCommand(Answers{Typed: "a.org", Bits: 3072}, article); !strings.HasPrefix(got, "# -KeySize takes 1024, 2048 or 4096 only, not 3072\n") || !strings.Contains(got, " -KeySize 4096 ") {
		t.Error(got)
	}
}

// TestPosixQuotingAgreesWithAShell asks a real one.
func TestPosixQuotingAgreesWithAShell(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("SKIPPED: no shell here to compare with")
	}
	for _, s := range []string{"", "plain", "a b", "it's", "$HOME `id` $(id)", `\n "x"`, "*", "~", "-x", "a;b&c|d", "é€", "''"} {
		out, err := exec.Command(sh, "-c", "printf %s "+posix(s)).Output()
		if err != nil || string(out) != s {
			t.Errorf("%q became %q, %v", s, out, err)
		}
	}
}
