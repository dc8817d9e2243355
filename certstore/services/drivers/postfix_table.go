package drivers

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"certdesk/certstore/guard"
	"certdesk/certstore/printable"
	"certdesk/certstore/services/daemon"
)

// sniTable is one table of tls_server_sni_maps: a text of names and their chain files. An indexed one is made of its
// text by postmap -F, which copies the keys into it: a new file alone changes nothing, and it is as secret as they are.
type sniTable struct {
	spec, kind, path string // "hash:/etc/postfix/sni" in parts
	index            string // the file that postmap makes; "" for a table that is read as it stands
	text             string
	lines            []sniLine
	aside            string // why its names are not known, or ""
	amiss            bool   // that is a fault
	fixed            string // why it is not changed, or ""

	gone bool            // its index is not there
	bare map[string]bool // the names at which the index has paths
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
		for _, spec := range daemon.List(p.get(&p.entries[i], "tls_server_sni_maps")) {
			if !slices.ContainsFunc(all, func(t *sniTable) bool { return t.spec == spec }) {
				all = append(all, p.readTable(spec))
			}
		}
	}
	return all
}

func (p *postfixConf) readTable(spec string) *sniTable {
	kind, path, typed := strings.Cut(spec, ":")
	t := &sniTable{spec: spec, kind: kind, path: path}
	switch {
	case !typed:
		t.aside, t.amiss = "has no type, which stops Postfix: write TYPE:"+spec, true
	case kind == "inline":
		t.lines = parseInline(path)
		t.fixed = "is in the configuration itself: change it there"
	case kind != "texthash" && indexes[kind] == "":
		t.aside = "is of a type that certdesk cannot list"
	default:
		t.path = p.absolute(path)
		t.open()
	}
	return t
}

// open reads the table's text, and what keeps it from being changed.
func (t *sniTable) open() {
	data, err := daemon.ReadFile(t.path)
	if err != nil {
		t.aside, t.amiss = "cannot be read: "+sentence(daemon.Cannot("read", t.path, err)), true
		return
	}
	t.text = string(data)
	t.lines = parseSNI(t.text)
	if indexes[t.kind] == "" {
		return
	}
	t.index = t.path + indexes[t.kind]
	if resolved, err := filepath.EvalSymlinks(t.index); err == nil {
		t.index = resolved
	}
	t.readIndex()
	// postmap takes on the owner of the text and then cannot read keys that are root's alone (postmap(1)).
	if info, err := os.Stat(t.path); err == nil && os.Geteuid() == 0 {
		if uid, _ := guard.Owners(info); uid > 0 {
			t.fixed = "belongs to a user other than root, and postmap -F would read the keys as that user: chown root " + t.path
		}
	}
	if info, err := os.Stat(t.index); err == nil && info.Size() > daemon.MaxText {
		t.fixed = "has an index larger than 8 MB, which is too large for certdesk to put back"
	}
}

func sentence(err error) string { return printable.Text(strings.TrimSuffix(err.Error(), ".")) }

// parseSNI reads the text of an SNI table: a name and its chain files; a name with a leading dot is for those below.
func parseSNI(text string) (all []sniLine) {
	for _, l := range logicalLines(text) {
		line := sniLine{}
		for _, piece := range l.pieces {
			words := sniWords(piece)
			if line.name == "" && len(words) > 0 {
				line.name, words = sniName(words[0].text), words[1:]
			}
			for _, w := range words {
				line.files = append(line.files, w.text)
			}
			if len(words) > 0 { // a comma behind the last of them as well
				end := piece.from + len(strings.TrimRight(piece.text, " \t\r"))
				line.spans = append(line.spans, word{from: words[0].from, to: end})
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
	for _, item := range daemon.List(inner) {
		if in, _, ok := bracketed(item, '{', '}'); ok && item[0] == '{' {
			item = in
		}
		if name, files, ok := strings.Cut(item, "="); ok {
			all = append(all, sniLine{name: sniName(strings.TrimSpace(name)), files: fields(files)})
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

// why says why a name is not changed, or "".
func (t *sniTable) why(name string) string {
	if t.fixed != "" {
		return "tls_server_sni_maps: " + t.spec + " " + t.fixed
	}
	for _, line := range t.lines {
		for _, path := range line.files {
			if _, err := os.Stat(path); line.name != name && t.index != "" && errors.Is(err, fs.ErrNotExist) {
				return printable.Text("tls_server_sni_maps: " + t.spec + " is left alone: " + line.name + " names " +
					path + ", which does not exist, and postmap would leave that name out")
			}
		}
	}
	return ""
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
