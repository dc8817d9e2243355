package daemon

import (
	"strings"
	"testing"
)

// What a program says of its own help is never why it failed.
func TestTheReasonIsNotThatThereIsHelp(t *testing.T) {
	for stderr, want := range map[string]string{
		"chmod: missing operand\nTry 'chmod --help' for more information.\n": "chmod: missing operand",
		"usage: voiced [--check]\n":                                           "",
		"voiced: no such file\nUsage: voiced [--check] FILE\n":                "voiced: no such file",
		"nginx: [emerg] bind() failed\nnginx: configuration file test failed": "nginx: [emerg] bind() failed",
	} {
		if got := (Output{Exit: 1, Stderr: stderr}).Reason(); got != want {
			t.Errorf("%q: %q, want %q", stderr, got, want)
		}
	}
}

// A program that stumbles over a key repeats the line it stumbled over.
func TestWhatAProgramSaysShowsNoKey(t *testing.T) {
	body := "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQDExnqmsHA27Un5"
	for said, want := range map[string]string{
		`nginx: [emerg] unknown directive "` + body + `" in /etc/nginx/nginx.conf:9`: `nginx: [emerg] unknown directive "(not shown)" in /etc/nginx/nginx.conf:9`,
		"cannot load /srv/CertificatesOfTheMailOrganisation2026/mail/fullchain":      "cannot load /srv/CertificatesOfTheMailOrganisation2026/mail/fullchain",
		"serves " + strings.Repeat("0badcafe", 8):                                    "serves " + strings.Repeat("0badcafe", 8),
	} {
		if got := (Output{Stderr: said}).Reason(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
