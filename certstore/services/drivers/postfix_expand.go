package drivers

import (
	"fmt"
	"strings"
)

// expansion evaluates parameter values as Postfix does (postconf(5), main.cf file format): $name, ${name}, $(name),
// ${name?text}, ${name:text}, ${name?{text}:{text}}, each nested, and $$ for a dollar sign.
type expansion struct {
	value   func(name string) (string, bool) // as it is written; false where nothing sets it
	strange []string                         // what could not be followed, each once
	taken   int                              // references followed
}

// Values may name each other so deep and so often; what goes beyond goes round in a circle.
const (
	deepest   = 30
	mostOften = 1000
)

func (x *expansion) expand(text string) string { return x.within(text, 0) }

func (x *expansion) within(text string, depth int) string {
	if x.taken++; depth > deepest || x.taken > mostOften {
		return x.cannot("values that name each other")
	}
	var b strings.Builder
	for text != "" {
		i := strings.IndexByte(text, '$')
		if i < 0 {
			break
		}
		b.WriteString(text[:i])
		text = text[i+1:]
		if strings.HasPrefix(text, "$") {
			b.WriteByte('$')
			text = text[1:]
			continue
		}
		inner, rest, ok := reference(text)
		if !ok {
			return x.cannot("$" + text)
		}
		b.WriteString(x.refer(inner, depth))
		text = rest
	}
	return b.String() + text
}

// reference takes what stands behind a dollar sign: a bare name, or all between brackets.
func reference(text string) (inner, rest string, ok bool) {
	switch {
	case strings.HasPrefix(text, "{"):
		return bracketed(text, '{', '}')
	case strings.HasPrefix(text, "("):
		return bracketed(text, '(', ')')
	}
	n := nameLength(text)
	return text[:n], text[n:], n > 0
}

// bracketed takes what stands between the bracket that text begins with and the one that closes it.
func bracketed(text string, open, end byte) (inner, rest string, ok bool) {
	depth := 0
	for i := range len(text) {
		switch text[i] {
		case open:
			depth++
		case end:
			if depth--; depth == 0 {
				return text[1:i], text[i+1:], true
			}
		}
	}
	return "", "", false
}

func nameLength(text string) int {
	for i, r := range text {
		if r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') {
			return i
		}
	}
	return len(text)
}

// refer evaluates the inside of one reference.
func (x *expansion) refer(inner string, depth int) string {
	inner = strings.TrimSpace(inner)
	n := nameLength(inner)
	name, rest := inner[:n], strings.TrimSpace(inner[n:])
	if n == 0 || rest != "" && rest[0] != '?' && rest[0] != ':' {
		return x.cannot("${" + inner + "}") // a comparison of two values
	}
	raw, set := x.value(name)
	value := x.within(raw, depth+1)
	switch {
	case rest != "":
		return x.within(chosen(rest, value != ""), depth+1)
	case !set:
		return x.cannot("$" + name)
	}
	return value
}

// chosen is the part of ?text, :text or ?{text}:{text} that counts.
func chosen(rest string, full bool) string {
	sign, text := rest[0], strings.TrimLeft(rest[1:], " \t")
	other := ""
	if inner, more, ok := bracketed(text, '{', '}'); ok && strings.HasPrefix(text, "{") {
		text, more = inner, strings.TrimSpace(more)
		more, ok = strings.CutPrefix(more, ":")
		if ok {
			other, _, _ = bracketed(strings.TrimSpace(more), '{', '}')
		}
	}
	if full == (sign == '?') {
		return text
	}
	return other
}

// cannot keeps what could not be followed.
func (x *expansion) cannot(what string) string {
	for _, s := range x.strange {
		if s == what {
			return ""
		}
	}
	x.strange = append(x.strange, what)
	return ""
}

// trouble is a sentence about what could not be followed, or "".
func (x *expansion) trouble() string {
	if len(x.strange) == 0 {
		return ""
	}
	return fmt.Sprintf("certdesk cannot tell what %s is", strings.Join(x.strange, " and "))
}
