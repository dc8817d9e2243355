package domains

import (
	"strings"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
	"certdesk/certstore/services/daemon"
)

// list is the value of one parameter. Of its patterns the first that matches a domain decides (match_list(3)).
type list struct {
	p                 *postfix
	parameter, source string
	parents           bool // a pattern matches what is below it too (parent_domain_matches_subdomains)
	patterns          []pattern
}

// pattern is a name, or all keys of a table; with "!" before it what matches is excluded.
type pattern struct {
	names    []string
	has      map[string]bool // the same names
	table    string          // "" for a name
	excludes bool
}

func newPattern(names []string, table string, excludes bool) pattern {
	p := pattern{names, map[string]bool{}, table, excludes}
	for _, name := range names {
		p.has[name] = true
	}
	return p
}

// deepest is how often a file may name another.
const deepest = 10

// parse reads a list: names, /files with a list each, and type:tables.
func (l *list) parse(text string, excludes bool, depth int) {
	for _, item := range daemon.List(text) {
		name := strings.TrimLeft(item, "!")
		not := excludes != ((len(item)-len(name))%2 == 1)
		switch {
		case name == "":
		case strings.HasPrefix(name, "/"):
			l.parseFile(name, not, depth+1)
		case !strings.HasPrefix(name, "[") && strings.Contains(name, ":"):
			l.patterns = append(l.patterns, newPattern(l.p.keys(l.source, name, not), name, not))
		default:
			l.patterns = append(l.patterns, newPattern([]string{strings.ToLower(name)}, "", not))
		}
	}
}

func (l *list) parseFile(path string, excludes bool, depth int) {
	data, err := daemon.ReadFile(path)
	if err == nil && depth > deepest {
		err = fail.New(fail.InvalidConfig, "", "files that name each other")
	}
	if err != nil {
		l.p.remark(l.source, fail.New(fail.Failed, "make it readable; Postfix needs it too",
			"the domains of %s are missing: %w", printable.Text(path), daemon.Cannot("read", path, err)))
		return
	}
	for line := range strings.SplitSeq(string(data), "\n") {
		if !strings.HasPrefix(line, "#") {
			l.parse(line, excludes, depth)
		}
	}
}

// candidate is a name that a list gives, and where it stands.
type candidate struct{ name, source string }

// candidates are the names that the list takes in, each once.
func (l *list) candidates() (out []candidate) {
	seen := map[string]bool{}
	for _, pat := range l.patterns {
		source := l.source
		if pat.table != "" {
			source += " (" + shortly(pat.table) + ")"
		}
		for _, name := range pat.names {
			if pat.excludes || seen[name] || isAddress(pat, name) || !accepts(l.patterns, name, l.matches) {
				continue
			}
			seen[name] = true
			if below, ok := strings.CutPrefix(name, "."); ok && l.parameter == "relay_domains" && !l.parents {
				name = "*." + below
			}
			out = append(out, candidate{name, source})
		}
	}
	return out
}

// isAddress says whether a key of a table is one of addresses ("user@a.test", "@a.test"), which make no domain: it is
// the whole domain that is looked up in the table (virtual(5)).
func isAddress(pat pattern, key string) bool { return pat.table != "" && strings.Contains(key, "@") }

// accepts says what the first pattern that matches makes of a domain.
func accepts(list []pattern, name string, matches func(pattern, string) bool) bool {
	for _, pat := range list {
		if matches(pat, name) {
			return !pat.excludes
		}
	}
	return false
}

// matches says whether a pattern has a domain; relay_domains looks for the domains that it lies below, too.
func (l *list) matches(pat pattern, name string) bool {
	if pat.has[name] {
		return true
	}
	for rest := name; l.parameter == "relay_domains"; {
		dot := strings.IndexByte(rest[1:], '.')
		if dot < 0 {
			break
		}
		rest = rest[1+dot:] // ".example.org"
		if l.parents && pat.has[rest[1:]] || !l.parents && pat.has[rest] {
			return true
		}
	}
	return false
}
