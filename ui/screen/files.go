package screen

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/ui/kit/form"
)

// EmptyKeeps says how a path that is proposed is taken, and how another.
const EmptyKeeps = "Left empty, the one shown; tab completes, down picks from the list."

// PathField is a field for a path whose listings are read in commands.
func PathField(d *Desk, id, label, value string) *form.Path {
	home, _ := os.UserHomeDir()
	return form.NewPath(id, label, value, home, func(p *form.Path, dir string) tea.Cmd {
		return d.Behind(func(context.Context) tea.Msg { return listDir(p, dir) })
	})
}

// maxListed bounds a listing: no person picks from more, and a directory may hold millions.
const maxListed = 50000

// likely are the endings of what is imported and exported.
var likely = map[string]bool{".cer": true, ".crt": true, ".pem": true, ".der": true, ".p7b": true, ".p7c": true,
	".pfx": true, ".p12": true,
	".req": true, ".csr": true, ".key": true, ".txt": true}

// listDir reads what is in a directory, for a person to pick from. It runs in a command.
func listDir(p *form.Path, dir string) form.PathListed {
	out := form.PathListed{For: p, Dir: dir}
	f, err := os.Open(dir)
	if err != nil {
		out.Problem, out.Missing = dirProblem(err)
		return out
	}
	defer f.Close()
	list, err := f.ReadDir(maxListed)
	if len(list) == 0 && err != nil && err != io.EOF {
		out.Problem, out.Missing = dirProblem(err)
		return out
	}
	out.Partial = len(list) == maxListed
	for _, e := range list {
		entry := form.PathEntry{Name: e.Name(), Dir: e.IsDir() || isLinkToDir(dir, e)}
		entry.Likely = likely[strings.ToLower(filepath.Ext(entry.Name))]
		out.Entries = append(out.Entries, entry)
	}
	form.SortEntries(out.Entries)
	return out
}

func isLinkToDir(dir string, e fs.DirEntry) bool {
	if e.Type()&fs.ModeSymlink == 0 {
		return false
	}
	info, err := os.Stat(dir + "/" + e.Name())
	return err == nil && info.IsDir()
}

func dirProblem(err error) (text string, missing bool) {
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR):
		return "there is no such directory", true
	case errors.Is(err, fs.ErrPermission):
		return "you may not read this directory; a name in it can still be typed", false
	}
	return "this directory cannot be read; a name in it can still be typed", false
}
