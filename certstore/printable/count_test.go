package printable

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestNumbersAgreeWithTheirNouns(t *testing.T) {
	for n, want := range map[int]string{0: "0 files are", 1: "1 file is", 2: "2 files are", 21: "21 files are"} {
		if got := Count(n, "file") + Agree(n, " is", " are"); got != want {
			t.Errorf("%d: %q", n, got)
		}
	}
}

// several is a number with a noun in the plural, whatever the number: "%d files", "none of %d were".
var several = regexp.MustCompile(`%d ((of (the |its |these )?(%d )?)?(were|are|do|have)\b|([a-z]{3,}|CA)s\b)`)

// never1 are sentences whose number is never one.
var never1 = []string{" limit is", "more than", "longer than", "use 1 to", "at most", "bytes, and terminals", "cannot be valid for", "cannot be made",
	"names are more than", "characters long", "label has", "after %d", "%d bits",
	"deeper than", "speaks TLS", "rows. m prints", "rows are shown", "At %d columns", "cells; this", "certificates have a", "certificates could be", "ports_wrong=", "The next %d days", "of %d tries"}

// A sentence that may be said of one thing says it by Count or Agree, unless a case of its own says it of one.
func TestNoSentenceSaysOneThings(t *testing.T) {
	root, seen := filepath.Join("..", ".."), 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		if strings.HasSuffix(filepath.Dir(path), "test") { // a room of tests: what it says, a programmer reads
			return nil
		}
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		seen++
		for _, decl := range file.Decls {
			text := literals(decl)
			if several.MatchString(text) && !caseOfOne(decl) && !strings.Contains(text, "limit is") {
				t.Errorf("%s: %s", files.Position(decl.Pos()), several.FindString(text))
			}
		}
		return nil
	})
	if err != nil || seen < 100 {
		t.Fatalf("%d files: %v", seen, err)
	}
}

// literals are the texts of a declaration, but for those of a number that is never one.
func literals(decl ast.Decl) string {
	var all strings.Builder
	ast.Inspect(decl, func(n ast.Node) bool {
		lit, ok := n.(*ast.BasicLit)
		if !ok || lit.Kind != token.STRING {
			return true
		}
		text, err := strconv.Unquote(lit.Value)
		for _, never := range never1 {
			if strings.Contains(text, never) {
				return true
			}
		}
		if err == nil {
			all.WriteString(text + "\n")
		}
		return true
	})
	return all.String()
}

// caseOfOne says whether a function tells one from several: it compares something with 1, or has a case for it.
func caseOfOne(decl ast.Decl) (found bool) {
	one := func(e ast.Expr) bool { lit, ok := e.(*ast.BasicLit); return ok && lit.Value == "1" }
	ast.Inspect(decl, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BinaryExpr:
			found = found || one(n.Y) && n.Op != token.ADD && n.Op != token.SUB
		case *ast.CaseClause:
			found = found || slices.ContainsFunc(n.List, one)
		}
		return true
	})
	return found
}
