package wizard

import (
	"strings"
	"testing"

	"certdesk/certstore"
	"certdesk/certstore/fail"
	"certdesk/certstore/issuing"
)

// secureClient and secureSMTP are the article's two requests, as they are typed.
var (
	secureClient = Answers{
		FriendlyName: "secure_client", Typed: "Webmail.ProExchange.Global, Webmail.BelgianBeers.Rock\nEx2007EE.ProExchange.Global;Ex2007EE Ex2007SE.ProExchange.Global Ex2007SE",
		IncludeAutodiscover: true, Organization: "Sunshine, Inc.", City: "Brussels", State: "Brabant", Country: "be",
		Exportable: true, Services: certstore.IIS | certstore.UM, ServicesSet: true, Path: "secure_client.req",
	}
	secureSMTP = Answers{
		FriendlyName: "secure_smtp", Typed: "ProExchange.Global", IncludeAcceptedDomains: true,
		Country: "BE", Exportable: true, Services: certstore.SMTP, ServicesSet: true, Path: "/root/my requests/secure_smtp.req",
	}
)

func build(t *testing.T, a Answers) issuing.Request {
	t.Helper()
	r, err := BuildRequest(a, article)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func reviewText(r issuing.Request) string {
	var b strings.Builder
	for _, l := range Review(r) {
		b.WriteString(l.Label + ": " + l.Value + "\n")
	}
	return b.String()
}

func TestTheArticlesRequests(t *testing.T) {
	for _, c := range []struct {
		a               Answers
		review, command string
		shell           string
	}{
		{secureClient, `Purpose: request for a CA
Friendly name: secure_client
Subject: CN=webmail.proexchange.global,O=Sunshine\, Inc.,L=Brussels,ST=Brabant,C=BE
Names: webmail.proexchange.global, webmail.belgianbeers.rock, ex2007ee.proexchange.global, ex2007ee, ex2007se.proexchange.global, ex2007se, autodiscover.proexchange.global, autodiscover.belgianbeers.rock (8 names)
Key: new, RSA 2048 bits
Exportable: yes: the key can leave with an export
Services: UM, IIS
File: secure_client.req (PEM)
`,
			`certdesk new --generate-request --subject-name 'C=BE, S=Brabant, L=Brussels, O="Sunshine, Inc.", CN=webmail.proexchange.global' --domain-name webmail.belgianbeers.rock --domain-name ex2007ee.proexchange.global --domain-name ex2007ee --domain-name ex2007se.proexchange.global --domain-name ex2007se --include-autodiscover --private-key-exportable --services UM,IIS --friendly-name secure_client --path secure_client.req`,
			"# services follow after the import: Enable-ExchangeCertificate -Services UM,IIS\n# Exchange 2019 has no UM\n" +
				"$request = New-ExchangeCertificate -GenerateRequest -SubjectName 'C=BE, S=Brabant, L=Brussels, O=\"Sunshine, Inc.\", CN=webmail.proexchange.global' -DomainName webmail.belgianbeers.rock,ex2007ee.proexchange.global,ex2007ee,ex2007se.proexchange.global,ex2007se -IncludeAutoDiscover -KeySize 2048 -PrivateKeyExportable $true -FriendlyName 'secure_client'\n" +
				"[System.IO.File]::WriteAllBytes((Join-Path $PWD 'secure_client.req'), [System.Text.Encoding]::ASCII.GetBytes($request))",
		},
		{secureSMTP, `Purpose: request for a CA
Friendly name: secure_smtp
Subject: CN=proexchange.global,C=BE
Names: proexchange.global, belgianbeers.rock (2 names)
Key: new, RSA 2048 bits
Exportable: yes: the key can leave with an export
Services: SMTP
File: /root/my requests/secure_smtp.req (PEM)
`,
			`certdesk new --generate-request --subject-name 'C=BE, CN=proexchange.global' --include-accepted-domains --private-key-exportable --services SMTP --friendly-name secure_smtp --path '/root/my requests/secure_smtp.req'`,
			"# services follow after the import: Enable-ExchangeCertificate -Services SMTP\n" +
				"$request = New-ExchangeCertificate -GenerateRequest -SubjectName 'C=BE, CN=proexchange.global' -IncludeAcceptedDomains -KeySize 2048 -PrivateKeyExportable $true -FriendlyName 'secure_smtp'\n" +
				"[System.IO.File]::WriteAllBytes((Join-Path $PWD 'secure_smtp.req'), [System.Text.Encoding]::ASCII.GetBytes($request))",
		},
	} {
		t.Run(c.a.FriendlyName, func(t *testing.T) {
			if got := reviewText(build(t, c.a)); got != c.review {
				t.Errorf("review\n%s\nwant\n%s", got, c.review)
			}
			if got := CertdeskCommand(c.a, article); got != c.command {
				t.Errorf("command\n%s\nwant\n%s", got, c.command)
			}
			if got := ShellCommand(c.a, article); got != c.shell {
				t.Errorf("shell\n%s\nwant\n%s", got, c.shell)
			}
		})
	}
}

func TestDefaultsMakeARequestForTheServer(t *testing.T) {
	r := build(t, Defaults())
	want := `Purpose: request for a CA
Friendly name: ex2007ee.proexchange.global
Subject: CN=ex2007ee.proexchange.global
Names: ex2007ee.proexchange.global, ex2007ee (2 names)
Key: new, RSA 2048 bits
Exportable: no: certdesk never exports it, but root can copy it
Services: none
File: none: the request stays in the store
`
	if got := reviewText(r); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestSelfSignedHasDaysAndSMTPAndNoFile(t *testing.T) {
	r := build(t, Answers{SelfSigned: true, Typed: "mail.example.org", Path: "left over from a request.req", Binary: true, Algorithm: ECDSAP256, Bits: 2048})
	want := `Purpose: self-signed certificate
Friendly name: mail.example.org
Subject: CN=mail.example.org
Names: mail.example.org
Key: new, ECDSA P-256
Exportable: no: certdesk never exports it, but root can copy it
Services: SMTP
Valid for: 365 days
`
	if got := reviewText(r); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if none := build(t, Answers{SelfSigned: true, Typed: "a.org", ServicesSet: true}); none.Wanted != 0 {
		t.Error("None was chosen for services, and they are", none.Wanted)
	}
}

func TestARenewalStartsFromTheOldRequest(t *testing.T) {
	for _, a := range []Answers{
		secureClient, secureSMTP, Defaults(),
		{SelfSigned: true, Typed: "a.org", ValidDays: 30, Algorithm: ECDSAP384},
		{SubjectDN: `C=BE,OU=one,OU="two, three",CN=b.org`, Typed: "a.org"},
	} {
		r := build(t, a)
		r.RenewalOf, r.ReuseKey = 7, true
		again := build(t, FromRequest(r))
		if reviewText(again) != reviewText(r) || again.RenewalOf != 7 || !again.ReuseKey {
			t.Errorf("got\n%s\nwant\n%s", reviewText(again), reviewText(r))
		}
	}
}

func TestTheSubjectFormsAsItIsTyped(t *testing.T) {
	for _, c := range []struct {
		a    Answers
		want string
	}{
		{Answers{}, "CN=ex2007ee.proexchange.global"},
		{Answers{SelfSigned: true}, "CN=ex2007ee"},
		{Answers{Typed: "a.org", Organization: " Sunshine ", Country: "be"}, "CN=a.org,O=Sunshine,C=BE"},
		{Answers{Typed: "a.org", Country: "Belg"}, "CN=a.org,C=BELG"},
		{Answers{SubjectDN: "C=BE,CN=A.org", CommonName: "b.org"}, "CN=b.org,C=BE"},
		{Answers{SubjectDN: "C=BE,"}, ""},
		{Answers{Typed: "a.org", Organization: "a\x1bb"}, `CN=a.org,O=a\1Bb`},
	} {
		if got := SubjectText(c.a, article); got != c.want {
			t.Errorf("%+v: %s, want %s", c.a, got, c.want)
		}
	}
}

func TestWhatBlocksIsTheErrorOfTheRequest(t *testing.T) {
	for _, c := range []struct {
		a    Answers
		code fail.Code
		text string
	}{
		{Answers{Typed: "a_b.org"}, fail.InvalidName, "underscore"},
		{Answers{Typed: strings.Repeat(strings.Repeat("a", 50)+".", 5) + "b"}, fail.InvalidName, "256 characters"},
		{Answers{SubjectDN: "CN=Some Server"}, fail.InvalidName, "not a usable name"},
		{Answers{SubjectDN: "X=1,CN=a.org"}, fail.InvalidSubject, `"X"`},
		{Answers{SubjectDN: "CN=" + strings.Repeat("a", 65)}, fail.InvalidSubject, "65 characters"},
		{Answers{Typed: strings.Repeat("a", 61) + ".org"}, fail.InvalidSubject, "65 characters"},
		{Answers{Typed: "a.org", FriendlyName: strings.Repeat("a", 65)}, fail.InvalidName, "65 characters"},
		{Answers{Typed: "a.org", Country: "Belgium"}, fail.InvalidSubject, "is not a country"},
		{Answers{Typed: "a.org", Bits: 512}, fail.Usage, "512"},
		{Answers{Typed: "a.org", Algorithm: "dsa"}, fail.Usage, "dsa"},
		{Answers{Typed: "a.org", Path: "/tmp/"}, fail.Usage, "directory"},
		{Answers{Typed: "a.org", SelfSigned: true, ValidDays: -1}, fail.Usage, "-1"},
	} {
		_, err := BuildRequest(c.a, article)
		if !fail.Is(err, c.code) || !strings.Contains(err.Error(), c.text) || fail.Of(err).Hint == "" {
			t.Errorf("%+v: %v", c.a, err)
		}
		if CertdeskCommand(c.a, article) != "" || ShellCommand(c.a, article) != "" {
			t.Errorf("%+v has a command", c.a)
		}
	}
	if _, err := BuildRequest(Answers{}, Env{}); !fail.Is(err, fail.InvalidName) {
		t.Error("no name at all:", err)
	}
}
