package ui

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/ui/kit"
	"certdesk/ui/theme"
	"certdesk/ui/words"
)

// severalPath is where desk.exportPaths keeps the directory that several were last about to be written to: no entry has
// this number.
const severalPath = 0

// directoryField asks for a directory that several files are written into.
func directoryField(d *desk, hint string) *kit.Path {
	p := pathField(d, "dir", "Into directory", d.exportPaths[severalPath]).With(hint, "such as ~/certificates").Dirs()
	p.SetCheck(func() string {
		if strings.TrimSpace(p.Value()) == "" {
			return "type the directory the files go into, or pick one with down"
		}
		return p.NoSuchDirectory()
	})
	return p
}

// uniqueNames gives each entry a file name that fits what it is called and is no other's, whatever the file system
// makes of capitals.
func uniqueNames(list []certstore.Entry, ext string) []string {
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

// thereMsg names the files that are there already.
type thereMsg struct{ paths []string }

// lookFor says which of the paths are there already, to the screen that asks.
func lookFor(d *desk, paths []string) tea.Cmd {
	return d.run(func(context.Context) tea.Msg {
		var list []string
		for _, p := range paths {
			if _, err := os.Lstat(p); err == nil {
				list = append(list, p)
			}
		}
		return thereMsg{list}
	})
}

// replaceMsg says that what is there may be replaced.
type replaceMsg struct{}

// askReplaceAll asks before files are replaced; yes comes to the screen that asked as a replaceMsg.
func askReplaceAll(d *desk, there []string) screen {
	head := words.Count(len(there), "file")
	return confirm(d, "Replace "+head+"?", "Replace", append([]string{"Already there:"}, replaceLines(there)...),
		func() tea.Cmd { return func() tea.Msg { return replaceMsg{} } })
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

// plannedLines say what will be made, and what is left out and why: at most a few of each, for a form's lower part.
func plannedLines(st theme.Styles, head string, names []string, refused []result, w int) []string {
	const most = 3
	var out []string
	if len(names) > 0 {
		out = words.Signed(st, st.Muted, st.Glyphs.Dot, head+": "+words.Few(names, 6), w)
	}
	for i, r := range refused {
		if i == most {
			text := fmt.Sprintf("%d more are left out; each is listed at the end", len(refused)-most)
			return append(out, words.Signed(st, st.Warn, st.Glyphs.Warn, text, w)...)
		}
		out = append(out, words.Signed(st, st.Warn, st.Glyphs.Warn, "left out: "+r.named(), w)...)
	}
	return out
}
