package when

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// layout is a layout of package time that people read; one of digits alone, as in a certificate, is for programs.
var layout = regexp.MustCompile(`\bJan(uary)?\b.*2006|2006.*\bJan|2006[-/. ]0?1|0?[12][-/. ]0?[12][-/. ]2006|15:04|3:04`)

// forPeople are the layouts that package time has a name for, but RFC 3339, which JSON and the journal have, and that of
// the head of a message (RFC 5322, section 3.3).
var forPeople = regexp.MustCompile(`^(Layout|ANSIC|UnixDate|RubyDate|RFC822Z?|RFC850|RFC1123|Kitchen|Stamp\w*|DateTime|DateOnly|TimeOnly)$`)

// Whether the day alone misleads is decided here: a room with a layout of its own tells days whose hour matters.
func TestNoOtherRoomWritesMomentsInItsOwnWay(t *testing.T) {
	root := filepath.Join("..", "..")
	if got := strays(t, filepath.Join(root, "certstore", "when")); len(got) == 0 {
		t.Fatal("the layouts of this room are not found: the test sees nothing")
	}
	seen := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() || d.Name() == "when" || d.Name() == "packaging" || path != root && strings.HasPrefix(d.Name(), ".") {
			return err
		}
		seen++
		for _, stray := range strays(t, path) {
			t.Errorf("%s writes a moment in its own way: say it by package when", stray)
		}
		return nil
	})
	if err != nil || seen < 10 {
		t.Fatalf("%d rooms were looked through: %v", seen, err)
	}
}

// strays are the places of one room's own files with such a layout.
func strays(t *testing.T, dir string) (found []string) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if isLayout(n) {
				found = append(found, files.Position(n.Pos()).String())
			}
			return true
		})
	}
	return found
}

func isLayout(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.BasicLit:
		return n.Kind == token.STRING && layout.MatchString(n.Value)
	case *ast.SelectorExpr:
		x, ok := n.X.(*ast.Ident)
		return ok && x.Name == "time" && forPeople.MatchString(n.Sel.Name)
	}
	return false
}
