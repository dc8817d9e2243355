package screen

import (
	"context"
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/certstore/enabling"
	"certdesk/ui/kit"
	"certdesk/ui/words"
)

// RestoredMsg is the store's answer to a restore.
type RestoredMsg struct {
	entry   certstore.Entry
	results certstore.Results
	err     error
}

// Restore takes an entry back; the screen that asked gives the answer to Restored.
func Restore(d *Desk, e certstore.Entry) tea.Cmd {
	store := d.Store
	return d.Run(func(ctx context.Context) tea.Msg {
		results, err := store.Restore(ctx, []int64{e.ID})
		return RestoredMsg{e, results, err}
	})
}

// Restored leads to the entry's row in the table, or says why it is not there.
func Restored(d *Desk, msg RestoredMsg) tea.Cmd {
	if err := refusalOf(msg.results, msg.err); err != nil {
		return d.Push(sayFailed(words.Title(msg.entry)+" was not restored", err))
	}
	said := restoredWords([]certstore.Entry{msg.entry})
	return func() tea.Msg { return SelectMsg{ID: msg.entry.ID, Said: said} }
}

// refusalOf is why a verb did nothing to the one entry it was for.
func refusalOf(results certstore.Results, err error) error {
	if err == nil && len(results.Refused) > 0 {
		return results.Refused[0].Err
	}
	return err
}

// sayFailed is a dialog that says what did not work: one sentence and one hint.
func sayFailed(what string, err error) Make {
	problem, hint := words.Failure(err)
	return Ask(kit.Dialog{Title: what, Lines: []string{words.Stop(problem), strings.TrimSpace(hint)},
		Buttons: []string{"Close"}}, nil)
}

// PurgedMsg is the store's answer.
type PurgedMsg struct {
	entry   certstore.Entry
	files   int
	results certstore.Results
	err     error
}

// purge destroys an entry, whose files are so many; b shows that it does. The screen that asked gives the answer to
// purged.
func purge(d *Desk, e certstore.Entry, files int, b *Busy) tea.Cmd {
	store := d.Store
	work := d.Run(func(ctx context.Context) tea.Msg {
		results, err := store.Purge(ctx, []int64{e.ID})
		return PurgedMsg{e, files, results, err}
	})
	return tea.Batch(b.Start(d, "destroying "+words.Title(e)), work)
}

// Purged says that it is done, or why not; the list follows the store by itself.
func Purged(d *Desk, msg PurgedMsg) tea.Cmd {
	if err := refusalOf(msg.results, msg.err); err != nil {
		return d.Push(sayFailed(words.Title(msg.entry)+" was not purged", err))
	}
	return Notice(fmt.Sprintf("%s is purged: %s destroyed", words.Title(msg.entry), words.Count(msg.files, "file")))
}

// AdoptedMsg says what came of taking in what services serve.
type AdoptedMsg struct {
	entry certstore.Entry
	err   error
}

// adopt takes in what services serve; the screen that asked gives the answer to Adopted.
func adopt(d *Desk, found []enabling.Stranger) tea.Cmd {
	store := d.Store
	return d.Run(func(ctx context.Context) tea.Msg {
		var msg AdoptedMsg
		for _, x := range found {
			if msg.entry, msg.err = store.Adopt(ctx, x); msg.err != nil {
				break
			}
		}
		return msg
	})
}

// Adopted goes to the new row, or says why there is none.
func Adopted(d *Desk, msg AdoptedMsg) tea.Cmd {
	if msg.err != nil {
		return d.Push(sayFailed("It was not taken in", msg.err))
	}
	said := words.Title(msg.entry) + " is in the store now, with its key; it is in use for " +
		msg.entry.Services.String() + "."
	return tea.Batch(AskPorts, func() tea.Msg { return SelectMsg{ID: msg.entry.ID, Said: said} })
}
