// Package exchangetest reads commands as PowerShell does, by its documented rules (about_Parsing, about_Quoting_Rules,
// about_Line_Editing), as far as commands that certdesk shows use them, and says which cmdlet would get what. What
// it does not know is an error, never a guess.
package exchangetest

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// A reader reads a script and runs it as it goes. It panics with a fault.
type reader struct {
	text []rune
	at   int
	vars map[string]any
	run  *Run
}

type fault string

func (r *reader) fail(format string, args ...any) {
	panic(fault(fmt.Sprintf(format, args...) + " at: " + string(r.text[min(r.at, len(r.text)):])))
}

func (r *reader) peek(n int) rune {
	if r.at+n >= len(r.text) {
		return 0
	}
	return r.text[r.at+n]
}

func (r *reader) accept(c rune) bool {
	if r.peek(0) != c {
		return false
	}
	r.at++
	return true
}

func (r *reader) expect(c rune) {
	if !r.accept(c) {
		r.fail("no %c", c)
	}
}

// blanks skips blanks, and line ends behind a backtick; with lines set every line end.
func (r *reader) blanks(lines bool) {
	for {
		switch c := r.peek(0); {
		case c == ' ' || c == '\t' || lines && c == '\n':
			r.at++
		case c == '`' && r.peek(1) == '\n':
			r.at += 2
		default:
			return
		}
	}
}

func isSingle(c rune) bool { return c == '\'' || c >= '\u2018' && c <= '\u201b' }

func isDouble(c rune) bool { return c == '"' || c >= '\u201c' && c <= '\u201e' }

// verbatim is a string in single quotes: any of the five ends it, two of them are one.
func (r *reader) verbatim() string {
	var b strings.Builder
	for r.at++; ; r.at++ {
		c := r.peek(0)
		switch {
		case r.at >= len(r.text):
			r.fail("a string without end")
		case isSingle(c) && isSingle(r.peek(1)):
			r.at++
			b.WriteRune(r.peek(0))
		case isSingle(c):
			r.at++
			return b.String()
		default:
			b.WriteRune(c)
		}
	}
}

func (r *reader) name() string {
	start := r.at
	for c := r.peek(0); unicode.IsLetter(c) || unicode.IsDigit(c) || c == '_'; c = r.peek(0) {
		r.at++
	}
	if r.at == start {
		r.fail("no name")
	}
	return string(r.text[start:r.at])
}

// member follows a value: .FileData
func (r *reader) member(v any) any {
	for r.peek(0) == '.' {
		r.at++
		name := r.name()
		object, ok := v.(Object)
		if !ok || name != "FileData" {
			r.fail("%v has no %s", v, name)
		}
		v = Bytes{Of: object.Cmdlet}
	}
	return v
}

func (r *reader) variable() any {
	r.expect('$')
	name := r.name()
	v, ok := r.vars[name]
	if !ok {
		r.fail("no variable %s", name)
	}
	return r.member(v)
}

// group is what stands in brackets: an expression where it begins like one, else a command.
func (r *reader) group() any {
	r.expect('(')
	r.blanks(true)
	var v any
	if c := r.peek(0); isSingle(c) || c == '$' || c == '[' || c == '(' {
		v = r.expression()
	} else {
		v = r.pipeline()
	}
	r.blanks(true)
	r.expect(')')
	return r.member(v)
}

// expression is a sum of operands; it goes on in the next line behind a plus.
func (r *reader) expression() any {
	v := r.operand()
	for r.blanks(false); r.accept('+'); r.blanks(false) {
		r.blanks(true)
		left, ok := v.(string)
		right, also := r.operand().(string)
		if !ok || !also {
			r.fail("a sum of what are no strings")
		}
		v = left + right
	}
	return v
}

func (r *reader) operand() any {
	switch c := r.peek(0); {
	case isSingle(c):
		return r.verbatim()
	case c == '$':
		return r.variable()
	case c == '(':
		return r.group()
	case c == '[':
		return r.method()
	}
	r.fail("no operand")
	return nil
}

// method calls a method of .NET: [System.IO.File]::ReadAllBytes(...)
func (r *reader) method() any {
	start := r.at
	for c := r.peek(0); unicode.IsLetter(c) || strings.ContainsRune("[].:", c); c = r.peek(0) {
		r.at++
	}
	name := string(r.text[start:r.at])
	r.expect('(')
	var args []any
	for {
		r.blanks(true)
		args = append(args, r.expression())
		r.blanks(true)
		if !r.accept(',') {
			break
		}
	}
	r.expect(')')
	v, err := r.run.method(name, args)
	if err != nil {
		r.fail("%v", err)
	}
	return v
}

// pipeline runs commands, each with what the one before gave.
func (r *reader) pipeline() any {
	v := r.command(nil)
	for r.blanks(false); r.accept('|'); r.blanks(false) {
		r.blanks(true)
		v = r.command(v)
	}
	return v
}

func (r *reader) command(piped any) any {
	name := r.word()
	c := Call{Name: name, Params: map[string]any{}, Piped: piped}
	pending := ""
	for r.blanks(false); !r.ends(); r.blanks(false) {
		if r.peek(0) == '-' && unicode.IsLetter(r.peek(1)) {
			r.at++
			if pending = r.name(); c.Params[pending] != nil {
				r.fail("%s is given twice", pending)
			}
			if c.Params[pending] = Switch(true); valueless[pending] {
				pending = ""
			}
			continue
		}
		v := r.arguments()
		if pending != "" {
			c.Params[pending] = v
		} else {
			c.Args = append(c.Args, v)
		}
		pending = ""
	}
	v, err := r.run.cmdlet(c)
	if err != nil {
		r.fail("%v", err)
	}
	return v
}

// ends says that a command ends here.
func (r *reader) ends() bool {
	return r.at >= len(r.text) || strings.ContainsRune("\n|;)", r.peek(0))
}

// arguments is one argument, or several with commas between: an array.
func (r *reader) arguments() any {
	list := []any{r.argument()}
	for r.blanks(false); r.accept(','); r.blanks(false) {
		r.blanks(true)
		list = append(list, r.argument())
	}
	if len(list) == 1 {
		return list[0]
	}
	return list
}

func (r *reader) argument() (v any) {
	switch c := r.peek(0); {
	case isSingle(c):
		v = r.verbatim()
	case c == '(':
		v = r.group()
	case c == '$':
		v = r.variable()
	default:
		return numberOrText(r.word())
	}
	if c := r.peek(0); !r.ends() && c != ' ' && c != ',' && c != '`' {
		r.fail("an argument goes on behind its end")
	}
	return v
}

// numberOrText is how a bare word is taken: what looks like a number is one.
func numberOrText(word string) any {
	if n, err := strconv.Atoi(word); err == nil {
		return n
	}
	return word
}

// word is a bare word of argument mode: nothing in it is special.
func (r *reader) word() string {
	start := r.at
	for c := r.peek(0); r.at < len(r.text) && !strings.ContainsRune(" \t\n,|;()", c); c = r.peek(0) {
		if strings.ContainsRune("$`\"&<>{}*?", c) || isSingle(c) || isDouble(c) ||
			r.at == start && strings.ContainsRune("@#~[%!+=", c) || c > unicode.MaxASCII {
			r.fail("a bare %c", c)
		}
		r.at++
	}
	if r.at == start {
		r.fail("no word")
	}
	return string(r.text[start:r.at])
}

// statement is one line, or more where it goes on.
func (r *reader) statement() {
	switch c := r.peek(0); {
	case c == '#':
		for r.at < len(r.text) && r.peek(0) != '\n' {
			r.at++
		}
	case c == '$':
		r.at++
		name := r.name()
		r.blanks(false)
		r.expect('=')
		r.blanks(true)
		r.vars[name] = r.pipeline()
	case c == '[' || c == '(':
		r.expression()
	default:
		r.pipeline()
	}
}
