package config

import (
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
)

// withList makes a list hold other values, and keeps the lines and comments of those that stay.
func withList(text string, at span, want []string) string {
	have := heldBy(text, at)
	kept, tail, ok := keptOf(have, want)
	if !ok { // in another order: each place gets its new value
		return inPlace(text, at, have, want)
	}
	for i := len(have) - 1; i >= 0; i-- {
		if !kept[i] {
			text, at = without(text, at, i)
		}
	}
	for _, value := range tail {
		text, at = with(text, at, value)
	}
	return text
}

// heldBy are the values of a list.
func heldBy(text string, at span) []string {
	var list struct{ V []string }
	_, err := toml.Decode("V = "+text[at.from:at.to], &list)
	if err != nil {
		return nil
	}
	return list.V
}

// keptOf says which values of a list are in another in the same order, and which follow there; not ok where the other
// is none that comes of taking values out and adding some at the end.
func keptOf(have, want []string) (kept []bool, tail []string, ok bool) {
	kept, n := make([]bool, len(have)), 0
	for i, value := range have {
		if n < len(want) && value == want[n] {
			kept[i] = true
			n++
		}
	}
	tail = want[n:]
	again := slices.ContainsFunc(tail, func(value string) bool { return slices.Contains(have, value) })
	return kept, tail, !again
}

func inPlace(text string, at span, have, want []string) string {
	for i := len(have) - 1; i >= len(want); i-- {
		text, at = without(text, at, i)
	}
	for i := min(len(have), len(want)) - 1; i >= 0; i-- {
		part := values(text, at)[i]
		text, at = cut(text, at, part, quote(want[i]))
	}
	for _, value := range want[min(len(have), len(want)):] {
		text, at = with(text, at, value)
	}
	return text
}

// cut puts something in the place of a part of a list.
func cut(text string, list, part span, instead string) (string, span) {
	after := text[:part.from] + instead + text[part.to:]
	return after, span{list.from, list.to + len(after) - len(text)}
}

// without takes the i-th value out of a list, with its line where it has one of its own.
func without(text string, list span, i int) (string, span) {
	parts := values(text, list)
	part := parts[i]
	line := span{lineStart(text, part.from), lineEnd(text, part.to)}
	comma := commaBehind(text, part.to)
	switch {
	case alone(text, list, parts, i) && (comma < 0 || comma < line.to):
		return cut(text, list, line, "")
	case comma >= 0:
		for part.to = comma + 1; strings.IndexByte(" \t", text[part.to]) >= 0; {
			part.to++
		}
	case i > 0 && strings.Trim(text[parts[i-1].to:part.from], ", \t") == "":
		part.from = parts[i-1].to
	}
	return cut(text, list, part, "")
}

// alone says that a value has its lines for itself.
func alone(text string, list span, parts []span, i int) bool {
	line := span{lineStart(text, parts[i].from), lineEnd(text, parts[i].to)}
	return line.from > list.from && line.to < list.to &&
		(i == 0 || parts[i-1].to <= line.from) && (i == len(parts)-1 || parts[i+1].from >= line.to)
}

// commaBehind is where the comma behind a value is, or -1.
func commaBehind(text string, at int) int {
	s := &scanner{text: text, at: at}
	for s.blanks("\t \r\n"); s.peek() == '#'; s.blanks("\t \r\n") {
		s.comment()
	}
	if s.peek() == ',' {
		return s.at
	}
	return -1
}

// with adds a value at the end of a list: on a line of its own where the last one has such.
func with(text string, list span, value string) (string, span) {
	parts := values(text, list)
	if len(parts) == 0 {
		return cut(text, list, span{list.from + 1, list.from + 1}, quote(value))
	}
	last := parts[len(parts)-1]
	if !alone(text, list, parts, len(parts)-1) {
		return cut(text, list, span{last.to, last.to}, ", "+quote(value))
	}
	indent := text[lineStart(text, last.from):last.from]
	comma := commaBehind(text, last.to)
	line := indent + quote(value)
	if comma >= 0 {
		line += ","
	}
	end := lineEnd(text, max(last.to, comma))
	text, list = cut(text, list, span{end, end}, line+newline(text))
	if comma < 0 {
		text, list = cut(text, list, span{last.to, last.to}, ",")
	}
	return text, list
}
