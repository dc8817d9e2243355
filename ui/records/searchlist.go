package records

import (
	"fmt"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore/query"
	"certdesk/ui/kit"
	"certdesk/ui/screen"
	"certdesk/ui/theme"
	"certdesk/ui/words"
)

// searchList is a list that a filter narrows while a person types. What it looks in was prepared by the command that
// read the rows.
type searchList struct {
	table  kit.Table
	filter screen.FilterLine
	ids    []int64  // every row, in order
	hay    []string // for ids[i]: what the filter's words are looked for in, in lower case
}

// set gives the list its rows; cursor and filter stay.
func (l *searchList) set(ids []int64, hay []string) {
	l.ids, l.hay = ids, hay
	l.sift()
}

// sift shows the rows that the filter keeps.
func (l *searchList) sift() {
	kept := l.ids
	if q := l.filter.Query; !q.Empty() {
		kept = make([]int64, 0, len(l.ids))
		for i, id := range l.ids {
			if row := query.TextRow(l.hay[i]); q.Keeps(&row) {
				kept = append(kept, id)
			}
		}
	}
	l.table = l.table.SetIDs(kept)
}

func (l *searchList) setFilter(text string) {
	l.filter.Text = screen.Limit(text)
	l.filter.Query = query.ParseWords(l.filter.Text)
	l.sift()
}

// aim puts the cursor on a row. A filter that hides it is cleared.
func (l *searchList) aim(id int64) {
	next, ok := l.table.Select(id)
	if !ok {
		l.setFilter("")
		next, _ = l.table.Select(id)
	}
	l.table = next
}

// key takes the keys of the filter and those that move; false for one that is the screen's to answer.
func (l *searchList) key(msg tea.KeyMsg, page int) bool {
	if l.filter.Open {
		l.filterKey(msg, page)
		return true
	}
	next, moved := screen.Move(l.table, msg, page)
	l.table = next
	return moved || msg.Paste
}

func (l *searchList) filterKey(msg tea.KeyMsg, page int) {
	_, done := kit.Do(l.verbs(), msg)
	switch {
	case done:
	case msg.Type == tea.KeyUp, msg.Type == tea.KeyDown, msg.Type == tea.KeyPgUp, msg.Type == tea.KeyPgDown:
		l.table, _ = screen.Move(l.table, msg, page)
	default:
		if text, ok := l.filter.After(msg); ok {
			l.setFilter(text)
		}
	}
}

func (l *searchList) clear() tea.Cmd {
	l.filter.Open = false
	l.setFilter("")
	return nil
}

// verbs puts those of the list, and those that move, among a screen's own, the most used of which comes first: esc
// first clears the filter, then leaves. In the filter only its own work.
func (l *searchList) verbs(own ...kit.Verb) []kit.Verb {
	if l.filter.Open {
		return []kit.Verb{screen.Keys.Keep.Does(l.filter.Keep), screen.Keys.Clear.Does(l.clear)}
	}
	var list []kit.Verb
	leave := screen.Keys.Leave
	if !l.filter.Query.Idle() {
		list, leave = append(list, screen.Keys.Clear.Does(l.clear)), leave.On("q")
	}
	first := min(1, len(own))
	list = slices.Concat(list, own[:first], []kit.Verb{leave}, own[first:])
	if len(l.ids) > 0 {
		list = append(list, screen.Keys.Sift.Does(func() tea.Cmd { l.filter.Open = true; return nil }))
	}
	if l.table.Len() > 1 {
		list = append(list, screen.Moves()...)
	}
	return list
}

// view is the filter, the rows, and what is to be said of the selected one, exactly w×h cells.
func (l *searchList) view(st theme.Styles, w, h int, cell func(id int64, column, width int) kit.Cell, what,
	next string) string {
	below := words.RemarkBlock(st, what, next, words.PlaceIn(l.table), w)
	above, rows := l.filterView(st, w), h-len(below)
	if above != "" {
		above += "\n"
		rows--
	}
	return above + l.table.View(st, w, rows, cell) + "\n" + strings.Join(below, "\n")
}

// filterView is the line above the rows, "" where no filter is in force.
func (l *searchList) filterView(st theme.Styles, w int) string {
	if !l.filter.Open && l.filter.Query.Idle() {
		return ""
	}
	n, all := l.table.Len(), len(l.ids)
	return l.filter.View(st, "", []string{l.filter.Query.Says(n, all), fmt.Sprintf("%d of %d", n, all)}, w)
}
