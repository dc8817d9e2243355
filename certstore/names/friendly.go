package names

import (
	"strings"
	"unicode/utf8"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

// MaxFriendly is the longest friendly name, in characters.
const MaxFriendly = 64

// CheckFriendlyName wants 1 to 64 characters that can all be seen. Errors: InvalidName.
func CheckFriendlyName(s string) error {
	switch n := utf8.RuneCountInString(s); {
	case strings.TrimSpace(s) == "":
		return fail.New(fail.InvalidName, "type a name you will recognise in the table", "the friendly name is empty")
	case n > MaxFriendly:
		return fail.New(fail.InvalidName, "shorten it", "the friendly name is %d characters long; the limit is %d",
			n, MaxFriendly)
	case printable.Text(s) != s:
		return fail.New(fail.InvalidName, "type it again without them",
			"the friendly name has characters that cannot be seen: %s", quote(s))
	}
	return nil
}
