package trust

import (
	"slices"
	"strings"
	"testing"
	"time"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func days(n int) time.Time { return noon.AddDate(0, 0, n) }

// good is a certificate with nothing wrong.
func good() Facts {
	return Facts{
		NotBefore: days(-100), NotAfter: days(265), Issuer: "CN=Intermediate", CommonName: "mail.example.org", Names: []string{"mail.example.org"},
		KeyAlgorithm: "RSA", KeySize: 2048, SignatureAlgorithm: "SHA256-RSA",
		Chain:  []Link{{Subject: "CN=Intermediate", Issuer: "CN=Root", NotBefore: days(-900), NotAfter: days(900), Signed: true}},
		Anchor: Anchor{Subject: "CN=Root", Type: RootEnterprise},
	}
}

func TestTheFirstStatusThatAppliesIsGiven(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Facts)
		status Status
		word   string
		reason string
	}{
		"valid":                           {func(f *Facts) {}, Valid, "valid", "15 Aug 2027"},
		"pending before all":              {func(f *Facts) { f.Pending, f.Defect, f.Created = true, "x", days(-3) }, PendingRequest, "pending", "since 20 Nov 2026"},
		"invalid before dates":            {func(f *Facts) { f.Defect, f.NotAfter = "its signature is broken", days(-1) }, Invalid, "invalid", "broken"},
		"a CA as leaf":                    {func(f *Facts) { f.CA = true }, Invalid, "invalid", "CA's certificate"},
		"expired before trust":            {func(f *Facts) { f.NotAfter, f.Anchor = days(-12), Anchor{} }, DateInvalid, "expired", "12 days ago"},
		"not yet valid":                   {func(f *Facts) { f.NotBefore = days(9) }, DateInvalid, "not yet valid", "2 Dec 2026"},
		"no trusted root":                 {func(f *Facts) { f.Anchor = Anchor{} }, Untrusted, "untrusted", "CN=Root"},
		"a gap":                           {func(f *Facts) { f.Chain[0].Signed = false }, Untrusted, "untrusted", "missing between"},
		"expired intermediate":            {func(f *Facts) { f.Chain[0].NotAfter = days(-1) }, Untrusted, "untrusted", "intermediate CN=Intermediate expired"},
		"no chain, no root":               {func(f *Facts) { f.Chain, f.Anchor = nil, Anchor{} }, Untrusted, "untrusted", "missing here: CN=Intermediate"},
		"self-signed as openssl makes it": {func(f *Facts) { f.SelfSigned, f.CA, f.Chain, f.Anchor = true, true, nil, Anchor{} }, Valid, "valid", "self-signed"},
		"self-signed is never untrusted":  {func(f *Facts) { f.SelfSigned, f.Chain, f.Anchor = true, nil, Anchor{} }, Valid, "valid", "self-signed"},
		"expiring":                        {func(f *Facts) { f.NotAfter = days(29) }, Expiring, "expiring", "in 29 days"},
		"31 days is not":                  {func(f *Facts) { f.NotAfter = days(31) }, Valid, "valid", ""},
		"a third of 47 days":              {func(f *Facts) { f.NotBefore, f.NotAfter = days(-31), days(16) }, Valid, "valid", ""},
		"nine days of ten":                {func(f *Facts) { f.NotBefore, f.NotAfter = days(-1), days(9) }, Valid, "valid", ""},
		"three days of ten":               {func(f *Facts) { f.NotBefore, f.NotAfter = days(-7), days(3) }, Expiring, "expiring", "in 3 days"},
		"twenty minutes too early":        {func(f *Facts) { f.NotBefore = noon.Add(20 * time.Minute) }, DateInvalid, "not yet valid", "before 23 Nov 2026 12:20 UTC, in 20 minutes; this server's clock says 23 Nov 2026 12:00 UTC"},
		"what cannot be read":             {func(f *Facts) { f.Unread = "certdesk cannot read it" }, Unknown, "unknown", "cannot read it"},
		"expired, whatever it is":         {func(f *Facts) { f.Unread, f.NotAfter = "certdesk cannot read it", days(-1) }, DateInvalid, "expired", "22 Nov 2026 12:00 UTC"},
		"a signature beyond us":           {func(f *Facts) { f.Chain[0].Signed, f.Chain[0].Unchecked = false, "Ed448" }, Unknown, "unknown", "CN=Intermediate signed it is not known: Ed448"},
		"an issuer beyond us":             {func(f *Facts) { f.Chain[0].Unread = "constraints" }, Unknown, "unknown", "of its issuer CN=Intermediate: constraints"},
		"less than a third":               {func(f *Facts) { f.NotBefore, f.NotAfter = days(-32), days(15) }, Expiring, "expiring", ""},
		"unknown roots":                   {func(f *Facts) { f.Anchor, f.RootsUnknown = Anchor{}, "the system's roots could not be read" }, Unknown, "unknown", "roots"},
	} {
		f := good()
		c.change(&f)
		v := Judge(f, noon)
		if v.Status != c.status || v.Word != c.word || !strings.Contains(v.Reason, c.reason) {
			t.Errorf("%s: %s %q %q, want %s %q …%s…", name, v.Status, v.Word, v.Reason, c.status, c.word, c.reason)
		}
	}
}

// The common name is looked at by nobody: it is warned of where no alternative name is good for it (RFC 6125, 6.4.3).
func TestACommonNameThatIsCoveredIsNoWarning(t *testing.T) {
	for _, c := range []struct {
		commonName, names string
		warned            bool
	}{
		{"mail.example.org", "mail.example.org", false},
		{"Mail.Example.ORG", "mail.example.org", false},
		{"mail.example.org", "*.example.org example.org", false},
		{"mail.example.org", "*.EXAMPLE.org", false},
		{"*.example.org", "example.org *.example.org", false},
		{"müller.example", "xn--mller-kva.example", false},
		{"192.0.2.7", "192.0.2.7", false},
		{"example.org", "*.example.org", true},
		{"a.b.example.org", "*.example.org", true},
		{"*.example.org", "mail.example.org", true},
		{"mail.example.org", "mail.example.com", true},
		{"Mail of the organisation", "*.example.org", true},
		{"192.0.2.7", "*.0.2.7", true},
	} {
		f := good()
		f.CommonName, f.Names = c.commonName, strings.Fields(c.names)
		got := slices.ContainsFunc(Judge(f, noon).Findings, func(f Finding) bool { return f.Code == "cn-not-in-names" })
		if got != c.warned {
			t.Errorf("%s among %s: warned of %v", c.commonName, c.names, got)
		}
	}
}

func TestFindings(t *testing.T) {
	for code, change := range map[string]func(*Facts){
		"expires-soon":    func(f *Facts) { f.NotAfter = days(6) },
		"short-lived":     func(f *Facts) { f.NotBefore, f.NotAfter = days(-1), days(9) },
		"weak-key":        func(f *Facts) { f.KeySize = 1024 },
		"weak-signature":  func(f *Facts) { f.SignatureAlgorithm = "SHA1-RSA" },
		"no-names":        func(f *Facts) { f.Names = nil },
		"cn-not-in-names": func(f *Facts) { f.Names = []string{"other.example.org"} },
		"any-usage":       func(f *Facts) { f.Chain[0].Doubt = "some clients refuse it" },
		"ca-flag":         func(f *Facts) { f.CA, f.SelfSigned = true, true },
	} {
		f := good()
		if found := Judge(f, noon).Findings; len(found) != 0 {
			t.Fatalf("a good certificate has findings: %v", found)
		}
		change(&f)
		found := Judge(f, noon).Findings
		if len(found) != 1 || found[0].Code != code || found[0].Text == "" {
			t.Errorf("%s: %v", code, found)
		}
	}
}
