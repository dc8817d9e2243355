package records

import (
	"context"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/ui/kit"
	"certdesk/ui/screen"
	"certdesk/ui/words"
)

// followed is what the history and the removed entries have in common: a list that follows the store.
type followed struct {
	d       *screen.Desk
	list    screen.SearchList
	loaded  bool
	reading bool
	again   bool // the store has changed since the reading under way began
	err     error
	busy    screen.Busy
}

// reads reads the store; while a reading is under way it only notes that one more is due.
func (f *followed) reads(work func(ctx context.Context, store *certstore.Store) tea.Msg) tea.Cmd {
	if f.d.Store == nil {
		return nil
	}
	if f.again = f.reading; f.reading {
		return nil
	}
	f.reading = true
	store := f.d.Store
	return f.d.Behind(func(ctx context.Context) tea.Msg { return work(ctx, store) })
}

// answered ends a reading and says whether it gave something to show.
func (f *followed) answered(err error) bool {
	f.reading = false
	if !f.loaded {
		f.busy.Stop()
	}
	f.err, f.loaded = err, f.loaded || err == nil
	return err == nil
}

// more reads once more where that is due.
func (f *followed) more(read func() tea.Cmd) tea.Cmd {
	if f.again {
		return read()
	}
	return nil
}

// rows says whether there are any.
func (f *followed) rows() bool { return f.loaded && f.list.Len() > 0 }

// view is the list with what is to be said of the selected row, why there is none, or that there never was one, and how
// one comes.
func (f *followed) view(w, h int, cell func(id int64, column, width int) kit.Cell, what, next, none,
	how string) string {
	st := f.d.Styles
	switch {
	case f.rows():
		return f.list.View(st, w, h, cell, what, next)
	case f.err != nil:
		return kit.Fit("\n"+strings.Join(words.ProblemLines(st, f.err, w-4), "\n"), w, h)
	case !f.loaded:
		return kit.Fit("\n"+f.busy.Line(st, f.d.Now()), w, h)
	}
	return kit.Fit("\n  "+st.Title.Render(none)+"\n\n"+words.Indent(how, w), w, h)
}

// Typing says whether the filter has the keys.
func (f *followed) Typing() bool { return f.list.Filter.Open }

// IDs are the rows that are shown.
func (f *followed) IDs() []int64 { return screen.ShownIDs(f.rows(), f.list.Table) }

// At is the place of the selected one.
func (f *followed) At() int { return f.list.Table.Position() }

// Doing is what a person waits for.
func (f *followed) Doing() string { return f.busy.Text }
