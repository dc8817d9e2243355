package ui

import (
	"context"
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/ui/kit"
	"certdesk/ui/words"
)

// restoredMsg is the store's answer to a restore.
type restoredMsg struct {
	entry   certstore.Entry
	results certstore.Results
	err     error
}

// restore takes an entry back; the screen that asked gives the answer to restored.
func restore(d *desk, e certstore.Entry) tea.Cmd {
	store := d.Store
	return d.run(func(ctx context.Context) tea.Msg {
		results, err := store.Restore(ctx, []int64{e.ID})
		return restoredMsg{e, results, err}
	})
}

// restored leads to the entry's row in the table, or says why it is not there.
func restored(d *desk, msg restoredMsg) tea.Cmd {
	if err := refusalOf(msg.results, msg.err); err != nil {
		return d.push(sayFailed(d, words.Title(msg.entry)+" was not restored", err))
	}
	said := words.Title(msg.entry) + " is restored: it is in the table again, as it was."
	return func() tea.Msg { return selectMsg{id: msg.entry.ID, said: said} }
}

// refusalOf is why a verb did nothing to the one entry it was for.
func refusalOf(results certstore.Results, err error) error {
	if err == nil && len(results.Refused) > 0 {
		return results.Refused[0].Err
	}
	return err
}

// sayFailed is a dialog that says what did not work: one sentence and one hint.
func sayFailed(d *desk, what string, err error) *dialogScreen {
	problem, hint := words.Failure(err)
	return ask(d, kit.Dialog{Title: what, Lines: []string{words.Stop(problem), strings.TrimSpace(hint)}, Buttons: []string{"Close"}}, nil)
}

// purgedMsg is the store's answer.
type purgedMsg struct {
	entry   certstore.Entry
	files   int
	results certstore.Results
	err     error
}

// purge destroys an entry, whose files are so many; b shows that it does. The screen that asked gives the answer to purged.
func purge(d *desk, e certstore.Entry, files int, b *busy) tea.Cmd {
	store := d.Store
	work := d.run(func(ctx context.Context) tea.Msg {
		results, err := store.Purge(ctx, []int64{e.ID})
		return purgedMsg{e, files, results, err}
	})
	return tea.Batch(b.start(d, "destroying "+words.Title(e)), work)
}

// purged says that it is done, or why not; the list follows the store by itself.
func purged(d *desk, msg purgedMsg) tea.Cmd {
	if err := refusalOf(msg.results, msg.err); err != nil {
		return d.push(sayFailed(d, words.Title(msg.entry)+" was not purged", err))
	}
	return notice(fmt.Sprintf("%s is purged: %s destroyed", words.Title(msg.entry), words.Count(msg.files, "file")))
}

// adoptedMsg says what came of taking in what services serve.
type adoptedMsg struct {
	entry certstore.Entry
	err   error
}

// adopt takes in what services serve; the screen that asked gives the answer to adopted.
func adopt(d *desk, found []certstore.Stranger) tea.Cmd {
	store := d.Store
	return d.run(func(ctx context.Context) tea.Msg {
		var msg adoptedMsg
		for _, x := range found {
			if msg.entry, msg.err = store.Adopt(ctx, x); msg.err != nil {
				break
			}
		}
		return msg
	})
}

// adopted goes to the new row, or says why there is none.
func adopted(d *desk, msg adoptedMsg) tea.Cmd {
	if msg.err != nil {
		return d.push(sayFailed(d, "It was not taken in", msg.err))
	}
	said := words.Title(msg.entry) + " is in the store now, with its key; it is in use for " + msg.entry.Services.String() + "."
	return tea.Batch(askPorts, func() tea.Msg { return selectMsg{id: msg.entry.ID, said: said} })
}
