package services

import (
	"net"
	"sort"
	"strconv"
	"strings"
)

// option is a -o NAME=VALUE of master.cf.
type option struct {
	name, value        string
	valueFrom, valueTo int
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
	end                    int // of its last line, without the line's end
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

// word is a word of a text and where it stands; one in braces is given without them.
type word struct {
	text     string
	from, to int
	braces   bool
}

// logicalLines gives where each logical line of a Postfix file begins and ends: lines that begin with blank space
// continue the one before, and empty lines and comments in between do not end it.
func logicalLines(text string) [][]word {
	var all [][]word
	for at := 0; at < len(text); {
		end := len(text)
		if i := strings.IndexByte(text[at:], '\n'); i >= 0 {
			end = at + i
		}
		s := text[at:end]
		switch trimmed := strings.TrimSpace(s); {
		case trimmed == "" || trimmed[0] == '#':
		case (s[0] == ' ' || s[0] == '\t') && len(all) > 0:
			all[len(all)-1] = append(all[len(all)-1], word{text: s, from: at, to: end})
		default:
			all = append(all, []word{{text: s, from: at, to: end}})
		}
		at = end + 1
	}
	return all
}

// parseMaster reads the services of master.cf with where their overrides stand.
func parseMaster(text string) []masterEntry {
	var all []masterEntry
	for _, pieces := range logicalLines(text) {
		var words []word
		for _, piece := range pieces {
			words = append(words, splitWords(piece)...)
		}
		if len(words) < 8 {
			continue
		}
		e := masterEntry{service: words[0].text, kind: words[1].text, program: words[7].text}
		last := pieces[len(pieces)-1]
		e.end = last.from + len(strings.TrimRight(last.text, " \t\r"))
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
	lead := len(value) - len(strings.TrimLeft(value, " \t"))
	value = strings.TrimSpace(value)
	return option{strings.TrimSpace(name), value, from + lead, from + lead + len(value), w.braces}, true
}

// splitWords splits one line at blank space, but not within braces; a word that stands in braces is given without them.
func splitWords(piece word) []word {
	var all []word
	s := piece.text
	for at := 0; at < len(s); {
		if strings.IndexByte(" \t\r", s[at]) >= 0 {
			at++
			continue
		}
		end := wordEnd(s, at)
		w := word{text: s[at:end], from: piece.from + at, to: piece.from + end}
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
		switch s[at] {
		case '{':
			depth++
		case '}':
			depth--
		case ' ', '\t', '\r':
			if depth <= 0 {
				return at
			}
		}
	}
	return at
}

// setting is a parameter of main.cf where it counts.
type setting struct {
	line     int    // where its first line begins
	from, to int    // its value on that line
	blank    bool   // nothing stands there behind the sign
	more     []word // the lines that continue it; comments may stand between them
}

// findSetting finds the last setting of a parameter, which is the one that counts.
func findSetting(text, name string) (found setting, ok bool) {
	for _, pieces := range logicalLines(text) {
		first := pieces[0]
		key, rest, has := strings.Cut(first.text, "=")
		if !has || strings.TrimSpace(key) != name {
			continue
		}
		ok = true
		found = setting{line: first.from, from: first.from + len(key) + 1, blank: strings.TrimSpace(rest) == "", more: pieces[1:]}
		found.to = max(found.from, first.from+len(strings.TrimRight(first.text, " \t\r")))
		if !found.blank {
			found.from += len(rest) - len(strings.TrimLeft(rest, " \t"))
		}
	}
	return found, ok
}

// setParameter makes a parameter of main.cf have a value: where it is set already it is rewritten, else added.
func setParameter(text, name, value string) []edit {
	s, ok := findSetting(text, name)
	if !ok {
		line := name + " = " + value + "\n"
		if text != "" && !strings.HasSuffix(text, "\n") {
			line = "\n" + line
		}
		return []edit{{len(text), len(text), line}}
	}
	if s.blank {
		value = " " + value
	}
	return append([]edit{{s.from, s.to, value}}, dropLines(text, s.more)...)
}

// dropParameter takes the setting of a parameter out of main.cf.
func dropParameter(text, name string) []edit {
	s, ok := findSetting(text, name)
	if !ok {
		return nil
	}
	return append(dropLines(text, []word{{from: s.line, to: s.to}}), dropLines(text, s.more)...)
}

// dropLines takes whole lines out.
func dropLines(text string, pieces []word) (all []edit) {
	for _, piece := range pieces {
		to := len(text)
		if i := strings.IndexByte(text[piece.to:], '\n'); i >= 0 {
			to = piece.to + i + 1
		}
		all = append(all, edit{strings.LastIndexByte(text[:piece.from], '\n') + 1, to, ""})
	}
	return all
}

// mainValue is what main.cf gives a parameter, comments and line ends left out.
func mainValue(text, name string) (value string, ok bool) {
	for _, pieces := range logicalLines(text) {
		key, first, has := strings.Cut(pieces[0].text, "=")
		if !has || strings.TrimSpace(key) != name {
			continue
		}
		value, ok = first, true
		for _, piece := range pieces[1:] {
			value += " " + piece.text
		}
	}
	return oneBlank(value), ok
}

// setOption makes a service of master.cf have an override: the one that counts is rewritten, else one is added behind
// its last line.
func setOption(text string, e *masterEntry, name, value string) edit {
	if o, ok := e.option(name); ok {
		return edit{o.valueFrom, o.valueTo, o.quote(value)}
	}
	return edit{e.end, e.end, "\n  -o " + name + "=" + option{}.quote(value)}
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
