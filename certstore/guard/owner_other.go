//go:build !unix

package guard

import "io/fs"

// Without Unix owners nothing can be told, and certdesk writes nowhere there.
func owners(fs.FileInfo) (uid, gid int, known bool) { return 0, 0, false }

func userName(uid int) string  { return number(uid) }
func groupName(gid int) string { return number(gid) }
