package ledger

import (
	"path/filepath"
	"slices"

	"certdesk/certstore/printable"
)

// OpenExport is an export that was begun and not ended. While its process lives that holds lock.export; if nobody does,
// it is dead, and a copy of a key may lie where the line says.
type OpenExport struct {
	Begin int64 // the number of its line
	IDs   []int64
	Note  string
	Left  Left
}

func (st *State) noteExport(p Line) {
	if p.data.Left != nil {
		st.OpenExports = append(st.OpenExports, OpenExport{p.Seq, p.data.IDs, p.data.Note, *p.data.Left})
	}
}

func (st *State) endExport(begin int64) {
	st.OpenExports = slices.DeleteFunc(st.OpenExports, func(l OpenExport) bool { return l.Begin == begin })
}

// Left tells the temporary of a Staged from every other file, so that what a process leaves that dies before Commit
// can be found, and nothing else is taken for it.
type Left struct {
	Dir    string `json:"dir"`
	Name   string `json:"name"`
	Target string `json:"target"` // the name it was to have
	Inode  uint64 `json:"inode"`
}

// Path is where the temporary lies. It is not printable yet.
func (l Left) Path() string { return filepath.Join(l.Dir, l.Name) }

// Text says what it may have left.
func (l OpenExport) Text() string {
	return "an export that died may have left a copy of a key at " + printable.Text(l.Left.Path())
}
