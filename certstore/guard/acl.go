package guard

import (
	"encoding/binary"
	"fmt"
	"strings"
)

// ACL is what POSIX access control lists let in beyond a mode. Where a file has one, the group's bits of its mode are
// the list's mask: the most that anybody but the owner and all the others gets (acl(5)).
type ACL struct {
	Listed  bool    // there is an access list
	Group   uint16  // what is left of the owning group's permission under the mask
	Grants  []Grant // the users and groups it names, with what they get
	Default []Grant // what files that are made in the directory will grant them
}

// Grant is what one named user or group may do: r is 4, w is 2, x is 1.
type Grant struct {
	ID    int
	Group bool // a group
	Perm  uint16
}

func (g Grant) String() string {
	who := "the group " + GroupName(g.ID)
	if !g.Group {
		who = UserName(g.ID)
	}
	return fmt.Sprintf("%s (%s)", who, permText(g.Perm))
}

func permText(perm uint16) string {
	text := []byte("---")
	for i, letter := range []byte("rwx") {
		if perm&(4>>i) != 0 {
			text[i] = letter
		}
	}
	return string(text)
}

// grantText names those who get at least one of the permissions asked for, or gives "".
func grantText(list []Grant, perm uint16) string {
	var who []string
	for _, g := range list {
		if g.Perm&perm != 0 {
			who = append(who, g.String())
		}
	}
	return strings.Join(who, ", ")
}

// GrantText names those whom the list gives anything, or is "".
func (a ACL) GrantText() string { return grantText(a.Grants, 7) }

// DefaultText names those whom the default list would give anything, or is "".
func (a ACL) DefaultText() string { return grantText(a.Default, 7) }

// The layout of the extended attributes system.posix_acl_access and _default (include/uapi/linux/posix_acl_xattr.h).
const (
	aclVersion = 2
	aclEntry   = 8

	aclUser     = 0x02
	aclGroupObj = 0x04
	aclGroup    = 0x08
	aclMask     = 0x10
)

// parseACL reads an access list: the permission of the owning group and those named, under the mask.
func parseACL(raw []byte) (group uint16, named []Grant) {
	if len(raw) < 4 || binary.LittleEndian.Uint32(raw) != aclVersion {
		return 0, nil
	}
	mask := uint16(7)
	for e := raw[4:]; len(e) >= aclEntry; e = e[aclEntry:] {
		tag, perm := binary.LittleEndian.Uint16(e), binary.LittleEndian.Uint16(e[2:])
		switch tag {
		case aclMask:
			mask = perm
		case aclGroupObj:
			group = perm
		case aclUser, aclGroup:
			named = append(named, Grant{ID: int(binary.LittleEndian.Uint32(e[4:])), Group: tag == aclGroup, Perm: perm})
		}
	}
	for i := range named {
		named[i].Perm &= mask
	}
	return group & mask, named
}
