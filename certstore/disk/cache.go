package disk

import (
	"errors"
	"io/fs"
	"strings"

	"certdesk/certstore/ledger"
)

// cache is the folder of what can be had again, such as a CA's revocation lists. It is made when something is first
// kept. Files in it are replaced, nothing is made durable, and who finds one missing or damaged does without it.
const cache ledger.ObjectKind = "cache"

// isCached says whether a name may be one of the cache: a hash, or a word.
func isCached(name string) bool {
	return name != "" && len(name) <= nameLen && strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789") == ""
}

// Cached gives what the cache has under a name, and as which file; nil for nothing, or for what this user may not read.
func (d *Dir) Cached(name string) []byte {
	var data []byte
	d.inCache(func(at Folder) error {
		f, err := at.Open(name)
		if err != nil {
			return err
		}
		data, err = readAll(f, maxObject)
		return closed(err, f)
	})
	return data
}

// CachedAs identifies what the cache has under a name: it changes whenever that does; zero for nothing.
func (d *Dir) CachedAs(name string) (file Info) {
	d.inCache(func(at Folder) (err error) {
		file, err = at.Stat(name)
		return err
	})
	return file
}

// inCache reads the cache. Whatever is wrong with it, there is nothing in it.
func (d *Dir) inCache(read func(Folder) error) {
	root, _, err := d.root()
	if err != nil {
		return
	}
	defer root.Close()
	at, err := d.openKind(root, cache)
	if err != nil {
		return
	}
	defer at.Close()
	_ = read(at)
}

// Cache keeps something under a name; change makes it from what is there, nil for nothing, while nobody else changes
// it. What no longer serves, by wanted, goes. A store that is not there yet keeps nothing. Errors: as Put's.
func (d *Dir) Cache(name string, change func(old []byte) []byte, wanted func(name string, data []byte) bool) error {
	if err := d.mayWrite(); err != nil || !isCached(name) {
		return err
	}
	root, info, err := d.root()
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return failed("write the cache", err)
	}
	defer root.Close()
	if _, err := root.Stat(journal); err != nil {
		return nil // nobody has written this store yet
	}
	a := d.access(info)
	at, err := d.openCache(root, a)
	if err != nil {
		return failed("write the cache", err)
	}
	defer at.Close()
	err = d.inTurn(root, func() error {
		sweepCache(at, wanted)
		old, err := readCached(at, name)
		if err != nil {
			return err
		}
		return replaceCached(at, name, change(old), a)
	})
	if err != nil {
		return failed("write the cache", err)
	}
	return nil
}

func (d *Dir) openCache(root Folder, a access) (Folder, error) {
	made, err := mkdirNew(root, string(cache))
	if err != nil {
		return nil, err
	}
	at, err := d.openKind(root, cache)
	if err != nil {
		return nil, err
	}
	if made {
		err = at.DropACL()
	}
	if err == nil {
		err = a.grant(at, a.dir())
	}
	if err != nil {
		at.Close()
		return nil, err
	}
	return at, nil
}

func readCached(at Folder, name string) ([]byte, error) {
	f, err := at.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	data, err := readAll(f, maxObject)
	return data, closed(err, f)
}

// replaceCached puts bytes in the place of what is there: whoever reads sees the old ones or the new ones.
func replaceCached(at Folder, name string, data []byte, a access) error {
	tmp := temporary()
	f, err := at.Create(tmp, 0o600)
	if err != nil {
		return err
	}
	if err = f.DropACL(); err == nil {
		err = a.grant(f, a.file())
	}
	if err == nil {
		_, err = f.WriteAt(data, 0)
	}
	if err = closed(err, f); err == nil {
		err = at.Rename(tmp, name)
	}
	if err != nil {
		at.Unlink(tmp)
	}
	return err
}

// sweepCache deletes what is not wanted any more, and what writers left that died: nobody else writes now.
func sweepCache(at Folder, wanted func(name string, data []byte) bool) {
	names, err := at.Names()
	if err != nil {
		return
	}
	for _, name := range names {
		if !isTemporary(name) && (!isHash(name) || wanted(name, headCached(at, name))) {
			continue
		}
		at.Unlink(name)
	}
}

// maxHeadCached is as much of a file as is read to tell whether it is wanted.
const maxHeadCached = 4 << 10

func headCached(at Folder, name string) []byte {
	f, err := at.Open(name)
	if err != nil {
		return nil
	}
	defer f.Close()
	data := make([]byte, maxHeadCached)
	n, _ := f.ReadAt(data, 0)
	return data[:n]
}
