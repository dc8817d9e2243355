package names

import "testing"

func TestShownSaysBothWhatIsWrittenAndWhatIsStored(t *testing.T) {
	for name, want := range map[string]string{
		"mail.example.org":           "mail.example.org",
		"xn--mnchen-3ya.example":     "münchen.example (xn--mnchen-3ya.example)",
		"*.xn--mnchen-3ya.example":   "*.münchen.example (*.xn--mnchen-3ya.example)",
		"xn--80ak6aa92e.com":         "аррӏе.com (xn--80ak6aa92e.com)", // Cyrillic letters alone: the stored form beside it tells
		"xn--a.example":              "xn--a.example",
		"post@xn--mnchen-3ya.org":    "post@xn--mnchen-3ya.org",
		"xn--mnchen-3ya\x1b.org":     "xn--mnchen-3ya\x1b.org",
		"www.XN--MNCHEN-3YA.invalid": "www.XN--MNCHEN-3YA.invalid",
	} {
		if got := Shown(name); got != want {
			t.Errorf("%q is shown as %q, want %q", name, got, want)
		}
	}
}

func TestWrittenIsUnicodeWhereNobodyIsFooled(t *testing.T) {
	for name, want := range map[string]string{
		"mail.example.org":          "mail.example.org",
		"xn--mnchen-3ya.example":    "münchen.example",
		"*.xn--mnchen-3ya.example":  "*.münchen.example",
		"www.xn--rksmrgs-5wao1o.se": "www.räksmörgås.se",
		"xn--80ak6aa92e.com":        "xn--80ak6aa92e.com",  // аррӏе.com, Cyrillic
		"xn--fcebook-2fg.com":       "xn--fcebook-2fg.com", // fаcebook.com with a Cyrillic а
		"xn--pypal-q4a.com":         "xn--pypal-q4a.com",   // paypal with a dotless i, or what it decodes to
		"xn--wgv71a119e.jp":         "日本語.jp",
		"xn--mnchen-3ya\x1b.org":    "xn--mnchen-3ya\x1b.org",
		"xn--a.example":             "xn--a.example",
	} {
		if got := Written(name); got != want {
			t.Errorf("%q is written as %q, want %q", name, got, want)
		}
	}
}

func TestNamesInATextAreShown(t *testing.T) {
	for text, want := range map[string]string{
		"CN=xn--mnchen-3ya.example,O=Bäckerei": "CN=münchen.example (xn--mnchen-3ya.example),O=Bäckerei",
		"CN=*.xn--mnchen-3ya.example":          "CN=*.münchen.example (*.xn--mnchen-3ya.example)",
		"CN=xn--,O=xn--a":                      "CN=xn--,O=xn--a",
		"CN=mail.example.org":                  "CN=mail.example.org",
	} {
		if got := ShownIn(text); got != want {
			t.Errorf("%q is shown as %q, want %q", text, got, want)
		}
	}
}
