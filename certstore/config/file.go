package config

import (
	"errors"
	"io/fs"
	"strings"

	"certdesk/certstore/fail"
	"certdesk/certstore/guard"
	"certdesk/certstore/printable"
)

// File is the configuration file as it was read.
type File struct {
	Path   string // as it was named, or DefaultPath
	Exists bool
	Config Config

	text string // without its byte order mark
	mark string // that one, or ""
	list []statement
	tree map[string]any
}

// byteOrderMark is what some editors begin a file with.
const byteOrderMark = "\ufeff"

// Read reads the file at path with where each value stands; "" means DefaultPath. It may be missing: what is to be
// saved makes it.
// Errors: those of Load.
func Read(path string) (File, error) {
	f := File{Path: path}
	if path == "" {
		f.Path = DefaultPath
	}
	raw, err := read(f.Path)
	if errors.Is(err, fs.ErrNotExist) {
		return f, nil
	}
	if err != nil {
		return f, refusal(f.Path, err)
	}
	if err := guard.File("the configuration", f.Path); err != nil {
		return f, err
	}
	return f, f.take(raw)
}

// take understands what was read.
func (f *File) take(raw string) (err error) {
	f.Exists = true
	f.text = strings.TrimPrefix(raw, byteOrderMark)
	f.mark = raw[:len(raw)-len(f.text)]
	if f.Config, err = decode(f.text); err != nil {
		return fail.New(fail.InvalidConfig, "correct the file; the README lists every key",
			"configuration %s: %s", printable.Text(f.Path), plain(err, f.text))
	}
	f.list = statements(f.text)
	if f.tree, err = decodeTree(f.text); err != nil {
		return err
	}
	return f.Config.obeyed()
}

// Value is a setting as the file has it: a string, a bool, an int64 or a []string; nil where it does not.
func (f File) Value(c Change) any {
	table := f.tree
	if c.several() {
		list, _ := f.tree[c.Table].([]map[string]any)
		if c.At >= len(list) {
			return nil
		}
		table = list[c.At]
	} else {
		for _, name := range c.tables() {
			table, _ = table[name].(map[string]any)
		}
	}
	key := c.Key
	if within, rest, is := strings.Cut(key, "."); is {
		table, _ = table[within].(map[string]any)
		key = rest
	}
	list, ok := table[key].([]any)
	if !ok {
		return table[key]
	}
	texts := make([]string, len(list))
	for i := range list {
		texts[i], _ = list[i].(string)
	}
	return texts
}

// Line is where a setting stands in the file, counted from 1; 0: it does not. With no key it is that of a service's or
// a filter's header. Change's value does not count.
func (f File) Line(c Change) int {
	for _, st := range f.list {
		if c.is(st) || c.Key == "" && st.header && st.path[0] == c.Table && c.inBlock(st) {
			return 1 + strings.Count(f.text[:st.key], "\n")
		}
	}
	return 0
}

// written is a setting as it stands in the file, "" where it does not; what is secret is left out.
func (f File) written(c Change) string {
	var parts []string
	for _, st := range f.list {
		value := strings.TrimSpace(f.text[st.value.from:st.value.to])
		if c.Table != "" && isSecret(c.Table, st.path[len(st.path)-1]) {
			value = hidden(value)
		}
		switch {
		case c.is(st):
			return value
		case c.Key == "" && !st.header && st.path[0] == c.Table && c.inBlock(st):
			parts = append(parts, strings.Join(st.path[1:], ".")+" = "+value)
		}
	}
	return strings.Join(parts, ", ")
}
