package table

// What the tests of this room look at from outside.

const ColName = colName

func MakeSorting(column int) Sorting { return Sorting{column: column} }

var Ordered = ordered

type TableScreen = tableScreen

func (s *tableScreen) Marks() marks { return s.marks }
