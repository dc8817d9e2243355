package screen

import (
	"context"
	"fmt"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/ui/words"
)

// Removes are the removes of this sitting that were not taken back, the latest last; each is what went together.
type Removes [][]int64

// UndoneMsg is the store's answer to an undo.
type UndoneMsg struct {
	ids     []int64
	results certstore.Results
	err     error
}

// NoteRemoved keeps what was removed together, so that one key takes it back.
func (d *Desk) NoteRemoved(ids ...int64) {
	if len(ids) > 0 {
		d.Removes = append(d.Removes, ids)
	}
}

const nothingToUndo = "nothing to undo: nothing was removed here; T shows what was removed earlier"

// Undo takes back the last remove of this sitting; the screen that asked gives the answer to Undone.
func Undo(d *Desk) tea.Cmd {
	n := len(d.Removes)
	if n == 0 {
		return Notice(nothingToUndo)
	}
	store, ids := d.Store, d.Removes[n-1]
	d.Removes = d.Removes[:n-1]
	return d.Run(func(ctx context.Context) tea.Msg {
		results, err := store.Restore(ctx, ids)
		return UndoneMsg{ids, results, err}
	})
}

// Undone says in the table what is back, or why it is not. What failed as a whole can be tried again.
func Undone(d *Desk, msg UndoneMsg) tea.Cmd {
	if words.Canceled(msg.err) {
		d.NoteRemoved(msg.ids...)
		return Notice("cancelled: nothing was restored")
	}
	if msg.err != nil {
		d.NoteRemoved(msg.ids...)
		return d.Push(sayFailed("The remove was not taken back", msg.err))
	}
	done := msg.results.Done
	if len(done) == 0 {
		return Notice("nothing to undo: " + refusedWords(msg.results.Refused))
	}
	said := restoredWords(done)
	if len(msg.results.Refused) > 0 {
		said += " Not so: " + refusedWords(msg.results.Refused)
	}
	return func() tea.Msg { return SelectMsg{ID: done[0].ID, Said: said} }
}

// refusedWords say why each was not restored: somebody was faster, in another window or by command.
func refusedWords(refused []certstore.Refusal) string {
	var list []string
	for _, r := range refused {
		problem, _ := words.Failure(r.Err)
		list = append(list, problem)
	}
	return words.Stop(words.Few(list, 3))
}

// restoredWords name what is in the table again.
func restoredWords(done []certstore.Entry) string {
	if len(done) == 1 {
		return words.Title(done[0]) + " is restored: it is in the table again, as it was."
	}
	var list []string
	for _, e := range done {
		list = append(list, words.Title(e))
	}
	return fmt.Sprintf("%d are restored: %s.", len(done), words.Few(list, 4))
}
