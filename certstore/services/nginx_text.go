package services

import (
	"path/filepath"
	"sort"
	"strings"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

// nginxNode is a directive of nginx's configuration, with its block if it has one.
type nginxNode struct {
	name           string
	args           []string
	children       []*nginxNode
	path           string // the file it stands in
	line           int
	from, to       int // the whole of it, with its semicolon or block
	argFrom, argTo int // its first argument
	inside         int // behind the block's opening brace
}

func (d *nginxNode) arg(i int) string {
	if i < len(d.args) {
		return d.args[i]
	}
	return ""
}

// same says whether two nodes are one place of a file: a file that is included twice is parsed twice.
func (d *nginxNode) same(o *nginxNode) bool { return d.path == o.path && d.from == o.from }

// named lists the directives of a name in a block.
func (d *nginxNode) named(name string) []*nginxNode {
	var all []*nginxNode
	for _, c := range d.children {
		if c.name == name {
			all = append(all, c)
		}
	}
	return all
}

// value is the first argument of a directive in the block, "" if it is not there.
func (d *nginxNode) value(name string) string {
	for _, c := range d.named(name) {
		return c.arg(0)
	}
	return ""
}

// words are all arguments of all directives of a name.
func (d *nginxNode) words(name string) []string {
	var all []string
	for _, c := range d.named(name) {
		all = append(all, c.args...)
	}
	return all
}

const (
	maxIncludes = 2000 // files, and directives that lead to them
	maxDepth    = 16   // includes in includes, blocks in blocks are few
)

// load reads a configuration with all that it includes.
func (n *nginxConf) load(path string) (*nginxNode, error) {
	root := &nginxNode{path: path}
	left := maxIncludes
	return root, n.include(root, path, 0, &left)
}

func (n *nginxConf) include(into *nginxNode, path string, depth int, left *int) error {
	if *left--; *left < 0 || depth > maxDepth {
		return fail.New(fail.LimitExceeded, "look for a file that includes itself", "the configuration of nginx includes too many files")
	}
	text, ok := n.texts.was[path]
	if !ok {
		data, err := readFile(path)
		if err != nil {
			return cannot("read", path, err)
		}
		text = string(data)
		n.texts.was[path] = text
	}
	nodes, err := parseNginx(path, text)
	if err != nil {
		return err
	}
	return n.resolve(into, nodes, depth, left)
}

// resolve puts included directives where they are included, as nginx does.
func (n *nginxConf) resolve(into *nginxNode, nodes []*nginxNode, depth int, left *int) error {
	for _, d := range nodes {
		if d.name != "include" {
			inner := d.children
			d.children = nil
			if err := n.resolve(d, inner, depth, left); err != nil {
				return err
			}
			into.children = append(into.children, d)
			continue
		}
		paths, err := filepath.Glob(n.abs(d.arg(0)))
		if err != nil || len(paths) == 0 {
			continue // nginx -t complains of a file that is missing; a pattern may match none
		}
		sort.Strings(paths)
		for _, p := range paths {
			if err := n.include(into, p, depth+1, left); err != nil {
				return err
			}
		}
	}
	return nil
}

// nginxToken is a word, or one of ; { }.
type nginxToken struct {
	text     string
	sign     byte // ; { } or 0 for a word
	from, to int
	line     int
}

// parseNginx reads one file.
func parseNginx(path, text string) ([]*nginxNode, error) {
	root := &nginxNode{}
	stack := []*nginxNode{root}
	var words []nginxToken
	for s := (nginxScanner{text: text, line: 1}); ; {
		t, ok := s.next()
		if !ok {
			break
		}
		top := stack[len(stack)-1]
		switch {
		case t.sign == 0:
			words = append(words, t)
		case t.sign == '}':
			if len(stack) == 1 {
				return nil, badNginx(path, t.line)
			}
			top.to = t.to
			stack, words = stack[:len(stack)-1], nil
		case len(words) == 0:
			if t.sign == '{' {
				return nil, badNginx(path, t.line)
			}
		default:
			d := nodeOf(path, words, t)
			top.children = append(top.children, d)
			if words = nil; t.sign == '{' {
				stack = append(stack, d)
			}
		}
		if len(stack) > maxDepth {
			return nil, badNginx(path, t.line)
		}
	}
	if len(stack) > 1 || len(words) > 0 {
		return nil, badNginx(path, strings.Count(text, "\n")+1)
	}
	return root.children, nil
}

func nodeOf(path string, words []nginxToken, end nginxToken) *nginxNode {
	d := &nginxNode{name: words[0].text, path: path, line: words[0].line, from: words[0].from, to: end.to, inside: end.to}
	for _, w := range words[1:] {
		d.args = append(d.args, w.text)
	}
	if len(words) > 1 {
		d.argFrom, d.argTo = words[1].from, words[1].to
	}
	return d
}

func badNginx(path string, line int) error {
	return fail.New(fail.Failed, "nginx -t says more", "%s, line %d: this is not how nginx is configured", printable.Text(path), line)
}

// nginxScanner splits a text into tokens.
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
		t.text = s.quoted(c)
	default:
		t.text = s.bare()
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
			for s.at < len(s.text) && s.text[s.at] != '\n' {
				s.at++
			}
		default:
			return
		}
	}
}

func (s *nginxScanner) quoted(quote byte) string {
	var b strings.Builder
	for s.at++; s.at < len(s.text); s.at++ {
		c := s.text[s.at]
		if c == '\n' {
			s.line++
		}
		if c == quote {
			s.at++
			break
		}
		if c == '\\' && s.at+1 < len(s.text) && (s.text[s.at+1] == quote || s.text[s.at+1] == '\\') {
			s.at++
			c = s.text[s.at]
		}
		b.WriteByte(c)
	}
	return b.String()
}

// bare is a word without quotes; ${ begins a variable, not a block.
func (s *nginxScanner) bare() string {
	from := s.at
	for s.at < len(s.text) {
		switch c := s.text[s.at]; {
		case c == '$' && strings.HasPrefix(s.text[s.at:], "${"):
			if end := strings.IndexByte(s.text[s.at:], '}'); end > 0 {
				s.at += end
			}
		case c == '\\' && s.at+1 < len(s.text) && s.text[s.at+1] != '\n':
			s.at++
		case strings.IndexByte(" \t\r\n;{}", c) >= 0:
			return s.text[from:s.at]
		}
		s.at++
	}
	s.at = min(s.at, len(s.text))
	return s.text[from:s.at]
}
