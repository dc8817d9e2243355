package wizard

import (
	"strings"
	"testing"
)

// order writes the names of a tick-list in a line, those that are off in brackets.
func order(a Answers) string {
	var out []string
	for _, c := range Expand(a, article) {
		if text := c.Name.Value; c.On {
			out = append(out, text)
		} else {
			out = append(out, "["+text+"]")
		}
	}
	return strings.Join(out, " ")
}

func TestATickListIsArrangedByHand(t *testing.T) {
	start := Answers{Typed: "a.org b.org", Worksheet: sheet("SMTP inside", "c.org b.org"), IncludeServerNetBIOSName: true}
	move := func(name string, by int) func(Answers) Answers {
		return func(a Answers) Answers { a, _ = a.Moved(article, name, by); return a }
	}
	for _, c := range []struct {
		name string
		do   []func(Answers) Answers
		want string
	}{
		{"as it is", nil, "a.org b.org c.org ex2007ee"},
		{"one up", []func(Answers) Answers{move("c.org", -1)}, "a.org c.org b.org ex2007ee"},
		{"what was included moves too", []func(Answers) Answers{move("ex2007ee", -1), move("ex2007ee", -1)}, "a.org ex2007ee b.org c.org"},
		{"nothing passes the common name", []func(Answers) Answers{move("b.org", -1), move("a.org", 1)}, "a.org b.org c.org ex2007ee"},
		{"nor the end", []func(Answers) Answers{move("ex2007ee", 1), move("nobody.org", 1)}, "a.org b.org c.org ex2007ee"},
		{"an off name keeps its place", []func(Answers) Answers{move("c.org", -1), func(a Answers) Answers { return a.SwitchedOff("C.org") }}, "a.org [c.org] b.org ex2007ee"},
		{"another common name comes first, the old one where it was put", []func(Answers) Answers{move("c.org", -1), func(a Answers) Answers { return a.SwitchedOff("b.org").Crowned("b.org") }}, "b.org a.org c.org ex2007ee"},
		{"a new name comes last", []func(Answers) Answers{move("c.org", -1), func(a Answers) Answers { a.Typed += " d.org"; return a }}, "a.org c.org b.org ex2007ee d.org"},
		{"taken out of the line and of every cell", []func(Answers) Answers{func(a Answers) Answers { return a.Without("B.ORG") }}, "a.org c.org ex2007ee"},
		{"the common name taken out: the next in order follows", []func(Answers) Answers{move("c.org", -1), func(a Answers) Answers { return a.Crowned("a.org").Without("a.org") }}, "c.org b.org ex2007ee"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := start
			for _, do := range c.do {
				a = do(a)
			}
			if got := order(a); got != c.want {
				t.Errorf("got %s\nwant %s", got, c.want)
			}
			reproduces(t, a, article)
		})
	}
	if got := order(start); got != "a.org b.org c.org ex2007ee" {
		t.Errorf("arranging changed the answers it began with: %s", got)
	}
}
