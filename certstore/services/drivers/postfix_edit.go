package drivers

import (
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
	"certdesk/certstore/services/daemon"
)

// edit points ports and names at files of the new version. There are several ways to write a port's certificate; the
// first one is taken that changes the ports that are meant, no other, and tears no client's certificate from its key.
func (p *postfixConf) edit(sites []daemon.Site, files []daemon.Files) (daemon.Edited, error) {
	var ports, names []daemon.Site
	for _, s := range sites {
		if s.Index >= firstSlot {
			names = append(names, s)
		} else {
			ports = append(ports, s)
		}
	}
	e := daemon.Edited{}
	combined := len(names) > 0 || slices.ContainsFunc(ports, func(s daemon.Site) bool { return len(s.Beside) > 0 })
	set := map[string]string{}
	for _, alike := range byBeside(ports) {
		w, err := p.editPorts(alike, combined, files, &e)
		if err != nil {
			return e, err
		}
		maps.Copy(set, w.set)
	}
	if err := p.judgeAll(ports, set, e.Pairs); err != nil {
		return e, err
	}
	if len(names) > 0 {
		e.Pairs = combinedPairs(files)
		p.editTables(names, files, &e)
	}
	e.Was, e.Texts = p.texts.was, p.texts.changed()
	return e, nil
}

// byBeside puts ports together that keep the same certificates of other key types: one way serves them all.
func byBeside(ports []daemon.Site) (groups [][]daemon.Site) {
	for _, s := range ports {
		i := slices.IndexFunc(groups, func(g []daemon.Site) bool { return slices.Equal(g[0].Beside, s.Beside) })
		if i < 0 {
			i, groups = len(groups), append(groups, nil)
		}
		groups[i] = append(groups[i], s)
	}
	return groups
}

// judgeAll says why the edits of all ports together are not what is wanted, or nil.
func (p *postfixConf) judgeAll(ports []daemon.Site, set map[string]string, pairs []daemon.Installed) error {
	now := map[int]daemon.Site{}
	for _, s := range p.withEdits(p.texts.edits, set).ports() {
		now[s.Index] = s
	}
	for _, s := range ports {
		if !slices.Equal(now[s.Index].Pairs, append(slices.Clone(pairs), s.Beside...)) {
			return unserved(p.entries[s.Index].service)
		}
	}
	return nil
}

func unserved(service string) error {
	return fail.New(fail.Failed, "set smtpd_tls_chain_files for it by hand",
		"port %s would not serve what was written for it", printable.Text(service))
}

// way is one way to give ports a certificate.
type way struct {
	*postfixConf
	carriers []carrier // of the ports that are meant
	files    []daemon.Files
	combined bool   // a file that holds key and chain is named even where key and chain have parameters of their own
	inMain   bool   // main.cf is changed; else each service gets overrides
	legacy   bool   // in main.cf, cert_file and key_file
	retire   string // the directory of our versions: what main.cf's older parameters name of it goes; "" to keep them

	edits map[string][]edit // what it comes to
	set   map[string]string // parameters of main.cf that change
	split bool              // key and chain lie in files of their own
}

// ways are all there are, the one that surprises least first.
func (p *postfixConf) ways(ports []daemon.Site, combined bool, files []daemon.Files) (all []way) {
	base := way{postfixConf: p, files: files, combined: combined}
	for _, s := range ports {
		base.carriers = append(base.carriers, p.carriers(s.Index)...)
	}
	main := base
	main.inMain = true
	older := main
	older.legacy = true
	retiring := main
	retiring.retire = filepath.Dir(filepath.Dir(files[0].Cert))
	keeps := len(files) == 1 && p.older(nil, serverSide)
	switch {
	case base.allOverridden():
		return []way{base, older, retiring, main}
	case keeps && len(ports) < len(p.ports()): // main.cf stays as the other ports have it
		return []way{older, base, retiring, main}
	case keeps:
		return []way{older, retiring, main, base}
	}
	return []way{retiring, main, base}
}

// older says whether a service, or main.cf, names one certificate by the parameters that chain_files replaces.
func (p *postfixConf) older(e *masterEntry, prefix string) bool {
	others := p.get(e, prefix+"chain_files") + p.get(e, prefix+"eccert_file") + p.get(e, prefix+"dcert_file")
	return p.get(e, prefix+"cert_file") != "" && others == ""
}

// allOverridden says whether every service that is meant names its certificate itself.
func (w way) allOverridden() bool {
	for _, c := range w.carriers {
		if !c.names(c.prefix+"chain_files") && !c.names(c.prefix+"cert_file") {
			return false
		}
	}
	return true
}

func (e *masterEntry) names(parameter string) bool {
	_, ok := e.option(parameter)
	return ok
}

// editPorts takes the first way that does what is wanted and nothing else.
func (p *postfixConf) editPorts(ports []daemon.Site, combined bool, files []daemon.Files,
	e *daemon.Edited) (way, error) {
	var why error
	for _, w := range p.ways(ports, combined, ports[0].With(files)) {
		w.write()
		after := p.withEdits(w.edits, w.set)
		why = p.judge(after, ports, w.pairs())
		if why != nil {
			continue
		}
		for path, edits := range w.edits {
			p.texts.edits[path] = append(p.texts.edits[path], edits...)
		}
		e.Pairs = w.pairs()[:len(files)]
		e.Warnings = append(e.Warnings, p.surprises(after, w)...)
		return w, nil
	}
	return way{}, why
}

// write gathers the edits of a way.
func (w *way) write() {
	w.edits, w.set = map[string][]edit{}, map[string]string{}
	w.split = !w.combined && len(w.files) == 1 && w.allLegacy()
	if w.inMain {
		w.writeMain()
	}
	for i, c := range w.carriers {
		same := func(had carrier) bool { return had.index == c.index && had.prefix == c.prefix }
		if !slices.ContainsFunc(w.carriers[:i], same) && w.writes(c) {
			w.writeService(c)
		}
	}
}

// allLegacy says whether key and chain are named apart wherever this way writes.
func (w *way) allLegacy() bool {
	if w.inMain && !w.legacy {
		return false
	}
	for _, c := range w.carriers {
		if w.writes(c) && !w.keeps(c) {
			return false
		}
	}
	return true
}

// writes says whether a service gets overrides: where main.cf does not reach it.
func (w *way) writes(c carrier) bool {
	older := c.names(c.prefix+"cert_file") || c.names(c.prefix+"key_file")
	return !w.inMain || c.names(c.prefix+"chain_files") || w.legacy && older
}

// keeps says whether a service goes on naming its certificate as it does, by overrides that chain_files replaces.
func (w *way) keeps(c carrier) bool {
	return len(w.files) == 1 && c.names(c.prefix+"cert_file") && w.older(c.masterEntry, c.prefix)
}

func (w *way) writeMain() {
	if w.legacy {
		w.set["smtpd_tls_cert_file"], w.set["smtpd_tls_key_file"] = w.legacyValues()
	} else {
		w.set["smtpd_tls_chain_files"] = combinedList(w.files)
	}
	text := w.texts.was[w.main]
	for _, name := range sortedKeys(w.set) {
		w.add(w.main, setParameter(text, name, w.set[name])...)
	}
	if w.retire != "" && strings.HasPrefix(w.get(nil, "smtpd_tls_cert_file"), w.retire+"/") {
		for _, name := range []string{"smtpd_tls_cert_file", "smtpd_tls_key_file"} {
			w.add(w.main, dropParameter(text, name)...)
		}
		w.set["smtpd_tls_cert_file"], w.set["smtpd_tls_key_file"] = "", "$smtpd_tls_cert_file"
	}
}

func (w *way) add(path string, e ...edit) { w.edits[path] = append(w.edits[path], e...) }

// legacyValues are what cert_file and key_file name.
func (w *way) legacyValues() (cert, key string) {
	if w.split {
		return w.files[0].Cert, w.files[0].Key
	}
	return w.files[0].Combined, w.files[0].Combined
}

// writeService writes the overrides of one service, in the form it has.
func (w *way) writeService(c carrier) {
	text := w.texts.was[w.master]
	if w.keeps(c) {
		cert, key := w.legacyValues()
		w.add(w.master, setOption(text, c.masterEntry, c.prefix+"cert_file", cert)...)
		w.add(w.master, setOption(text, c.masterEntry, c.prefix+"key_file", key)...)
		return
	}
	w.add(w.master, setOption(text, c.masterEntry, c.prefix+"chain_files", combinedList(w.files))...)
}

// pairs are what the ports name afterwards.
func (w *way) pairs() []daemon.Installed {
	if w.split {
		return []daemon.Installed{{Cert: w.files[0].Cert, Key: w.files[0].Key}}
	}
	return combinedPairs(w.files)
}

func combinedPairs(files []daemon.Files) (pairs []daemon.Installed) {
	for _, f := range files {
		if f.Combined == "" {
			pairs = append(pairs, daemon.Installed{Cert: f.Cert, Key: f.Key})
			continue
		}
		pairs = append(pairs, daemon.Installed{Cert: f.Combined, Key: f.Combined})
	}
	return pairs
}

// withEdits is the configuration as it would be after edits.
func (p *postfixConf) withEdits(edits map[string][]edit, main map[string]string) *postfixConf {
	after := *p
	after.texts = newTexts()
	for path, text := range p.texts.was {
		after.texts.was[path] = rewrite(text, slices.Clone(edits[path]))
	}
	after.raw = maps.Clone(p.raw)
	for name, value := range main {
		if read, ok := mainValue(after.texts.was[p.main], name); ok {
			value = read
		}
		after.raw[name] = value
	}
	after.said = nil // postconf has not seen it
	after.entries = parseMaster(after.texts.was[p.master])
	return &after
}

// judge says why a configuration is not what is wanted, or nil.
func (p *postfixConf) judge(after *postfixConf, meant []daemon.Site, want []daemon.Installed) error {
	now := map[int]daemon.Site{}
	for _, s := range after.ports() {
		now[s.Index] = s
	}
	for _, s := range p.ports() {
		service := printable.Text(p.entries[s.Index].service)
		isMeant := slices.ContainsFunc(meant, func(m daemon.Site) bool { return m.Index == s.Index })
		same := slices.Equal(now[s.Index].Pairs, s.Pairs)
		switch {
		case isMeant && (!slices.Equal(now[s.Index].Pairs, want) || now[s.Index].Fixed != ""):
			return unserved(p.entries[s.Index].service)
		case !isMeant && !same:
			hint := "set -o smtpd_tls_chain_files for " + service + " in master.cf, or add its port to listen"
			return fail.New(fail.Failed, hint, "port %s, which is not part of the change, would change as well", service)
		}
	}
	for _, c := range p.clients() {
		was, is := p.clientPairs(c), after.clientPairs(c)
		if !slices.Equal(was, is) && !slices.Equal(is, want) {
			return fail.New(fail.Failed, "write the files of the client's certificate and key out in main.cf",
				"only a part of what %s names follows smtpd_tls_: Postfix as a client would have "+
					"a certificate without its key", c.prefix)
		}
	}
	return nil
}

// clients are the services that may have a certificate as clients; one without a service stands for main.cf.
func (p *postfixConf) clients() (all []carrier) {
	prefixes := []string{"smtp_tls_", "lmtp_tls_"}
	if !slices.Equal(p.pairs(nil, "tlsproxy_client_"), p.pairs(nil, "smtp_tls_")) {
		prefixes = append(prefixes, "tlsproxy_client_")
	}
	for _, prefix := range prefixes {
		all = append(all, carrier{nil, -1, prefix})
		for i, e := range p.entries {
			if len(e.options) > 0 && e.kind == "unix" {
				all = append(all, carrier{&p.entries[i], i, prefix})
			}
		}
	}
	return all
}

func (p *postfixConf) clientPairs(c carrier) []daemon.Installed {
	if c.index < 0 {
		return p.pairs(nil, c.prefix)
	}
	return p.pairs(&p.entries[c.index], c.prefix)
}

// surprises are what a way changes or leaves behind beside what is meant.
func (p *postfixConf) surprises(after *postfixConf, w way) (said []string) {
	const chain, older = "smtpd_tls_chain_files", "smtpd_tls_cert_file"
	if w.inMain && !w.legacy && p.get(nil, chain) == "" && after.get(nil, older) != "" {
		said = append(said, chain+" takes precedence: "+older+" and smtpd_tls_key_file stay in main.cf and no longer count")
	}
	for i := range after.entries {
		e := &after.entries[i]
		if e.names(older) && after.get(e, chain) != "" && p.get(&p.entries[i], chain) == "" {
			said = append(said, chain+" takes precedence: the "+older+" of "+printable.Text(e.service)+
				" stays in master.cf and no longer counts")
		}
	}
	for _, c := range p.clients() {
		text := "Postfix as a client presents the new certificate too: its " + c.prefix +
			" parameters follow those of smtpd_tls_"
		if !slices.Equal(p.clientPairs(c), after.clientPairs(c)) && !slices.Contains(said, text) {
			said = append(said, text)
		}
	}
	return said
}
