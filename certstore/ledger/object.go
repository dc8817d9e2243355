package ledger

// Object names one file of the store.
type Object struct {
	Kind ObjectKind `json:"kind"`
	Name string     `json:"name"`
}

// Objects are the files an entry refers to.
func (e *Entry) Objects() []Object {
	var list []Object
	if e.Kind == Certificate {
		list = append(list, Object{Certs, e.SHA256})
	}
	if e.Request != "" {
		list = append(list, Object{Requests, e.Request})
	}
	for _, link := range e.Chain {
		list = append(list, Object{Certs, link.SHA256})
	}
	return append(list, Object{Keys, e.SPKI})
}

// Refers counts which objects the entries named refer to, live or removed, but those in except; and the keys that are
// those of accounts.
func (st *State) Refers(except map[int64]bool) map[Object]bool {
	used := map[Object]bool{}
	for spki := range st.accountKeys {
		used[Object{Keys, spki}] = true
	}
	for _, r := range st.Rows {
		if !except[r.ID] {
			for _, o := range r.Objects() {
				used[o] = true
			}
		}
	}
	return used
}

// Beside are the objects that are no entry's own: the CAs in chains and the requests that were answered. What a purge
// that died named is among them, since the next change unlinks it. Counting the objects of each entry would take longer
// than to list the folders.
func (st *State) Beside() map[Object]bool {
	known := map[Object]bool{}
	for _, list := range st.Index.CAs {
		for _, ca := range list {
			known[Object{Certs, ca.Sum}] = true
		}
	}
	for _, r := range st.Rows {
		if r.Request != "" && r.Request != r.SHA256 {
			known[Object{Requests, r.Request}] = true
		}
	}
	for _, o := range st.Unfinished {
		known[o] = true
	}
	return known
}

// The kinds, and the suffix of their files: .key, .pem, .req, .json. Undo is how to settle a change of a service that
// was begun; it goes when that ends.
const (
	Keys     ObjectKind = "keys"
	Certs    ObjectKind = "certs"
	Requests ObjectKind = "requests"
	Undo     ObjectKind = "undo"
)

// ObjectKind is a directory of write-once objects.
type ObjectKind string
