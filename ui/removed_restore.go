package ui

import (
	"context"
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
