package ledger

// actors remembers how an actor is called: a look-up reads the user database.
type actors struct {
	known map[Actor]string
	user  func(uid int) string
}

// name is "alice", or "alice as root" for somebody who became another user.
func (all actors) name(a Actor) string {
	if who, ok := all.known[a]; ok {
		return who
	}
	who := all.user(a.UID)
	switch {
	case a.Sudo != "":
		who = a.Sudo + " as " + who
	case a.LoginUID != 0 && a.LoginUID != a.UID:
		who = all.user(a.LoginUID) + " as " + who
	}
	all.known[a] = who
	return who
}
