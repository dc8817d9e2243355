package cli

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	journey = regexp.MustCompile("(?m)^- \\*\\*([a-z ]+)\\*\\*[^:]*: (`.* → .*)$")
	hop     = regexp.MustCompile("`([A-Za-z.]+)`")
)

// TestJourneysExist holds that whoever follows a journey of the README finds each of its functions, and soon its end.
func TestJourneysExist(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	known := functions(t)
	found := journey.FindAllStringSubmatch(string(readme), -1)
	if len(found) != 5 {
		t.Errorf("%d journeys", len(found))
	}
	for _, j := range found {
		hops := hop.FindAllStringSubmatch(j[2], -1)
		if len(hops) > 8 {
			t.Errorf("%s has %d hops", j[1], len(hops))
		}
		for _, h := range hops {
			if !known[h[1]] {
				t.Errorf("%s: there is no %s", j[1], h[1])
			}
		}
	}
}

// functions are all of them outside of tests, as package.Function and package.Type.Method.
func functions(t *testing.T) map[string]bool {
	t.Helper()
	known := map[string]bool{}
	for room := range order {
		files, err := filepath.Glob(filepath.Join("..", "..", strings.TrimPrefix(room, "certdesk"), "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			tree, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			for _, decl := range tree.Decls {
				if f, ok := decl.(*ast.FuncDecl); ok && !strings.HasSuffix(file, "_test.go") {
					known[path.Base(room)+"."+receiver(f)+f.Name.Name] = true
				}
			}
		}
	}
	return known
}

// receiver is "Type." of a method.
func receiver(f *ast.FuncDecl) string {
	if f.Recv == nil {
		return ""
	}
	kind := f.Recv.List[0].Type
	if star, ok := kind.(*ast.StarExpr); ok {
		kind = star.X
	}
	if name, ok := kind.(*ast.Ident); ok {
		return name.Name + "."
	}
	return ""
}
