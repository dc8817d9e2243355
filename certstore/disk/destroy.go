package disk

import (
	"bytes"
	"errors"
	"io/fs"
	"slices"
)

// destroy unlinks an object and what dead writers left of it. Their files are gone durably before the object's own
// name goes: without it a purge that is finished later could not tell them any more.
func destroy(at Folder, file string) error {
	left, err := leftovers(at, file)
	if err != nil {
		return err
	}
	for _, tmp := range left {
		if err := at.Unlink(tmp); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if len(left) > 0 {
		if err := at.Sync(); err != nil {
			return err
		}
	}
	if err := at.Unlink(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return at.Sync()
}

// leftovers are the temporaries that are the object by another name (a writer died between link and unlink), or a
// copy of it, perhaps cut (it died before). It is this process's turn, so no living writer has a temporary here.
func leftovers(at Folder, file string) ([]string, error) {
	object, err := at.Stat(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	names, err := at.Names()
	if err != nil {
		return nil, err
	}
	var left []string
	for _, name := range slices.DeleteFunc(names, func(name string) bool { return !isTemporary(name) }) {
		tmp, err := at.Stat(name)
		if err != nil {
			return nil, err
		}
		if tmp.Mode.IsRegular() && tmp.Size <= object.Size && !differs(at, name, file) {
			left = append(left, name)
		}
	}
	return left, nil
}

// differs says whether a temporary is seen to hold something else. What cannot be read goes with the object: nothing
// relies on a temporary, and a purge must not leave a key.
func differs(at Folder, tmp, file string) bool {
	left, err := bytesOf(at, tmp)
	if err != nil {
		return false
	}
	defer clear(left)
	object, err := bytesOf(at, file)
	if err != nil {
		return false
	}
	defer clear(object)
	return !bytes.HasPrefix(object, left)
}

func bytesOf(at Folder, name string) ([]byte, error) {
	f, err := at.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return readAll(f, maxObject)
}
