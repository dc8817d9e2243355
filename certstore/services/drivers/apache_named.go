package drivers

import (
	"io/fs"
	"path/filepath"
	"strings"

	"certdesk/certstore/services/daemon"
)

// named lists the files that any directive names, whether its section is active or not, and the included ones.
func (a *apacheConf) named() []string {
	seen := map[string]bool{}
	take := func(name, value string) {
		value = a.expand(value)
		if apacheNamesFile(name) && value != "" && !strings.Contains(value, "$") {
			seen[filepath.Clean(daemon.Below(a.dump.root, value))] = true
		}
	}
	a.dump.active.walk(func(n *apacheNode) { take(n.name, n.first()) })
	for path, lines := range a.everyFile() {
		seen[path] = true
		for _, l := range lines {
			take(l.name, l.value)
		}
	}
	return sortedKeys(seen)
}

// apacheNamesFile knows mod_ssl's and mod_md's directives that name a file.
func apacheNamesFile(name string) bool {
	return strings.HasSuffix(name, "file") && (strings.HasPrefix(name, "ssl") || strings.HasPrefix(name, "md"))
}

// expand puts in the values of Define; a variable of the environment stays.
func (a *apacheConf) expand(value string) string {
	for name, v := range a.dump.defines {
		value = strings.ReplaceAll(value, "${"+name+"}", v)
	}
	return value
}

// everyFile is what Apache reads and what it would read if every section were active: more than it takes does no harm
// to a list of what must stay.
func (a *apacheConf) everyFile() map[string][]apacheLine {
	all := map[string][]apacheLine{}
	var next []string
	for path, lines := range a.lines {
		all[path] = lines
		next = append(next, path)
	}
	for len(next) > 0 && len(all) < maxIncludes {
		path := next[0]
		next = next[1:]
		for _, l := range all[path] {
			if l.name != "include" && l.name != "includeoptional" {
				continue
			}
			for _, more := range filesOf(daemon.Below(a.dump.root, a.expand(l.value))) {
				if data, err := daemon.ReadFile(more); err == nil && all[more] == nil {
					all[more] = parseApache(more, string(data))
					next = append(next, more)
				}
			}
		}
	}
	return all
}

// filesOf is what a pattern of Include may bring: files, and all those below directories.
func filesOf(pattern string) []string {
	var all []string
	found, _ := filepath.Glob(pattern)
	for _, path := range found {
		filepath.WalkDir(path, func(path string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				all = append(all, path)
			}
			return nil
		})
	}
	return all
}
