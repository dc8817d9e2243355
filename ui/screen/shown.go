package screen

import (
	"certdesk/certstore"
	"certdesk/ui/words"
)

// Shown are the rows that the table shows at one moment.
type Shown struct {
	IDs     []int64           // in their order
	Entries []certstore.Entry // all, in order of id
}

// Words say how many they are: "the 41 rows shown".
func (s Shown) Words() string { return "the " + words.Count(len(s.IDs), "row") + " shown" }

// List copies the rows; there may be very many of them.
func (s Shown) List() []certstore.Entry {
	list := make([]certstore.Entry, 0, len(s.IDs))
	for _, id := range s.IDs {
		if e := words.FindIn(s.Entries, id); e != nil {
			list = append(list, *e)
		}
	}
	return list
}
