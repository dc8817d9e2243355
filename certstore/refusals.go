package certstore

import "certdesk/certstore/fail"

// refuseBound refuses what would take a certificate from under a service that serves it.
func refuseBound(st *state, e Entry) error {
	for _, u := range st.begun {
		if u.Entry == e.ID {
			return fail.New(fail.InUse, "wait for that to end, or undo it with `certdesk enable --roll-back`", "%s is in use: %s", e.FriendlyName, u.Text())
		}
	}
	if list := st.boundTo(e.ID); len(list) > 0 {
		return fail.New(fail.InUse, "enable another certificate for it first; `certdesk disable` only forgets it",
			"%s is in use: it is enabled for %s", e.FriendlyName, servedWords(list))
	}
	return nil
}
