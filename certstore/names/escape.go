package names

import (
	"fmt"
	"strings"
)

// escape writes a value as RFC 4514 2.4 wants it, control characters as the bytes' hex pairs, like openssl.
func escape(v string) string {
	var b strings.Builder
	for i := 0; i < len(v); i++ {
		c := v[i]
		switch {
		case c < 0x20 || c == 0x7f:
			fmt.Fprintf(&b, `\%02X`, c)
		case mustEscape(v, i):
			b.WriteByte('\\')
			b.WriteByte(c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

func mustEscape(v string, i int) bool {
	switch v[i] {
	case ',', '+', '"', '\\', '<', '>', ';':
		return true
	case '#':
		return i == 0
	case ' ':
		return i == 0 || i == len(v)-1
	}
	return false
}
