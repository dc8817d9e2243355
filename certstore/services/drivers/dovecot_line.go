package drivers

import "strings"

// confLine is one line as Dovecot 2.3 reads it: comments gone, continued lines joined.
type confLine struct {
	text string
	at   []int // where each byte of text stands in the file
	next int   // where the next line begins
	end  int   // where this one ends, its newline not counted
}

// dovecotLine reads the line that begins at from. A comment or an empty line gives no text.
func dovecotLine(file string, from int) confLine {
	l := confLine{next: from}
	for l.next < len(file) {
		start := l.next
		l.end, l.next = len(file), len(file)
		if i := strings.IndexByte(file[start:], '\n'); i >= 0 {
			l.end, l.next = start+i, start+i+1
		}
		if !l.add(file, start) {
			break
		}
	}
	return l
}

// add takes in one line of the file and says whether the next one continues it.
func (l *confLine) add(file string, start int) bool {
	end := start + len(strings.TrimSuffix(file[start:l.end], "\r"))
	for start < end && (file[start] == ' ' || file[start] == '\t') {
		start++
	}
	if start == end || file[start] == '#' {
		return l.text != ""
	}
	end = start + commentAt(file[start:end])
	body := strings.TrimRight(file[start:end], " \t")
	rest, more := strings.CutSuffix(body, `\`)
	if more {
		rest = strings.TrimRight(rest, " \t")
	}
	for i := range len(rest) {
		l.at = append(l.at, start+i)
	}
	l.text += rest
	if more {
		l.text, l.at = l.text+" ", append(l.at, start+len(rest))
	}
	return more
}

// commentAt is where a comment begins that no quotes hold, else the length.
func commentAt(s string) int {
	var quote byte
	for i := 0; i < len(s); i++ {
		switch {
		case quote != 0 && s[i] == '\\':
			i++
		case quote != 0 && s[i] == quote:
			quote = 0
		case quote == 0 && (s[i] == '"' || s[i] == '\''):
			quote = s[i]
		case quote == 0 && s[i] == '#':
			return i
		}
	}
	return len(s)
}

// confStatement is what a line says.
type confStatement struct {
	kind  statementKind
	key   string
	value string // of a setting its raw value, "<" and quotes included; of a section its name
	from  int    // where a setting's raw value begins in the line's text
}

type statementKind int

const (
	stNothing statementKind = iota
	stSetting
	stBegin
	stEnd
	stInclude
	stIncludeTry
)

// statement reads a line's text in the order of Dovecot's own tests (config_parse_line).
func (l confLine) statement() confStatement {
	s := l.text
	n := strings.IndexAny(s, " \t=")
	if n < 0 {
		n = len(s)
	}
	key, rest := s[:n], strings.TrimLeft(s[n:], " \t")
	switch {
	case s == "":
		return confStatement{}
	case key == "!include":
		return confStatement{kind: stInclude, value: rest}
	case key == "!include_try":
		return confStatement{kind: stIncludeTry, value: rest}
	case strings.HasPrefix(rest, "="):
		value := strings.TrimLeft(rest[1:], " \t")
		return confStatement{stSetting, key, value, len(s) - len(value)}
	case s == "}":
		return confStatement{kind: stEnd}
	}
	return confStatement{kind: stBegin, key: key, value: sectionName(rest)}
}

// sectionName takes a section's name from what stands before its brace: Dovecot knows double quotes alone there.
func sectionName(rest string) string {
	name := strings.TrimSpace(strings.TrimSuffix(rest, "{"))
	if len(name) > 1 && name[0] == '"' {
		return unquote(name)
	}
	return name
}

// span is where the raw value of a setting stands in the file; of an empty one, right behind its "=".
func (l confLine) span(st confStatement) (from, to int) {
	if st.value == "" {
		equals := strings.IndexByte(l.text, '=')
		return l.at[equals] + 1, l.at[equals] + 1
	}
	return l.at[st.from], l.at[len(l.text)-1] + 1
}
