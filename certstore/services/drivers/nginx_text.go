package drivers

import (
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
	from, to       int       // the whole of it, with its semicolon or opening brace
	argFrom, argTo int       // its first argument
	inside         int       // behind the block's opening brace
	route          []brought // the includes that lead to its file
}

func (d *nginxNode) arg(i int) string {
	if i < len(d.args) {
		return d.args[i]
	}
	return ""
}

// same says whether two nodes are one place of a file: a file that is included twice is parsed twice.
func (d *nginxNode) same(o *nginxNode) bool { return d.path == o.path && d.from == o.from }

func (d *nginxNode) directive() directive {
	return directive{
		path: d.path, line: d.line, from: d.from, to: d.to, valueFrom: d.argFrom, valueTo: d.argTo, value: d.arg(0),
	}
}

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

func (d *nginxNode) walk(do func(*nginxNode)) {
	for _, c := range d.children {
		do(c)
		c.walk(do)
	}
}

// parseNginx reads one file.
func parseNginx(path, text string) ([]*nginxNode, error) {
	p := &nginxParser{path: path, scan: nginxScanner{text: text, line: 1}, stack: []*nginxNode{{}}}
	for {
		t, ok := p.scan.next()
		switch {
		case !ok && len(p.stack) == 1 && len(p.words) == 0:
			return p.stack[0].children, nil
		case !ok || !p.take(t) || len(p.stack) > maxDepth:
			return nil, badNginx(path, p.scan.line)
		}
	}
}

type nginxParser struct {
	path  string
	scan  nginxScanner
	stack []*nginxNode // the blocks that are open
	words []nginxToken // of the directive that is not complete
}

// take adds a token, and says whether it may stand there.
func (p *nginxParser) take(t nginxToken) bool {
	switch {
	case t.sign == 0:
		p.words = append(p.words, t)
		return true
	case t.sign == '}':
		return p.close(t)
	case len(p.words) == 0:
		return t.sign == ';'
	}
	top := p.stack[len(p.stack)-1]
	d := nodeOf(p.path, p.words, t)
	top.children, p.words = append(top.children, d), nil
	switch {
	case t.sign == '{' && strings.HasSuffix(d.name, luaBlock):
		ok := p.scan.lua()
		d.to = p.scan.at
		return ok
	case t.sign == '{':
		p.stack = append(p.stack, d)
	}
	return true
}

func (p *nginxParser) close(t nginxToken) bool {
	if len(p.stack) == 1 {
		return false
	}
	p.stack[len(p.stack)-1].to = t.to
	p.stack, p.words = p.stack[:len(p.stack)-1], nil
	return true
}

func nodeOf(path string, words []nginxToken, end nginxToken) *nginxNode {
	first := words[0]
	d := &nginxNode{name: first.text, path: path, line: first.line, from: first.from, to: end.to, inside: end.to}
	for _, w := range words[1:] {
		d.args = append(d.args, w.text)
	}
	if len(words) > 1 {
		d.argFrom, d.argTo = words[1].from, words[1].to
	}
	return d
}

func badNginx(path string, line int) error {
	return fail.New(fail.Failed, "`nginx -t` says more",
		"%s, line %d: this is not valid configuration of nginx", printable.Text(path), line)
}

// quotable is how nginx and Apache write what stands between double quotes.
var quotable = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

// nginxWord writes a value as one argument.
func nginxWord(value string) string {
	if strings.ContainsAny(value, " \t;{}'\"#\\") {
		return `"` + quotable.Replace(value) + `"`
	}
	return value
}
