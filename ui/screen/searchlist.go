package screen

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"certdesk/ui/kit"
	"certdesk/ui/theme"
	"certdesk/ui/words"
)

// SearchList is a list that a filter narrows while a person types. What it looks in was prepared by the command that
// read the rows.
type SearchList struct {
	Table  kit.Table
	Filter FilterLine
	IDs    []int64  // every row, in order
	hay    []string // for ids[i]: what the filter's words are looked for in, in lower case
}

// Set gives the list its rows; cursor and filter stay.
func (l *SearchList) Set(ids []int64, hay []string) {
	l.IDs, l.hay = ids, hay
	l.sift()
}

// sift shows the rows that the filter keeps.
func (l *SearchList) sift() {
	kept := l.IDs
	if f := l.Filter.Words; !f.Empty() {
		kept = make([]int64, 0, len(l.IDs))
		for i, id := range l.IDs {
			if f.Keeps(&Searchable{Text: l.hay[i]}) {
				kept = append(kept, id)
			}
		}
	}
	l.Table = l.Table.SetIDs(kept)
}

func (l *SearchList) setFilter(text string) {
	l.Filter.Text = Limit(text)
	l.Filter.Words = parseWords(l.Filter.Text)
	l.sift()
}

// Aim puts the cursor on a row. A filter that hides it is cleared.
func (l *SearchList) Aim(id int64) {
	next, ok := l.Table.Select(id)
	if !ok {
		l.setFilter("")
		next, _ = l.Table.Select(id)
	}
	l.Table = next
}

// Key takes the keys of the filter and those that move; false for one that is the screen's to answer.
func (l *SearchList) Key(msg tea.KeyMsg, page int) bool {
	if l.Filter.Open {
		l.filterKey(msg, page)
		return true
	}
	next, moved := Move(l.Table, msg, page)
	l.Table = next
	return moved || msg.Paste
}

func (l *SearchList) filterKey(msg tea.KeyMsg, page int) {
	switch {
	case key.Matches(msg, Keys.Clear):
		l.clear()
	case key.Matches(msg, Keys.Keep):
		l.Filter.Open = false
	case msg.Type == tea.KeyUp, msg.Type == tea.KeyDown, msg.Type == tea.KeyPgUp, msg.Type == tea.KeyPgDown:
		l.Table, _ = Move(l.Table, msg, page)
	default:
		if text, ok := l.Filter.After(msg); ok {
			l.setFilter(text)
		}
	}
}

func (l *SearchList) clear() tea.Cmd {
	l.Filter.Open = false
	l.setFilter("")
	return nil
}

// Verbs puts those of the list among a screen's own, the most used of which comes first: esc first clears the filter,
// then leaves.
func (l *SearchList) Verbs(own ...Verb) []Verb {
	var list []Verb
	if !l.Filter.Words.Idle() {
		list = append(list, Verb{Keys.Clear, l.clear})
	}
	first := min(1, len(own))
	list = append(list, own[:first]...)
	list = append(list, Verb{Keys.Leave, func() tea.Cmd { return Pop }})
	list = append(list, own[first:]...)
	if len(l.IDs) > 0 {
		list = append(list, Verb{Keys.Sift, func() tea.Cmd { l.Filter.Open = true; return nil }})
	}
	return list
}

// Keys are those of the verbs, and those that move; in the filter its own alone.
func (l *SearchList) Keys(verbs []Verb) []key.Binding {
	if l.Filter.Open {
		return []key.Binding{Keys.Keep, Keys.Clear}
	}
	var list []key.Binding
	for _, v := range verbs {
		list = append(list, v.Key)
	}
	if l.Table.Len() > 1 {
		list = append(list, Moves()...)
	}
	return list
}

// View is the filter, the rows, and what is to be said of the selected one, exactly w×h cells.
func (l *SearchList) View(st theme.Styles, w, h int, cell func(id int64, column, width int) kit.Cell, what,
	next string) string {
	below := words.RemarkBlock(st, what, next, words.PlaceIn(l.Table), w)
	above, rows := l.filterView(st, w), h-len(below)
	if above != "" {
		above += "\n"
		rows--
	}
	return above + l.Table.View(st, w, rows, cell) + "\n" + strings.Join(below, "\n")
}

// filterView is the line above the rows, "" where no filter is in force.
func (l *SearchList) filterView(st theme.Styles, w int) string {
	if !l.Filter.Open && l.Filter.Words.Idle() {
		return ""
	}
	return l.Filter.View(st, "", fmt.Sprintf("%d of %d ", l.Table.Len(), len(l.IDs)), w)
}

// ShownIDs are the rows of a table, nil while there is no list.
func ShownIDs(any bool, t kit.Table) []int64 {
	if !any {
		return nil
	}
	return append([]int64{}, t.IDs()...)
}
