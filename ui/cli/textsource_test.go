package cli

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// source is the project's code without its tests, to be searched for sentences. It is read without types, which would
// take half a minute: functions are told apart by room and name.
type source struct {
	rooms map[string]*room
	sinks map[string][]sink // by "room.function"
}

// room is one package.
type room struct {
	name    string // its directory
	funcs   map[string][]*ast.FuncDecl
	imports map[*ast.FuncDecl]map[string]string
	values  map[string]ast.Expr // of constants and variables
	files   []*ast.File
}

// sink is what a function does with its parameters: it shows them, with other words around them, as a sentence and as a
// hint. A parameter stands as hole(its number).
type sink struct{ text, hint string }

func hole(n int) string { return "\x00" + strconv.Itoa(n) + "\x00" }

// unknown stands for words that are made at run time.
const unknown = "…"

func newSource() *source {
	return &source{rooms: map[string]*room{}, sinks: map[string][]sink{
		"certstore/fail.New":  {{hole(2), hole(1)}},
		"fmt.Errorf":          {{text: hole(0)}},
		"errors.New":          {{text: hole(0)}},
		"ui/screen.Notice":    {{text: hole(0)}},
		"certstore/trust.add": {{text: hole(3)}},
	}}
}

// shownFields are the fields of values whose text is shown, and those of them that are hints.
var shownFields = map[string]bool{"Text": true, "Hint": true, "Reason": true, "Defect": true, "Warnings": true, "Aside": true, "aside": true, "Fixed": true, "why": true}

// shownTypes are the composite values that hold such fields, and where the text stands in one without field names.
var shownTypes = map[string]int{"Error": 1, "Finding": 2, "Verdict": 2, "failure": 1}

// tells matches the names of functions whose texts are sentences for a person.
var tells = regexp.MustCompile(`(?i)(hint|advice|situation|note|invalid)$`)

func readSource(root string) (*source, error) {
	src := newSource()
	err := filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return err
		}
		dir, err := filepath.Rel(root, filepath.Dir(file))
		if err != nil || strings.HasPrefix(dir, "testdata") || testSupport["certdesk/"+filepath.ToSlash(dir)] {
			return err
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		return src.add(filepath.ToSlash(dir), file, string(text))
	})
	return src, err
}

func (src *source) add(dir, file, text string) error {
	parsed, err := parser.ParseFile(token.NewFileSet(), file, text, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	r := src.rooms[dir]
	if r == nil {
		r = &room{name: dir, funcs: map[string][]*ast.FuncDecl{}, imports: map[*ast.FuncDecl]map[string]string{},
			values: map[string]ast.Expr{}}
		src.rooms[dir] = r
	}
	r.files = append(r.files, parsed)
	for _, decl := range parsed.Decls {
		switch d := decl.(type) {
		case *ast.FuncDecl:
			r.funcs[d.Name.Name] = append(r.funcs[d.Name.Name], d)
			r.imports[d] = importsOf(parsed)
		case *ast.GenDecl:
			r.keep(d)
		}
	}
	return nil
}

func (r *room) keep(d *ast.GenDecl) {
	for _, spec := range d.Specs {
		if v, ok := spec.(*ast.ValueSpec); ok {
			for i, name := range v.Names {
				if i < len(v.Values) {
					r.values[name.Name] = v.Values[i]
				}
			}
		}
	}
}

// texts lists every sentence with its hints, room by room.
func (src *source) texts() string {
	for src.learn() {
	}
	var b strings.Builder
	for _, name := range sortedKeys(src.rooms) {
		found := map[string]map[string]bool{}
		for _, s := range src.shown(src.rooms[name], false) {
			if strings.Contains(s.text+s.hint, "\x00") || !strings.Contains(strings.Trim(s.text+s.hint, "… "), " ") {
				continue
			}
			if found[s.text] == nil {
				found[s.text] = map[string]bool{}
			}
			found[s.text][s.hint] = true
		}
		writeRoom(&b, name, found)
	}
	return b.String()
}

func writeRoom(b *strings.Builder, name string, found map[string]map[string]bool) {
	if len(found) == 0 {
		return
	}
	if b.Len() > 0 {
		b.WriteString("\n")
	}
	fmt.Fprintf(b, "# %s\n\n", name)
	for _, text := range sortedKeys(found) {
		fmt.Fprintln(b, oneLine(text))
		for _, hint := range sortedKeys(found[text]) {
			if hint != "" {
				fmt.Fprintln(b, "    hint: "+oneLine(hint))
			}
		}
	}
}

func oneLine(s string) string {
	if s == "" {
		s = unknown
	}
	return strings.ReplaceAll(runs.ReplaceAllString(s, unknown), "\n", `\n`)
}

var runs = regexp.MustCompile(unknown + "{2,}")

func sortedKeys[V any](m map[string]V) (list []string) {
	for k := range m {
		list = append(list, k)
	}
	slices.Sort(list)
	return list
}

// learn finds the functions that hand their parameters on to be shown; false once there are no more.
func (src *source) learn() (more bool) {
	for name, r := range src.rooms {
		if name == "certstore/fail" {
			continue // known from the beginning
		}
		for _, s := range src.shown(r, true) {
			at := s.text[:strings.Index(s.text, "\x01")]
			s.text = s.text[len(at)+1:]
			if !slices.Contains(src.sinks[at], s) {
				src.sinks[at], more = append(src.sinks[at], s), true
			}
		}
	}
	return more
}

// shown are the sentences of a room: those that are complete, or those whose words a caller gives, each behind the
// name of its function.
func (src *source) shown(r *room, open bool) (list []sink) {
	for _, file := range r.files {
		for _, decl := range file.Decls {
			in := scope{src: src, room: r, imports: importsOf(file)}
			if fn, ok := decl.(*ast.FuncDecl); ok {
				if in.fn = fn; !open && tells.MatchString(fn.Name.Name) {
					list = append(list, in.told()...)
				}
			}
			ast.Inspect(decl, func(n ast.Node) bool {
				for _, s := range in.sentences(n) {
					given := strings.Contains(s.text+s.hint, "\x00")
					switch {
					case open && given && in.fn != nil:
						list = append(list, sink{r.name + "." + in.fn.Name.Name + "\x01" + s.text, s.hint})
					case !open && !given:
						list = append(list, s)
					}
				}
				return true
			})
		}
	}
	return list
}

// importsOf gives each name that a file has for another package; rooms of the project without their module.
func importsOf(file *ast.File) map[string]string {
	known := map[string]string{}
	for _, spec := range file.Imports {
		full, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue
		}
		name := path.Base(full)
		if spec.Name != nil {
			name = spec.Name.Name
		}
		known[name] = strings.TrimPrefix(full, "certdesk/")
	}
	return known
}
