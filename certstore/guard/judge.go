package guard

import (
	"io/fs"
	"os"
	"slices"
)

// Thing is a file, a directory or a link, by what says who may change it.
type Thing struct {
	Path     string
	Mode     fs.FileMode // type and permission
	UID, GID int         // -1 where there is no such thing
	ACL      func() (ACL, error)
}

// Opened describes what is open, so that nothing can take its place between the look and the use.
func Opened(f *os.File) (Thing, error) {
	info, err := f.Stat()
	if err != nil {
		return Thing{}, err
	}
	return described(f.Name(), info, func() (ACL, error) { return openACL(f) }), nil
}

func described(path string, info fs.FileInfo, acl func() (ACL, error)) Thing {
	t := Thing{Path: path, Mode: info.Mode(), ACL: acl}
	t.UID, t.GID = Owners(info)
	if t.UID < 0 {
		t.Mode &^= 0o022 // without owners these bits do not tell who else may write
	}
	return t
}

// Culprit is what lets somebody else change a thing.
type Culprit int

// What lets somebody else change a thing, in the order in which it is looked at.
const (
	Nobody Culprit = iota
	Owner
	Everybody
	List
	Group
)

// Loose is who else may change a thing, for people.
type Loose struct {
	By  Culprit
	Who string
}

// Why completes a sentence that begins with the thing's path; "" for Nobody.
func (l Loose) Why() string {
	switch l.By {
	case Nobody:
		return ""
	case Owner:
		return "belongs to " + l.Who
	case List:
		return "can be written by " + l.Who + ", by an access control list"
	}
	return "can be written by " + l.Who
}

// Judge says who else than root and the users trusted may change a thing, or put another in the place of what is in it.
func Judge(t Thing, trusted ...int) (Loose, error) {
	perm := t.Mode.Perm()
	switch {
	case t.UID > 0 && !slices.Contains(trusted, t.UID):
		return Loose{Owner, UserName(t.UID)}, nil
	case t.Mode&fs.ModeSymlink != 0, t.Mode.IsDir() && t.Mode&fs.ModeSticky != 0:
		return Loose{}, nil
	case perm&0o002 != 0:
		return Loose{Everybody, "everybody"}, nil
	case perm&0o020 == 0:
		return Loose{}, nil // an access control list grants no more than the group's bits
	}
	acl, err := t.ACL()
	if err != nil {
		return Loose{}, err
	}
	return groupsOf(t, acl, trusted), nil
}

// groupsOf looks at what the group's bits of the mode let in.
func groupsOf(t Thing, acl ACL, trusted []int) Loose {
	for _, g := range acl.Grants {
		if g.Perm&2 != 0 && g.ID != 0 && (g.Group || !slices.Contains(trusted, g.ID)) {
			return Loose{List, g.String()}
		}
	}
	// A group with its owner's number is the owner's private group, as Debian and Red Hat make it.
	if t.GID > 0 && t.GID != t.UID && (!acl.Listed || acl.Group&2 != 0) {
		return Loose{Group, "the group " + GroupName(t.GID)}
	}
	return Loose{}
}
