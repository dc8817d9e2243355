package services

import (
	"slices"
	"sort"
	"strings"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

// apacheWalk finds the directives of each host in texts. Which sections are active and which files an Include brings
// is as Apache told of the lines as they were, so that it sees what a change of the texts brings about.
type apacheWalk struct {
	lines    map[string][]apacheLine
	origin   map[spot]spot // of a line that moved: where it stood when Apache was asked
	active   map[string][]int
	includes map[spot][]string
	found    map[spot][]apacheLine // by the place a host had; the server around them has none
}

// conditions are the sections whose insides count or do not count where they stand.
var conditions = []string{"<ifmodule", "<ifdefine", "<ifversion", "<iffile", "<ifdirective", "<ifsection"}

func (a *apacheConf) walker(lines map[string][]apacheLine, origin map[spot]spot) *apacheWalk {
	w := &apacheWalk{lines: lines, origin: origin}
	w.active, w.includes, w.found = map[string][]int{}, map[spot][]string{}, map[spot][]apacheLine{}
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
	w.file(a.dump.files[0].path, spot{}, a)
	return w
}

func (w *apacheWalk) at(l apacheLine) spot {
	p := spot{l.path, l.line}
	if was, moved := w.origin[p]; moved {
		return was
	}
	return p
}

func (w *apacheWalk) file(path string, host spot, a *apacheConf) {
	lines := w.lines[path]
	for i := 0; i < len(lines); i++ {
		switch l := lines[i]; {
		case l.name == "<virtualhost":
			host = w.at(l)
		case l.name == "</virtualhost>" || l.name == "</virtualhost":
			host = spot{}
		case l.opens() && !w.enters(l, a):
			i = endOf(lines, i)
		case l.name == "include", l.name == "includeoptional":
			for _, more := range w.includes[w.at(l)] {
				w.file(more, host, a)
			}
		case aboutPair(l.name):
			w.found[host] = append(w.found[host], l)
		}
	}
}

func aboutPair(name string) bool { return name == certName || name == keyName || name == chainName }

// enters says whether a section is one whose insides count: Apache told of a line in it.
func (w *apacheWalk) enters(l apacheLine, a *apacheConf) bool {
	if !slices.Contains(conditions, l.name) {
		return false
	}
	from := w.at(l)
	was := a.lines[from.path]
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
			h.fixed = "its directives are not found where Apache says they are"
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

// verify reads the texts as they would be, and refuses those in which a host has another certificate than it was
// meant to have, or none.
func (p *apachePlan) verify(texts map[string]string) error {
	lines := map[string][]apacheLine{}
	origin := map[spot]spot{}
	for path, was := range p.conf.lines {
		lines[path] = was
		text, changed := texts[path]
		if !changed {
			continue
		}
		lines[path] = parseApache(path, text)
		if !align(p.expected(path, true), lines[path], origin) {
			return wouldBreak(path)
		}
	}
	before, after := p.conf.walker(p.conf.lines, nil), p.conf.walker(lines, origin)
	for _, h := range p.conf.hosts {
		if !h.tls || h.outOfMacro() {
			continue
		}
		if err := p.judge(h, before.values(h.key()), after.values(h.key())); err != nil {
			return err
		}
	}
	return nil
}

// outOfMacro says whether a host has directives that stand in no text.
func (h *virtualHost) outOfMacro() bool {
	return h.node.macro() || slices.ContainsFunc(h.own.nodes(), (*apacheNode).macro)
}

func (p *apachePlan) judge(h *virtualHost, was, is apacheValues) error {
	switch {
	case len(was.certs) > 0 && len(is.certs) == 0:
		return wouldBreak(h.where())
	case p.meant[h] && !p.asMeant(is):
		return fail.New(fail.Failed, "give it directives of its own by hand",
			"the host at %s would still have another certificate, which the server around it names", printable.Text(h.where()))
	case !p.meant[h] && len(h.listen) > 0 && !was.same(is):
		return wouldBreak(h.where())
	}
	return nil
}

func wouldBreak(where string) error {
	return fail.New(fail.Failed, "change it by hand, and report it",
		"the change would take more from %s than it should: it is not made", printable.Text(where))
}

// apacheValues are what a set names, as it is written.
type apacheValues struct{ certs, keys, chains []string }

func (v apacheValues) same(o apacheValues) bool {
	return slices.Equal(v.certs, o.certs) && slices.Equal(v.keys, o.keys) && slices.Equal(v.chains, o.chains)
}

// values are what a host has with what it inherits.
func (w *apacheWalk) values(host spot) apacheValues {
	own, base := w.written(host), apacheValues{}
	if host != (spot{}) {
		base = w.written(spot{})
	}
	own.certs = append(own.certs, base.certs[min(len(own.certs), len(base.certs)):]...)
	own.keys = append(own.keys, base.keys[min(len(own.keys), len(base.keys)):]...)
	if len(own.chains) == 0 {
		own.chains = base.chains
	}
	return own
}

func (w *apacheWalk) written(host spot) apacheValues {
	var v apacheValues
	for _, l := range w.found[host] {
		switch l.name {
		case certName:
			v.certs = append(v.certs, l.value)
		case keyName:
			v.keys = append(v.keys, l.value)
		case chainName:
			v.chains = append(v.chains, l.value)
		}
	}
	return v
}

func (p *apachePlan) asMeant(is apacheValues) bool {
	chain := len(is.chains) == 0 || is.chains[len(is.chains)-1] == p.certs[0]
	return chain && slices.Equal(is.certs, p.certs) && slices.Equal(is.keys, p.keys)
}

// expected are the lines of a file that is changed, those about certificates left out.
func (p *apachePlan) expected(path string, outer bool) []apacheLine {
	var all []apacheLine
	for _, l := range p.conf.lines[path] {
		in, unfolded := p.unfolded[spot{l.path, l.line}]
		switch {
		case unfolded && in.outer == outer:
			for _, more := range in.paths {
				all = append(all, p.expected(more, false)...)
			}
		case !aboutPair(l.name):
			all = append(all, l)
		}
	}
	return all
}

// align says whether lines are the expected ones but for those about certificates, and notes where each stood.
func align(expected, lines []apacheLine, origin map[spot]spot) bool {
	i := 0
	for _, l := range lines {
		if aboutPair(l.name) {
			continue
		}
		if i == len(expected) || expected[i].name != l.name || expected[i].args != l.args {
			return false
		}
		origin[spot{l.path, l.line}] = spot{expected[i].path, expected[i].line}
		i++
	}
	return i == len(expected)
}
