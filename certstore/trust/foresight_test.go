package trust

import (
	"crypto/x509"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// public is a certificate of a CA in browsers with nothing wrong, whose root is older than most clients.
func public() Facts {
	f := good()
	f.NotBefore, f.NotAfter = days(-10), days(80)
	f.Anchor = Anchor{Subject: "CN=Root", Type: RootThirdParty,
		root: &x509.Certificate{NotBefore: noon.AddDate(-9, 0, 0), NotAfter: noon.AddDate(9, 0, 0)}}
	return f
}

func TestForesight(t *testing.T) {
	root := func(from, to time.Time) *x509.Certificate { return &x509.Certificate{NotBefore: from, NotAfter: to} }
	for name, c := range map[string]struct {
		change   func(*Facts)
		code     string
		severity Severity
		text     string
	}{
		"well":                  {func(*Facts) {}, "", "", ""},
		"too long":              {func(f *Facts) { f.NotAfter = f.NotBefore.AddDate(0, 0, 201) }, "lifetime-too-long", Warning, "202 days"},
		"shortens":              {func(f *Facts) { f.NotAfter = f.NotBefore.AddDate(0, 0, 199) }, "renewals-shorten", Info, "100 days at most"},
		"renews itself":         {func(f *Facts) { f.NotAfter, f.Renewing = f.NotBefore.AddDate(0, 0, 199), true }, "", "", ""},
		"internal":              {func(f *Facts) { f.Names = append(f.Names, "ex2007ee", "10.0.0.1") }, "internal-names", Warning, "ex2007ee, 10.0.0.1"},
		"mutual TLS":            {func(f *Facts) { f.SMTP, f.ForClients = true, No }, "client-auth-missing", Info, "mutual TLS"},
		"mutual TLS ends":       {func(f *Facts) { f.SMTP, f.ForClients = true, Yes }, "client-auth-going", Info, "15 Mar 2027"},
		"nobody looked":         {func(f *Facts) { f.SMTP = true }, "", "", ""},
		"no mail":               {func(f *Facts) { f.ForClients = No }, "", "", ""},
		"a wildcard of IMAP":    {func(f *Facts) { f.POPOrIMAP, f.Names = true, append(f.Names, "*.example.org") }, "wildcard-mail", Info, "*.example.org"},
		"a wildcard of the web": {func(f *Facts) { f.Names = append(f.Names, "*.example.org") }, "", "", ""},
		"a young root":          {func(f *Facts) { f.Anchor.root = root(noon.AddDate(-2, 0, 0), noon.AddDate(9, 0, 0)) }, "root-is-young", Info, "23 Nov 2024"},
		"and an older one": {func(f *Facts) {
			f.Anchor.root, f.OlderRoot = root(noon.AddDate(-2, 0, 0), noon.AddDate(9, 0, 0)), true
		}, "", "", ""},
		"ends first":       {func(f *Facts) { f.Chain[0].NotAfter = days(70) }, "issuer-ends-first", Info, "the intermediate CN=Intermediate ends on 1 Feb 2027"},
		"ends first, soon": {func(f *Facts) { f.Chain[0].NotAfter = days(20) }, "issuer-ends-first", Warning, "before this certificate"},
		"the root does":    {func(f *Facts) { f.Anchor.root = root(noon.AddDate(-9, 0, 0), days(79)) }, "issuer-ends-first", Info, "the root CN=Root"},
	} {
		f := public()
		c.change(&f)
		found := Judge(f, noon).Findings
		switch {
		case c.code == "" && len(found) == 0:
		case len(found) != 1 || found[0].Code != c.code || found[0].Severity != c.severity || !strings.Contains(found[0].Text, c.text):
			t.Errorf("%s: %+v", name, found)
		case KindOf(c.code).Next == "" || !KindOf(c.code).Ahead:
			t.Errorf("%s: no next step, or not told ahead", name)
		}
	}
}

// The rules for CAs in browsers bind no other CA.
func TestAHousesOwnCAIsBoundByNoRuleOfBrowsers(t *testing.T) {
	for _, anchor := range []Anchor{{}, {Subject: "CN=Root", Type: RootEnterprise}, {Subject: "CN=Root", Type: RootRegistry}} {
		f := public()
		f.NotAfter, f.Names, f.SMTP, f.ForClients = days(800), append(f.Names, "ex2007ee"), true, No
		f.Anchor = anchor
		if found := Judge(f, noon).Findings; len(found) != 0 {
			t.Errorf("%s: %+v", anchor.Type, found)
		}
	}
}

// Each limit holds from its day on, and to the second: 398 days are 398 times 24 hours, both ends counted.
func TestLifetimesByTheDayOfIssue(t *testing.T) {
	for _, c := range []struct {
		issued string
		limit  int
	}{
		{"2020-08-31", 0}, {"2020-09-01", 398}, {"2026-03-14", 398}, {"2026-03-15", 200}, {"2027-03-14", 200}, {"2027-03-15", 100},
		{"2029-03-14", 100}, {"2029-03-15", 47},
	} {
		from, _ := time.Parse(time.DateOnly, c.issued)
		limit := time.Duration(c.limit) * 24 * time.Hour
		if c.limit == 0 {
			limit = 3000 * 24 * time.Hour
		}
		if text := tooLongFor(from, from.Add(limit-time.Second)); text != "" {
			t.Errorf("issued on %s for its limit: %s", c.issued, text)
		}
		if text := tooLongFor(from, from.Add(limit)); (text != "") != (c.limit != 0) {
			t.Errorf("issued on %s for a second more: %q", c.issued, text)
		}
	}
}

// A code has one kind, and what somebody should act on has a next step.
func TestEachCodeHasOneKind(t *testing.T) {
	for i, k := range Kinds {
		again := slices.IndexFunc(Kinds, func(o Kind) bool { return o.Code == k.Code })
		if again != i || k.Means == "" || k.Ahead && k.Next == "" {
			t.Errorf("%+v", k)
		}
	}
	if (Finding{Code: "no-such"}).Next() != "" || (Finding{Code: "usage-dropped", Severity: Info}).Next() != "" {
		t.Error("a step was made up")
	}
}

// The README has a line for each code, in the words of its kind.
func TestTheReadmeListsEachCode(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range Kinds {
		if line := "| `" + k.Code + "` | " + k.Means + " |\n"; !strings.Contains(string(readme), line) {
			t.Errorf("README.md lacks the line %s", line)
		}
	}
}
