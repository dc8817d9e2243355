package formats

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"certdesk/certstore/printable"
)

// shortPassword is how many characters a password has at least that is not called short: whoever has a file with a
// key can try as many as he likes.
const shortPassword = 10

// common are the passwords that everybody tries first, without the digits and signs that people add.
var common = []string{"password", "passw0rd", "passwort", "passwd", "secret", "changeit", "changeme", "letmein",
	"welcome", "qwerty",
	"qwertyuiop", "administrator", "admin", "exchange", "certificate", "certdesk", "iloveyou", "abc", "test", "company"}

// PoorPassword says in half a sentence why a password guards an exported key badly, or "". It refuses nothing.
func PoorPassword(password []byte) string {
	text := strings.ToLower(string(password))
	core := strings.TrimRightFunc(text, func(r rune) bool { return !unicode.IsLetter(r) })
	different := map[rune]bool{}
	for _, r := range text {
		different[r] = true
	}
	n := utf8.RuneCountInString(text)
	switch {
	case slices.Contains(common, core) || slices.Contains(common, text):
		return "it is one of those that everybody tries first"
	case n < shortPassword:
		return "it has " + printable.Count(n, "character") + ", and whoever gets the file can try all that are so short"
	case len(different) < 4 || strings.HasPrefix("12345678901234567890", text):
		return "it repeats a few characters"
	}
	return ""
}
