package drivers

import (
	"slices"
	"strings"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
	"certdesk/certstore/services/daemon"
)

// apachePlan is one change of Apache's files.
type apachePlan struct {
	conf        *apacheConf
	certs, keys []string
	files       []daemon.Files
	meant       map[*virtualHost]daemon.Site
	chained     map[spot]bool // chain directives that stay
	done        map[spot]bool // directives that are changed already
	unfolded    map[spot]unfolding
}

// unfolding is an include that is replaced by what it brings; outer is one that stands in the host's own file.
type unfolding struct {
	paths []string
	outer bool
}

func (a *apacheConf) edit(sites []daemon.Site, files []daemon.Files) (daemon.Edited, error) {
	e := daemon.Edited{}
	p := &apachePlan{conf: a, files: files, meant: map[*virtualHost]daemon.Site{}, chained: map[spot]bool{},
		done: map[spot]bool{}, unfolded: map[spot]unfolding{}}
	e.Pairs, _, _ = daemon.ApartPairs(files)
	for _, s := range sites {
		h := a.hosts[s.Index]
		p.meant[h] = s
		for _, n := range h.set.chains {
			p.chained[n.spot] = p.chained[n.spot] || s.Chained
		}
	}
	for _, s := range sites {
		_, p.certs, p.keys = daemon.ApartPairs(s.With(files))
		if err := p.change(a.hosts[s.Index]); err != nil {
			return e, err
		}
	}
	e.Was, e.Texts = a.texts.was, a.texts.changed()
	return e, p.verify(e.Texts)
}

func (p *apachePlan) isMeant(h *virtualHost) bool {
	_, ok := p.meant[h]
	return ok
}

// change gives a host the new files: where its directives stand if they are for hosts that are meant alone, else by
// directives of its own.
func (p *apachePlan) change(h *virtualHost) error {
	base := p.conf.hosts[len(p.conf.hosts)-1].own
	inherits := len(h.own.certs)+len(h.own.keys) == 0
	switch {
	case inherits && p.alone(base):
		p.repoint(p.conf.texts, base, apacheSet{})
	case inherits:
		p.insert(h)
	case h.node.name == "" && p.alone(base):
		p.repoint(p.conf.texts, base, apacheSet{})
	case p.alone(h.own):
		p.repoint(p.conf.texts, h.own, base)
	default:
		return p.unfold(h, base)
	}
	return nil
}

// alone says whether no host has any of these directives that is not meant.
func (p *apachePlan) alone(s apacheSet) bool {
	mine := map[spot]bool{}
	for _, n := range s.nodes() {
		mine[n.spot] = true
	}
	for _, h := range p.conf.hosts {
		if !h.tls || len(h.listen) == 0 || p.isMeant(h) {
			continue
		}
		if slices.ContainsFunc(h.set.nodes(), func(n *apacheNode) bool { return mine[n.spot] }) {
			return false
		}
	}
	return true
}

// repoint changes the directives of a set where they stand. The new file brings its chain; an old one would be sent
// with it, and one of the server around it would be inherited.
func (p *apachePlan) repoint(t *texts, s, base apacheSet) {
	certs, keys, chains := p.directives(s.certs), p.directives(s.keys), p.directives(s.chains)
	if all := slices.Concat(certs, keys); len(all) == 0 || p.changedAlready(all[0]) {
		return
	}
	switch {
	case len(certs) == 0:
		t.addBehind(keys[len(keys)-1], p.certs, writeCert)
	default:
		t.repoint(certs, words(p.certs), writeCert)
	}
	switch {
	case len(keys) == 0:
		t.addBehind(certs[len(certs)-1], p.keys, writeKey)
	default:
		t.repoint(keys, words(p.keys), writeKey)
	}
	if p.keepsChain(s.onto(base)) {
		return
	}
	var want []string
	if len(base.chains) > 0 {
		want = p.certs[:1]
	}
	switch {
	case len(chains) > 0:
		t.repoint(chains, words(want), writeChain)
	case len(want) > 0:
		t.addBehind(slices.Concat(keys, certs)[0], want, writeChain)
	}
}

// keepsChain says whether a set goes on with the chain file it has.
func (p *apachePlan) keepsChain(s apacheSet) bool {
	return slices.ContainsFunc(s.chains, func(n *apacheNode) bool { return p.chained[n.spot] })
}

func writeCert(v string) string  { return "SSLCertificateFile " + apacheWord(v) }
func writeKey(v string) string   { return "SSLCertificateKeyFile " + apacheWord(v) }
func writeChain(v string) string { return "SSLCertificateChainFile " + apacheWord(v) }

func words(values []string) []string {
	var all []string
	for _, v := range values {
		all = append(all, apacheWord(v))
	}
	return all
}

// changedAlready says whether a directive was changed before, for another host of the same file, and notes it.
func (p *apachePlan) changedAlready(d directive) bool {
	at := spot{d.path, d.line}
	was := p.done[at]
	p.done[at] = true
	return was
}

// directives finds the active ones in their files, each once though a file may be included twice.
func (p *apachePlan) directives(nodes []*apacheNode) []directive {
	var all []directive
	for _, n := range nodes {
		l, _ := p.conf.lineOf(n)
		if !slices.ContainsFunc(all, func(d directive) bool { return d.path == l.path && d.line == l.line }) {
			all = append(all, l.directive)
		}
	}
	return all
}

// insert gives a host directives of its own, at its beginning.
func (p *apachePlan) insert(h *virtualHost) {
	opener, _ := p.conf.lineOf(h.node)
	text := p.conf.texts.was[opener.path]
	indent := "\n" + opener.indent(text) + "  "
	more := ""
	for i := range p.certs {
		more += indent + writeCert(p.certs[i]) + indent + writeKey(p.keys[i])
	}
	if len(h.set.chains) > 0 && !p.keepsChain(h.set) {
		more += indent + writeChain(p.certs[0])
	}
	p.conf.texts.edit(opener.path, edit{opener.to, opener.to, more})
}

// unfold puts what a shared file says into the host itself, with its own certificate.
func (p *apachePlan) unfold(h *virtualHost, base apacheSet) error {
	target := slices.Concat(h.own.certs, h.own.keys)[0].path
	route := p.conf.route(h, target)
	if len(route) == 0 {
		return fail.New(fail.Failed, "leave it out, or change it by hand", "the host at %s: %s",
			printable.Text(h.where()), sharedApart)
	}
	inner := &texts{p.conf.texts.was, map[string][]edit{}}
	own := &apachePlan{conf: p.conf, certs: p.certs, keys: p.keys, chained: p.chained, done: map[spot]bool{}}
	own.repoint(inner, h.own, base)
	p.conf.texts.unfold(route, rewrite(inner.was[target], inner.edits[target]))
	for i, b := range route {
		p.unfolded[spot{b.path, b.line}] = unfolding{b.paths, i == 0}
	}
	return nil
}

// stuck says why a host cannot be given other directives than those it shares, "" if it can.
func (a *apacheConf) stuck(h *virtualHost) string {
	own, base := slices.Concat(h.own.certs, h.own.keys), a.hosts[len(a.hosts)-1].own
	shares := func(with []*apacheNode) bool {
		return slices.ContainsFunc(a.hosts, func(o *virtualHost) bool {
			return o != h && o.tls && len(o.listen) > 0 && slices.ContainsFunc(o.set.nodes(), func(n *apacheNode) bool {
				return slices.ContainsFunc(with, func(m *apacheNode) bool { return m.spot == n.spot })
			})
		})
	}
	switch {
	case len(own) > 0 && shares(own) && len(a.route(h, own[0].path)) == 0:
		return sharedApart
	case len(base.certs) > 1 && len(h.own.certs) < len(base.certs) && shares(base.certs):
		return "it inherits several certificates of the server around it, which others have too: give it as many of its own"
	}
	return ""
}

// route is how a host comes to include a file, if there is one way alone.
func (a *apacheConf) route(h *virtualHost, target string) []brought {
	lines := a.lines[h.path]
	opener := slices.IndexFunc(lines, func(l apacheLine) bool { return l.line == h.line && l.name == h.node.name })
	if opener < 0 {
		return nil // the server around the hosts
	}
	end := endOf(lines, opener)
	if end == len(lines) {
		return nil
	}
	var routes [][]brought
	a.routes(h.path, h.line, lines[end].line, target, nil, &routes)
	if len(routes) != 1 {
		return nil
	}
	return routes[0]
}

func (a *apacheConf) routes(path string, from, to int, target string, so []brought, found *[][]brought) {
	if len(so) > maxDepth {
		return
	}
	for _, in := range a.brings {
		if in.from.path != path || in.from.line <= from || in.from.line >= to {
			continue
		}
		l, ok := a.lineOf(&apacheNode{spot: in.from})
		if !ok || !strings.HasPrefix(l.name, "include") {
			continue
		}
		for _, into := range in.paths {
			way := append(slices.Clip(so), brought{l.directive, in.paths, into})
			if into == target {
				*found = append(*found, way)
				continue
			}
			a.routes(into, 0, 1<<30, target, way, found)
		}
	}
}
