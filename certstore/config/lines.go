package config

import (
	"fmt"
	"strings"

	"github.com/BurntSushi/toml"
)

// unknownKey refuses the first key that Config does not have, by name and line.
func unknownKey(text string, keys []toml.Key) error {
	first, line := toml.Key(nil), 0
	for _, k := range keys {
		if n := lineOf(text, k); first == nil || n > 0 && (line == 0 || n < line) {
			first, line = k, n
		}
	}
	switch {
	case first == nil:
		return nil
	case line == 0:
		return fmt.Errorf("unknown key %s", first)
	}
	return fmt.Errorf("line %d: unknown key %s", line, first)
}

// lineOf finds where a key stands, counted from 1, or 0. The decoder keeps no position of a key it did not
// know, so the text is read again: a header sets the table, and a key counts on its own line, dotted, or in an
// inline table that begins on that line.
func lineOf(text string, key toml.Key) int {
	var table []string
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if head, ok := strings.CutPrefix(line, "["); ok {
			head, _, _ = strings.Cut(strings.TrimPrefix(head, "["), "]")
			if table = path(head); isPrefix(key, table) {
				return i + 1
			}
			continue
		}
		name, value, ok := strings.Cut(line, "=")
		if !ok {
			continue
		}
		here := append(table[:len(table):len(table)], path(name)...)
		if isPrefix(key, here) || isPrefix(here, key) && strings.Contains(value, key[len(key)-1]) {
			return i + 1
		}
	}
	return 0
}

// path takes a dotted key apart.
func path(s string) []string {
	parts := strings.Split(s, ".")
	for i, p := range parts {
		parts[i] = strings.Trim(strings.TrimSpace(p), `"'`)
	}
	return parts
}

// isPrefix says whether short begins long.
func isPrefix(short, long []string) bool {
	if len(short) > len(long) {
		return false
	}
	for i, p := range short {
		if long[i] != p {
			return false
		}
	}
	return true
}
