package names

import "strings"

// Short is what people call the owner of a distinguished name in RFC 4514's text: its common name, else the value of
// its first part. A comma behind a backslash belongs to a value, as in "CN=Sunshine\, Inc. CA".
func Short(dn string) string {
	first := ""
	for i, part := range parts(dn) {
		typ, value, found := strings.Cut(part, "=")
		if found && strings.EqualFold(strings.TrimSpace(typ), "CN") {
			return plain(value)
		}
		if i == 0 {
			first = part
		}
	}
	if _, value, found := strings.Cut(first, "="); found {
		return plain(value)
	}
	return plain(first)
}

// parts splits a name at the separators that nothing escapes; those of an RDN of several attributes are parts too.
func parts(dn string) (list []string) {
	from, escaped := 0, false
	for i := 0; i < len(dn); i++ {
		switch {
		case escaped:
			escaped = false
		case dn[i] == '\\':
			escaped = true
		case dn[i] == ',' || dn[i] == '+':
			list = append(list, dn[from:i])
			from = i + 1
		}
	}
	return append(list, dn[from:])
}

// plain takes the escapes out of a value. What escapes nothing stays: it is how printable shows what cannot be seen.
func plain(value string) string {
	var b strings.Builder
	for s := value; s != ""; {
		if s[0] == '\\' {
			if c, n, err := unescape(s); err == nil {
				b.WriteByte(c)
				s = s[n:]
				continue
			}
		}
		b.WriteByte(s[0])
		s = s[1:]
	}
	return b.String()
}
