package query

import (
	"strconv"
	"strings"

	"certdesk/certstore/ledger"
	"certdesk/certstore/printable"
)

// phrase is what a value says of the rows it keeps: "be" "issued by " "X", "have" "X" " in a name".
type phrase struct {
	verb, before, value, behind string
}

// forms are the verbs: of one, of several, and when it is denied.
var forms = map[string]struct{ one, several, oneNot, severalNot string }{
	"be":      {"is", "are", "is not", "are not"},
	"have":    {"has", "have", "does not have", "do not have"},
	"cover":   {"covers", "cover", "does not cover", "do not cover"},
	"expire":  {"expires", "expire", "does not expire", "do not expire"},
	"need":    {"needs", "need", "does not need", "do not need"},
	"contain": {"contains", "contain", "does not contain", "do not contain"},
}

func inflect(verb string, n int, not bool) string {
	f := forms[verb]
	switch {
	case not:
		return printable.Agree(n, f.oneNot, f.severalNot)
	default:
		return printable.Agree(n, f.one, f.several)
	}
}

// maxQuoted is how much of a value is said.
const maxQuoted = 40

// quoted is a value in a sentence.
func quoted(value string) string {
	if r := []rune(value); len(r) > maxQuoted {
		value = string(r[:maxQuoted]) + "..."
	}
	return `"` + printable.Text(value) + `"`
}

// Says is what a query shows, in words: "3 of 41 expire before 25 Dec and are issued by "X"".
func (q Query) Says(kept, all int) string {
	text := strconv.Itoa(kept) + " of " + strconv.Itoa(all)
	if told := q.tells(kept); told != "" {
		return text + " " + told
	}
	return text
}

// None says that nothing passes, of all that there are.
func (q Query) None(all int) string {
	return "none of " + strconv.Itoa(all) + " " + q.tells(all)
}

// tells is what all terms say of n rows; a verb that stands again is not said again.
func (q Query) tells(n int) string {
	var told []string
	last := ""
	for _, t := range q.Terms {
		if len(t.sieves) == 0 {
			continue
		}
		verb := inflect(t.sieves[0].words.verb, n, t.Not)
		text := t.object()
		if verb != last {
			text = verb + " " + text
		}
		told, last = append(told, text), verb
	}
	return ledger.Listed(told)
}

// object is what a term says behind its verb, its values with "or" between them.
func (t *Term) object() string {
	first := t.sieves[0].words
	values := make([]string, len(t.sieves))
	for i, s := range t.sieves {
		values[i] = s.words.value
	}
	return first.before + strings.Join(values, " or ") + first.behind
}
