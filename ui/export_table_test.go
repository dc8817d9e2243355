package ui

import (
	"certdesk/certstore"
	"certdesk/ui/screen"
)

// What the tests of this room look at from outside.

const ColName = colName

func (l *Listing) Entries() []certstore.Entry { return l.entries }

func (l *Listing) Search() []screen.Searchable { return l.search }

func MakeListedMsg(err error) ListedMsg { return ListedMsg{err: err} }

func MakeSorting(column int) Sorting { return Sorting{column: column} }

var NewTable = newTable

var Ordered = ordered

type Rows = rows

var Searchables = searchables

type TableScreen = tableScreen

func (s *tableScreen) Marks() marks { return s.marks }
