package screen

import (
	"fmt"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore/query"
	"certdesk/ui/kit"
	"certdesk/ui/theme"
	"certdesk/ui/words"
)

// SearchList is a list that a filter narrows while a person types. What it looks in was prepared by the command that
// read the rows.
type SearchList struct {
	Table  kit.Table
	Filter FilterLine
	ids    []int64  // every row, in order
	hay    []string // for ids[i]: what the filter's words are looked for in, in lower case
}

// Set gives the list its rows; cursor and filter stay.
func (l *SearchList) Set(ids []int64, hay []string) {
	l.ids, l.hay = ids, hay
	l.sift()
}

// Len is how many rows there are, those that the filter hides too.
func (l *SearchList) Len() int { return len(l.ids) }

// sift shows the rows that the filter keeps.
func (l *SearchList) sift() {
	kept := l.ids
	if q := l.Filter.Query; !q.Empty() {
		kept = make([]int64, 0, len(l.ids))
		for i, id := range l.ids {
			if row := query.TextRow(l.hay[i]); q.Keeps(&row) {
				kept = append(kept, id)
			}
		}
	}
	l.Table = l.Table.SetIDs(kept)
}

func (l *SearchList) setFilter(text string) {
	l.Filter.Text = Limit(text)
	l.Filter.Query = query.ParseWords(l.Filter.Text)
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
	_, done := kit.Do(l.Verbs(), msg)
	switch {
	case done:
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

// Verbs puts those of the list, and those that move, among a screen's own, the most used of which comes first: esc
// first clears the filter, then leaves. In the filter only its own work.
func (l *SearchList) Verbs(own ...kit.Verb) []kit.Verb {
	if l.Filter.Open {
		return []kit.Verb{Keys.Keep.Does(l.Filter.Keep), Keys.Clear.Does(l.clear)}
	}
	var list []kit.Verb
	leave := Keys.Leave
	if !l.Filter.Query.Idle() {
		list, leave = append(list, Keys.Clear.Does(l.clear)), leave.On("q")
	}
	first := min(1, len(own))
	list = slices.Concat(list, own[:first], []kit.Verb{leave}, own[first:])
	if len(l.ids) > 0 {
		list = append(list, Keys.Sift.Does(func() tea.Cmd { l.Filter.Open = true; return nil }))
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
	if !l.Filter.Open && l.Filter.Query.Idle() {
		return ""
	}
	n, all := l.Table.Len(), len(l.ids)
	return l.Filter.View(st, "", []string{l.Filter.Query.Says(n, all), fmt.Sprintf("%d of %d", n, all)}, w)
}
