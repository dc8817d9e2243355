package ui

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"syscall"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/ui/kit"
)

// pathField is a field for a path whose listings are read in commands.
func pathField(d *desk, id, label, value string) *kit.Path {
	home, _ := os.UserHomeDir()
	return kit.NewPath(id, label, value, home, func(p *kit.Path, dir string) tea.Cmd {
		return d.behind(func(context.Context) tea.Msg { return listDir(p, dir) })
	})
}

// maxListed bounds a listing: no person picks from more, and a directory may hold millions.
const maxListed = 5000

// listDir reads what is in a directory, for a person to pick from.
func listDir(p *kit.Path, dir string) kit.PathListed {
	out := kit.PathListed{For: p, Dir: dir}
	f, err := os.Open(dir)
	if err != nil {
		out.Problem, out.Missing = dirProblem(err)
		return out
	}
	defer f.Close()
	list, _ := f.ReadDir(maxListed)
	out.Partial = len(list) == maxListed
	for _, e := range list {
		out.Entries = append(out.Entries, kit.PathEntry{Name: e.Name(), Dir: e.IsDir() || isLinkToDir(dir, e)})
	}
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
		return "you may not read this directory", false
	}
	return "this directory cannot be read", false
}
