package importing

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/fail"
	"certdesk/certstore/importing"
	"certdesk/certstore/trust"
	"certdesk/ui/kit"
	"certdesk/ui/kit/form"
	"certdesk/ui/screen"
	"certdesk/ui/theme"
	"certdesk/ui/words"
	"certdesk/wizard"
)

// severalForm shows a line for each certificate that the files are about, and for each file that gives none.
func (s *importScreen) severalForm() *form.Form {
	groups := s.groups
	s.rows = form.NewRows("found", fmt.Sprintf("Found in %s", sourcesWords(s.chosenPaths())),
		"Nothing has been stored yet. up/down shows more of each.",
		len(groups), groupColumns(groups), func(row, column,
			_ int) kit.Cell {
			return groupCell(s.d.Styles, groups[row], column)
		},
		func(st theme.Styles, row, w int) []string { return groupLines(st, groups[row], s.d.Now(), w) })
	if s.options == nil {
		s.options = &importOptions{export: exportSwitch(false)}
	}
	count := func() int { return countImportable(groups, s.options.export.On()) }
	do := form.NewButton("do", "", "").Saying(func() (text, hint string) {
		return fmt.Sprintf("Import %d", count()), "Keeps what can be imported in the store; what is refused stops nothing."
	})
	return form.New(s.rows, s.fetchButton(), s.options.export, do).Hide(func(id string) bool {
		return id == "do" && count() == 0 || id == "fetch" && len(s.missing()) == 0 || id == "export" && !anyMayLeave(groups)
	})
}

func sourcesWords(paths []string) string {
	switch len(paths) {
	case 0:
		return "the pasted text"
	case 1:
		return "1 file"
	}
	return fmt.Sprintf("%d files", len(paths))
}

func severalTitle(groups []importing.Group) string {
	n := countImportable(groups, false)
	switch {
	case n == 0:
		return "Nothing of this can be imported"
	case n == len(groups):
		return fmt.Sprintf("%d can be imported", n)
	default:
		return fmt.Sprintf("%d of %d can be imported", n, len(groups))
	}
}

// importable says whether an import of the group would change anything; exportable, whether its key is to be so.
func importable(g importing.Group, exportable bool) bool {
	return g.Err == nil && (g.Found.Action != importing.Exists || len(g.Found.Attachable) > 0 || exportable &&
		g.Found.Raises)
}

func countImportable(groups []importing.Group, exportable bool) (n int) {
	for _, g := range groups {
		if importable(g, exportable) {
			n++
		}
	}
	return n
}

func anyMayLeave(groups []importing.Group) bool {
	for _, g := range groups {
		if g.Err == nil && (g.Found.Action == importing.Adds || g.Found.Raises) {
			return true
		}
	}
	return false
}

// groupName is what a group is called: the certificate, or the file that gives none.
func groupName(g importing.Group) string {
	if name := words.Title(g.Found.Leaf); name != "" {
		return name
	}
	return kit.Printable(filepath.Base(g.From[0]))
}

// groupWords says what becomes of a group.
func groupWords(g importing.Group) string {
	f := g.Found
	switch {
	case g.Err != nil:
		return words.Failed(g.Err)
	case f.Action == importing.Completes:
		return "completes " + words.Title(f.Existing)
	case f.Action == importing.Reissue:
		return "another certificate for a key that is here"
	case f.Action == importing.Adds:
		return "new, with its key"
	case len(f.Attachable) > 0:
		return "adds to " + words.Title(f.Existing) + ": " + attachWords(f.Attachable)
	}
	return "already here, as " + words.Title(f.Existing)
}

func groupColumns(groups []importing.Group) []kit.Column {
	name := len("NAME")
	for _, g := range groups {
		name = max(name, kit.Width(groupName(g)))
	}
	name = min(name, 30)
	return []kit.Column{
		{Title: "STATUS", Min: 11, Want: 11},
		{Title: "NAME", Min: 10, Want: name, Max: name},
		{Title: "WHAT WILL HAPPEN", Min: 18, Want: 30, Grow: 1},
	}
}

func groupCell(st theme.Styles, g importing.Group, column int) kit.Cell {
	switch column {
	case 0:
		return groupLook(st, g)
	case 1:
		return kit.Cell{Text: groupName(g)}
	}
	return kit.Cell{Text: groupWords(g)}
}

func groupLook(st theme.Styles, g importing.Group) kit.Cell {
	switch {
	case fail.Is(g.Err, fail.AlreadyExists):
		return kit.Cell{Text: st.Glyphs.Dot + " is here", Style: &st.Muted}
	case g.Err != nil:
		return kit.Cell{Text: st.Glyphs.Bad + " refused", Style: &st.Bad}
	case !importable(g, false):
		return kit.Cell{Text: st.Glyphs.Dot + " is here", Style: &st.Muted}
	}
	glyph, style := words.LookOfWord(&st, g.Found.Leaf.Verdict.Word)
	return kit.Cell{Text: glyph + " " + g.Found.Leaf.Verdict.Word, Style: style}
}

// groupLines is all there is to say of a group.
func groupLines(st theme.Styles, g importing.Group, now time.Time, w int) []string {
	from := words.Labelled(st, []wizard.Fact{{Label: "From", Value: strings.Join(g.From, ", ")}}, w)
	if g.Err != nil {
		return slices.Concat(holdsLines(st, g, w), words.ProblemLines(st, g.Err, w), from)
	}
	return append(foundLines(st, g, now, w), from...)
}

// batch imports every group that can be; the others are results already.
func (s *importScreen) batch() screen.Batch {
	memory, exportable := s.memory, s.options.export.On()
	b := screen.Batch{Verb: "Import", Doing: "importing", Did: "imported", Next: importedNext(s.groups),
		Over: func(list []screen.Result) {
			if !screen.CutShort(list) {
				memory.draft = nil
			}
		}}
	for _, g := range s.groups {
		switch {
		case g.Err != nil:
			b.Refused = append(b.Refused, screen.Result{Name: groupName(g), Err: g.Err})
		case !importable(g, exportable):
			b.Refused = append(b.Refused, screen.Result{Name: groupName(g), ID: g.Found.Existing.ID,
				Err: fail.New(fail.AlreadyExists, "there is nothing to do", "%s", groupWords(g))})
		default:
			g.Exportable, g.Attach = exportable, g.Found.Action == importing.Exists
			b.Tasks = append(b.Tasks, importTask(s.d.Store, g))
		}
	}
	s.forget()
	return b
}

func importedNext(groups []importing.Group) string {
	for _, g := range groups {
		if importable(g, false) && g.Found.Leaf.Verdict.Status == trust.Untrusted {
			return "Where a CA's certificate is missing, import that one: certdesk adds it to every chain that lacks it."
		}
	}
	return "x in the table exports one, or all that are marked, for your servers."
}

func importTask(store *certstore.Store, g importing.Group) screen.Task {
	return screen.Task{Name: groupName(g), Do: func(ctx context.Context) []screen.Result {
		got := store.ImportGroup(ctx, g)
		g.Found, g.Err = got.Found, got.Err
		return []screen.Result{{Name: groupName(g), ID: got.Entry.ID, Said: groupWords(g),
			More: words.Stop(kit.Printable(verdictText(got.Entry))), Err: got.Err}}
	}}
}
