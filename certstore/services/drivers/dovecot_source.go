package drivers

import (
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"sort"
	"strconv"
	"strings"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
	"certdesk/certstore/services/daemon"
)

// dovecotSource is a configuration as its files have it: doveconf says what is set, and not where it stands.
type dovecotSource struct {
	config  string
	one     onePath           // links to one file
	texts   map[string]string // of each file
	order   []string          // the files, as they are first read
	filters []*dovecotFilter  // as Dovecot first meets them
	byKey   map[string]*dovecotFilter
	byName  map[string][]*dovecotFilter // those for just these names
	broad   []*dovecotFilter            // those for any name, or with a wildcard
	named   []string                    // all files it names, whatever for
	flat    strings.Builder             // the whole of it as one text

	planned map[string]string // stands in for files, and for those that are not there yet
	open    []string          // the files being read
	stack   []*dovecotFilter  // the sections being read; nil for one that is no condition
}

// readDovecot reads a configuration in the order in which Dovecot does, with some files as they are planned.
func readDovecot(config string, planned map[string]string) (*dovecotSource, error) {
	s := &dovecotSource{config: config, texts: map[string]string{}, planned: planned, one: onePath{}}
	s.byKey, s.byName = map[string]*dovecotFilter{}, map[string][]*dovecotFilter{}
	s.stack = []*dovecotFilter{s.known(&dovecotFilter{set: map[string]*assignment{}}, "")}
	return s, s.file(config)
}

// maxDovecotFiles is more than any configuration has, and ends one that includes itself in circles.
const maxDovecotFiles = 10000

func (s *dovecotSource) file(path string) error {
	if slices.Contains(s.open, path) || len(s.order) > maxDovecotFiles {
		return fail.New(fail.Failed, "", "%s includes itself", printable.Text(path))
	}
	text, err := s.text(path)
	if err != nil {
		return err
	}
	s.open = append(s.open, path)
	defer func() { s.open = s.open[:len(s.open)-1] }()
	for at, line := 0, 1; at < len(text); {
		l := dovecotLine(text, at)
		if err := s.line(path, l, text, at, line); err != nil {
			return err
		}
		line += strings.Count(text[at:l.next], "\n")
		at = l.next
	}
	return nil
}

func (s *dovecotSource) text(path string) (string, error) {
	one := s.one.of(path)
	text, ok := s.planned[one]
	if !ok {
		data, err := daemon.ReadFile(path)
		if err != nil {
			return "", daemon.Cannot("read", path, err)
		}
		text = string(data)
	}
	s.order, s.named = append(s.order, path), append(s.named, path)
	s.texts[one] = text
	return text, nil
}

func (s *dovecotSource) line(path string, l confLine, text string, at, number int) error {
	st := l.statement()
	if st.kind == stInclude || st.kind == stIncludeTry {
		return s.include(path, st)
	}
	s.flat.WriteString(text[at:l.end] + "\n")
	top := s.stack[len(s.stack)-1]
	switch {
	case st.kind == stBegin:
		s.begin(top, st, s.short(path)+":"+strconv.Itoa(number))
	case st.kind == stEnd && len(s.stack) > 1:
		s.stack = s.stack[:len(s.stack)-1]
		if top != nil {
			top.end = blockEnd{s.one.of(path), at}
		}
	case st.kind == stSetting:
		s.names(path, st.value)
		if top != nil && (st.key == "ssl" || slices.Contains(tlsSettings, st.key)) {
			from, to := l.span(st)
			top.set[st.key] = &assignment{name: st.key, raw: st.value, path: s.one.of(path), dir: filepath.Dir(path),
				from: from, to: to, end: l.end, filter: top}
		}
	}
	return nil
}

// short is a file's name for people: within the configuration's directory, from there.
func (s *dovecotSource) short(path string) string {
	if rel, err := filepath.Rel(filepath.Dir(s.config), path); err == nil && !strings.HasPrefix(rel, "..") {
		return rel
	}
	return path
}

func (s *dovecotSource) begin(top *dovecotFilter, st confStatement, where string) {
	var f *dovecotFilter
	if top != nil {
		f, _ = top.narrowed(st.key, st.value)
	}
	if f != nil {
		f = s.known(f, where)
	}
	s.stack = append(s.stack, f)
}

// known is the filter of the same condition that was met before, or f.
func (s *dovecotSource) known(f *dovecotFilter, where string) *dovecotFilter {
	if have := s.byKey[f.key()]; have != nil {
		return have
	}
	f.where, f.order = where, len(s.filters)
	s.byKey[f.key()] = f
	s.filters = append(s.filters, f)
	if f.name == "" || strings.Contains(f.name, "*") {
		s.broad = append(s.broad, f)
		return f
	}
	for _, name := range f.names {
		s.byName[name] = append(s.byName[name], f)
	}
	return f
}

// names keeps the files that a value names. Each has to be there, even where a later line overrides it: Dovecot opens
// them all, or reads no configuration.
func (s *dovecotSource) names(path, value string) {
	file, read := strings.CutPrefix(value, "<")
	file = strings.TrimSpace(file)
	if read && !filepath.IsAbs(file) {
		file = filepath.Join(filepath.Dir(path), file)
	}
	if read || filepath.IsAbs(file) {
		s.named = append(s.named, file)
	}
	for _, word := range strings.FieldsFunc(value, func(r rune) bool { return strings.ContainsRune(" \t\"'=:,;<", r) }) {
		if filepath.IsAbs(word) && word != file {
			s.named = append(s.named, word)
		}
	}
}

func (s *dovecotSource) include(path string, st confStatement) error {
	pattern := st.value
	if !filepath.IsAbs(pattern) {
		pattern = filepath.Join(filepath.Dir(path), pattern)
	}
	for _, file := range s.glob(pattern) {
		err := s.file(file)
		if err != nil && !(st.kind == stIncludeTry && errors.Is(err, fs.ErrNotExist)) {
			return err
		}
	}
	return nil
}

// glob finds the files of a pattern as glob(3) does: braces, names in order, no dotfile for a wildcard.
func (s *dovecotSource) glob(pattern string) (files []string) {
	for _, p := range braces(pattern) {
		found, _ := filepath.Glob(p)
		for path := range s.planned {
			if ok, _ := filepath.Match(p, path); ok && !slices.Contains(found, path) {
				found = append(found, path)
			}
		}
		found = slices.DeleteFunc(found, func(path string) bool { return dotted(p, path) })
		sort.Strings(found)
		files = append(files, found...)
	}
	return files
}

// braces expands {a,b}.
func braces(pattern string) []string {
	open := strings.IndexByte(pattern, '{')
	if open < 0 {
		return []string{pattern}
	}
	depth, from, end := 0, open+1, -1
	var parts []string
	for i := open; i < len(pattern) && end < 0; i++ {
		c := pattern[i]
		switch {
		case c == '{':
			depth++
		case c == '}' && depth == 1:
			parts, end = append(parts, pattern[from:i]), i
		case c == '}':
			depth--
		case c == ',' && depth == 1:
			parts, from = append(parts, pattern[from:i]), i+1
		}
	}
	if end < 0 {
		return []string{pattern}
	}
	var all []string
	for _, part := range parts {
		all = append(all, braces(pattern[:open]+part+pattern[end+1:])...)
	}
	return all
}

// dotted says whether a wildcard of the pattern took a name that begins with a dot.
func dotted(pattern, path string) bool {
	p, names := strings.Split(pattern, "/"), strings.Split(path, "/")
	for i := range min(len(p), len(names)) {
		if strings.HasPrefix(names[i], ".") && !strings.HasPrefix(p[i], ".") {
			return true
		}
	}
	return false
}

// file is the file that an assignment names.
func (a *assignment) file() string {
	if a == nil {
		return ""
	}
	file, ok := strings.CutPrefix(a.raw, "<")
	file = strings.TrimSpace(file)
	if ok && !filepath.IsAbs(file) && a.path != "" {
		return filepath.Join(a.dir, file)
	}
	if !ok {
		file = unquote(file)
	}
	return file
}
