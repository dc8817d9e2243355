//go:build !unix

package guard

import (
	"io/fs"
	"strconv"
)

// Owners are -1: without Unix owners nothing can be told, and certdesk writes nowhere there.
func Owners(fs.FileInfo) (uid, gid int) { return -1, -1 }

// UserName is the user's number.
func UserName(uid int) string { return "uid " + strconv.Itoa(uid) }

// GroupName is the group's number.
func GroupName(gid int) string { return "gid " + strconv.Itoa(gid) }
