package cli

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// order says which rooms a room may import: those with a lower number. Rooms that share a number do not import
// each other.
var order = map[string]int{
	"certdesk/certstore/fail": 0, "certdesk/certstore/printable": 0, "certdesk/certstore/when": 0,
	"certdesk/certstore/names": 1, "certdesk/certstore/guard": 1,
	"certdesk/certstore/formats": 2, "certdesk/certstore/port": 2, "certdesk/certstore/replace": 2,
	"certdesk/certstore/trust": 3, "certdesk/certstore/services/daemon": 3,
	"certdesk/certstore/directory": 4, "certdesk/certstore/publishing": 5, "certdesk/certstore/services/drivers": 4, "certdesk/certstore/domains": 5, "certdesk/certstore/evidence": 4, "certdesk/certstore/probe": 4,
	"certdesk/certstore/config": 6, "certdesk/certstore/ledger": 5, "certdesk/certstore/services": 5,
	"certdesk/certstore/beneath": 3, "certdesk/certstore/fetching": 4,
	"certdesk/certstore/acme/challenge": 4,
	"certdesk/certstore/query":          6,
	"certdesk/certstore/disk":           6, "certdesk/certstore/enabling": 6, "certdesk/certstore/judging": 6, "certdesk/certstore/exporting": 6,
	"certdesk/certstore/acme": 5, "certdesk/certstore/ordering": 8,
	"certdesk/certstore/acme/due":  6,
	"certdesk/certstore/trying":    6,
	"certdesk/certstore/importing": 7, "certdesk/certstore/issuing": 7, "certdesk/certstore/objects": 7,
	"certdesk/certstore/health":     8,
	"certdesk/certstore":            9,
	"certdesk/certstore/demo":       10,
	"certdesk/wizard":               11,
	"certdesk/ui/theme":             12,
	"certdesk/ui/kit":               13,
	"certdesk/ui/kit/form":          14,
	"certdesk/ui/words":             15,
	"certdesk/ui/screen":            16,
	"certdesk/ui/sheet":             17,
	"certdesk/ui/asking":            18,
	"certdesk/ui/records":           18,
	"certdesk/ui/details":           18,
	"certdesk/ui/exporting":         18,
	"certdesk/ui/importing":         18,
	"certdesk/ui/request":           18,
	"certdesk/ui/enabling":          18,
	"certdesk/ui/table":             18,
	"certdesk/ui":                   19,
	"certdesk/ui/lines":             20,
	"certdesk/ui/cli/console":       21,
	"certdesk/ui/cli/plain":         21,
	"certdesk/ui/cli/wire":          16,
	"certdesk/ui/cli":               22,
	"certdesk":                      23,
	"certdesk/packaging":            23,
	"certdesk/ui/settings":          18,
	"certdesk/certstore/renewing":   7,
	"certdesk/certstore/answering":  7,
	"certdesk/certstore/monitoring": 8,
	"certdesk/wizard/exchange":      10,
	"certdesk/certstore/revocation": 5,
	"certdesk/certstore/delivering": 7,
	"certdesk/certstore/notifying":  8,
}

// seesBubbleTea says whether a room may import Bubble Tea: the desk's may, but those of colours, words and commands.
func seesBubbleTea(room string) bool {
	switch room {
	case "certdesk/ui/theme", "certdesk/ui/words":
		return false
	}
	return strings.HasPrefix(room, "certdesk/ui") && !strings.HasPrefix(room, "certdesk/ui/cli")
}

// testSupport are the rooms imported by tests alone.
var testSupport = map[string]bool{
	"certdesk/certstore/disk/disktest": true, "certdesk/certstore/ledger/ledgertest": true, "certdesk/certstore/storetest": true,
	"certdesk/certstore/dnstest": true, "certdesk/certstore/daemontest": true, "certdesk/wizard/exchange/exchangetest": true,
	"certdesk/ui/uitest": true, "certdesk/ui/ptytest": true, "certdesk/certstore/acme/acmetest": true,
	"certdesk/certstore/answering/answeringtest": true,
}

// TestRoomsImportOneWay holds the arrows: main → ui/cli → ui/lines → ui → the rooms of its screens → ui/screen →
// ui/words → ui/kit → wizard → certstore → its inner rooms; no screen's room knows another's; Bubble Tea stays in the
// desk's; nothing outside tests reaches package testing.
func TestRoomsImportOneWay(t *testing.T) {
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return err
		}
		rel, err := filepath.Rel(root, filepath.Dir(file))
		if err != nil {
			return err
		}
		room := filepath.ToSlash(filepath.Join("certdesk", rel))
		if testSupport[room] || strings.HasPrefix(room, "certdesk/testdata") {
			return nil
		}
		if _, known := order[room]; !known {
			t.Errorf("%s is in a room nobody knows: give it a place in the order", file)
			return nil
		}
		return checkImports(t, file, room)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func checkImports(t *testing.T, file, room string) error {
	tree, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
	if err != nil {
		return err
	}
	for _, spec := range tree.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return err
		}
		rank, ours := order[imported]
		tea := strings.HasPrefix(imported, "github.com/charmbracelet/bubble")
		switch {
		case ours && rank >= order[room]:
			t.Errorf("%s: %s imports %s, against the arrows", file, room, imported)
		case strings.HasPrefix(imported, "certdesk") && !ours:
			t.Errorf("%s imports %s, which is no room", file, imported)
		case tea && !seesBubbleTea(room):
			t.Errorf("%s: %s reaches Bubble Tea", file, room)
		case imported == "testing":
			t.Errorf("%s imports testing outside a test", file)
		case imported == "math/rand" || imported == "math/rand/v2":
			t.Errorf("%s uses %s: randomness comes from crypto/rand alone", file, imported)
		}
	}
	return nil
}

// Every room says what it is and what it promises, and stands in the README's table.
func TestEveryRoomIsToldOf(t *testing.T) {
	root := filepath.Join("..", "..")
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(readme), "\n## The code\n")
	for room := range order {
		dir := strings.TrimPrefix(room, "certdesk/")
		if dir == "certdesk" {
			continue // main.go
		}
		if !strings.Contains(table, "`"+dir+"/`") && !strings.Contains(table, "`"+path.Base(dir)+"/`") {
			t.Errorf("the README's table of the code lacks %s", dir)
		}
		files, err := filepath.Glob(filepath.Join(root, dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(files, func(file string) bool { return tellsOf(t, file, path.Base(dir)) }) {
			t.Errorf("%s has no package comment", dir)
		}
	}
}

// tellsOf says whether a file begins with what its package is.
func tellsOf(t *testing.T, file, name string) bool {
	tree, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.PackageClauseOnly|parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	says := tree.Doc.Text()
	return strings.HasPrefix(says, "Package "+name+" ") || strings.HasPrefix(says, "Command "+name+" ")
}
