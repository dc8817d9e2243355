package services

import (
	"path/filepath"
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

// walk visits the block and all filters below it.
func (b *block) walk(path place, visit func(place, *block)) {
	visit(path, b)
	for _, c := range b.blocks {
		if kind, _, _ := strings.Cut(c.head, " "); kind == "protocol" || kind == "local" || kind == "local_name" {
			c.walk(append(path[:len(path):len(path)], c.head), visit)
		}
	}
}

func (b *block) hasTLS() bool {
	for _, name := range tlsSettings {
		if _, ok := b.values[name]; ok {
			return true
		}
	}
	return false
}

// anyAlt says whether a second certificate is set anywhere, which a block would inherit.
func (b *block) anyAlt() bool {
	found := false
	b.walk(nil, func(_ place, c *block) { found = found || c.values["ssl_alt_cert"] != "" })
	return found
}

// pairs are the certificates of a block: what it does not set it has from outside.
func (b *block) pairs(outer []Installed) []Installed {
	all := [2]Installed{}
	copy(all[:], outer)
	for i, prefix := range []string{"ssl_", "ssl_alt_"} {
		if v, ok := b.values[prefix+"cert"]; ok {
			all[i].Cert = strings.TrimPrefix(v, "<")
		}
		if v, ok := b.values[prefix+"key"]; ok {
			all[i].Key = strings.TrimPrefix(v, "<")
		}
	}
	var set []Installed
	for _, p := range all {
		if p.Cert != "" {
			set = append(set, p)
		}
	}
	return set
}

const (
	sectionBegin = "# certdesk: begin "
	sectionEnd   = "# certdesk: end "
)

// setSection replaces what stands between our marks for a use, or adds it at the end; all other bytes stay.
func setSection(text, use, body string) string {
	body = sectionBegin + use + " (written by certdesk enable)\n" + body + sectionEnd + use + "\n"
	from := strings.Index("\n"+text, "\n"+sectionBegin+use+" ")
	if from >= 0 {
		end := "\n" + sectionEnd + use + "\n"
		if to := strings.Index(text[from:], end); to >= 0 {
			return text[:from] + body + text[from+to+len(end):]
		}
	}
	if text != "" && !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	return text + body
}

// includes says whether the text of a configuration includes a file.
func includes(text, dir, path string) bool {
	for _, s := range strings.Split(text, "\n") {
		words := strings.Fields(s)
		if len(words) < 2 || words[0] != "!include" && words[0] != "!include_try" {
			continue
		}
		pattern := unquote(words[1])
		if !filepath.IsAbs(pattern) {
			pattern = filepath.Join(dir, pattern)
		}
		if ok, _ := filepath.Match(pattern, path); ok {
			return true
		}
	}
	return false
}
