package drivers

import (
	"slices"
	"strings"
)

// block is a block of doveconf's output: every setting of the whole configuration in one form, one a line.
type block struct {
	head   string // "local_name a.example", "" for the whole
	values map[string]string
	blocks []*block
}

// parseDoveconf reads the output of doveconf.
func parseDoveconf(out string) *block {
	root := &block{values: map[string]string{}}
	stack := []*block{root}
	for _, s := range strings.Split(out, "\n") {
		s = strings.TrimSpace(s)
		top := stack[len(stack)-1]
		name, value, isSetting := strings.Cut(s, "=")
		switch {
		case s == "" || s[0] == '#':
		case s == "}":
			if len(stack) > 1 {
				stack = stack[:len(stack)-1]
			}
		case strings.HasSuffix(s, "{") && !(isSetting && !strings.ContainsAny(strings.TrimSpace(name), " \t")):
			b := &block{head: strings.TrimSpace(strings.TrimSuffix(s, "{")), values: map[string]string{}}
			top.blocks = append(top.blocks, b)
			stack = append(stack, b)
		case isSetting:
			top.values[strings.TrimSpace(name)] = unquote(strings.TrimSpace(value))
		}
	}
	return root
}

func unquote(s string) string {
	if len(s) >= 2 && s[0] == '"' && s[len(s)-1] == '"' {
		return strings.NewReplacer(`\"`, `"`, `\\`, `\`).Replace(s[1 : len(s)-1])
	}
	return s
}

func (b *block) get(name string) string { return b.values[name] }

func (b *block) child(head string) *block {
	for _, c := range b.blocks {
		if c.head == head {
			return c
		}
	}
	return nil
}

// walk visits the block and all conditions below it.
func (b *block) walk(f *dovecotFilter, visit func(*dovecotFilter, *block)) {
	visit(f, b)
	for _, c := range b.blocks {
		kind, value, _ := strings.Cut(c.head, " ")
		if n, ok := f.narrowed(kind, unquote(value)); ok {
			c.walk(n, visit)
		}
	}
}

// agree holds the files against what doveconf says is set, which decides. What stands in no line that was found is
// kept without a place, and lines that doveconf knows nothing of are none. It returns sentences about both.
func (s *dovecotSource) agree(root *block) (said []string) {
	confirmed := map[*assignment]bool{}
	root.walk(&dovecotFilter{}, func(f *dovecotFilter, b *block) {
		f = s.known(f, "")
		for _, name := range append([]string{"ssl"}, tlsSettings...) {
			value, ok := b.values[name]
			a := f.set[name]
			switch {
			case ok && (a == nil || !a.same(value)):
				if f != s.filters[0] || a != nil {
					said = append(said, "certdesk cannot find where "+name+" of "+f.place()+" is set, and leaves it alone")
				}
				f.set[name] = &assignment{name: name, raw: value, filter: f}
				confirmed[f.set[name]] = true
			case ok:
				confirmed[a] = true
			}
		}
	})
	for _, f := range s.filters {
		for name, a := range f.set {
			if !confirmed[a] {
				delete(f.set, name)
			}
		}
	}
	slices.Sort(said)
	return slices.Compact(said)
}

// same says whether doveconf's value is that of the line. What a variable stands for only Dovecot knows.
func (a *assignment) same(value string) bool {
	if strings.HasPrefix(a.raw, "$") {
		return true
	}
	clean := func(s string) string {
		return strings.Join(strings.Fields(strings.Replace(unquote(s), "<", "< ", 1)), " ")
	}
	return clean(a.raw) == clean(value)
}

const (
	sectionBegin = "# certdesk: begin "
	sectionEnd   = "# certdesk: end "
)

// addToSection adds to what stands between our marks for a use, or begins that section at the end; all other bytes
// stay.
func addToSection(text, use, body string) string {
	from := strings.Index("\n"+text, "\n"+sectionBegin+use+" ")
	if from >= 0 {
		if to := strings.Index(text[from:], "\n"+sectionEnd+use+"\n"); to >= 0 {
			at := from + to + 1
			return text[:at] + body + text[at:]
		}
	}
	if text != "" && !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	return text + sectionBegin + use + " (written by certdesk enable)\n" + body + sectionEnd + use + "\n"
}

// withoutProtocols takes the protocol blocks out of our own sections of a text.
func withoutProtocols(text string) string {
	var kept []string
	ours, inside := false, false
	for _, line := range strings.SplitAfter(text, "\n") {
		ours = (ours || strings.HasPrefix(line, sectionBegin)) && !strings.HasPrefix(line, sectionEnd)
		inside = inside || ours && strings.HasPrefix(line, "protocol ")
		if !inside {
			kept = append(kept, line)
		}
		inside = inside && strings.TrimRight(line, "\n") != "}"
	}
	return strings.Join(kept, "")
}

// inSection says whether a place of a text stands between our marks.
func inSection(text string, at int) bool {
	begin := strings.LastIndex("\n"+text[:at], "\n"+sectionBegin)
	return begin >= 0 && !slices.ContainsFunc(strings.Split(text[begin:at], "\n"), func(line string) bool {
		return strings.HasPrefix(line, sectionEnd)
	})
}
