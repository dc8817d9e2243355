package config

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/BurntSushi/toml"

	"certdesk/certstore/printable"
)

// plain is what is wrong with a text as part of a sentence: one printable line that begins with the line number.
// The decoder speaks of its own types and tokens; a person wrote keys, values and quotes.
func plain(err error, text string) string {
	var p toml.ParseError
	if errors.As(err, &p) {
		return printable.Text(fmt.Sprintf("line %d: %s", p.Position.Line, broken(p, lineAt(text, p.Position.Line))))
	}
	whole := strings.TrimPrefix(err.Error(), "toml: ")
	if m := wrongType.FindStringSubmatch(whole); m != nil {
		if m[1] != "" {
			m[1] = strings.TrimSpace(m[1]) + ": "
		}
		return printable.Text(m[1] + mistyped(m[2], m[3], m[4]))
	}
	return printable.Text(whole)
}

// wrongType is how the decoder says that a value is of another type than its key.
var wrongType = regexp.MustCompile(`^(line \d+ )?\(last key "(.*)"\): incompatible types: ` +
	`TOML value has type (.+); destination has type (.+)$`)

// mistyped says that a key has a value of another type than it takes.
func mistyped(key, has, wants string) string {
	if wants == "slice" && strings.HasPrefix(has, "map") {
		return fmt.Sprintf("%s is one table of several: write [[%s]]", key, key)
	}
	return key + " takes " + typeWords(wants) + ", not " + typeWords(has)
}

// lineAt is the line of that number, counted from 1, or "".
func lineAt(text string, n int) string {
	if lines := strings.Split(text, "\n"); n > 0 && n <= len(lines) {
		return strings.TrimSpace(lines[n-1])
	}
	return ""
}

// bare is a value that lacks its quotes, and can be quoted as it stands.
var bare = regexp.MustCompile(`^([A-Za-z0-9_.-]+)\s*=\s*([^\s"'\[\]{}#=\\][^"'\[\]{}#\\]*)(?:#.*)?$`)

// broken says what is wrong with a line that is no TOML.
func broken(p toml.ParseError, line string) string {
	switch m := bare.FindStringSubmatch(line); {
	case m != nil && isSwitch(m[1]):
		return m[1] + " is true or false"
	case m != nil && m[1] == "webhook":
		return "the value of webhook needs quotes"
	case m != nil && !isTOMLWord(m[2]):
		return fmt.Sprintf("the value of %s needs quotes: %s = %s", m[1], m[1], strconv.Quote(strings.TrimSpace(m[2])))
	case !strings.Contains(line, "=") && strings.HasPrefix(p.Message, "expected '.' or '='"):
		return `a key is followed by "=" and its value`
	case strings.HasSuffix(line, "=") && strings.HasPrefix(p.Message, "expected value"):
		return "the value is missing"
	case strings.HasPrefix(p.Message, "strings cannot contain newlines"):
		return "a quote is opened and not closed"
	}
	return p.Message
}

// isSwitch says whether a key takes true or false.
func isSwitch(key string) bool { return key == "start_tls" || strings.HasSuffix(key, ".start_tls") }

// isTOMLWord says whether a value without quotes is one that TOML knows: then something else is wrong.
func isTOMLWord(value string) bool {
	_, err := strconv.ParseFloat(value, 64)
	return err == nil || value == "true" || value == "false"
}

// typeWords names the decoder's types.
func typeWords(name string) string {
	switch name {
	case "string":
		return "text in quotes"
	case "slice", "[]any":
		return `a list such as ["a", "b"]`
	case "int64", "integer", "float64", "float":
		return "a number"
	case "bool", "boolean":
		return "true or false"
	case "map", "map[string]any":
		return "a table"
	case "[]map[string]any":
		return "a list of tables"
	}
	return "something else"
}
