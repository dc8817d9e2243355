package demo

import (
	"io/fs"

	"certdesk/certstore/disk"
)

// unsynced is a file system that waits for no disk: nobody misses a demo after a power cut, and a hundred fsyncs
// on a slow disk are more than the second a demo may take.
type unsynced struct{ disk.FS }

func (u unsynced) OpenDir(path string) (disk.Folder, error) { return folder(u.FS.OpenDir(path)) }

type unsyncedFolder struct{ disk.Folder }

func folder(f disk.Folder, err error) (disk.Folder, error) {
	if err != nil {
		return nil, err
	}
	return unsyncedFolder{f}, nil
}

func file(f disk.File, err error) (disk.File, error) {
	if err != nil {
		return nil, err
	}
	return unsyncedFile{f}, nil
}

func (u unsyncedFolder) Sync() error { return nil }
func (u unsyncedFolder) OpenDir(name string) (disk.Folder, error) {
	return folder(u.Folder.OpenDir(name))
}
func (u unsyncedFolder) Open(name string) (disk.File, error) { return file(u.Folder.Open(name)) }
func (u unsyncedFolder) Edit(name string) (disk.File, error) { return file(u.Folder.Edit(name)) }
func (u unsyncedFolder) Create(name string, mode fs.FileMode) (disk.File, error) {
	return file(u.Folder.Create(name, mode))
}

type unsyncedFile struct{ disk.File }

func (unsyncedFile) Sync() error { return nil }
