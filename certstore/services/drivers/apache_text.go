package drivers

import "strings"

// apacheLine is a directive as it stands in a file: its name in lower case, the value its first argument. Sections are
// named "<virtualhost"; line is the last one of several.
type apacheLine struct {
	name string
	args string // all of them, as they are written
	directive
	section int // the index of the line that opens the section it stands in; -1 for none
}

func (l apacheLine) opens() bool  { return strings.HasPrefix(l.name, "<") && !l.closes() }
func (l apacheLine) closes() bool { return strings.HasPrefix(l.name, "</") }

// parseApache reads the directives of a file; lines that end in a backslash go on. Whether they are active is not to
// be seen there.
func parseApache(path, text string) []apacheLine {
	var all []apacheLine
	section := -1
	number := 0
	for at := 0; at < len(text); {
		from := at
		end, next, lines := lineEnd(text, at)
		at, number = next, number+lines
		l, ok := apacheDirective(path, text, from, end, number)
		if !ok {
			continue
		}
		if l.closes() && section >= 0 {
			section = all[section].section
		}
		l.section = section
		all = append(all, l)
		if l.opens() {
			section = len(all) - 1
		}
	}
	return all
}

// lineEnd finds the end of a line that may go on over several.
func lineEnd(text string, at int) (end, next, lines int) {
	for from := at; ; {
		i := strings.IndexByte(text[from:], '\n')
		lines++
		if i < 0 {
			return len(text), len(text), lines
		}
		end := from + i
		if !strings.HasSuffix(strings.TrimSuffix(text[at:end], "\r"), "\\") {
			return end, end + 1, lines
		}
		from = end + 1
	}
}

func apacheDirective(path, text string, from, end, number int) (apacheLine, bool) {
	for from < end && isBlank(text[from]) {
		from++
	}
	for end > from && isBlank(text[end-1]) {
		end--
	}
	if from == end || text[from] == '#' {
		return apacheLine{}, false
	}
	nameEnd := from
	for nameEnd < end && !isBlank(text[nameEnd]) && text[nameEnd] != '\\' {
		nameEnd++
	}
	d := directive{path: path, line: number, from: from, to: end}
	d.valueFrom = nameEnd
	for d.valueFrom < end && (isBlank(text[d.valueFrom]) || text[d.valueFrom] == '\\' || text[d.valueFrom] == '\n') {
		d.valueFrom++
	}
	d.valueTo, d.value = apacheArgument(text, d.valueFrom, end)
	name := strings.TrimSuffix(strings.ToLower(text[from:nameEnd]), ">")
	return apacheLine{name: name, args: text[d.valueFrom:end], directive: d}, true
}

// apacheArgument reads the first argument as Apache does (ap_getword_conf): it may be quoted, a backslash takes its
// meaning from a quote or another one behind it, and the end of a line that goes on is nothing, even within a word.
func apacheArgument(text string, from, end int) (to int, value string) {
	var b strings.Builder
	var quote byte
	to = from
	if from < end && (text[from] == '"' || text[from] == '\'') {
		quote, to = text[from], from+1
	}
	for to < end && (quote != 0 && text[to] != quote || quote == 0 && !isBlank(text[to]) && text[to] != '\n') {
		rest := text[to:end]
		switch {
		case strings.HasPrefix(rest, "\\\n"), strings.HasPrefix(rest, "\\\r\n"):
			to += strings.IndexByte(rest, '\n') + 1
			continue
		case len(rest) > 1 && rest[0] == '\\' && (rest[1] == '\\' || quote != 0 && rest[1] == quote):
			to++
		}
		b.WriteByte(text[to])
		to++
	}
	if quote != 0 && to < end {
		return to + 1, b.String()
	}
	return to, strings.TrimSuffix(b.String(), ">")
}

// apacheWord writes a value as one argument.
func apacheWord(value string) string {
	if strings.ContainsAny(value, " \t'\"\\") {
		return `"` + quotable.Replace(value) + `"`
	}
	return value
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\r' }
