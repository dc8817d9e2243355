package drivers

import (
	"maps"
	"slices"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
	"certdesk/certstore/services/daemon"
)

// nginxPlan is one change of nginx's files.
type nginxPlan struct {
	conf        *nginxConf
	certs, keys []string
	files       []daemon.Files
	meant       map[int]daemon.Site // by the index of their server
	done        []*nginxNode        // directives that are changed already
}

func (n *nginxConf) edit(sites []daemon.Site, files []daemon.Files) (daemon.Edited, error) {
	e := daemon.Edited{}
	p := &nginxPlan{conf: n, files: files, meant: map[int]daemon.Site{}}
	e.Pairs, _, _ = daemon.ApartPairs(files)
	for _, s := range sites {
		p.meant[s.Index] = s
	}
	for _, s := range sites {
		_, p.certs, p.keys = daemon.ApartPairs(s.With(files))
		if err := p.change(n.servers[s.Index]); err != nil {
			return e, err
		}
	}
	e.Was, e.Texts = n.texts.was, n.texts.changed()
	return e, p.verify(e.Texts)
}

func (p *nginxPlan) isMeant(server int) bool {
	_, ok := p.meant[server]
	return ok
}

// change gives a server the new files: where its directives stand if they are for servers that are meant alone, else
// by directives of its own.
func (p *nginxPlan) change(s *nginxServer) error {
	own := len(s.certs)+len(s.keys) > 0
	certs, keys := s.effective()
	if own {
		certs, keys = s.certs, s.keys
	}
	switch {
	case len(certs)+len(keys) == 0, !own && !p.alone(certs, keys):
		p.insert(s.block)
	case p.alone(certs, keys):
		p.repoint(p.conf.texts, certs, keys)
	default:
		return p.unfold(s)
	}
	return nil
}

// alone says whether no server has any of these directives that is not meant.
func (p *nginxPlan) alone(certs, keys []*nginxNode) bool {
	mine := slices.Concat(certs, keys)
	for i, other := range p.conf.servers {
		if !other.tls || other.rejects || p.isMeant(i) {
			continue
		}
		theirs := slices.Concat(other.effective())
		if slices.ContainsFunc(theirs, func(d *nginxNode) bool { return slices.ContainsFunc(mine, d.same) }) {
			return false
		}
	}
	return true
}

// repoint changes directives where they stand, once for all servers that have them.
func (p *nginxPlan) repoint(t *texts, certs, keys []*nginxNode) {
	first := slices.Concat(certs, keys)[0]
	if slices.ContainsFunc(p.done, first.same) {
		return
	}
	p.done = append(p.done, first)
	if len(certs) > 0 {
		t.repoint(directives(certs), nginxWords(p.certs), writeNginxCert)
	} else {
		t.addBehind(keys[len(keys)-1].directive(), p.certs, writeNginxCert)
	}
	if len(keys) > 0 {
		t.repoint(directives(keys), nginxWords(p.keys), writeNginxKey)
	} else {
		t.addBehind(certs[len(certs)-1].directive(), p.keys, writeNginxKey)
	}
}

func writeNginxCert(v string) string { return "ssl_certificate " + nginxWord(v) + ";" }
func writeNginxKey(v string) string  { return "ssl_certificate_key " + nginxWord(v) + ";" }

func nginxWords(values []string) []string {
	var all []string
	for _, v := range values {
		all = append(all, nginxWord(v))
	}
	return all
}

// directives are the places of nodes, each once though a file may be included twice.
func directives(nodes []*nginxNode) []directive {
	var all []directive
	for i, d := range nodes {
		if !slices.ContainsFunc(nodes[:i], d.same) {
			all = append(all, d.directive())
		}
	}
	return all
}

// insert gives a server directives of its own, at its beginning.
func (p *nginxPlan) insert(server *nginxNode) {
	text := p.conf.texts.was[server.path]
	indent := "\n" + directive{from: server.from}.indent(text) + "    "
	more := ""
	for i := range p.certs {
		more += indent + writeNginxCert(p.certs[i]) + indent + writeNginxKey(p.keys[i])
	}
	p.conf.texts.edit(server.path, edit{server.inside, server.inside, more})
}

// unfold puts what a shared file says into the server itself, with its own certificate.
func (p *nginxPlan) unfold(s *nginxServer) error {
	route := s.route()
	if len(route) == 0 {
		return fail.New(fail.Failed, "leave it out, or change it by hand", "the server at %s: %s",
			printable.Text(s.where()), sharedApart)
	}
	inner := &texts{p.conf.texts.was, map[string][]edit{}}
	own := &nginxPlan{conf: p.conf, certs: p.certs, keys: p.keys}
	own.repoint(inner, s.certs, s.keys)
	path := route[len(route)-1].into
	p.conf.texts.unfold(route, rewrite(inner.was[path], inner.edits[path]))
	return nil
}

const sharedApart = "its certificates are set in several files, or where others use them too: give it directives of " +
	"its own by hand"

// route is the includes in the server that lead to the one file its own directives stand in; none where they stand in
// several.
func (s *nginxServer) route() []brought {
	var routes [][]brought
	for _, d := range slices.Concat(s.certs, s.keys) {
		routes = append(routes, d.route[len(s.block.route):])
	}
	same := func(a, b brought) bool { return a.path == b.path && a.from == b.from && a.into == b.into }
	apart := func(r []brought) bool { return !slices.EqualFunc(r, routes[0], same) }
	if len(routes) == 0 || slices.ContainsFunc(routes, apart) {
		return nil
	}
	return routes[0]
}

// stuck says whether a server shares its own directives and cannot be given others.
func (n *nginxConf) stuck(s *nginxServer) bool {
	own := slices.Concat(s.certs, s.keys)
	if len(own) == 0 || len(s.route()) > 0 {
		return false
	}
	return slices.ContainsFunc(n.servers, func(o *nginxServer) bool {
		return o != s && o.tls && slices.ContainsFunc(slices.Concat(o.certs, o.keys), func(d *nginxNode) bool {
			return slices.ContainsFunc(own, d.same) && !o.block.same(s.block)
		})
	})
}

// verify reads the texts as they would be, and refuses those in which a server has another certificate than it was
// meant to have, or none.
func (p *nginxPlan) verify(changed map[string]string) error {
	was := p.conf
	is, err := was.withTexts(changed)
	if err != nil {
		return err
	}
	if len(is.servers) != len(was.servers) {
		return wouldBreak(was.main)
	}
	for i, before := range was.servers {
		if !before.tls || before.rejects {
			continue
		}
		certs, keys := written(is.servers[i])
		oldCerts, oldKeys := written(before)
		wantCerts, wantKeys := oldCerts, oldKeys
		if site, ok := p.meant[i]; ok {
			_, wantCerts, wantKeys = daemon.ApartPairs(site.With(p.files))
		}
		lost := len(oldCerts) > 0 && len(certs) == 0
		if lost || !slices.Equal(certs, wantCerts) || !slices.Equal(keys, wantKeys) {
			return wouldBreak(before.where())
		}
	}
	return nil
}

// withTexts reads the configuration with other texts in the place of what stands in the files.
func (n *nginxConf) withTexts(now map[string]string) (*nginxConf, error) {
	next := &nginxConf{texts: newTexts(), main: n.main, reported: n.reported}
	maps.Copy(next.texts.was, n.texts.was)
	maps.Copy(next.texts.was, now)
	return next, next.load()
}

// written are the values that are effective for a server.
func written(s *nginxServer) (certs, keys []string) {
	certNodes, keyNodes := s.effective()
	for _, d := range certNodes {
		certs = append(certs, d.arg(0))
	}
	for _, d := range keyNodes {
		keys = append(keys, d.arg(0))
	}
	return certs, keys
}
