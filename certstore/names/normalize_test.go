package names

import (
	"strings"
	"testing"

	"certdesk/certstore/fail"
)

func TestNormalizeWritesANameOneWay(t *testing.T) {
	for _, c := range []struct {
		in   string
		kind Kind
		want string
	}{
		{"Webmail.ProExchange.Global", DNS, "webmail.proexchange.global"},
		{" mail.example.org. ", DNS, "mail.example.org"},
		{"Ex2007EE", DNS, "ex2007ee"},
		{"*.Example.org", DNS, "*.example.org"},
		{"bücher.example", DNS, "xn--bcher-kva.example"},
		{"BÜCHER.example", DNS, "xn--bcher-kva.example"},
		{"XN--BCHER-KVA.example", DNS, "xn--bcher-kva.example"},
		{"例え。テスト", DNS, "xn--r8jz45g.xn--zckzah"},
		{"r3---sn.example.org", DNS, "r3---sn.example.org"},
		{"10.0.0.1", IP, "10.0.0.1"},
		{"[2001:DB8::1]", IP, "2001:db8::1"},
		{"::ffff:192.0.2.1", IP, "192.0.2.1"},
		{"Admin@Example.ORG", Email, "Admin@example.org"},
		{"o'brien@example.org", Email, "o'brien@example.org"},
		{"\ufeffmail.example.org\u200b", DNS, "mail.example.org"},
		{strings.Repeat("a", 63) + ".org", DNS, strings.Repeat("a", 63) + ".org"},
	} {
		got, err := Normalize(c.in)
		if err != nil || got != (Name{c.kind, c.want}) {
			t.Errorf("%q: %v %v, want %s %s", c.in, got, err, c.kind, c.want)
		}
	}
}

func TestANameHas255CharactersAtMost(t *testing.T) {
	name := strings.Repeat(strings.Repeat("a", 50)+".", 5) // 255 with the last dot
	if n, err := Normalize(name[:254] + "a"); err != nil || len(n.Value) != 255 {
		t.Errorf("255 characters: %d %v", len(n.Value), err)
	}
	_, err := Normalize(name + "a")
	if !fail.Is(err, fail.InvalidName) || !strings.Contains(err.Error(), "256 characters long; the limit is 255") {
		t.Errorf("256 characters: %v", err)
	}
}

func TestWrongNamesAreRefusedWithWhatToType(t *testing.T) {
	for _, c := range []struct{ in, hint string }{
		{"", "type a name"},
		{"mail_1.example.org", "hyphen"},
		{"https://mail.example.org/owa", "mail.example.org"},
		{"mail.example.org:443", "without a port"},
		{"mail.example.org/owa", "host name alone"},
		{"*", "first label"},
		{"a.*.example.org", "first label"},
		{"*.*.example.org", "first label"},
		{"f*.example.org", "first label"},
		{"*.com", "after the star"},
		{"*.", "one dot"},
		{"a..b", "one dot"},
		{".a", "one dot"},
		{"-a.org", "hyphen"},
		{"a-.org", "hyphen"},
		{strings.Repeat("a", 64) + ".org", "63"},
		{"256.1.1.1", "0 to 255"},
		{"010.1.1.1", "0 to 255"},
		{"fe80::1%eth0", "without a port"},
		{"a b.org", "letters, digits"},
		{"a!.org", "letters, digits"},
		{"xn--\u00fc.org", "script"},
		{"xn--a.org", "script"},
		{"a\u202eb.org", "script"},
		{"a\x1b.org", "letters, digits"},
		{"a@b@c.org", "e-mail"},
		{"@example.org", "e-mail"},
		{"a@*.example.org", "e-mail"},
		{"müller@example.org", "e-mail"},
	} {
		n, err := Normalize(c.in)
		if !fail.Is(err, fail.InvalidName) || !strings.Contains(fail.Of(err).Hint, c.hint) {
			t.Errorf("%q: %v %v / %s", c.in, n, err, fail.Of(err).Hint)
		}
	}
}

func TestErrorsRepeatForeignTextSafely(t *testing.T) {
	_, err := Normalize("evil\x1b]0;title\x07.org")
	if strings.ContainsAny(err.Error(), "\x1b\x07") {
		t.Errorf("%q", err)
	}
	_, err = Normalize(strings.Repeat("a", 100000))
	if len(err.Error()) > 300 {
		t.Errorf("the sentence has %d bytes", len(err.Error()))
	}
}

func TestSplitTakesAPastedListApart(t *testing.T) {
	got := Split("a.org, b.org;c.org\r\n\td.org  \"e.org\",'f.org'\n,,\ufeffg.org\u00a0h.org")
	if strings.Join(got, " ") != "a.org b.org c.org d.org e.org f.org g.org h.org" {
		t.Errorf("%q", got)
	}
	if got := Split(" ,;\n"); len(got) != 0 {
		t.Errorf("%q", got)
	}
}

func TestDedupeIgnoresCase(t *testing.T) {
	in := []Name{{Email, "A@x.org"}, {DNS, "x.org"}, {Email, "a@x.org"}, {DNS, "x.org"}}
	if got := Dedupe(in); len(got) != 2 || got[0].Value != "A@x.org" {
		t.Error(got)
	}
}

func TestCheckFriendlyName(t *testing.T) {
	for name, ok := range map[string]bool{
		"a": true, strings.Repeat("é", 64): true, "secure client (2026)": true,
		"": false, "  ": false, strings.Repeat("é", 65): false, "a\nb": false, "a\x1bb": false, "a\u202eb": false, "\xff": false,
	} {
		if err := CheckFriendlyName(name); (err == nil) != ok || err != nil && !fail.Is(err, fail.InvalidName) {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestCountriesAreISO3166(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range Countries {
		if len(c.Code) != 2 || c.Code != strings.ToUpper(c.Code) || c.Name == "" || seen[c.Code] {
			t.Errorf("%+v", c)
		}
		seen[c.Code] = true
	}
	if len(Countries) != 249 {
		t.Error(len(Countries))
	}
	for code, want := range map[string]bool{"BE": true, "US": true, "GB": true, "be": false, "UK": false, "EU": false, "": false} {
		if IsCountry(code) != want {
			t.Errorf("%s: %v", code, !want)
		}
	}
}

func FuzzNormalize(f *testing.F) {
	for _, s := range []string{"mail.example.org", "*.Bücher.example.", "10.0.0.1", "[::1]", "a@B.org", "xn--bcher-kva.example", "\u200d.org", "ß.de", "a。b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		n, err := Normalize(in)
		if err != nil {
			if !fail.Is(err, fail.InvalidName) {
				t.Fatal(err)
			}
			return
		}
		if len(n.Value) == 0 || len(n.Value) > 255 || !isASCII(n.Value) {
			t.Fatalf("%q became %q", in, n.Value)
		}
		again, err := Normalize(n.Value)
		if err != nil || again != n {
			t.Fatalf("%q became %v, and then %v %v", in, n, again, err)
		}
		if words := Split(n.Value); len(words) != 1 || words[0] != n.Value {
			t.Fatalf("%q is split into %q", n.Value, words)
		}
	})
}
