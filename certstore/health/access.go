package health

import (
	"fmt"
	"io/fs"
	"path/filepath"

	"certdesk/certstore/disk"
	"certdesk/certstore/guard"
	"certdesk/certstore/ledger"
	"certdesk/certstore/printable"
	"certdesk/certstore/trust"
)

// accessCheck looks who may do what with the files of one store, by owner, mode and access list.
type accessCheck struct {
	s     Store
	r     *Report
	owner int // of the store
}

// checkAccess looks at the store's directories and at what lies beside them. That nobody else can write them, or the
// directories above, was made sure when the store was opened.
func (s Store) checkAccess(r *Report, top []disk.Object) (c accessCheck, err error) {
	root, err := s.FS.Stat(s.Dir.Real())
	if err != nil {
		return c, err
	}
	c = accessCheck{s, r, root.UID}
	c.folder(disk.Top, s.Dir.Real(), root)
	for _, o := range top {
		path := filepath.Join(s.Dir.Real(), o.Name)
		switch {
		case o.Class == disk.ClassObject && o.Mode.IsDir():
			c.folder(ledger.ObjectKind(o.Name), path, o.Info)
		case o.Class != disk.ClassStranger:
			c.belongs(path, o.Info, trust.Warning)
			c.closed(path, o.Info, 0o640)
		}
	}
	return c, nil
}

// object checks one key, certificate or request.
func (c accessCheck) object(o disk.Object) {
	path := c.s.Dir.Path(o.Kind, o.Name)
	if o.Kind != ledger.Keys {
		c.belongs(path, o.Info, trust.Warning)
		c.closed(path, o.Info, 0o640)
		return
	}
	c.belongs(path, o.Info, trust.Error)
	if o.Mode.Perm()&0o177 != 0 {
		c.r.Add("mode", trust.Error, "%s can be read by more than its owner (mode %04o%s): `chmod 600 %s` closes it",
			printable.Text(path), o.Mode.Perm(), c.listed(path, o.Mode), printable.Text(path))
	}
}

// folder checks a directory: others have no business in it, and in keys/ and undo/ no group has. The next writer sets
// the mode, but not before somebody has looked.
func (c accessCheck) folder(kind ledger.ObjectKind, path string, info disk.Info) {
	c.belongs(path, info, trust.Warning)
	may := fs.FileMode(0o750)
	if kind == ledger.Keys || kind == ledger.Undo {
		may = 0o700
	}
	c.closed(path, info, may)
	acl, err := c.s.FS.ACL(path)
	if text := acl.DefaultText(); err == nil && text != "" {
		c.r.Add("acl", trust.Warning, "files made in %s are open to %s, by a default access list: `setfacl -k %s` removes it",
			printable.Text(path), text, printable.Text(path))
	}
}

// closed checks that a mode has no more than may.
func (c accessCheck) closed(path string, info disk.Info, may fs.FileMode) {
	if info.Mode.Perm()&^(may|0o700) == 0 {
		return
	}
	c.r.Add("mode", trust.Warning, "%s is open to too many users (mode %04o%s): `chmod %o %s` closes it",
		printable.Text(path), info.Mode.Perm(), c.listed(path, info.Mode), may&info.Mode.Perm()|may&0o700,
		printable.Text(path))
}

// listed names those whom an access list lets in, where the mode says that it may.
func (c accessCheck) listed(path string, mode fs.FileMode) string {
	if mode.Perm()&0o070 == 0 {
		return ""
	}
	acl, err := c.s.FS.ACL(path)
	if text := acl.GrantText(); err == nil && text != "" {
		return fmt.Sprintf(", which lets in %s by an access list", text)
	}
	return ""
}

func (c accessCheck) belongs(path string, info disk.Info, severity trust.Severity) {
	if info.UID == c.owner {
		return
	}
	c.r.Add("owner", severity, "%s belongs to %s, and the store to %s: `chown %d %s` corrects it",
		printable.Text(path), guard.UserName(info.UID), guard.UserName(c.owner), c.owner, printable.Text(path))
}
