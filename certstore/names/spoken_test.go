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
