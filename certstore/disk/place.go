package disk

import (
	"fmt"

	"certdesk/certstore/fail"
	"certdesk/certstore/guard"
	"certdesk/certstore/printable"
)

// looked shows package guard what lies in a file system.
type looked struct{ FS }

// Look implements guard.System.
func (l looked) Look(path string) (guard.Thing, error) {
	info, err := l.Stat(path)
	acl := func() (guard.ACL, error) { return l.ACL(path) }
	return guard.Thing{Path: path, Mode: info.Mode, UID: info.UID, GID: info.GID, ACL: acl}, err
}

// follow follows the symbolic links of a path.
func follow(fsys FS, path string) (guard.Way, error) { return guard.Follow(looked{fsys}, path) }

// safe refuses a way on which somebody else than root, this user and the store's owner could put another
// directory in the store's place.
func safe(w guard.Way, me int) error {
	owner := me
	if !w.Missing {
		owner = w.Last().UID
	}
	for _, t := range w.Parents() {
		loose, err := guard.Judge(t, me, owner)
		if err != nil {
			return err
		}
		if loose.By != guard.Nobody {
			path := printable.Text(t.Path)
			return fail.New(fail.UnsafeStore, "look at what is there, then `"+closing(loose)+" "+path+
				"`, or put the store into a directory that only its owner and root can write",
				"%s %s: whoever writes there can replace the store", path, loose.Why())
		}
	}
	return nil
}

// closing is the command, without the path, that shuts out whoever could write a directory.
func closing(loose guard.Loose) string {
	switch loose.By {
	case guard.Owner:
		return "chown root"
	case guard.Everybody:
		return "chmod o-w"
	case guard.List:
		return "setfacl -b"
	}
	return "chmod g-w"
}

// ownOnly refuses a directory of the store, or its journal, that others can write: by its mode, or as its owner.
func ownOnly(what, path string, info Info, owner int) error {
	path = printable.Text(path)
	if perm := info.Mode.Perm(); perm&0o022 != 0 {
		return fail.New(fail.UnsafeStore, "look at what is in it, then `chmod go-w "+path+"`",
			"%s can be written by others: its mode is %04o", printable.Text(what), perm)
	}
	if info.UID > 0 && info.UID != owner {
		return fail.New(fail.UnsafeStore, fmt.Sprintf("look at what is in it, then `chown -R %d %s`", owner, path),
			"%s belongs to %s, and the store to %s", printable.Text(what), guard.UserName(info.UID), guard.UserName(owner))
	}
	return nil
}
