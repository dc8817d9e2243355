package names

import (
	"slices"
	"strings"
	"unicode/utf8"

	"certdesk/certstore/fail"
)

// ParseSubject reads a distinguished name as Exchange and RFC 4514 write it, in any order:
//
//	C=BE, S=Brussels, O="Sunshine, Inc.", CN=webmail.example.org
//	CN=webmail.example.org,O=Sunshine\, Inc.,ST=Brussels,C=BE
//
// S and ST both mean state. The common name may be missing. Errors: InvalidSubject, saying what to type.
func ParseSubject(text string) (Subject, error) {
	p := parser{rest: text}
	var s Subject
	for {
		a, err := p.attribute()
		if err != nil {
			return nil, err
		}
		s = append(s, a)
		if p.rest == "" {
			break
		}
		p.rest = p.rest[1:] // the separator
	}
	if writtenBackwards(s) {
		slices.Reverse(s)
	}
	s = s.ordered()
	if err := s.check(); err != nil {
		return nil, err
	}
	return s, nil
}

// writtenBackwards says whether the text was most specific first, as RFC 4514 has it: it settles the order of
// several OU, nothing else.
func writtenBackwards(s Subject) bool {
	unit := slices.IndexFunc(s, func(a Attribute) bool { return a.Type == "OU" })
	for i, a := range s {
		if i < unit && rank(a.Type) < rank("OU") || i > unit && a.Type == "CN" {
			return false
		}
	}
	return unit >= 0
}

const example = `type it like C=BE, O="Sunshine, Inc.", CN=mail.example.org`

func bad(hint, format string, args ...any) error {
	return fail.New(fail.InvalidSubject, hint, "the subject "+format, args...)
}

// parser takes attributes off the front of rest; after each, rest is empty or begins with a separator.
type parser struct{ rest string }

func (p *parser) attribute() (Attribute, error) {
	typ, err := p.typ()
	if err != nil {
		return Attribute{}, err
	}
	value, err := p.value(typ)
	if typ == "C" {
		value = strings.ToUpper(value)
	}
	return Attribute{typ, value}, err
}

// typ reads up to the = and the blanks after it.
func (p *parser) typ() (string, error) {
	if strings.TrimSpace(p.rest) == "" {
		return "", bad(example, "is empty, or ends in a comma")
	}
	i := strings.IndexAny(p.rest, "=,;")
	if i < 0 || p.rest[i] != '=' {
		part, _, _ := strings.Cut(strings.ReplaceAll(p.rest, ";", ","), ",")
		return "", bad(`put a value that holds a comma in double quotes: O="Sunshine, Inc."`, "has a part without =: %s",
			quote(strings.TrimSpace(part)))
	}
	word := strings.TrimSpace(p.rest[:i])
	p.rest = strings.TrimLeft(p.rest[i+1:], " \t")
	typ := strings.ToUpper(word)
	if typ == "S" {
		typ = "ST"
	}
	if rank(typ) < 0 {
		return "", bad("use C, ST (or S), L, O, OU and CN", "has a part certdesk does not know: %s", quote(word))
	}
	return typ, nil
}

func (p *parser) value(typ string) (string, error) {
	var raw string
	var err error
	switch {
	case strings.HasPrefix(p.rest, `"`):
		raw, err = p.quoted(typ)
	case strings.HasPrefix(p.rest, "#"):
		return "", bad(`put the value in double quotes`, "has a value of %s that begins with #", typ)
	default:
		raw, err = p.plain(typ)
	}
	if err == nil && !utf8.ValidString(raw) {
		err = bad("type it as UTF-8", "has a value of %s that is not UTF-8", typ)
	}
	return raw, err
}

// quoted reads "…", where a quote is written twice (X.500) or after a backslash (RFC 2253).
func (p *parser) quoted(typ string) (string, error) {
	var b strings.Builder
	for s := p.rest[1:]; s != ""; {
		switch {
		case strings.HasPrefix(s, `""`):
			b.WriteByte('"')
			s = s[2:]
		case s[0] == '"':
			return b.String(), p.afterQuotes(typ, s[1:])
		case s[0] == '\\':
			c, n, err := unescape(s)
			if err != nil {
				return "", err
			}
			b.WriteByte(c)
			s = s[n:]
		default:
			b.WriteByte(s[0])
			s = s[1:]
		}
	}
	return "", bad(`end the value with "`, "opens a double quote in %s and does not close it", typ)
}

func (p *parser) afterQuotes(typ, s string) error {
	p.rest = strings.TrimLeft(s, " \t")
	if p.rest != "" && !isSeparator(p.rest[0]) {
		return bad("put the whole value between the quotes, and a comma after it",
			"has more text after the quoted value of %s", typ)
	}
	return nil
}

// plain reads up to the next separator; blanks at the end count only where they are escaped.
func (p *parser) plain(typ string) (string, error) {
	var b strings.Builder
	kept := 0
	s := p.rest
	for s != "" && !isSeparator(s[0]) {
		c, n := s[0], 1
		switch c {
		case '\\':
			var err error
			if c, n, err = unescape(s); err != nil {
				return "", err
			}
			kept = b.Len() + 1
		case '"', '+':
			return "", bad("put the whole value in double quotes", "has a bare %c in the value of %s", c, typ)
		case ' ', '\t':
		default:
			kept = b.Len() + 1
		}
		b.WriteByte(c)
		s = s[n:]
	}
	p.rest = s
	return b.String()[:kept], nil
}

func isSeparator(c byte) bool { return c == ',' || c == ';' }

// unescape reads a backslash and what it escapes: a special character, or two hex digits for one byte.
func unescape(s string) (c byte, n int, err error) {
	if len(s) >= 2 && strings.IndexByte(` "#+,;<=>\`, s[1]) >= 0 {
		return s[1], 2, nil
	}
	if len(s) >= 3 {
		hi, lo := hexDigit(s[1]), hexDigit(s[2])
		if hi >= 0 && lo >= 0 {
			return byte(hi<<4 | lo), 3, nil
		}
	}
	return 0, 0, bad(`write \\ for a backslash`, "has a backslash that escapes nothing, at %s", quote(s))
}

func hexDigit(c byte) int {
	if 'A' <= c && c <= 'F' {
		c += 'a' - 'A'
	}
	return strings.IndexByte("0123456789abcdef", c)
}
