//go:build unix

package guard

import (
	"io/fs"
	"os/user"
	"strconv"
	"syscall"

	"certdesk/certstore/printable"
)

func owners(info fs.FileInfo) (uid, gid int, known bool) {
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, 0, false
	}
	return int(st.Uid), int(st.Gid), true
}

func userName(uid int) string {
	u, err := user.LookupId(strconv.Itoa(uid))
	if err != nil {
		return number(uid)
	}
	return printable.Text(u.Username)
}

func groupName(gid int) string {
	g, err := user.LookupGroupId(strconv.Itoa(gid))
	if err != nil {
		return number(gid)
	}
	return printable.Text(g.Name)
}
