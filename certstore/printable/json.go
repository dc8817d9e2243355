package printable

import (
	"fmt"
	"unicode/utf16"
	"unicode/utf8"
)

// JSON writes as \u and four digits, in JSON that encoding/json made, what Text would not let through: the value stays
// what it is, and a terminal that shows the JSON obeys nothing. What is below a blank there is white space between tokens.
func JSON(text []byte) []byte {
	if clean(text) {
		return text
	}
	out := make([]byte, 0, len(text)+64)
	for len(text) > 0 {
		r, n := utf8.DecodeRune(text)
		if r < 0x7f || visible(r) {
			out = append(out, text[:n]...)
		} else if high, low := utf16.EncodeRune(r); high != utf8.RuneError {
			out = fmt.Appendf(out, `\u%04x\u%04x`, high, low)
		} else {
			out = fmt.Appendf(out, `\u%04x`, r)
		}
		text = text[n:]
	}
	return out
}

func clean(text []byte) bool {
	for _, b := range text {
		if b >= 0x7f {
			return false
		}
	}
	return true
}
