package drivers

import (
	"slices"
	"sort"
	"strings"
)

// apacheWalk finds the directives of each host in texts. Which sections are active and which files an Include brings
// is as Apache told of the lines as they were, so that it sees what a change of the texts brings about.
type apacheWalk struct {
	conf     *apacheConf
	lines    map[string][]apacheLine
	origin   map[spot]spot // of a line that moved: where it stood when Apache was asked
	active   map[string][]int
	includes map[spot][]string
	seen     map[spot]bool         // hosts: a file may be included twice
	found    map[spot][]apacheLine // by the place a host had; the server around them has none
}

// conditions are the sections whose insides count or do not count where they stand.
var conditions = []string{"<ifmodule", "<ifdefine", "<ifversion", "<iffile", "<ifdirective", "<ifsection"}

func (a *apacheConf) walker(lines map[string][]apacheLine, origin map[spot]spot) *apacheWalk {
	w := &apacheWalk{conf: a, lines: lines, origin: origin}
	w.active, w.includes = map[string][]int{}, map[spot][]string{}
	w.found, w.seen = map[spot][]apacheLine{}, map[spot]bool{}
	mark := func(p spot) { w.active[p.path] = append(w.active[p.path], p.line) }
	a.dump.active.walk(func(n *apacheNode) {
		mark(n.spot)
		if used, ok := n.used(); ok {
			mark(used)
		}
	})
	for _, in := range a.brings {
		mark(in.from)
		w.includes[in.from] = in.paths
	}
	for _, lines := range w.active {
		sort.Ints(lines)
	}
	w.file(a.dump.files[0].path, spot{})
	return w
}

func (w *apacheWalk) at(l apacheLine) spot {
	p := spot{l.path, l.line}
	if was, moved := w.origin[p]; moved {
		return was
	}
	return p
}

func (w *apacheWalk) file(path string, host spot) {
	lines := w.lines[path]
	for i := 0; i < len(lines); i++ {
		l := lines[i]
		switch {
		case l.name == "<virtualhost" && w.seen[w.at(l)]:
			i = endOf(lines, i)
		case l.name == "<virtualhost":
			host = w.at(l)
			w.seen[host] = true
		case l.name == "</virtualhost":
			host = spot{}
		case l.opens() && !w.enters(l):
			i = endOf(lines, i)
		case l.name == "include", l.name == "includeoptional":
			for _, more := range w.includes[w.at(l)] {
				w.file(more, host)
			}
		case aboutPair(l.name):
			w.found[host] = append(w.found[host], l)
		}
	}
}

func aboutPair(name string) bool { return name == certName || name == keyName || name == chainName }

// enters says whether a section is one whose insides count: Apache told of a line in it.
func (w *apacheWalk) enters(l apacheLine) bool {
	if !slices.Contains(conditions, l.name) {
		return false
	}
	from := w.at(l)
	was := w.conf.lines[from.path]
	i, ok := slices.BinarySearchFunc(was, from.line, func(l apacheLine, line int) int { return l.line - line })
	if !ok {
		return false
	}
	to := 1 << 30
	if end := endOf(was, i); end < len(was) {
		to = was[end].line
	}
	active := w.active[from.path]
	next := sort.SearchInts(active, from.line+1)
	return next < len(active) && active[next] < to
}

// endOf is the index of the line that closes the section that line i opens.
func endOf(lines []apacheLine, i int) int {
	for end := i + 1; end < len(lines); end++ {
		if lines[end].closes() && lines[end].section == lines[i].section {
			return end
		}
	}
	return len(lines)
}

// compare leaves a host alone whose directives are found elsewhere than Apache says they are.
func (a *apacheConf) compare() {
	w := a.walker(a.lines, nil)
	for _, h := range a.hosts {
		var told, found []spot
		for _, n := range h.own.nodes() {
			told = append(told, n.spot)
		}
		for _, l := range w.found[h.key()] {
			found = append(found, spot{l.path, l.line})
		}
		byPlace := func(x, y spot) int { return strings.Compare(x.path, y.path)*2 + sign(x.line-y.line) }
		slices.SortFunc(told, byPlace)
		slices.SortFunc(found, byPlace)
		if h.tls && h.fixed == "" && !slices.Equal(told, found) {
			h.fixed = "its directives are not where Apache says they are"
		}
	}
}

func sign(n int) int { return max(-1, min(1, n)) }

// key is the place a walk knows a host by.
func (h *virtualHost) key() spot {
	if h.node.name == "" {
		return spot{}
	}
	return h.spot
}
