package names

import "testing"

func TestRegistrable(t *testing.T) {
	for in, want := range map[string]string{
		"webmail.proexchange.global": "proexchange.global", "proexchange.global": "proexchange.global",
		"*.mail.example.co.uk": "example.co.uk", "co.uk": "", "ex2007ee": "", "com": "",
		"a.b.belgianbeers.rock": "belgianbeers.rock", "": "",
	} {
		if got := Registrable(in); got != want {
			t.Errorf("%s: %s", in, got)
		}
	}
}

func TestIsPublic(t *testing.T) {
	for in, want := range map[string]bool{
		"webmail.proexchange.global": true, "*.belgianbeers.rock": true, "xn--bcher-kva.de": true,
		"ex2007ee": false, "ex.corp.local": false, "a.internal": false, "a.test": false, "a.lan": false,
		"router.home.arpa": false, "*.co.uk": false,
		"8.8.8.8": true, "2606:4700::1": true, "10.0.0.1": false, "192.168.1.1": false, "127.0.0.1": false,
		"169.254.1.1": false, "100.64.0.1": false, "203.0.113.5": false, "224.0.0.1": false, "0.1.2.3": false,
		"::1": false, "fe80::1": false, "fd00::1": false, "2001:db8::1": false,
		"a@example.org": true, "a@corp.local": false, "a@host": false,
	} {
		n, err := Normalize(in)
		if err != nil {
			t.Fatal(err)
		}
		if IsPublic(n) != want {
			t.Errorf("%s: %v", in, !want)
		}
	}
}

func TestCoversIsOneLabelDeep(t *testing.T) {
	for _, c := range []struct {
		pattern, name string
		want          bool
	}{
		{"mail.example.org", "MAIL.example.org.", true},
		{"*.example.org", "mail.example.org", true},
		{"*.example.org", "*.example.org", true},
		{"*.example.org", "example.org", false},
		{"*.example.org", ".example.org", false},
		{"*.example.org", "a.b.example.org", false},
		{"*.b.example.org", "*.example.org", false},
		{"*.example.org", "*.b.example.org", false},
		{"mail.example.org", "*.example.org", false},
		{"", "", false},
	} {
		if got := Covers(c.pattern, c.name); got != c.want {
			t.Errorf("%q covers %q: %v", c.pattern, c.name, got)
		}
	}
}
