package disk

import (
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"certdesk/certstore/ledger"
)

// Class says what a file in the store is.
type Class string

// What List can find.
const (
	ClassObject    Class = "object"    // an object; in Top: the journal, the locks, the three directories
	ClassTemporary Class = "temporary" // left by a writer that died, or in use by one that has not
	ClassTorn      Class = "torn"      // a torn end of the journal, kept for inspection
	ClassStranger  Class = "stranger"  // nothing of certdesk's
)

// Object is one file of a store.
type Object struct {
	Kind  ledger.ObjectKind
	Name  string // of an object without suffix; else the file's name, not yet printable
	Class Class
	Info
}

// List gives every file of one kind, sorted by name; kind Top those of the store's directory. For doctor.
func (d *Dir) List(kind ledger.ObjectKind) ([]Object, error) {
	objects, err := d.list(kind)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, unreadable("list "+filepath.Join(d.o.Dir, string(kind)), err)
	}
	return objects, nil
}

// Names gives the names of the objects of one kind, without looking at each.
func (d *Dir) Names(kind ledger.ObjectKind) (names []string, err error) {
	root, _, err := d.root()
	if err == nil {
		defer root.Close()
		names, err = d.namesIn(root, kind)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, unreadable("list "+filepath.Join(d.o.Dir, string(kind)), err)
	}
	names = slices.DeleteFunc(names, func(name string) bool { return !owns(kind, name) })
	for i, name := range names {
		names[i] = strings.TrimSuffix(name, suffixes[kind])
	}
	return names, nil
}

func (d *Dir) list(kind ledger.ObjectKind) ([]Object, error) {
	root, _, err := d.root()
	if err != nil {
		return nil, err
	}
	defer root.Close()
	if kind == Top {
		return listIn(root, kind)
	}
	at, err := d.openKind(root, kind)
	if err != nil {
		return nil, err
	}
	defer at.Close()
	return listIn(at, kind)
}

func listIn(at Folder, kind ledger.ObjectKind) ([]Object, error) {
	names, err := at.Names()
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	var objects []Object
	for _, name := range names {
		info, err := at.Stat(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue // a temporary that just went
		}
		if err != nil {
			return nil, err
		}
		objects = append(objects, classify(kind, name, info))
	}
	return objects, nil
}

func classify(kind ledger.ObjectKind, name string, info Info) Object {
	o := Object{Kind: kind, Name: name, Class: ClassStranger, Info: info}
	switch {
	case isTemporary(name):
		o.Class = ClassTemporary
	case kind == Top && isTorn(name):
		o.Class = ClassTorn
	case kind == Top && isTopName(name, info):
		o.Class = ClassObject
	case owns(kind, name) && info.Mode.IsRegular():
		o.Class, o.Name = ClassObject, strings.TrimSuffix(name, suffixes[kind])
	}
	return o
}

func isTopName(name string, info Info) bool {
	switch name {
	case journal, lockName, enableName, exportName, acmeName, renewName:
		return info.Mode.IsRegular()
	}
	return (slices.Contains(kinds, ledger.ObjectKind(name)) || name == string(cache)) && info.Mode.IsDir()
}
