package services

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"certdesk/certstore/printable"
)

// sniTable is one table of tls_server_sni_maps: a text of names and their chain files. An indexed one is made of its
// text by postmap -F, which copies the keys into it: a new file alone changes nothing, and it is as secret as they are.
type sniTable struct {
	spec, kind, path string // "hash:/etc/postfix/sni" in parts
	index            string // the file that postmap makes; "" for a table that is read as it stands
	text             string
	lines            []sniLine
	aside            string // why its names are not known, or ""
	fixed            string // why it is not changed, or ""
}

// sniLine is one name of a table.
type sniLine struct {
	name  string // as a client asks for it; "*.b.test" for what stands there as .b.test
	files []string
	spans []word // where its files stand
}

// indexes are the types postmap makes a file of, and how its name ends.
var indexes = map[string]string{"hash": ".db", "btree": ".db", "lmdb": ".lmdb", "cdb": ".cdb"}

// readTables reads each table that some port has, once.
func (p *postfixConf) readTables() (all []*sniTable) {
	for i := range p.entries {
		for _, spec := range tableList(p.get(&p.entries[i], "tls_server_sni_maps")) {
			if !slices.ContainsFunc(all, func(t *sniTable) bool { return t.spec == spec }) {
				all = append(all, p.readTable(spec))
			}
		}
	}
	return all
}

// tableList splits a list of tables; commas within braces are an inline table's own.
func tableList(text string) (list []string) {
	depth, from := 0, 0
	for i, r := range text + " " {
		switch {
		case r == '{':
			depth++
		case r == '}':
			depth--
		case depth <= 0 && strings.ContainsRune(", \t\r\n", r):
			if from < i {
				list = append(list, text[from:i])
			}
			from = i + 1
		}
	}
	return list
}

func (p *postfixConf) readTable(spec string) *sniTable {
	kind, path, typed := strings.Cut(spec, ":")
	t := &sniTable{spec: spec, kind: kind, path: path}
	switch {
	case !typed:
		t.aside = "has no type, which ends Postfix: write TYPE:" + spec
	case kind == "inline":
		t.lines = parseInline(path)
		t.fixed = "stands in the configuration itself: change it there"
	case kind != "texthash" && indexes[kind] == "":
		t.aside = "is of a type that certdesk cannot list: names in it are served as it says"
	default:
		t.path = p.absolute(path)
		t.open()
	}
	return t
}

// open reads the table's text, and what keeps it from being changed.
func (t *sniTable) open() {
	data, err := readFile(t.path)
	if err != nil {
		t.aside = "cannot be read: " + sentence(cannot("read", t.path, err))
		return
	}
	t.text = string(data)
	t.lines = parseSNI(t.text)
	if indexes[t.kind] == "" {
		return
	}
	t.index = t.path + indexes[t.kind]
	if real, err := filepath.EvalSymlinks(t.index); err == nil {
		t.index = real
	}
	// postmap takes on the owner of the text and then cannot read keys that are root's alone (postmap(1)).
	if info, err := os.Stat(t.path); err == nil && os.Geteuid() == 0 {
		if uid, _ := ownerOf(info); uid > 0 {
			t.fixed = "belongs to another user than root, as whom postmap -F would read the keys: chown root " + t.path
		}
	}
	if info, err := os.Stat(t.index); err == nil && info.Size() > maxText {
		t.fixed = "has an index larger than 8 MB, which certdesk could not put back"
	}
}

func sentence(err error) string { return printable.Text(strings.TrimSuffix(err.Error(), ".")) }

// parseSNI reads the text of an SNI table: a name and its chain files; a name with a leading dot is for those below.
func parseSNI(text string) (all []sniLine) {
	for _, pieces := range logicalLines(text) {
		line := sniLine{}
		for _, piece := range pieces {
			words := sniWords(piece)
			if line.name == "" && len(words) > 0 {
				line.name, words = sniName(words[0].text), words[1:]
			}
			for _, w := range words {
				line.files = append(line.files, w.text)
			}
			if len(words) > 0 { // a comma behind the last of them as well
				line.spans = append(line.spans, word{from: words[0].from, to: piece.from + len(strings.TrimRight(piece.text, " \t\r"))})
			}
		}
		if len(line.files) > 0 {
			all = append(all, line)
		}
	}
	return all
}

// sniWords splits one line at blank space, and behind the name at commas as well.
func sniWords(piece word) (all []word) {
	s := piece.text
	continues := strings.IndexByte(" \t", s[0]) >= 0
	for at := 0; at < len(s); {
		apart := ", \t\r"
		if len(all) == 0 && !continues {
			apart = " \t\r"
		}
		end := at + strings.IndexAny(s[at:]+apart, apart)
		if end > at {
			all = append(all, word{text: s[at:end], from: piece.from + at, to: piece.from + end})
		}
		at = end + 1
	}
	return all
}

func sniName(key string) string {
	key = strings.ToLower(key)
	if strings.HasPrefix(key, ".") {
		return "*" + key
	}
	return key
}

// parseInline reads the names of inline:{ name=files, { name = files } }.
func parseInline(text string) (all []sniLine) {
	inner, _, ok := bracketed(text, '{', '}')
	if !ok {
		return nil
	}
	for _, item := range tableList(inner) {
		if in, _, ok := bracketed(item, '{', '}'); ok && item[0] == '{' {
			item = in
		}
		if name, files, ok := strings.Cut(item, "="); ok {
			all = append(all, sniLine{name: sniName(strings.TrimSpace(name)), files: fields(files)})
		}
	}
	return all
}

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

// names are the table's names, each once.
func (t *sniTable) names() []string {
	all := map[string]bool{}
	for _, line := range t.lines {
		all[line.name] = true
	}
	return sortedKeys(all)
}

// files are those of a name: of the first line that has it, as postmap takes it.
func (t *sniTable) files(name string) []string {
	for _, line := range t.lines {
		if line.name == name {
			return line.files
		}
	}
	return nil
}

// sniSites are the names of tls_server_sni_maps. A name that several tables have is what the first of them says.
func (p *postfixConf) sniSites(ports []Site) (all []Site) {
	for i, slot := range p.slots() {
		for _, proxied := range []bool{false, true} {
			s := Site{Names: []string{slot.name}, Pairs: p.chainPairs(slot.table.files(slot.name)), Where: slot.table.spec, index: firstSlot + i,
				Fixed: slot.table.why(slot.name), Activate: p.activate(slot.table), Proxy: proxied}
			for _, port := range ports {
				if port.Proxy == proxied && p.tableFor(port, slot.name) == slot.table {
					s.Listen = append(s.Listen, port.Listen...)
					s.Wait = max(s.Wait, port.Wait)
				}
			}
			if len(s.Listen) > 0 {
				all = append(all, s)
			}
		}
	}
	return all
}

// tableFor is the first table of a port that has a name.
func (p *postfixConf) tableFor(port Site, name string) *sniTable {
	for _, t := range p.tablesOf(port.index) {
		if t.files(name) != nil {
			return t
		}
	}
	return nil
}

// tablesOf are the tables of a port, in their order.
func (p *postfixConf) tablesOf(port int) (all []*sniTable) {
	for _, spec := range tableList(p.get(p.carriers(port)[0].masterEntry, "tls_server_sni_maps")) {
		if i := slices.IndexFunc(p.tables, func(t *sniTable) bool { return t.spec == spec }); i >= 0 {
			all = append(all, p.tables[i])
		}
	}
	return all
}

// why says why a name is not changed, or "".
func (t *sniTable) why(name string) string {
	if t.fixed != "" {
		return "tls_server_sni_maps: " + t.spec + " " + t.fixed
	}
	for _, line := range t.lines {
		for _, path := range line.files {
			if _, err := os.Stat(path); line.name != name && t.index != "" && errors.Is(err, fs.ErrNotExist) {
				return "tls_server_sni_maps: " + t.spec + " cannot be made anew, since " + line.name + " names " + printable.Text(path) + ", which is not there"
			}
		}
	}
	return ""
}

// activate is the command that makes the files a table names live.
func (p *postfixConf) activate(t *sniTable) string {
	if t.index == "" {
		return ""
	}
	return p.postmap(t).String()
}

func (p *postfixConf) postmap(t *sniTable) step {
	argv := []string{"postmap", "-F", t.spec}
	if !p.standard {
		argv = []string{"postmap", "-F", "-c", p.dir, t.spec}
	}
	return step{argv: argv}
}

// builds are the indexes postmap makes.
func (p *postfixConf) builds() (all []build) {
	for _, t := range p.tables {
		if t.index != "" {
			all = append(all, build{t.index, t.path, p.postmap(t)})
		}
	}
	return all
}

// aside are the sentences about tables whose names are not known.
func (p *postfixConf) aside() (all []string) {
	for _, t := range p.tables {
		if t.aside != "" {
			all = append(all, printable.Text("tls_server_sni_maps: "+t.spec+" "+t.aside))
		}
	}
	return all
}

// named adds the files of a table: itself, its index, and what its lines name.
func (t *sniTable) named(all map[string]bool) {
	if filepath.IsAbs(t.path) {
		all[filepath.Clean(t.path)] = true
	}
	if t.index != "" {
		all[t.index] = true
	}
	for _, line := range t.lines {
		for _, path := range line.files {
			if filepath.IsAbs(path) {
				all[filepath.Clean(path)] = true
			}
		}
	}
}

// editTables points the lines of names at the new files, and no other.
func (p *postfixConf) editTables(sites []Site, files []versionFiles, e *edited) {
	all, list := p.slots(), combinedList(files)
	done := map[int]bool{}
	for _, s := range sites {
		if done[s.index] {
			continue
		}
		done[s.index] = true
		e.warnings = append(e.warnings, p.unlisted(s)...)
		slot := all[s.index-firstSlot]
		p.texts.was[slot.table.path] = slot.table.text
		for _, line := range slot.table.lines {
			if line.name == slot.name {
				p.replaceFiles(slot.table, line, list)
			}
		}
		if b := (build{slot.table.index, slot.table.path, p.postmap(slot.table)}); b.path != "" && !e.madeOf(b.source) {
			e.builds = append(e.builds, b)
			e.warnings = append(e.warnings, slot.table.cautions(all, sites)...)
		}
	}
}

// unlisted names the ports that have a table too and are not those of the instance: a name has one line for all of them.
func (p *postfixConf) unlisted(s Site) (said []string) {
	for _, l := range s.Listen {
		if len(p.listed) > 0 && anyAt(s.Listen, p.listed) && !anyAt([]Listener{l}, p.listed) {
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
func (t *sniTable) cautions(all []sniSlot, sites []Site) (said []string) {
	made, err := os.Stat(t.index)
	if err != nil {
		return nil
	}
	for i, slot := range all {
		meant := slices.ContainsFunc(sites, func(s Site) bool { return s.index == firstSlot+i })
		for _, path := range t.files(slot.name) {
			if info, err := os.Stat(path); slot.table == t && !meant && err == nil && info.ModTime().After(made.ModTime()) {
				said = append(said, printable.Text(path)+" was changed since postmap -F "+t.spec+" ran: it goes live for "+slot.name+" as well")
				break
			}
		}
	}
	if made.Mode()&0o077 != 0 {
		said = append(said, printable.Text(t.index)+" holds private keys and others may read it: it will be root's alone")
	}
	return said
}

func combinedList(files []versionFiles) string {
	var list []string
	for _, f := range files {
		list = append(list, f.combined)
	}
	return strings.Join(list, ", ")
}
