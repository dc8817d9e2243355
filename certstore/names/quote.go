package names

import "certdesk/certstore/printable"

// maxQuoted is how much of what a person typed an error repeats, in characters.
const maxQuoted = 60

// quote puts foreign text into an error: printable, cut, in double quotes.
func quote(s string) string {
	if r := []rune(s); len(r) > maxQuoted {
		s = string(r[:maxQuoted]) + "..."
	}
	return `"` + printable.Text(s) + `"`
}
