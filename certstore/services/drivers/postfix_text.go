package drivers

import (
	"net"
	"sort"
	"strconv"
	"strings"
)

// option is a -o NAME=VALUE of master.cf.
type option struct {
	name, value        string
	valueFrom, valueTo int  // in the entry's line
	braces             bool // written as -o {NAME = VALUE}, where blanks may stand
}

// quote writes a value where it stood; without braces a list may have no blanks.
func (o option) quote(value string) string {
	if o.braces {
		return value
	}
	return strings.ReplaceAll(value, ", ", ",")
}

// masterEntry is one service of master.cf.
type masterEntry struct {
	service, kind, program string
	options                []option
	line                   logicalLine
}

// option finds the override that counts: the last one.
func (e masterEntry) option(name string) (option, bool) {
	for i := len(e.options) - 1; i >= 0; i-- {
		if e.options[i].name == name {
			return e.options[i], true
		}
	}
	return option{}, false
}

// parseMaster reads the services of master.cf with where their overrides stand.
func parseMaster(text string) []masterEntry {
	var all []masterEntry
	for _, line := range logicalLines(text) {
		words := splitWords(line.text)
		if len(words) < 8 {
			continue
		}
		e := masterEntry{service: words[0].text, kind: words[1].text, program: words[7].text, line: line}
		for i := 8; i < len(words); i++ {
			w := words[i]
			if w.text == "-o" && !w.braces && i+1 < len(words) {
				i++
				w = words[i]
			} else if o, ok := strings.CutPrefix(w.text, "-o"); ok && !w.braces {
				w.from, w.text = w.from+2, o
			} else {
				continue
			}
			if o, ok := parseOption(w); ok {
				e.options = append(e.options, o)
			}
		}
		all = append(all, e)
	}
	return all
}

func parseOption(w word) (option, bool) {
	name, value, ok := strings.Cut(w.text, "=")
	if !ok {
		return option{}, false
	}
	from := w.from + len(name) + 1
	lead := len(value) - len(strings.TrimLeft(value, postfixBlanks))
	value = strings.TrimSpace(value)
	return option{strings.TrimSpace(name), value, from + lead, from + lead + len(value), w.braces}, true
}

// splitWords splits a text at blank space, but not within braces; a word that stands in braces is given without them.
func splitWords(s string) []word {
	var all []word
	for at := 0; at < len(s); {
		if strings.IndexByte(postfixBlanks, s[at]) >= 0 {
			at++
			continue
		}
		end := wordEnd(s, at)
		w := word{text: s[at:end], from: at, to: end}
		if inner, rest, ok := bracketed(w.text, '{', '}'); ok && w.text[0] == '{' && rest == "" {
			w = word{inner, w.from + 1, w.to - 1, true}
		}
		all = append(all, w)
		at = end
	}
	return all
}

func wordEnd(s string, at int) int {
	depth := 0
	for ; at < len(s); at++ {
		switch {
		case s[at] == '{':
			depth++
		case s[at] == '}' && depth > 0:
			depth--
		case depth == 0 && strings.IndexByte(postfixBlanks, s[at]) >= 0:
			return at
		}
	}
	return at
}

// setting says which parameter a line of main.cf sets, and where the value begins in it: the name, the sign and the
// value may each stand on a line of its own.
func (l logicalLine) setting() (name string, value int, ok bool) {
	before, _, ok := strings.Cut(l.text, "=")
	name = strings.Trim(before, postfixBlanks)
	return name, len(before) + 1, ok && name != "" && !strings.ContainsAny(name, postfixBlanks)
}

// findSetting finds the last setting of a parameter, which is the one that counts.
func findSetting(text, name string) (found logicalLine, value int, ok bool) {
	for _, line := range logicalLines(text) {
		if key, at, sets := line.setting(); sets && key == name {
			found, value, ok = line, at, true
		}
	}
	return found, value, ok
}

// setParameter makes a parameter of main.cf have a value: where it is set already it is rewritten, else added.
func setParameter(text, name, value string) []edit {
	l, from, ok := findSetting(text, name)
	if !ok {
		line := name + " = " + value + "\n"
		if text != "" && !strings.HasSuffix(text, "\n") {
			line = "\n" + line
		}
		return []edit{{len(text), len(text), line}}
	}
	return l.replace(text, from, value)
}

// dropParameter takes the setting of a parameter out of main.cf.
func dropParameter(text, name string) []edit {
	l, _, ok := findSetting(text, name)
	if !ok {
		return nil
	}
	return dropLines(text, l.pieces)
}

// mainValue is what main.cf gives a parameter, comments and line ends left out.
func mainValue(text, name string) (value string, ok bool) {
	l, from, ok := findSetting(text, name)
	if ok {
		value = oneBlank(l.text[from:])
	}
	return value, ok
}

// setOption makes a service of master.cf have an override: the one that counts is rewritten, else one is added behind
// its last line.
func setOption(text string, e *masterEntry, name, value string) []edit {
	if o, ok := e.option(name); ok {
		return e.line.replaceSpan(text, o.valueFrom, o.valueTo, o.quote(value))
	}
	end := e.line.end()
	return []edit{{end, end, "\n  -o " + name + "=" + option{}.quote(value)}}
}

// knownPorts are the names that matter, for machines without /etc/services.
var knownPorts = map[string]int{"smtp": 25, "submission": 587, "smtps": 465, "submissions": 465}

// portNumber finds the number of a port by name or digits, 0 if there is none.
func portNumber(port string) int {
	if n, ok := knownPorts[port]; ok {
		return n
	}
	if n, err := strconv.Atoi(port); err == nil {
		if n > 0 && n < 1<<16 {
			return n
		}
		return 0
	}
	n, err := net.LookupPort("tcp", port)
	if err != nil {
		return 0
	}
	return n
}

func sortedKeys[V any](m map[string]V) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
