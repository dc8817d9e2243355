//go:build unix

package guard

import (
	"io/fs"
	"os/user"
	"strconv"
	"syscall"

	"certdesk/certstore/printable"
)

// Owners are the user and the group that a file belongs to, or -1 where that is not known.
func Owners(info fs.FileInfo) (uid, gid int) {
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return -1, -1
	}
	return int(st.Uid), int(st.Gid)
}

// UserName is a user's name, printable, or the number where there is none.
func UserName(uid int) string {
	if u, err := user.LookupId(strconv.Itoa(uid)); err == nil {
		return printable.Text(u.Username)
	}
	return "uid " + strconv.Itoa(uid)
}

// GroupName is a group's name, printable, or the number where there is none.
func GroupName(gid int) string {
	if g, err := user.LookupGroupId(strconv.Itoa(gid)); err == nil {
		return printable.Text(g.Name)
	}
	return "gid " + strconv.Itoa(gid)
}
