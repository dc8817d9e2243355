package probe

import (
	"strings"
	"testing"

	"certdesk/certstore/fail"
)

func TestTargets(t *testing.T) {
	for text, want := range map[string]string{
		"mail.example.org:25":        "smtp://mail.example.org:25",
		"MAIL.Example.org.:587":      "smtp://mail.example.org:587",
		"mail:465":                   "smtps://mail:465",
		"mail:143":                   "imap://mail:143",
		"mail:993":                   "imaps://mail:993",
		"mail:110":                   "pop3://mail:110",
		"mail:995":                   "pop3s://mail:995",
		"mail:443":                   "https://mail:443",
		"mail:5061":                  "tls://mail:5061",
		"[2001:db8::1]:25":           "smtp://[2001:db8::1]:25",
		"192.0.2.1:8443":             "tls://192.0.2.1:8443",
		"bücher.example:443":         "https://xn--bcher-kva.example:443",
		"smtp://mail:10025":          "smtp://mail:10025",
		"imap://mail":                "imap://mail:143",
		"https://mail/":              "https://mail:443",
		"pop3s://[2001:db8::1]":      "pop3s://[2001:db8::1]:995",
		"tls://127.0.0.1:5349":       "tls://127.0.0.1:5349",
		"smtp://[fe80::1%25eth0]:25": "smtp://[fe80::1%eth0]:25",
	} {
		got, err := ParseTarget(text)
		if err != nil || got.String() != want {
			t.Errorf("%s: %s %v, want %s", text, got, err, want)
		}
	}
	for _, text := range []string{"", "mail", "mail:", ":25", "mail:0", "mail:65536", "mail:smtp", "mail:-1", "2001:db8::1:25", "*.example.org:25",
		"a@example.org:25", "ftp://mail:21", "tls://mail", "smtp://mail:25/x", "smtp://u:p@mail:25", "smtp://mail:25?x", "://", "9A3F51"} {
		got, err := ParseTarget(text)
		if !fail.Is(err, fail.Usage) || fail.Of(err).Hint == "" {
			t.Errorf("%q: %v %v, want wrong usage with a hint", text, got, err)
		}
	}
	if _, err := ParseTarget("\x1b[31m:25"); err == nil || strings.Contains(err.Error(), "\x1b") {
		t.Errorf("an escape reaches the message: %q", err)
	}
}
