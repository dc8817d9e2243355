package disk

import (
	"path/filepath"
	"strings"

	"certdesk/certstore/guard"
)

// Holds says whether a file written to path, as Stage would, lands in the store: path is its directory or lies below
// it, symbolic links followed. What may not be overwritten by anybody's --path is asked here. A path that cannot be
// followed lies nowhere, and Stage says why.
func (d *Dir) Holds(path string) bool {
	w, name, err := target(d.o.FS, path)
	if err != nil {
		return false
	}
	return within(filepath.Join(w.Real, name), d.real) || d.isBelow(w)
}

func within(path, dir string) bool {
	return path == dir || strings.HasPrefix(path, strings.TrimSuffix(dir, string(filepath.Separator))+
		string(filepath.Separator))
}

// isBelow looks for the store's directory among those above, whatever it is called there: a bind mount, or another
// spelling where case does not matter, is the same directory.
func (d *Dir) isBelow(w guard.Way) bool {
	store, err := d.o.FS.Stat(d.real)
	if err != nil || d.o.FS.UID() < 0 { // where there are no users there are no inodes either
		return false
	}
	for at := w.Real; ; at = filepath.Dir(at) {
		if info, err := d.o.FS.Stat(at); err == nil && info.ident() == store.ident() {
			return true
		}
		if filepath.Dir(at) == at {
			return false
		}
	}
}
