package printable

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode"
)

func TestTextShowsWhatATerminalWouldObey(t *testing.T) {
	for in, want := range map[string]string{
		"mail.example.org":          "mail.example.org",
		"Brüssel 日本 Ελλάδα":         "Brüssel 日本 Ελλάδα",
		"\x1b[31mred":               `\u{1b}[31mred`,
		"\u009b31m":                 `\u{9b}31m`,
		"a\nb\tc\x00":               `a\u{a}b\u{9}c\u{0}`,
		"\u202egro.live":            `\u{202e}gro.live`,
		"zero\u200bwidth\u00ad":     `zero\u{200b}width\u{ad}`,
		"line\u2028sep":             `line\u{2028}sep`,
		"hangul\u3164filler":        `hangul\u{3164}filler`,
		"bad\xff":                   `bad\x{ff}`,
		"e\u0301\u0302\u0303\u0304": "e\u0301\u0302" + `\u{303}\u{304}`,
	} {
		if got := Text(in); got != want {
			t.Errorf("Text(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzText(f *testing.F) {
	f.Add("\x1b]52;c;aGk=\a")
	f.Add("a\u0300\u0300\u0300")
	f.Fuzz(func(t *testing.T, s string) {
		out := Text(s)
		if out != Text(out) {
			t.Errorf("not idempotent: %q → %q → %q", s, out, Text(out))
		}
		for _, r := range out {
			if unicode.IsControl(r) || strings.ContainsRune("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f", r) {
				t.Errorf("%q lets %U through", s, r)
			}
		}
	})
}

func TestJSONEscapesWhatATerminalWouldObeyAndKeepsTheValue(t *testing.T) {
	for value, want := range map[string]string{
		"Brüssel 日本":               `"Brüssel 日本"`,
		"c1 \u009b31m":             `"c1 \u009b31m"`,
		"del \x7f":                 `"del \u007f"`,
		"\u202egro.live":           `"\u202egro.live"`,
		"tag \U000e0041":           `"tag \udb40\udc41"`,
		"\x1b[31m":                 `"\u001b[31m"`,
		"isolate \u2066 \ufeff ":   `"isolate \u2066 \ufeff "`,
		"two\nlines, and a \u2028": `"two\nlines, and a \u2028"`,
	} {
		raw, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		got := JSON(raw)
		var back string
		if err := json.Unmarshal(got, &back); err != nil || back != value || string(got) != want {
			t.Errorf("%q → %s (%q, %v), want %s", value, got, back, err, want)
		}
	}
}
