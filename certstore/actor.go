package certstore

import (
	"os/user"
	"strconv"

	"certdesk/certstore/disk"
	"certdesk/certstore/fail"
	"certdesk/certstore/guard"
	"certdesk/certstore/printable"
)

// groupID finds the readers' group; -1 for none.
func groupID(name string) (int, error) {
	if name == "" {
		return -1, nil
	}
	group, err := user.LookupGroup(name)
	if err != nil {
		return -1, fail.New(fail.InvalidConfig, "create it, or correct `readers` in the configuration", "the readers' group %q does not exist on this host", printable.Text(name))
	}
	return strconv.Atoi(group.Gid)
}

// actors remembers how an actor is called: a look-up reads the user database.
type actors map[disk.Actor]string

// name is "alice", or "alice as root" for somebody who became another user.
func (known actors) name(a disk.Actor) string {
	if who, ok := known[a]; ok {
		return who
	}
	who := guard.UserName(a.UID)
	switch {
	case a.Sudo != "":
		who = a.Sudo + " as " + who
	case a.LoginUID != 0 && a.LoginUID != a.UID:
		who = guard.UserName(a.LoginUID) + " as " + who
	}
	known[a] = who
	return who
}

func printablePath(path string) string { return printable.Text(path) }
