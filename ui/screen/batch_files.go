package screen

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/ui/kit"
	"certdesk/ui/kit/form"
	"certdesk/ui/theme"
	"certdesk/ui/words"
)

// SeveralPath is where desk.ExportPaths keeps the directory that several were last about to be written to: no entry has
// this number.
const SeveralPath = 0

// DirectoryField asks for a directory that several files are written into.
func DirectoryField(d *Desk, hint string) *form.Path {
	p := PathField(d, "dir", "Into directory", d.ExportPaths[SeveralPath]).With(hint+" "+EmptyKeeps, "").Dirs()
	p.Propose("./")
	p.SetCheck(p.NoSuchDirectory)
	return p
}

// UniqueNames gives each entry a file name that fits what it is called and is no other's, whatever the file system
// makes of capitals.
func UniqueNames(list []certstore.Entry, ext string) []string {
	names := make([]string, len(list))
	taken := map[string]bool{}
	for i, e := range list {
		base := words.FileName(e)
		if base == "" {
			base = "certificate"
		}
		name := base + ext
		for n := 2; taken[strings.ToLower(name)]; n++ {
			name = fmt.Sprintf("%s-%d%s", base, n, ext)
		}
		taken[strings.ToLower(name)] = true
		names[i] = name
	}
	return names
}

// ThereMsg names the files that are there already.
type ThereMsg struct{ Paths []string }

// LookFor says which of the paths are there already, to the screen that asks.
func LookFor(d *Desk, paths []string) tea.Cmd {
	return d.Run(func(context.Context) tea.Msg {
		var list []string
		for _, p := range paths {
			if _, err := os.Lstat(p); err == nil {
				list = append(list, p)
			}
		}
		return ThereMsg{list}
	})
}

// ReplaceMsg says that what is there may be replaced.
type ReplaceMsg struct{}

// AskReplaceAll asks before files are replaced; yes comes to the screen that asked as a ReplaceMsg.
func AskReplaceAll(there []string) Make {
	head := words.Count(len(there), "file")
	return Confirm("Replace "+head+"?", "Replace", append([]string{"Already there:"}, replaceLines(there)...),
		func() tea.Cmd { return func() tea.Msg { return ReplaceMsg{} } })
}

// replaceLines name what would be replaced.
func replaceLines(there []string) []string {
	const most = 6
	var lines []string
	for i, p := range there {
		if i == most {
			lines = append(lines, fmt.Sprintf("  and %d more", len(there)-most))
			break
		}
		lines = append(lines, "  "+kit.Printable(filepath.Base(p)))
	}
	return append(lines, "", "Replacing them loses what is in them.")
}

// PlannedLines say what will be made, and what is left out and why: at most a few of each, for a form's lower part.
func PlannedLines(st theme.Styles, head string, names []string, refused []Result, w int) []string {
	const most = 3
	var out []string
	if len(names) > 0 {
		out = words.Signed(st.Muted, st.Glyphs.Dot, head+": "+words.Few(names, 6), w)
	}
	for i, r := range refused {
		if i == most {
			text := fmt.Sprintf("%d more are left out; each is listed at the end", len(refused)-most)
			return append(out, words.Signed(st.Warn, st.Glyphs.Warn, text, w)...)
		}
		out = append(out, words.Signed(st.Warn, st.Glyphs.Warn, "left out: "+r.Named(), w)...)
	}
	return out
}
