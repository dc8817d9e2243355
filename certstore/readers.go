package certstore

import (
	"os/user"
	"strconv"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

// groupID finds the readers' group; -1 for none.
func groupID(name string) (int, error) {
	if name == "" {
		return -1, nil
	}
	group, err := user.LookupGroup(name)
	if err != nil {
		return -1, fail.New(fail.InvalidConfig, "create it, or correct `readers` in the configuration",
			"the readers' group %q does not exist on this host", printable.Text(name))
	}
	return strconv.Atoi(group.Gid)
}

func printablePath(path string) string { return printable.Text(path) }
