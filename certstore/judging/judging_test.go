package judging

import (
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"certdesk/certstore/ledger"
	"certdesk/certstore/trust"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// A serial is written in whole bytes, as openssl does; a negative one is not worth a crash.
func TestASerialHasWholeBytes(t *testing.T) {
	for n, want := range map[int64]string{0: "00", 1: "01", 15: "0F", 255: "FF", 256: "0100", -1: "-01", -256: "-0100"} {
		if got := hexSerial(big.NewInt(n)); got != want {
			t.Errorf("%d is %s, want %s", n, got, want)
		}
	}
}

// Days are whole and go downwards: an hour ago is a day that is over, and a date of the year 9999 overflows nothing.
func TestDaysAreCountedDownwards(t *testing.T) {
	for _, c := range []struct {
		to   time.Time
		days int
	}{{noon, 0}, {noon.Add(23 * time.Hour), 0}, {noon.Add(24 * time.Hour), 1}, {noon.Add(-time.Second), -1},
		{noon.Add(-24 * time.Hour), -1}, {time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC), 2912116}} {
		if got := DaysBetween(noon, c.to); got != c.days {
			t.Errorf("%s: %d days, want %d", c.to, got, c.days)
		}
	}
}

func TestOfALongListTheLastAreCounted(t *testing.T) {
	list := strings.Split("a b c d e f g h i j", " ")
	for n, want := range map[int]string{0: "", 1: "a", 8: "a, b, c, d, e, f, g, h", 9: "a, b, c, d, e, f, g, h, i",
		10: "a, b, c, d, e, f, g, h, and 2 more"} {
		if got := SomeOf(list[:n]); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
}

// An address that a certificate gives is shown only where it can mean nothing else, and few of them are.
func TestAddressesThatAreFitToShow(t *testing.T) {
	for _, c := range []struct {
		given, want []string
	}{
		{[]string{"http://ca.example/int.cer"}, []string{"http://ca.example/int.cer"}},
		{[]string{"HTTP://ca.example/a"}, []string{"http://ca.example/a"}},
		{[]string{"ldap://ca.example/cn=a"}, []string{"ldap://ca.example/cn=a"}},
		{[]string{"//ca.example/a", "a.cer", "http://user@ca.example/a", "http://ca.example/\x1b[2J", "http://[", "",
			"http://ca.example/" + strings.Repeat("a", 1000)}, nil},
		{slices.Repeat([]string{"http://ca.example/a"}, 9), slices.Repeat([]string{"http://ca.example/a"}, maxAddresses)},
	} {
		if got := addresses(&x509.Certificate{IssuingCertificateURL: c.given}); !slices.Equal(got, c.want) {
			t.Errorf("%q: %q, want %q", c.given, got, c.want)
		}
	}
	g := Gap{Below: "CN=a", Issuer: "CN=b", At: []string{"ldap://ca.example/b", "http://ca.example/b"}}
	if !slices.Equal(g.Fetchable(), g.At[1:]) || g.Where() != "it is available at "+g.At[0]+" or "+g.At[1] {
		t.Errorf("%q, %q", g.Fetchable(), g.Where())
	}
}

// A gap is told where a chain ends too early, and not where something else is wrong or nothing is.
func TestWhereAChainHasAGap(t *testing.T) {
	chains := Chains{Certificate: func(string) (*x509.Certificate, error) { return nil, errors.New("not here") }, Now: noon}
	signed := trust.Link{Subject: "CN=Int", Issuer: "CN=Root", SHA256: "int", Signed: true}
	root := trust.Link{Subject: "CN=Root", Issuer: "CN=Root", SHA256: "root", Signed: true, SelfSigned: true}
	for name, c := range map[string]struct {
		change func(e *ledger.Entry)
		below  string // "" for no gap
	}{
		"above the leaf":             {func(*ledger.Entry) {}, "CN=leaf"},
		"above an intermediate":      {func(e *ledger.Entry) { e.Chain = []trust.Link{signed} }, "CN=Int"},
		"a root that nobody trusts":  {func(e *ledger.Entry) { e.Chain = []trust.Link{signed, root} }, ""},
		"a trusted root was reached": {func(e *ledger.Entry) { e.Verdict.Root = "CN=Root" }, ""},
		"self-signed":                {func(e *ledger.Entry) { e.SelfSigned = true }, ""},
		"a request":                  {func(e *ledger.Entry) { e.Kind = ledger.PendingReq }, ""},
		"invalid anyway":             {func(e *ledger.Entry) { e.Verdict.Status = trust.Invalid }, ""},
		"the roots are not known":    {func(e *ledger.Entry) { e.Verdict.Status = trust.Unknown }, ""},
	} {
		e := ledger.Entry{Kind: ledger.Certificate, Subject: "CN=leaf", Issuer: "CN=Int", SHA256: "leaf"}
		e.Verdict.Status = trust.Untrusted
		c.change(&e)
		got := chains.Gaps(e)
		if len(got) > 1 || (len(got) == 1) != (c.below != "") || len(got) == 1 && got[0].Below != c.below {
			t.Errorf("%s: %+v, want one above %q", name, got, c.below)
		}
	}
}

// A renewal that must be renewed sooner than the one before is told of; a tenth less is no matter.
func TestARenewalThatIsShorter(t *testing.T) {
	old := &ledger.Entry{NotBefore: noon, NotAfter: noon.AddDate(0, 0, 100)}
	for days, told := range map[int]bool{200: false, 100: false, 90: false, 89: true, 1: true} {
		got := shorterThan(old, &x509.Certificate{NotBefore: noon, NotAfter: noon.AddDate(0, 0, days)})
		if (len(got) == 1) != told {
			t.Errorf("%d days: %v", days, got)
		}
	}
}

// A certificate that names no usage allows each.
func TestWhichUsagesACertificateAllows(t *testing.T) {
	for name, c := range map[string]struct {
		leaf *x509.Certificate
		use  x509.ExtKeyUsage
		want bool
	}{
		"no usage named": {&x509.Certificate{}, x509.ExtKeyUsageServerAuth, true},
		"any":            {&x509.Certificate{ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}}, x509.ExtKeyUsageClientAuth, true},
		"the other":      {&x509.Certificate{ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}, x509.ExtKeyUsageClientAuth, false},
		"an unknown one": {&x509.Certificate{UnknownExtKeyUsage: []asn1.ObjectIdentifier{{1, 2, 3}}}, x509.ExtKeyUsageServerAuth, false},
	} {
		if got := allows(c.leaf, c.use); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
