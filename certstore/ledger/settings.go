package ledger

import (
	"strings"

	"certdesk/certstore/printable"
)

// Settings is what was changed in a configuration file.
type Settings struct {
	File    string    `json:"file"`
	Changed []Setting `json:"changed"`
}

// Setting is one value of it, as the file wrote it and as it writes it now; "" where it does not.
type Setting struct {
	Key string `json:"key"` // accepted_domains.names, service 2, ...
	Old string `json:"old,omitempty"`
	New string `json:"new,omitempty"`
}

// text is what was done, whoever wrote the line.
func (s *Settings) text() string {
	if s == nil || len(s.Changed) == 0 {
		return "changed the settings"
	}
	var list []string
	for _, c := range s.Changed {
		list = append(list, c.text())
	}
	return "changed the settings in " + printable.Text(s.File) + ": " + strings.Join(list, "; ")
}

func (s Setting) text() string {
	key, old, now := printable.Text(s.Key), printable.Text(s.Old), printable.Text(s.New)
	switch {
	case now == "" && old == "":
		return key
	case now == "":
		return key + " is left out, it was " + old
	case old == "":
		return key + " is " + now
	}
	return key + " is " + now + ", it was " + old
}
