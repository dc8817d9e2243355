package config

import (
	"slices"
	"strings"
)

// edit makes the change in a text. It touches the lines of what is changed alone; whether it did right is seen by
// decoding what it gives.
func (c Change) edit(text string) string {
	list := statements(text)
	at := slices.IndexFunc(list, c.is)
	switch {
	case c.Key == "":
		return c.withoutBlock(text, list)
	case at >= 0 && c.Value == nil && c.isLastWithin(list):
		return c.withoutTable(text, list)
	case at >= 0 && c.Value == nil:
		return text[:list[at].from] + text[list[at].to:]
	case at >= 0:
		return withValue(text, list[at].value, c.Value)
	case c.Value == nil:
		return text
	}
	return c.withKey(text, list)
}

// is says whether a statement is that of the setting.
func (c Change) is(st statement) bool {
	return !st.header && slices.Equal(st.path, c.path()) && c.inBlock(st)
}

func (c Change) inBlock(st statement) bool { return !c.several() || st.block == c.At }

// withValue puts another value in a value's place.
func withValue(text string, at span, value any) string {
	if list, ok := value.([]string); ok && text[at.from] == '[' {
		return withList(text, at, list)
	}
	return text[:at.from] + written(value) + text[at.to:]
}

// withKey adds a key that is not there: behind the last one of its table, or in a table of its own.
func (c Change) withKey(text string, list []statement) string {
	beside := -1
	for i, st := range list {
		if c.isHeader(st) || c.isBeside(st) {
			beside = i
		}
	}
	if beside < 0 {
		return c.withTable(text, list)
	}
	st := list[beside]
	key := strings.Join(c.path()[len(st.table):], ".")
	return insert(text, st.to, padded(key, text, st)+"= "+written(c.Value))
}

// isBeside says whether a statement gives another key of the same table.
func (c Change) isBeside(st statement) bool {
	return !st.header && !st.inline && slices.Equal(st.path[:len(st.path)-1], c.tables()) && c.inBlock(st)
}

// padded puts the sign behind a key where it stands in the line before.
func padded(key, text string, before statement) string {
	sign := strings.IndexByte(text[before.key:], '=')
	if before.header || sign < 0 || before.key+sign > before.value.from {
		sign = 0
	}
	return key + strings.Repeat(" ", max(1, sign-len(key)))
}

// isLastWithin says whether a key is the only one of a table within another that has a header of its own.
func (c Change) isLastWithin(list []statement) bool {
	header, keys := false, 0
	for _, st := range list {
		header = header || c.isHeader(st)
		if c.isBeside(st) {
			keys++
		}
	}
	return strings.Contains(c.Key, ".") && header && keys == 1
}

// isHeader says whether a statement is the header of the table that the key stands in.
func (c Change) isHeader(st statement) bool {
	return st.header && slices.Equal(st.path, c.tables()) && c.inBlock(st)
}

// withoutTable takes a key out that was the last of its table, and that table's header with it.
func (c Change) withoutTable(text string, list []statement) string {
	head, key := slices.IndexFunc(list, c.isHeader), slices.IndexFunc(list, c.is)
	text = text[:list[key].from] + text[list[key].to:]
	return withoutPart(text, span{list[head].from, list[head].to})
}

// withTable adds a key for which there is no table yet. What belongs to the top comes before all headers and the
// comments above them.
func (c Change) withTable(text string, list []statement) string {
	path := c.path()
	line := path[len(path)-1] + " = " + written(c.Value)
	first := slices.IndexFunc(list, func(st statement) bool { return st.header })
	switch {
	case c.Table == "" && first < 0:
		return insert(text, len(text), line)
	case c.Table == "":
		return insert(text, aboveComments(text, list[first].from), line+newline(text))
	}
	head := "[" + strings.Join(c.tables(), ".") + "]"
	at := len(text)
	switch {
	case strings.Contains(c.Key, "."):
		at = c.behindBlock(list, at)
	case c.several():
		head = "[" + head + "]"
		at = behindBlocks(c.Table, list, at)
	}
	if at > 0 && !strings.HasSuffix(text[:at], newline(text)+newline(text)) {
		head = newline(text) + head
	}
	return insert(text, at, head+newline(text)+line)
}

// behindBlocks is behind the last table of a name, or else as it was.
func behindBlocks(name string, list []statement, at int) int {
	for _, st := range list {
		if len(st.table) > 0 && st.table[0] == name {
			at = st.to
		}
	}
	return at
}

// behindBlock is behind the table that another one is within, or else as it was.
func (c Change) behindBlock(list []statement, at int) int {
	for _, st := range list {
		if len(st.table) > 0 && st.table[0] == c.Table && c.inBlock(st) {
			at = st.to
		}
	}
	return at
}

// withoutBlock takes a service or a filter out.
func (c Change) withoutBlock(text string, list []statement) string {
	part := span{-1, -1}
	for _, st := range list {
		if len(st.table) == 0 || st.table[0] != c.Table || st.block != c.At {
			continue
		}
		if part.from < 0 {
			part.from = st.from
		}
		part.to = st.to
	}
	if part.from < 0 {
		return text
	}
	return withoutPart(text, part)
}

// withoutPart takes lines out, with the comment right above them and the blank lines above that.
func withoutPart(text string, part span) string {
	if above := aboveComments(text, part.from); above > 0 { // a comment that begins the file is about the file
		part.from = above
	}
	before := len(strings.TrimRight(text[:part.from], "\r\n\t "))
	if before > 0 {
		before = lineEnd(text, before)
	}
	return text[:before] + text[part.to:]
}

// aboveComments is where the comment begins that stands right above a line.
func aboveComments(text string, at int) int {
	for at > 0 {
		above := lineStart(text, at-1)
		if !strings.HasPrefix(strings.TrimLeft(text[above:at], " \t"), "#") {
			return at
		}
		at = above
	}
	return at
}

// insert adds a line.
func insert(text string, at int, line string) string {
	if at > 0 && text[at-1] != '\n' {
		line = newline(text) + line
	}
	return text[:at] + line + newline(text) + text[at:]
}

// newline is how the lines of a text end.
func newline(text string) string {
	if strings.Contains(text, "\r\n") {
		return "\r\n"
	}
	return "\n"
}
