package drivers

import (
	"slices"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
	"certdesk/certstore/services/daemon"
)

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
	case p.isMeant(h) && !p.asMeant(h, was, is):
		return fail.New(fail.Failed, "give it directives of its own by hand",
			"the host at %s would still inherit another certificate from the server around it", printable.Text(h.where()))
	case !p.isMeant(h) && len(h.listen) > 0 && !was.same(is):
		return wouldBreak(h.where())
	}
	return nil
}

func wouldBreak(where string) error {
	return fail.New(fail.Failed, "change it by hand, and report it",
		"the change would remove more from %s than it should: it was not made", printable.Text(where))
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

func (p *apachePlan) asMeant(h *virtualHost, was, is apacheValues) bool {
	_, certs, keys := daemon.ApartPairs(p.meant[h].With(p.files))
	chain := len(is.chains) == 0 || is.chains[len(is.chains)-1] == certs[0]
	if p.keepsChain(h.set) {
		chain = slices.Equal(was.chains, is.chains)
	}
	return chain && slices.Equal(is.certs, certs) && slices.Equal(is.keys, keys)
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
