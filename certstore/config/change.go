package config

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

// Change gives one setting another value.
type Change struct {
	Table string // "" for the top of the file; accepted_domains, accepted_domains.ldap, or one of manyOf
	At    int    // which of several tables, from 0; as many as there are: a new one
	Key   string // "": the table as a whole, which goes; "dns.server" for a table within
	Value any    // a string, a bool, an int64 or a []string; nil: the key goes, and its default holds
}

// manyOf are the tables of which there may be more than one.
var manyOf = []string{"service", "filter", "acme", "notify"}

func (c Change) several() bool { return IsOneOfMany(c.Table) }

// IsOneOfMany says whether there may be more than one table of a name.
func IsOneOfMany(table string) bool { return slices.Contains(manyOf, table) }

// path is the whole key.
func (c Change) path() (path []string) {
	if c.Table != "" {
		path = strings.Split(c.Table, ".")
	}
	if c.Key != "" {
		path = append(path, strings.Split(c.Key, ".")...)
	}
	return path
}

// tables is the table that the key stands in.
func (c Change) tables() []string {
	path := c.path()
	if c.Key == "" {
		return path
	}
	return path[:len(path)-1]
}

// Name is what is changed, as people call it: "accepted_domains.names", "service 2, listen".
func (c Change) Name() string {
	if !c.several() {
		return strings.Join(c.path(), ".")
	}
	name := fmt.Sprintf("%s %d", c.Table, c.At+1)
	if c.Key != "" {
		name += ", " + c.Key
	}
	return name
}

// changed is a text after changes, which decodes to what the text before decodes to, with these changes and no other.
func changed(text string, changes []Change) (string, error) {
	tree, err := decodeTree(text)
	if err != nil {
		return "", err
	}
	after := text
	for _, c := range changes {
		if err := c.apply(tree); err != nil {
			return "", err
		}
		after = c.edit(after)
	}
	got, err := decodeTree(after)
	if err != nil || !reflect.DeepEqual(got, tree) {
		return "", byHand(changes[0])
	}
	return after, nil
}

// byHand refuses a change of what is written in a form that is not edited, such as services in braces.
func byHand(c Change) error {
	return fail.New(fail.UnsupportedFormat, "change it with an editor; certdesk reads the file anew when it starts",
		"%s is written in a form that is read, but cannot be changed from here", printable.Text(c.Name()))
}

func decodeTree(text string) (map[string]any, error) {
	tree := map[string]any{}
	_, err := toml.Decode(text, &tree)
	return tree, err
}

// apply makes the change in a decoded text: what an edit of the text is held against.
func (c Change) apply(tree map[string]any) error {
	if c.several() {
		return c.applySeveral(tree)
	}
	for _, name := range c.tables() {
		next, ok := tree[name].(map[string]any)
		if !ok && tree[name] != nil {
			return byHand(c)
		}
		if !ok && c.Value == nil {
			return nil
		}
		if !ok {
			next = map[string]any{}
			tree[name] = next
		}
		tree = next
	}
	c.put(tree)
	return nil
}

func (c Change) applySeveral(tree map[string]any) error {
	list, ok := tree[c.Table].([]map[string]any)
	if !ok && tree[c.Table] != nil || c.At < 0 || c.At > len(list) {
		return byHand(c)
	}
	switch {
	case c.At == len(list) && c.Value == nil:
		return nil
	case c.At == len(list):
		list = append(slices.Clone(list), map[string]any{})
	case c.Key == "":
		list = slices.Delete(slices.Clone(list), c.At, c.At+1)
	}
	if tree[c.Table] = list; len(list) == 0 {
		delete(tree, c.Table)
	}
	if c.Key != "" {
		list[c.At] = maps.Clone(list[c.At])
		c.put(list[c.At])
	}
	return nil
}

func (c Change) put(table map[string]any) {
	key := c.Key
	if within, rest, is := strings.Cut(c.Key, "."); is {
		c.putWithin(table, within, rest)
		return
	}
	switch v := c.Value.(type) {
	case nil:
		delete(table, key)
	case []string:
		list := make([]any, len(v))
		for i := range v {
			list[i] = v[i]
		}
		table[key] = list
	default:
		table[key] = v
	}
}

// putWithin makes the change in a table of the table, which comes with its first key and goes with its last.
func (c Change) putWithin(table map[string]any, within, key string) {
	inner, _ := table[within].(map[string]any)
	had := len(inner)
	inner = maps.Clone(inner)
	if inner == nil {
		inner = map[string]any{}
	}
	c.Key = key
	c.put(inner)
	if len(inner) == 0 && (had > 0 || table[within] == nil) {
		delete(table, within)
		return
	}
	table[within] = inner
}

// written is a value as the file holds it.
func written(value any) string {
	switch v := value.(type) {
	case string:
		return quote(v)
	case []string:
		list := make([]string, len(v))
		for i := range v {
			list[i] = quote(v[i])
		}
		return "[" + strings.Join(list, ", ") + "]"
	}
	return fmt.Sprint(value)
}

// quote writes text as TOML has it, which knows fewer escapes than Go.
func quote(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < ' ' || r == 0x7f:
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
