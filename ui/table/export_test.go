package table

import (
	"certdesk/ui/screen"
)

// What the tests of this room look at from outside.

const ColName = colName

func (l *Listing) Search() []screen.Searchable { return l.search }

func MakeSorting(column int) Sorting { return Sorting{column: column} }

var Ordered = ordered

var Searchables = searchables

type TableScreen = tableScreen

func (s *tableScreen) Marks() marks { return s.marks }
