package certstore

import (
	"slices"

	"certdesk/certstore/disk"
)

// openExport is an export that was begun and not ended. While its process lives that holds lock.export; if nobody does,
// it is dead, and a copy of a key may lie where the line says.
type openExport struct {
	begin int64 // the number of its line
	ids   []int64
	note  string
	left  disk.Left
}

func (st *state) noteExport(p parsed) {
	if p.data.Left != nil {
		st.openExports = append(st.openExports, openExport{p.Seq, p.data.IDs, p.data.Note, *p.data.Left})
	}
}

func (st *state) endExport(begin int64) {
	st.openExports = slices.DeleteFunc(st.openExports, func(l openExport) bool { return l.begin == begin })
}
