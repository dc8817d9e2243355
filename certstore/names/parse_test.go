package names

import (
	"strings"
	"testing"

	"certdesk/certstore/fail"
)

func TestParseSubjectReadsWhatExchangeAndRFC4514Write(t *testing.T) {
	const full = `CN=webmail.proexchange.global,OU=IT,O=Sunshine\, Inc.,L=Brussels,ST=Brabant,C=BE`
	for _, c := range []struct{ name, in, want string }{
		{"common name alone", "CN=mail.example.org", "CN=mail.example.org"},
		{"as Exchange types it", `C=be, S=Brabant, L=Brussels, O="Sunshine, Inc.", OU=IT, CN=webmail.proexchange.global`, full},
		{"ST for S", `c=BE,st=Brabant,l=Brussels,o="Sunshine, Inc.",ou=IT,cn=webmail.proexchange.global`, full},
		{"any order", `O=Sunshine\, Inc.;CN=webmail.proexchange.global;C=BE;OU=IT;ST=Brabant;L=Brussels`, full},
		{"its own text", full, full},
		{"two quotes for one", `CN=x, O="The ""Best"" Inc."`, `CN=x,O=The \"Best\" Inc.`},
		{"backslash in quotes", `CN=x, O="a \" b"`, `CN=x,O=a \" b`},
		{"blanks at the ends", `CN = x , O =  a b  `, "CN=x,O=a b"},
		{"escaped blanks stay", `CN=x,O=\ a\ `, `CN=x,O=\ a\ `},
		{"hex pairs are UTF-8 bytes", `CN=x,O=Br\c3\bcssel`, "CN=x,O=Brüssel"},
		{"plus in quotes", `CN=x,O="A + B"`, `CN=x,O=A \+ B`},
		{"equals sign in a value", `CN=x,O=a=b`, `CN=x,O=a=b`},
		{"no common name yet", "O=Sunshine", "O=Sunshine"},
		{"units in encoding order", "C=BE,OU=Above,OU=Below,CN=x", "CN=x,OU=Below,OU=Above,C=BE"},
		{"units in RFC 4514 order", "CN=x,OU=Below,OU=Above,C=BE", "CN=x,OU=Below,OU=Above,C=BE"},
		{"only units", "OU=Below,OU=Above", "OU=Below,OU=Above"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := ParseSubject(c.in)
			if err != nil {
				t.Fatal(err)
			}
			if got := s.String(); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestSubjectIsEncodedCountryFirst(t *testing.T) {
	s, err := ParseSubject("CN=x,O=o,OU=u,L=l,ST=s,C=NL")
	if err != nil {
		t.Fatal(err)
	}
	var order string
	for _, a := range s {
		order += a.Type + " "
	}
	if order != "C ST L O OU CN " {
		t.Error(order)
	}
}

func TestWrongSubjectsAreRefusedWithWhatToType(t *testing.T) {
	long := func(n int) string { return strings.Repeat("a", n) }
	for _, c := range []struct{ in, text, hint string }{
		{"", "is empty", "type it like"},
		{"CN=x,", "ends in a comma", "type it like"},
		{"mail.example.org", "without =: \"mail.example.org\"", "double quotes"},
		{"O=Sunshine, Inc., CN=x", `without =: "Inc."`, "double quotes"},
		{"CN=x,E=a@b.org", `"E"`, "C, ST (or S), L, O, OU and CN"},
		{"CN=x,C=Belgium", `"BELGIUM" is not a country`, "two capital letters"},
		{"CN=x,C=UK", `"UK"`, "GB"},
		{"CN=x,C=XX", `"XX"`, "ISO 3166"},
		{"CN=x,CN=y", "twice", "only OU"},
		{"CN=x,O=", "empty", "leave it out"},
		{"CN=" + long(65), "65 characters long; the limit is 64", "shorter name"},
		{"CN=x,O=" + long(65), "65 characters", "shorten"},
		{"CN=x,L=" + long(129), "129 characters", "shorten"},
		{`CN=x,O="a`, "does not close", `"`},
		{`CN=x,O="a"b`, "has more text after", "comma"},
		{`CN=x,O=a"b`, `bare "`, "double quotes"},
		{`CN=x+O=a`, "bare +", "double quotes"},
		{`CN=x,O=#0c0161`, "begins with #", "double quotes"},
		{`CN=x,O=a\q`, "escapes nothing", "backslash"},
		{"CN=x,O=a\\\x101", "escapes nothing", "backslash"},
		{"CN=x,O=\xff", "not UTF-8", "UTF-8"},
		{"CN=x,O=a\x1b[31m", `a\u{1b}[31m`, "again"},
		{"CN=x,O=a\u202eb", `a\u{202e}b`, "again"},
	} {
		_, err := ParseSubject(c.in)
		if !fail.Is(err, fail.InvalidSubject) {
			t.Errorf("%q: %v", c.in, err)
			continue
		}
		if e := fail.Of(err); !strings.Contains(e.Text, c.text) || !strings.Contains(e.Hint, c.hint) {
			t.Errorf("%q: %s / %s", c.in, e.Text, e.Hint)
		}
	}
}

func TestLimitsCountCharactersNotBytes(t *testing.T) {
	if _, err := ParseSubject("CN=x,O=" + strings.Repeat("é", 64) + ",L=" + strings.Repeat("é", 128)); err != nil {
		t.Error(err)
	}
}

func TestWithReplacesAndRemoves(t *testing.T) {
	s, _ := ParseSubject("C=BE,OU=a,OU=b,CN=x")
	if got := s.With("CN", "y").With("O", "o").With("OU", "").String(); got != "CN=y,O=o,C=BE" {
		t.Error(got)
	}
	if got := s.String(); got != "CN=x,OU=b,OU=a,C=BE" {
		t.Error("the subject itself was changed:", got)
	}
	if s.Get("OU") != "a" || s.Get("L") != "" {
		t.Error(s.Get("OU"))
	}
}

func TestASubjectNeedsACommonNameToBeEncoded(t *testing.T) {
	s, _ := ParseSubject("O=o")
	if _, err := s.DER(); !fail.Is(err, fail.InvalidSubject) {
		t.Error(err)
	}
}

func FuzzParseSubject(f *testing.F) {
	for _, s := range []string{"CN=x", `C=BE, O="Sunshine, Inc.", CN=webmail.proexchange.global`, `CN=a\2c b,OU=1,OU=2`, `O="a""b";L=#`, "OU=a,CN=b,OU=c"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		s, err := ParseSubject(in)
		if err != nil {
			if !fail.Is(err, fail.InvalidSubject) {
				t.Fatal(err)
			}
			return
		}
		again, err := ParseSubject(s.String())
		if err != nil || again.String() != s.String() || len(again) != len(s) {
			t.Fatalf("%q -> %s -> %v %v", in, s, again, err)
		}
		for i := range s {
			if s[i] != again[i] {
				t.Fatalf("%q: %v, read back %v", in, s, again)
			}
		}
		roundTripDER(t, s)
	})
}

func roundTripDER(t *testing.T, s Subject) {
	t.Helper()
	der, err := s.With("CN", "x").DER()
	if err != nil {
		t.Fatal(err)
	}
	back, err := SubjectFromDER(der)
	if err != nil || back.String() != s.With("CN", "x").String() {
		t.Fatalf("%s -> %s %v", s, back, err)
	}
	if FromDER(der) != back.String() {
		t.Fatalf("%s shown as %s", back, FromDER(der))
	}
}
