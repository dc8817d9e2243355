package details_test

import (
	"strings"
	"testing"

	"certdesk/certstore"
	"certdesk/certstore/trust"
	"certdesk/ui/details"
	"certdesk/ui/uitest"
	"certdesk/ui/words"
)

// A renewal and what it renews name each other, so that each can be found.
func TestDetailsNameWhatTheyRenewAndWhatRenewsThem(t *testing.T) {
	r := uitest.ArticleDesk(t, 80, 45)
	e, old, next := uitest.Article()[2], uitest.Article()[4], uitest.Article()[1]
	r.Onto(3)
	r.Keys("enter")
	r.Exact(80, 60)
	r.Send(details.ShownMsg{Details: certstore.Details{Entry: e, Renews: &old, RenewedBy: []certstore.Entry{next}}})
	r.Sees("Renews         webmail 2023, valid until 14 Oct 2026", "Renewed by     secure_client, pending")
}

// Each fault of a chain stands at its link in words; what is missing is named in its place, and of the root it is said
// why it is trusted or not.
func TestTheChainSaysEachFaultAtItsLink(t *testing.T) {
	dn := func(cn string) string { return "CN=" + cn + ",C=BE" }
	link := func(cn, issuer string, days int, signed bool) trust.Link {
		return trust.Link{Subject: dn(cn), Issuer: dn(issuer), NotBefore: uitest.Noon.AddDate(-1, 0, 0), NotAfter: uitest.Noon.AddDate(0, 0, days), Signed: signed, SelfSigned: cn == issuer}
	}
	issuing, root := link("Issuing", "Root", 90, true), link("Root", "Root", 900, true)
	trusted := trust.Verdict{Status: trust.Valid, RootType: trust.RootThirdParty, Root: dn("Root")}
	untrusted := trust.Verdict{Status: trust.Untrusted, RootType: trust.RootUnknown}
	for name, test := range map[string]struct {
		chain   []trust.Link
		verdict trust.Verdict
		want    string
	}{
		"a trusted root in the file": {[]trust.Link{issuing, root}, trusted,
			"Root (trusted root, one of the system's) / Issuing / web"},
		"a trusted root of the system": {[]trust.Link{issuing}, trusted,
			"Root (trusted root, one of the system's) / Issuing / web"},
		"a root nobody trusts": {[]trust.Link{issuing, root}, untrusted,
			"Root ! neither the system nor the configuration trusts this root / Issuing / web"},
		"no certificate of the CA": {nil, untrusted,
			"Issuing ! missing: it is neither in this store nor among the trusted roots / web"},
		"a missing link": {[]trust.Link{link("Upper", "Root", 90, false), root}, untrusted,
			"Root ! neither the system nor the configuration trusts this root / Upper ! did not sign the certificate below it / Issuing ! missing: it is not in this store / web"},
		"an impostor of the right name": {[]trust.Link{link("Issuing", "Root", 90, false), root}, trusted,
			"Root (trusted root, one of the system's) / Issuing ! did not sign the certificate below it / web"},
		"an expired intermediate": {[]trust.Link{link("Issuing", "Root", -1, true), root}, trusted,
			"Root (trusted root, one of the system's) / Issuing ! expired 22 Nov 2026 12:00 UTC / web"},
		"what stands above the root": {[]trust.Link{issuing, link("Root", "Old Root", 900, true), link("Old Root", "Old Root", -1, true)}, trusted,
			"Old Root (not needed: the chain ends below it) / Root (trusted root, one of the system's) / Issuing / web"},
		"roots that could not be read": {[]trust.Link{issuing, root}, trust.Verdict{Status: trust.Unknown},
			"Root (not judged) / Issuing / web"},
	} {
		e := uitest.Certificate(1, "web", "valid", test.verdict.Status, 30, 90, "web.example.org")
		e.Issuer, e.Chain, e.Verdict = dn("Issuing"), test.chain, test.verdict
		var parts []string
		for _, b := range words.ChainTree(e, uitest.Noon) {
			text := b.Name
			if b.Note != "" {
				text += " (" + b.Note + ")"
			}
			if b.Fault != "" {
				text += " ! " + b.Fault
			}
			parts = append(parts, text)
		}
		if got := strings.Join(parts, " / "); got != test.want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, test.want)
		}
	}
}

// What does the same outside the desk can be copied from the page, a file's path quoted where it must be.
func TestDetailsNameTheCommands(t *testing.T) {
	r := uitest.ArticleDesk(t, 140, 60)
	r.Onto(3)
	r.Keys("enter")
	e := uitest.Article()[2]
	e.Request = "00ff"
	r.Send(details.ShownMsg{Details: certstore.Details{Entry: e, Files: []string{"/srv/my store/certs/" + e.SHA256 + ".pem", "/srv/my store/requests/00ff.req"}}})
	r.Keys("end")
	r.Sees("certdesk show 000000000000", "certdesk export 000000000000 --path ./webmail.belgianbeers.rock.cer",
		"cd '/srv/my store/certs/'", "openssl x509 -noout -text -in "+e.SHA256+".pem", "cd '/srv/my store/requests/'", "openssl req -noout -text -verify -in 00ff.req",
		"Get-ExchangeCertificate -Thumbprint "+e.Thumbprint+" | Format-List", "certdesk new", "New-ExchangeCertificate")
}

// The commands of another version of Exchange are one key away, and stay until the desk is closed.
func TestTheVersionOfExchangeIsRemembered(t *testing.T) {
	r := uitest.ArticleDesk(t, 140, 60)
	r.Onto(1)
	for _, v := range []string{"2016 CU23, 2019 CU12 and later", "2013, 2016 to CU22, 2019 to CU11", "2010", "2007", "2016 CU23, 2019 CU12 and later"} {
		r.Keys("enter")
		r.Send(details.ShownMsg{Details: certstore.Details{Entry: uitest.Article()[0]}})
		r.Keys("end")
		r.Sees("Exchange Management Shell", "Exchange "+v+" (v: others)", "Enable-ExchangeCertificate")
		r.Keys("v")
		r.Sees("commands for Exchange")
		r.Keys("q")
	}
}

// What the ports say of an entry its own page says too, whatever the store's answer says: nobody is told "nothing to do"
// of a row that is shown as not served.
func TestAPageIsJudgedByThePortsToo(t *testing.T) {
	r := uitest.ArticleDesk(t, 100, 30)
	uitest.SurveyedDesk(r)
	seen := r.OnName("webmail 2025")
	r.Keys("enter")
	alone := uitest.Article()[2]
	alone.Services = certstore.SMTP
	r.Send(details.ShownMsg{Details: certstore.Details{Entry: alone}})
	if alone.ID != seen.ID || alone.Verdict.Word == seen.Verdict.Word {
		t.Fatalf("%q is %q", alone.FriendlyName, alone.Verdict.Word)
	}
	r.Sees(seen.Verdict.Word, "Next:")
	r.SeesNot("nothing to do")
}
