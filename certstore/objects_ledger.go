package certstore

import "certdesk/certstore/disk"

// object names one file of the store.
type object struct {
	Kind disk.Kind `json:"kind"`
	Name string    `json:"name"`
}

// objects are the files an entry refers to.
func (e *Entry) objects() []object {
	var list []object
	if e.Kind == Certificate {
		list = append(list, object{disk.Certs, e.SHA256})
	}
	if e.Request != "" {
		list = append(list, object{disk.Requests, e.Request})
	}
	for _, link := range e.Chain {
		list = append(list, object{disk.Certs, link.SHA256})
	}
	return append(list, object{disk.Keys, e.SPKI})
}

// refers counts which objects the entries named refer to, live or removed, but those in except.
func (st *state) refers(except map[int64]bool) map[object]bool {
	used := map[object]bool{}
	for _, r := range st.rows {
		if !except[r.ID] {
			for _, o := range r.objects() {
				used[o] = true
			}
		}
	}
	return used
}

// beside are the objects that are no entry's own: the CAs in chains and the requests that were answered. What a purge
// that died named is among them, since the next change unlinks it. Counting the objects of each entry would take longer
// than to list the folders.
func (st *state) beside() map[object]bool {
	known := map[object]bool{}
	for _, list := range st.index.cas {
		for _, ca := range list {
			known[object{disk.Certs, ca.sum}] = true
		}
	}
	for _, r := range st.rows {
		if r.Request != "" && r.Request != r.SHA256 {
			known[object{disk.Requests, r.Request}] = true
		}
	}
	for _, o := range st.unfinished {
		known[o] = true
	}
	return known
}
