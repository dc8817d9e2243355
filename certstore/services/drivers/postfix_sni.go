package drivers

import (
	"os"
	"slices"
	"strings"

	"certdesk/certstore/printable"
	"certdesk/certstore/services/daemon"
)

// sniSlot is one name of one table.
type sniSlot struct {
	table *sniTable
	name  string
}

// firstSlot is where the numbers of sites begin that are names of tables.
const firstSlot = 1 << 20

// slots are all names of all tables, in an order that is always the same.
func (p *postfixConf) slots() (all []sniSlot) {
	for _, t := range p.tables {
		for _, name := range t.names() {
			all = append(all, sniSlot{t, name})
		}
	}
	return all
}

// sniSites are the names of tls_server_sni_maps. A name that several tables have is what the first of them says.
func (p *postfixConf) sniSites(ports []daemon.Site) (all []daemon.Site) {
	for i, slot := range p.slots() {
		s := daemon.Site{Names: []string{slot.name}, Pairs: p.chainPairs(slot.table.files(slot.name)), Where: slot.table.spec,
			Fixed: slot.table.why(slot.name), Activate: p.activate(slot.table), Outage: p.outage(slot.table, slot.name),
			Index: firstSlot + i}
		join(&s, ports, func(port daemon.Site) bool { return p.tableFor(port, slot.name) == slot.table })
		if len(s.Listen) > 0 {
			all = append(all, s)
		}
	}
	return append(all, p.unlistedSites(ports)...)
}

// unlistedSites are the tables whose names are not known: each may have names of its own, which clients then get in
// the place of the default.
func (p *postfixConf) unlistedSites(ports []daemon.Site) (all []daemon.Site) {
	for _, t := range p.tables {
		fixed := "tls_server_sni_maps: " + t.spec + " " + t.aside
		if !t.amiss {
			fixed += ": the names in it keep their certificates"
		}
		s := daemon.Site{Where: t.spec, Fixed: printable.Text(fixed), Unlisted: "it " + t.aside, Amiss: t.amiss, Index: -1}
		join(&s, ports, func(port daemon.Site) bool { return slices.Contains(p.tablesOf(port.Index), t) })
		if t.aside != "" && len(s.Listen) > 0 {
			all = append(all, s)
		}
	}
	return all
}

// join adds the ports that a table is for.
func join(s *daemon.Site, ports []daemon.Site, has func(port daemon.Site) bool) {
	for _, port := range ports {
		if has(port) {
			s.Listen, s.Proxied = append(s.Listen, port.Listen...), append(s.Proxied, port.Proxied...)
			s.Wait = max(s.Wait, port.Wait)
		}
	}
}

// tableFor is the first table of a port that has a name.
func (p *postfixConf) tableFor(port daemon.Site, name string) *sniTable {
	for _, t := range p.tablesOf(port.Index) {
		if t.files(name) != nil {
			return t
		}
	}
	return nil
}

// tablesOf are the tables of a port, in their order.
func (p *postfixConf) tablesOf(port int) (all []*sniTable) {
	for _, spec := range daemon.List(p.get(p.carriers(port)[0].masterEntry, "tls_server_sni_maps")) {
		if i := slices.IndexFunc(p.tables, func(t *sniTable) bool { return t.spec == spec }); i >= 0 {
			all = append(all, p.tables[i])
		}
	}
	return all
}

// activate is the command that makes the files a table names live.
func (p *postfixConf) activate(t *sniTable) string {
	if t.index == "" {
		return ""
	}
	return p.postmap(t).String()
}

func (p *postfixConf) postmap(t *sniTable) daemon.Step {
	argv := []string{"postmap", "-F", t.spec}
	if !p.standard {
		argv = []string{"postmap", "-F", "-c", p.dir, t.spec}
	}
	return daemon.Step{Argv: argv}
}

// build is how an index is made. A name whose files cannot be read is left out of it with a warning alone, and would
// be served the default from then on.
func (p *postfixConf) build(t *sniTable) daemon.Build {
	return daemon.Build{Path: t.index, Source: t.path, Step: p.postmap(t), Fails: "skipping this entry"}
}

// builds are the indexes postmap makes.
func (p *postfixConf) builds() (all []daemon.Build) {
	for _, t := range p.tables {
		if t.index != "" {
			all = append(all, p.build(t))
		}
	}
	return all
}

// editTables points the lines of names at the new files, and no other.
func (p *postfixConf) editTables(sites []daemon.Site, files []daemon.Files, e *daemon.Edited) {
	all := p.slots()
	done := map[int]bool{}
	for _, s := range sites {
		if done[s.Index] {
			continue
		}
		done[s.Index] = true
		e.Warnings = append(e.Warnings, p.unlisted(s)...)
		slot := all[s.Index-firstSlot]
		p.texts.was[slot.table.path] = slot.table.text
		for _, line := range slot.table.lines {
			if line.name == slot.name {
				p.replaceFiles(slot.table, line, combinedList(s.With(files)))
			}
		}
		if slot.table.index != "" && !e.MadeOf(slot.table.path) {
			e.Builds = append(e.Builds, p.build(slot.table))
			e.Warnings = append(e.Warnings, slot.table.cautions(all, sites)...)
		}
	}
}

// unlisted names the ports that have a table too and are not the instance's: a name has one line for all of them.
func (p *postfixConf) unlisted(s daemon.Site) (said []string) {
	for _, l := range s.Listen {
		if len(p.listed) > 0 && daemon.AnyAt(s.Listen, p.listed) && !daemon.AnyAt([]daemon.Listener{l}, p.listed) {
			said = append(said, printable.Text(l.URL()+" reads "+s.Where+" too: "+s.Slot()+" changes there as well"))
		}
	}
	return said
}

// replaceFiles writes the list where a line's files begin; further lines that hold nothing but files go.
func (p *postfixConf) replaceFiles(t *sniTable, line sniLine, list string) {
	p.texts.edit(t.path, edit{line.spans[0].from, line.spans[0].to, list})
	for _, e := range dropLines(t.text, line.spans[1:]) {
		p.texts.edit(t.path, e)
	}
}

// cautions say what making an index anew does beside: other names' files that were renewed since go live as well, and
// it is read by root alone from now on.
func (t *sniTable) cautions(all []sniSlot, sites []daemon.Site) (said []string) {
	made, err := os.Stat(t.index)
	if err != nil {
		return nil
	}
	for i, slot := range all {
		meant := slices.ContainsFunc(sites, func(s daemon.Site) bool { return s.Index == firstSlot+i })
		for _, path := range t.files(slot.name) {
			if info, err := os.Stat(path); slot.table == t && !meant && err == nil && info.ModTime().After(made.ModTime()) {
				text := path + " was changed since postmap -F " + t.spec + " ran: it goes live for " + slot.name + " as well"
				said = append(said, printable.Text(text))
				break
			}
		}
	}
	if made.Mode()&0o077 != 0 {
		said = append(said, printable.Text(t.index)+
			" contains private keys, and others may read it: from now on only root may")
	}
	return said
}

func combinedList(files []daemon.Files) string {
	var list []string
	for _, f := range files {
		if f.Combined == "" {
			list = append(list, f.Key, f.Cert)
			continue
		}
		list = append(list, f.Combined)
	}
	return strings.Join(list, ", ")
}
