package names

import "testing"

func TestShortReadsEscapes(t *testing.T) {
	for dn, want := range map[string]string{
		`CN=Sunshine\, Inc. CA,O=Sunshine\, Inc.,C=BE`: "Sunshine, Inc. CA",
		`O=Sunshine\, Inc.,C=BE`:                       "Sunshine, Inc.",
		`O=a\,CN=b,CN=c`:                               "c",
		`CN=A \"B\" \\ C\+D`:                           `A "B" \ C+D`,
		`UID=1+CN=joined,O=x`:                          "joined",
		`O=plain`:                                      "plain",
		`CN=z\C3\BCrich`:                               "zürich",
		`CN=odd\u{202e}`:                               `odd\u{202e}`,
		`CN=ends in \`:                                 `ends in \`,
		`CN=`:                                          "",
		``:                                             "",
		`#3000`:                                        "#3000",
	} {
		if got := Short(dn); got != want {
			t.Errorf("%s: %q, want %q", dn, got, want)
		}
	}
}

// What FromDER writes Short reads: whatever stands in a common name comes back.
func FuzzShort(f *testing.F) {
	for _, seed := range []string{"a, b", `c\d`, `"q"`, " x ", "#1", "a+b=c", "ü"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, cn string) {
		s := Subject{{"O", "x, y"}, {"CN", cn}}
		if s.check() != nil {
			return
		}
		if got := Short(s.String()); got != cn {
			t.Errorf("%q came back as %q from %s", cn, got, s.String())
		}
	})
}
