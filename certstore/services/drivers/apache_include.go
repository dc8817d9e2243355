package drivers

import (
	"path/filepath"
	"slices"
	"strings"

	"certdesk/certstore/services/daemon"
)

// inclusion is an Include directive with the files it brought.
type inclusion struct {
	from  spot
	paths []string
}

// include finds the directive that brought each file. Apache's line is taken where an Include stands there that is for
// the file, else the one of the file before, else the next that fits.
func (a *apacheConf) include() {
	last := map[int]int{} // of each reading of a file: the line of its include that was met last
	for _, f := range a.dump.files {
		if f.parent < 0 {
			continue
		}
		parent := a.dump.files[f.parent].path
		line, ok := a.includeOf(parent, f, last[f.parent])
		if !ok {
			continue
		}
		last[f.parent] = line
		a.bring(spot{parent, line}, f.path)
	}
}

func (a *apacheConf) includeOf(parent string, f included, last int) (int, bool) {
	var fits []int
	for _, l := range a.lines[parent] {
		if strings.HasPrefix(l.name, "include") && a.includes(l.value, f.as) {
			fits = append(fits, l.line)
		}
	}
	for _, line := range []int{f.line, last} {
		if slices.Contains(fits, line) {
			return line, true
		}
	}
	i := slices.IndexFunc(fits, func(line int) bool { return line > last })
	if i < 0 {
		return 0, false
	}
	return fits[i], true
}

// includes says whether an Include may have brought a file: it is the file, a pattern of it, or a directory above it.
func (a *apacheConf) includes(value, path string) bool {
	pattern := strings.Split(filepath.Clean(daemon.Below(a.dump.root, a.expand(value))), "/")
	parts := strings.Split(filepath.Clean(path), "/")
	if strings.Contains(value, "${") && strings.Contains(a.expand(value), "${") {
		return true // of the environment
	}
	if len(parts) < len(pattern) {
		return false
	}
	for i := range pattern {
		if ok, err := filepath.Match(pattern[i], parts[i]); !ok || err != nil {
			return false
		}
	}
	return true
}

// bring keeps what a directive brought once, though the file it stands in may itself be included several times.
func (a *apacheConf) bring(from spot, path string) {
	i := slices.IndexFunc(a.brings, func(in inclusion) bool { return in.from == from })
	if i < 0 {
		i, a.brings = len(a.brings), append(a.brings, inclusion{from: from})
	}
	if !slices.Contains(a.brings[i].paths, path) {
		a.brings[i].paths = append(a.brings[i].paths, path)
	}
}
