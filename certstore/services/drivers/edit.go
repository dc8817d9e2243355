package drivers

import (
	"path/filepath"
	"slices"
	"sort"
	"strings"
)

// edit replaces the bytes from..to of a text.
type edit struct {
	from, to int
	text     string
}

// rewrite applies edits that do not overlap; all other bytes stay.
func rewrite(text string, edits []edit) string {
	sort.SliceStable(edits, func(i, j int) bool { return edits[i].from < edits[j].from })
	var b strings.Builder
	at := 0
	for _, e := range edits {
		b.WriteString(text[at:e.from])
		b.WriteString(e.text)
		at = e.to
	}
	b.WriteString(text[at:])
	return b.String()
}

// texts are the files of a configuration as they were read, and the edits gathered for each.
type texts struct {
	was   map[string]string
	edits map[string][]edit
}

func newTexts() *texts { return &texts{map[string]string{}, map[string][]edit{}} }

func (t *texts) edit(path string, e edit) { t.edits[path] = append(t.edits[path], e) }

// changed gives the new text of each file whose bytes differ.
func (t *texts) changed() map[string]string {
	out := map[string]string{}
	for path, edits := range t.edits {
		if now := rewrite(t.was[path], edits); now != t.was[path] {
			out[path] = now
		}
	}
	return out
}

// onePath knows files by one of their paths: what two links lead to is one file, and is changed once.
type onePath map[string]string // real path to the one that was met first

func (o onePath) of(path string) string {
	resolved, err := filepath.EvalSymlinks(path)
	if err != nil {
		return path
	}
	if _, met := o[resolved]; !met {
		o[resolved] = path
	}
	return o[resolved]
}

// directive is a certificate or key directive in a file: nginx's and Apache's are edited alike.
type directive struct {
	path      string
	line      int
	from, to  int // the whole of it
	valueFrom int
	valueTo   int
	value     string
}

// indent is the blank space before the directive on its line.
func (d directive) indent(text string) string {
	start := strings.LastIndexByte(text[:d.from], '\n') + 1
	if lead := text[start:d.from]; strings.TrimSpace(lead) == "" {
		return lead
	}
	return " "
}

// wholeLine widens a directive that stands alone on its line to the line.
func (d directive) wholeLine(text string) (from, to int) {
	from = strings.LastIndexByte(text[:d.from], '\n') + 1
	to = d.to
	if i := strings.IndexByte(text[d.to:], '\n'); i >= 0 {
		to += i + 1
	} else {
		to = len(text)
	}
	if strings.TrimSpace(text[from:d.from]) != "" || strings.TrimSpace(text[d.to:to]) != "" {
		return d.from, d.to
	}
	return from, to
}

// repoint makes directives of one name carry values: the first ones are rewritten, what is too many goes, what is
// missing is added behind the last. At least one directive is there.
func (t *texts) repoint(have []directive, values []string, write func(value string) string) {
	for i, d := range have {
		if i < len(values) {
			t.edit(d.path, edit{d.valueFrom, d.valueTo, values[i]})
			continue
		}
		from, to := d.wholeLine(t.was[d.path])
		t.edit(d.path, edit{from, to, ""})
	}
	if len(values) > len(have) {
		last := have[len(have)-1]
		t.addBehind(last, values[len(have):], write)
	}
}

// addBehind adds directives on lines of their own behind d.
func (t *texts) addBehind(d directive, values []string, write func(value string) string) {
	text, more := t.was[d.path], ""
	for _, v := range values {
		more += "\n" + d.indent(text) + write(v)
	}
	t.edit(d.path, edit{d.to, d.to, more})
}

// brought is an include directive with the files it brings; into is the one of them that is followed.
type brought struct {
	directive
	paths []string
	into  string
}

// unfold replaces the first of a route of includes by what it brings, so that the file at the route's end can have
// another text here, and stays as it is for all others.
func (t *texts) unfold(route []brought, text string) {
	for _, b := range slices.Backward(route[1:]) {
		was := t.was[b.path]
		text = was[:b.from] + t.body(b, text) + was[b.to:]
	}
	t.edit(route[0].path, edit{route[0].from, route[0].to, t.body(route[0], text)})
}

// body joins the files an include brings, with another text for the one that is followed.
func (t *texts) body(b brought, text string) string {
	all := ""
	for _, path := range b.paths {
		one := t.was[path]
		if path == b.into {
			one = text
		}
		all += strings.TrimRight(one, "\n") + "\n"
	}
	if strings.HasPrefix(t.was[b.path][b.to:], "\n") {
		all = strings.TrimSuffix(all, "\n")
	}
	return all
}
