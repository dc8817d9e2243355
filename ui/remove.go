package ui

import (
	"context"
	"fmt"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/ui/kit"
	"certdesk/wizard"
)

// loseKey is what a person types to remove a pending request: the CA's answer could never be used again.
const loseKey = "lose the key"

// removeScreen is the dialog that removes one entry. It shows what is removed, starts on Cancel, and stays
// open with the reason where the store refuses.
type removeScreen struct {
	dialogScreen
	entry   certstore.Entry
	working bool
}

// removedMsg is the store's answer.
type removedMsg struct {
	results certstore.Results
	err     error
}

func askRemove(d *desk, e certstore.Entry) *removeScreen {
	q := kit.Dialog{Title: "Remove " + title(e) + "?", Lines: removeLines(e, d.Now()), Buttons: []string{"Cancel", "Remove"}, Danger: true}
	if e.Kind == certstore.PendingReq {
		q.Title, q.Word, q.Buttons[1] = "Remove the pending request "+title(e)+"?", loseKey, "Remove the request"
	}
	return &removeScreen{dialogScreen: dialogScreen{d: d, dialog: q}, entry: e}
}

// removeLines says what goes, and what does not.
func removeLines(e certstore.Entry, now time.Time) []string {
	first := fmt.Sprintf("%s, %s.", subjectOrName(e), namesCount(e))
	if e.Kind == certstore.PendingReq {
		return []string{first, "The CA's answer to this request can only be used with the key that was made for it." +
			" Once the request is removed no answer is accepted, until it is restored.",
			"The key stays in the store until the request is purged: then it is lost for good."}
	}
	lines := []string{first, fmt.Sprintf("Issued by %s, valid until %s (%s).", Issuer(e), day(e.NotAfter, now), lifeWords(e, now))}
	if e.Services != 0 {
		lines = append(lines, "It is in use for "+e.Services.String()+": it is refused until another one is enabled there.")
	}
	return append(lines, "Nothing is destroyed: certdesk restore takes it back.", "Thumbprint "+kit.Printable(e.Thumbprint))
}

func subjectOrName(e certstore.Entry) string {
	if e.Subject != "" {
		return kit.Printable(e.Subject)
	}
	return title(e)
}

func namesCount(e certstore.Entry) string {
	if len(e.Names) == 1 {
		return "1 name"
	}
	return fmt.Sprintf("%d names", len(e.Names))
}

func lifeWords(e certstore.Entry, now time.Time) string {
	if now.After(e.NotAfter) {
		return TimeLeft(e, now)
	}
	return Left(e, now)
}

func (s *removeScreen) Update(msg tea.Msg) (screen, tea.Cmd) {
	switch msg := msg.(type) {
	case wakeMsg:
		s.dialog = s.dialog.Wake()
	case removedMsg:
		return s, s.removed(msg)
	case tea.KeyMsg:
		return s, s.key(msg)
	}
	return s, nil
}

func (s *removeScreen) key(msg tea.KeyMsg) tea.Cmd {
	if s.working {
		return nil
	}
	next, answer := s.dialog.Update(msg)
	s.dialog = next
	switch answer {
	case kit.Open:
		return nil
	case kit.Chosen + 1:
		return s.remove()
	}
	return pop
}

func (s *removeScreen) remove() tea.Cmd {
	s.working = true
	store, seen, pending := s.d.Store, s.entry, s.entry.Kind == certstore.PendingReq
	return s.d.run(func(ctx context.Context) tea.Msg {
		results, err := store.Remove(ctx, []certstore.Entry{seen}, pending)
		return removedMsg{results, err}
	})
}

// removed closes the dialog, and the details page of what is gone; a refusal stays until it is read.
func (s *removeScreen) removed(msg removedMsg) tea.Cmd {
	s.working = false
	err := msg.err
	if err == nil && len(msg.results.Refused) > 0 {
		err = msg.results.Refused[0].Err
	}
	if err == nil {
		said := title(s.entry) + " is removed. This takes it back: " + wizard.RestoreCommand(s.entry, s.d.Env)
		return func() tea.Msg { return selectMsg{said: said} }
	}
	problem, hint := failure(err)
	s.dialog = kit.Dialog{Title: title(s.entry) + " was not removed", Lines: []string{stop(problem), strings.TrimSpace(hint)},
		Buttons: []string{"Close"}}.Wake()
	return nil
}
