package guard

import "golang.org/x/sys/unix"

// hasACL says whether a file has an access control list beyond its mode. Where it has, the group's bits of the mode
// are the list's mask (acl(5)), so a mode that lets the group write may let any user write.
func hasACL(path string) bool {
	n, err := unix.Getxattr(path, "system.posix_acl_access", nil)
	return err == nil && n > 0
}
