// Package printable makes foreign text safe to show.
//
// Every string that came out of a certificate, a file, a path or a server passes through Text before it
// reaches a terminal, a log, the journal, JSON or an error message. It lives below
// certstore, because the journal and the errors, made there, need it too.
package printable

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxMarks is how many combining marks in a row are let through; more paint over neighbouring lines.
const maxMarks = 2

// Text replaces what a terminal would obey or not show by a visible \u{hex}: C0 and C1 controls, escape,
// bidi and zero-width marks, line and paragraph separators, soft hyphens, tags, private use, invalid UTF-8
// (\x{hex}), Hangul fillers, and combining marks beyond two in a row. It is idempotent.
func Text(s string) string {
	if isPlain(s) {
		return s
	}
	var b strings.Builder
	marks := 0
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n <= 1:
			fmt.Fprintf(&b, `\x{%02x}`, s[i])
		case unicode.Is(unicode.M, r) && marks >= maxMarks, !visible(r):
			fmt.Fprintf(&b, `\u{%x}`, r)
		default:
			b.WriteRune(r)
		}
		if marks++; !unicode.Is(unicode.M, r) {
			marks = 0
		}
		i += n
	}
	return b.String()
}

// Texts is Text for a list; the list given is not changed.
func Texts(in []string) []string {
	out := make([]string, len(in))
	for i, s := range in {
		out[i] = Text(s)
	}
	return out
}

func isPlain(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < 0x20 || s[i] > 0x7e {
			return false
		}
	}
	return true
}

// visible excludes, beside what unicode.IsPrint does, the runes it calls letters or symbols that show as nothing.
func visible(r rune) bool {
	switch r {
	case 0x115f, 0x1160, 0x3164, 0xffa0, 0x2800, utf8.RuneError:
		return false
	}
	return unicode.IsPrint(r) && !unicode.Is(unicode.Variation_Selector, r)
}
