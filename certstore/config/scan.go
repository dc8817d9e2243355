package config

import (
	"slices"
	"strings"
)

// statement is a key with its value, or the header of a table, and where it stands in a text that is known to be TOML.
type statement struct {
	table    []string // whose header it stands below; nil for the top
	path     []string // the whole key; of a header the table's
	block    int      // which of several tables of that name it stands in, from 0
	header   bool
	inline   bool // it is part of a table in braces
	from, to int  // its lines, with the end of the last one
	key      int  // where the key begins
	value    span // of a header: empty
}

// span is a part of a text.
type span struct{ from, to int }

// scanner walks a text that the decoder has accepted. It knows where strings, comments and brackets end, and nothing
// else of TOML: what comes of an edit is decoded again and compared.
type scanner struct {
	text   string
	at     int
	table  []string
	block  int
	blocks map[string]int // how many headers of [[name]] there were
	list   []statement
}

// statements are those of a text, in its order.
func statements(text string) []statement {
	s := &scanner{text: text, blocks: map[string]int{}}
	for s.blanks("\t \r\n"); s.at < len(text); s.blanks("\t \r\n") {
		switch s.peek() {
		case '#':
			s.comment()
		case '[':
			s.header()
		default:
			s.pair(nil, false)
		}
	}
	return s.list
}

func (s *scanner) peek() byte {
	if s.at < len(s.text) {
		return s.text[s.at]
	}
	return 0
}

// lineStart is where the line begins that a place is in.
func lineStart(text string, at int) int { return strings.LastIndexByte(text[:at], '\n') + 1 }

// lineEnd is behind the line that a place is in, its line end included.
func lineEnd(text string, at int) int {
	if n := strings.IndexByte(text[at:], '\n'); n >= 0 {
		return at + n + 1
	}
	return len(text)
}

// blanks goes on to the first byte that is none of these.
func (s *scanner) blanks(set string) {
	for s.at < len(s.text) && strings.IndexByte(set, s.text[s.at]) >= 0 {
		s.at++
	}
}

// between goes over what may stand between the values of a list.
func (s *scanner) between() {
	for s.blanks("\t \r\n,"); s.peek() == '#'; s.blanks("\t \r\n,") {
		s.comment()
	}
}

func (s *scanner) comment() { s.at = lineEnd(s.text, s.at) }

func (s *scanner) header() {
	from := s.at
	s.blanks("[")
	several := s.at-from > 1
	s.table = s.key()
	s.block = 0
	if name := strings.Join(s.table, "."); several {
		s.block = s.blocks[name]
		s.blocks[name]++
	} else if above := s.table[0]; s.blocks[above] > 0 {
		s.block = s.blocks[above] - 1
	}
	s.at = lineEnd(s.text, s.at)
	s.list = append(s.list, statement{table: s.table, path: s.table, block: s.block, header: true,
		from: lineStart(s.text, from), to: s.at, key: from, value: span{s.at, s.at}})
}

// pair reads a key and its value; above is the key of the table in braces that it is in.
func (s *scanner) pair(above []string, inline bool) {
	from := s.at
	path := slices.Concat(s.table, above, s.key())
	s.blanks("\t =")
	n := len(s.list)
	s.list = append(s.list, statement{table: s.table, path: path, block: s.block, inline: inline, key: from})
	value := s.at
	s.value(path[len(s.table):])
	st := &s.list[n]
	st.value = span{value, s.at}
	st.from, st.to = lineStart(s.text, from), lineEnd(s.text, s.at)
	if !inline {
		s.at = st.to
	}
}

// key reads a dotted key.
func (s *scanner) key() (path []string) {
	for {
		s.blanks("\t ")
		from := s.at
		switch q := s.peek(); q {
		case '"', '\'':
			s.quoted()
			path = append(path, s.text[from+1:max(from+1, s.at-1)])
		default:
			for s.at < len(s.text) && strings.IndexByte("\t .=]#\r\n", s.text[s.at]) < 0 {
				s.at++
			}
			path = append(path, s.text[from:s.at])
		}
		s.blanks("\t ")
		if s.peek() != '.' {
			return path
		}
		s.at++
	}
}

// value goes behind a value; path is its key, for what is in a table in braces.
func (s *scanner) value(path []string) {
	switch s.peek() {
	case '"', '\'':
		s.quoted()
	case '[':
		s.at++
		for s.between(); s.at < len(s.text) && s.peek() != ']'; s.between() {
			s.value(nil)
		}
		s.at = min(s.at+1, len(s.text))
	case '{':
		s.braces(path)
	default:
		from := s.at
		for s.at < len(s.text) && strings.IndexByte("\t ,]}#\r\n", s.text[s.at]) < 0 {
			s.at++
		}
		if s.at == from {
			s.at = min(s.at+1, len(s.text)) // no TOML: never stand still
		}
	}
}

// braces goes behind a table in braces. Its keys are statements too, unless it is a value of a list.
func (s *scanner) braces(path []string) {
	known := len(s.list)
	s.at++
	for s.between(); s.at < len(s.text) && s.peek() != '}'; s.between() {
		at := s.at
		s.pair(path, true)
		s.at = max(s.at, at+1)
	}
	s.at = min(s.at+1, len(s.text))
	if path == nil {
		s.list = s.list[:known]
	}
}

// quoted goes behind a string of any of the four kinds.
func (s *scanner) quoted() {
	quote := s.text[s.at : s.at+1]
	if triple := strings.Repeat(quote, 3); strings.HasPrefix(s.text[s.at:], triple) {
		quote = triple
	}
	for s.at += len(quote); s.at < len(s.text) && !strings.HasPrefix(s.text[s.at:], quote); s.at++ {
		if quote[0] == '"' && s.text[s.at] == '\\' {
			s.at++
		}
	}
	s.at = min(s.at+len(quote), len(s.text))
	for len(quote) == 3 && s.peek() == quote[0] { // up to two quotes may stand before the three that end it
		s.at++
	}
}

// values are the parts of a list; value is where the list stands.
func values(text string, value span) (list []span) {
	s := &scanner{text: text[:value.to], at: value.from + 1}
	for s.between(); s.at < value.to-1; s.between() {
		from := s.at
		s.value(nil)
		list = append(list, span{from, s.at})
	}
	return list
}
