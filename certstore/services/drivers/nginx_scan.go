package drivers

import "strings"

// nginxToken is a word, or one of ; { }.
type nginxToken struct {
	text     string
	sign     byte // ; { } or 0 for a word
	from, to int
	line     int
}

// nginxScanner splits a text into tokens as nginx does (ngx_conf_read_token).
type nginxScanner struct {
	text string
	at   int
	line int
}

func (s *nginxScanner) next() (nginxToken, bool) {
	s.skip()
	if s.at >= len(s.text) {
		return nginxToken{}, false
	}
	t := nginxToken{from: s.at, line: s.line}
	switch c := s.text[s.at]; c {
	case ';', '{', '}':
		s.at++
		t.sign = c
	case '"', '\'':
		t.text = unescape(s.quoted(c))
	default:
		t.text = unescape(s.bare())
	}
	t.to = s.at
	return t, true
}

// skip passes over blank space and comments.
func (s *nginxScanner) skip() {
	for s.at < len(s.text) {
		switch s.text[s.at] {
		case '\n':
			s.line++
			s.at++
		case ' ', '\t', '\r':
			s.at++
		case '#':
			s.skipTo("\n", false)
		default:
			return
		}
	}
}

// skipTo goes to the next end, or behind it, and says whether there is one.
func (s *nginxScanner) skipTo(end string, behind bool) bool {
	i := strings.Index(s.text[s.at:], end)
	if i < 0 {
		s.line += strings.Count(s.text[s.at:], "\n")
		s.at = len(s.text)
		return false
	}
	if behind {
		i += len(end)
	}
	s.line += strings.Count(s.text[s.at:s.at+i], "\n")
	s.at += i
	return true
}

// quoted gives what is between quotes; a backslash takes its meaning from the character behind it.
func (s *nginxScanner) quoted(quote byte) string {
	from := s.at + 1
	for s.at++; s.at < len(s.text); s.at++ {
		switch s.text[s.at] {
		case '\n':
			s.line++
		case '\\':
			if s.at+1 < len(s.text) && s.text[s.at+1] == '\n' {
				s.line++
			}
			s.at++
		case quote:
			s.at++
			return s.text[from : s.at-1]
		}
	}
	s.at = len(s.text)
	return s.text[min(from, s.at):]
}

// bare is a word without quotes: blank space, ; and { end it, but for the brace of ${. A closing brace is a part of it.
func (s *nginxScanner) bare() string {
	from := s.at
	for s.at < len(s.text) {
		c := s.text[s.at]
		switch {
		case c == '$' && strings.HasPrefix(s.text[s.at:], "${"):
			s.at++
		case c == '\\' && s.at+1 < len(s.text) && s.text[s.at+1] != '\n':
			s.at++
		case strings.IndexByte(" \t\r\n;{", c) >= 0:
			return s.text[from:s.at]
		}
		s.at++
	}
	s.at = min(s.at, len(s.text))
	return s.text[from:s.at]
}

var nginxEscapes = strings.NewReplacer(`\"`, `"`, `\'`, `'`, `\\`, `\`, `\t`, "\t", `\r`, "\r", `\n`, "\n")

func unescape(word string) string { return nginxEscapes.Replace(word) }

// luaBlock ends the names of the directives whose block is Lua.
const luaBlock = "_by_lua_block"

// lua passes over a block of Lua up to its closing brace: braces in Lua's strings and comments are none.
func (s *nginxScanner) lua() bool {
	for depth := 1; s.at < len(s.text); {
		rest := s.text[s.at:]
		c := rest[0]
		switch {
		case c == '\n':
			s.line++
			s.at++
		case strings.HasPrefix(rest, "--") && longBracket(rest[2:]) != "":
			s.skipTo(longBracket(rest[2:]), true)
		case strings.HasPrefix(rest, "--"):
			s.skipTo("\n", false)
		case longBracket(rest) != "":
			s.skipTo(longBracket(rest), true)
		case c == '"' || c == '\'':
			s.quoted(c)
		case c == '{':
			depth++
			s.at++
		case c == '}':
			s.at++
			if depth--; depth == 0 {
				return true
			}
		default:
			s.at++
		}
	}
	return false
}

// longBracket gives what ends a text that begins with [[ or [=[, "" for another.
func longBracket(text string) string {
	level := 0
	for strings.HasPrefix(text[min(1+level, len(text)):], "=") {
		level++
	}
	equals := strings.Repeat("=", level)
	if !strings.HasPrefix(text, "["+equals+"[") {
		return ""
	}
	return "]" + equals + "]"
}
