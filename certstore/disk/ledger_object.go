package disk

import "path/filepath"

// The kinds, and the suffix of their files: .key, .pem, .req, .json. Undo is how to settle a change of a service that
// was begun; it goes when that ends.
const (
	Keys     Kind = "keys"
	Certs    Kind = "certs"
	Requests Kind = "requests"
	Undo     Kind = "undo"
)

// Kind is a directory of write-once objects.
type Kind string

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
